import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import { recordDenied } from '../../audit/index.ts';
import { buildReceipt, buildRefusal, verifyTransport, type Arrival, type TransportFault } from '../envelope.ts';
import { decideArrival, type Verdict } from '../rules/index.ts';
import {
  refusalCodes,
  streamOf,
  type LogPlace,
  type NodeId,
  type Refusal,
  type RefusalCode,
  type TrustView,
} from '../schema.ts';
import type { PeerReply } from '../server.ts';
import {
  advanceIn,
  countRepeats,
  findAnswer,
  findIncoming,
  insertInbox,
  insertRefusal,
  lockPeer,
  releaseHeld,
  touchPeers,
  updatePeer,
} from '../store/index.ts';
import { groupCommit } from './group.ts';
import { priorities } from './prepare.ts';
import { createQuota } from './quota.ts';
import { createRecord, type Record } from './record.ts';
import { loadSlice, type Slice } from './slice.ts';
import { systemActor, toWire, type DeliveryParts, type SigningKeys, type Wake } from './types.ts';

/** Messages that share one flush. */
const mostTogether = 64;

interface Incoming {
  arrival: Arrival;
  body: Buffer;
  peer: NodeId;
}

/** A refusal that may be answered again to the same bytes: who sent them is certain. */
interface Refused {
  fault: TransportFault;
  peer: NodeId;
}

export interface Receiver {
  /** Takes one posted body; answers only after what it promises is flushed. */
  receive(peer: NodeId, body: Buffer): Promise<PeerReply>;
  /** A signed no to a body that was not read. */
  refuse(peer: NodeId, code: RefusalCode): Promise<PeerReply>;
  /** The stored answer again, byte for byte, for the node that sent the message. */
  findReceipt(peer: NodeId, messageId: string): Promise<PeerReply>;
}

const jose = 'application/jose+json';

/** What only somebody who speaks for another would send: a person looks at it. */
const forgeries: ReadonlySet<RefusalCode> = new Set([
  'exchange.signature',
  'exchange.key-not-valid',
  'exchange.not-accepted-from',
] as const);

function toReply(text: string | Buffer, refusal?: Pick<Refusal, 'code' | 'after'>): PeerReply {
  const body = Buffer.isBuffer(text) ? text : Buffer.from(text, 'utf8');
  if (!refusal) return { status: 200, type: jose, body };
  const headers: { [name: string]: string } =
    refusal.after === undefined ? {} : { 'Retry-After': String(refusal.after) };
  return { status: refusalCodes[refusal.code].status, type: jose, headers, body };
}

/** A stored answer is a receipt or a refusal; which, its payload says. */
function storedReply(bytes: Buffer): PeerReply {
  const { payload } = JSON.parse(bytes.toString('utf8')) as { payload: string };
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Refusal | { kind: 'exchange.receipt' };
  return said.kind === 'exchange.refusal' ? toReply(bytes, said) : toReply(bytes);
}

const waitingForParts: PeerReply = {
  status: 202,
  type: 'application/json',
  headers: { 'Retry-After': '5' },
  body: JSON.stringify({ status: 'waiting-for-parts' }),
};

/** Builds the receiving side of a node. */
export function createReceiver(parts: DeliveryParts, wake: Pick<Wake, 'open' | 'tell'>): Receiver {
  const { db, clock, keys, random, log, node } = parts;
  const quota = createQuota(clock, parts.limits.perSecond);
  let viewed: { known: Promise<{ trust: TrustView; own: SigningKeys }>; at: number } | undefined;

  /** Directory and keys, not older than a second: many messages are looked at with one question to the database. */
  function knownNow() {
    const at = Date.parse(clock.now());
    if (!viewed || Math.abs(at - viewed.at) >= 1_000) {
      const known = withTransaction(db, systemActor, async (tx) => ({
        trust: await parts.trust.loadTrust(tx),
        own: await parts.trust.ownKeys(tx),
      }));
      viewed = { known, at };
      known.catch(() => (viewed = undefined));
    }
    return viewed.known;
  }

  function signRefusal(own: SigningKeys, fault: TransportFault, at: Instant, place: LogPlace | null, after?: number) {
    return buildRefusal(keys, own.nodeSign.kid, {
      code: fault.code,
      messageId: fault.messageId,
      messageSha256: fault.messageSha256,
      transportSha256: fault.transportSha256,
      receiver: node,
      at,
      log: place,
      ...(after === undefined ? {} : { after }),
    });
  }

  /** A no that is kept, logged and audited. */
  async function keepRefusal(tx: Tx, { fault, peer }: Refused): Promise<PeerReply> {
    const at = clock.now();
    // A retry gets its answer although a key was revoked meanwhile.
    const stored = await findAnswer(tx, peer, fault.transportSha256);
    if (stored) return storedReply(stored);
    const record = createRecord(parts);
    record.leaf({
      what: 'refused',
      peer,
      messageId: fault.messageId,
      sha256: fault.transportSha256,
      at,
      code: fault.code,
    });
    await auditRefusal(tx, fault, peer);
    if (forgeries.has(fault.code)) await raiseAlarm(tx, peer, fault.code, at);
    const [place] = await record.flush(tx);
    const refusal = await signRefusal(await parts.trust.ownKeys(tx), fault, at, place ?? null);
    await insertRefusal(tx, refusalRow(fault, peer, at, refusal.text, place));
    return toReply(refusal.text, refusal.value);
  }

  /** A no that passes: nothing is kept of it. */
  async function passingRefusal(fault: TransportFault, after?: number): Promise<PeerReply> {
    const { own } = await knownNow();
    const refusal = await signRefusal(own, fault, clock.now(), null, after);
    return toReply(refusal.text, refusal.value);
  }

  const refuseKept = groupCommit<Refused, PeerReply>(1, async ([refused]) => [
    await withTransaction(db, systemActor, (tx) => keepRefusal(tx, refused!), { retry: true }),
  ]);

  const take = groupCommit<Incoming, PeerReply>(mostTogether, async (items) => {
    const replies = await withTransaction(db, systemActor, (tx) => takeTogether(tx, items), { retry: true });
    wake.open();
    wake.tell();
    return replies;
  });

  async function takeTogether(tx: Tx, items: readonly Incoming[]): Promise<PeerReply[]> {
    const now = clock.now();
    const trust = await parts.trust.loadTrust(tx);
    const gate = await parts.witness.gate(tx);
    const slice = await loadSlice(
      tx,
      items.map((item) => item.arrival),
    );
    const decided = items.map(({ arrival, peer }) => {
      const { value: message, payloadSha256: messageSha256 } = arrival.message;
      const { from, to } = message;
      const owner = trust.node(peer)?.owner;
      const verdict = decideArrival(
        slice.of(arrival),
        { message, messageSha256, transportSha256: arrival.transportSha256, fromNode: peer },
        {
          parts: slice.partsOf(arrival),
          isAccepted: parts.accepts?.({ from, to, instrument: message.legalBasis?.instrument ?? null }) ?? true,
          freshAt: peer === node || owner === undefined ? now : trust.freshAt(owner),
          gate: gate.may ? null : 'exchange.history-went-back',
        },
        now,
      );
      slice.apply(arrival, verdict);
      return verdict;
    });
    return writeDecisions(tx, { items, decided, slice, record: createRecord(parts), trust, now });
  }

  interface Written {
    items: readonly Incoming[];
    decided: readonly Verdict[];
    slice: Slice;
    record: Record;
    trust: TrustView;
    now: Instant;
  }

  async function writeDecisions(tx: Tx, given: Written): Promise<PeerReply[]> {
    const { items, decided, slice, record, trust, now } = given;
    await advanceIn(tx, slice.moved());
    await releaseHeld(tx, slice.released(), now);
    await countRepeats(
      tx,
      items.filter((_, index) => decided[index]?.do === 'answer-stored').map(({ arrival }) => arrival.message.value.id),
    );
    const peers = [...new Set(items.map((item) => item.peer))].sort();
    await touchPeers(tx, peers, now);
    for (const peer of peers) {
      const last = items.findLast((item) => item.peer === peer);
      if (last) await parts.witness.take(tx, trust, peer, last.arrival.transport.value, now);
    }
    // From here the log is locked until the commit: it comes last.
    const leafOf = items.map(({ arrival, peer }, index) => {
      const one = decided[index]!;
      const isFinal = one.do === 'refuse' && refusalCodes[one.code].final;
      if (one.do !== 'place' && !isFinal) return undefined;
      const { value, payloadSha256 } = arrival.message;
      const fact = { peer, messageId: value.id, sha256: payloadSha256, at: now };
      return record.leaf(
        one.code === null ? { ...fact, what: 'received' } : { ...fact, what: 'refused', code: one.code },
      );
    });
    const places = await record.flush(tx);
    const parted = new Map(
      await Promise.all(
        peers.map(async (peer) => [peer, toWire(await parts.witness.give(tx, trust, peer, now))] as const),
      ),
    );
    const own = await parts.trust.ownKeys(tx);
    const rows: Parameters<typeof insertInbox>[1][number][] = [];
    const replies: PeerReply[] = [];
    for (const [index, { arrival, peer, body }] of items.entries()) {
      const one = decided[index]!;
      const leaf = leafOf[index];
      const place = leaf === undefined ? undefined : places[leaf];
      const { value: message, payloadSha256 } = arrival.message;
      if (one.do === 'answer-stored') {
        replies.push(storedReply(slice.answerTo(message.id)));
        continue;
      }
      if (one.do === 'answer-waiting') {
        replies.push(waitingForParts);
        continue;
      }
      let answer: string;
      if (one.code === null && place) {
        const isHeld = one.place === 'ahead';
        const receipt = await buildReceipt(keys, own.nodeSign.kid, {
          messageId: message.id,
          messageSha256: payloadSha256,
          transportSha256: arrival.transportSha256,
          receivedAt: now,
          receiver: node,
          order: isHeld ? 'held' : 'applied',
          ...(isHeld ? { expects: slice.expects(arrival) } : {}),
          log: place,
          durability: parts.durable ? 'flushed' : 'none',
          ...parted.get(peer)!,
        });
        answer = receipt.text;
        replies.push(toReply(answer));
      } else {
        const fault: TransportFault = {
          code: one.code ?? 'exchange.not-recording',
          messageId: message.id,
          messageSha256: payloadSha256,
          transportSha256: arrival.transportSha256,
          fromNode: peer,
        };
        const refusal = await signRefusal(own, fault, now, place ?? null);
        answer = refusal.text;
        replies.push(toReply(answer, refusal.value));
        if (!refusalCodes[fault.code].final) continue;
        await auditRefusal(tx, fault, peer);
        if (one.do === 'refuse') {
          if (one.alarm) await raiseAlarm(tx, peer, fault.code, now);
          await insertRefusal(tx, refusalRow(fault, peer, now, answer, place));
        }
      }
      if (one.do !== 'place') continue;
      slice.keepAnswer(message.id, Buffer.from(answer, 'utf8'));
      rows.push({
        message_id: message.id,
        peer,
        stream: streamOf(message),
        sequence: String(message.sequence),
        conversation_id: message.conversationId,
        from_authority: message.from,
        to_authority: message.to,
        kind: message.subjectKind,
        priority: priorities.indexOf(message.priority),
        tlp: message.tlp,
        message_sha256: payloadSha256,
        previous_sha256: message.previous,
        envelope_sha256: arrival.transportSha256,
        transport_bytes: body,
        receipt_bytes: Buffer.from(answer, 'utf8'),
        log_index: place === undefined ? null : String(place.index),
        signed_at: message.signedAt,
        expires_at: message.expiresAt,
        received_at: now,
        status:
          one.code === null ? slice.statusOf(message.id) : one.code === 'exchange.expired' ? 'expired' : 'refused',
        next_at: now,
        lease_until: null,
        last_code: one.code,
        opened_at: null,
        flagged_code: null,
        signed_by: arrival.message.kid,
        node_signed_by: arrival.transport.kid,
      });
    }
    await insertInbox(tx, rows);
    return replies;
  }

  async function auditRefusal(tx: Tx, fault: TransportFault, peer: NodeId): Promise<void> {
    await recordDenied(
      tx,
      { actor: { kind: 'system', id: 'exchange' }, clock, random },
      'exchange.receive',
      { kind: 'exchange-message', id: fault.messageId ?? fault.transportSha256 },
      { code: fault.code, peer },
    );
    log.warn({ event: 'exchange.refused', peer, message: fault.messageId, code: fault.code });
  }

  function refusalRow(fault: TransportFault, peer: NodeId, at: Instant, text: string, place: LogPlace | undefined) {
    return {
      id: uuidv7(random, Date.parse(at)),
      peer,
      message_id: fault.messageId,
      code: fault.code,
      at,
      transport_sha256: fault.transportSha256,
      bytes: Buffer.from(text, 'utf8'),
      log_index: place === undefined ? null : String(place.index),
    };
  }

  async function raiseAlarm(tx: Tx, peer: NodeId, code: RefusalCode, at: Instant): Promise<void> {
    await lockPeer(tx, peer);
    await updatePeer(tx, peer, { alarm_code: code, alarm_at: at });
    log.error({ event: 'exchange.alarm', peer, code });
  }

  return {
    async receive(peer, body) {
      const wait = quota.take(peer);
      if (wait > 0) {
        const fault = emptyFault('exchange.over-quota', body);
        return passingRefusal(fault, wait);
      }
      try {
        const { trust } = await knownNow();
        const read = verifyTransport(body, { trust, now: clock.now(), ownNode: node, tlsNode: peer });
        if (read.ok) return await take({ arrival: read.value, body, peer });
        const { code } = read.error;
        const passes = !refusalCodes[code].final;
        return passes ? await passingRefusal(read.error) : await refuseKept({ fault: read.error, peer });
      } catch (error) {
        log.error({ event: 'exchange.not-recording', peer, code: failureCode(error) });
        return passingRefusal(emptyFault('exchange.not-recording', body));
      }
    },
    refuse: (_peer, code) => passingRefusal(emptyFault(code, Buffer.alloc(0))),
    async findReceipt(peer, messageId) {
      const found = await withTransaction(db, systemActor, (tx) => findIncoming(tx, [messageId]));
      const row = found.get(messageId);
      if (!row || row.peer !== peer)
        return {
          status: 404,
          type: 'application/problem+json',
          body: JSON.stringify({ status: 404, code: 'not-found' }),
        };
      return storedReply(row.receipt_bytes);
    },
  };
}

function emptyFault(code: RefusalCode, body: Buffer): TransportFault {
  return { code, messageId: null, messageSha256: null, transportSha256: sha256(body), fromNode: null };
}
