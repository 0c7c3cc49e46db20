import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { Random } from '../../../platform/random.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { buildTransport, verifyReceipt, verifyRefusal, type Signed } from '../envelope.ts';
import {
  afterAnswer,
  afterFailure,
  afterLater,
  afterStart,
  maySend,
  nextAttempt,
  numberAfter,
  type Breaker,
} from '../rules/index.ts';
import { FlatJws, refusalCodes, type NodeId, type Receipt, type Refusal } from '../schema.ts';
import {
  claimOutgoing,
  fixTransport,
  lockOutgoing,
  lockPeer,
  makeDue,
  updateOutgoing,
  updatePeer,
  type OutboxRow,
  type PeerRow,
} from '../store/index.ts';
import { groupCommit } from './group.ts';
import { tellOutcome } from './hear.ts';
import { eventKind, priorities, readInline } from './prepare.ts';
import { createRecord, type Record } from './record.ts';
import { reissueAfter } from './reissue.ts';
import { later, systemActor, toWire, type DeliveryParts, type Wake } from './types.ts';

/** Longer than any answer may take: a worker that died gives its messages back after it. */
const sendingLease = 90_000;
const invalidBeforeAlarm = 5;

/** What a peer answered to one message, or how it failed to. */
export type Sent =
  | { what: 'receipt'; receipt: Signed<Receipt> }
  | { what: 'refusal'; refusal: Signed<Refusal> }
  | { what: 'waiting-for-parts' }
  | { what: 'failure'; code: string; after: number | undefined; answered: boolean };

export interface Sender {
  /** Sends what is due to one peer, at most so many at a time; answers how many were begun. */
  sendTo(peer: NodeId, room: number): Promise<number>;
  /** How many are under way to a peer. */
  underWay(peer: NodeId): number;
  /** Takes in what a peer answered to a message that reached it another way. */
  takeAnswer(row: OutboxRow, sent: Sent): Promise<void>;
  /** Messages to a peer, each as it is sent; held until answered or for 90 seconds. */
  claim(peer: NodeId, room: number): Promise<OutboxRow[]>;
  read(row: OutboxRow, answer: Pick<PeerAnswer, 'status' | 'headers' | 'body'>): Promise<Sent>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

function breakerOf(row: PeerRow): Breaker {
  const { breaker, failures, probe_at: probeAt, waiting_since: waitingSince } = row;
  return { breaker, failures, probeAt, waitingSince };
}

function toColumns({ breaker, failures, probeAt, waitingSince }: Breaker) {
  return { breaker, failures, probe_at: probeAt, waiting_since: waitingSince };
}

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/** A number in [0, 1). */
function shareOf(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

function retryAfter(headers: PeerAnswer['headers']): number | undefined {
  const text = headers['retry-after'];
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/** Builds the sending side of a node. */
export function createSender(parts: DeliveryParts, ask: Ask, wake: Wake): Sender {
  const { db, clock, keys, random, log, node } = parts;
  const under = new Map<string, number>();
  const running = new Set<Promise<void>>();

  /** Whether a peer may be tried now, and with how many: a probe when its breaker is open. */
  async function roomFor(tx: Tx, peer: NodeId, room: number, now: Instant): Promise<number> {
    const state = breakerOf(await lockPeer(tx, peer));
    if (!maySend(state, now)) return 0;
    if (state.breaker === 'closed') return room;
    await updatePeer(tx, peer, toColumns(afterStart(state, now)));
    return Math.min(1, room);
  }

  async function claim(peer: NodeId, room: number): Promise<OutboxRow[]> {
    const now = clock.now();
    return withTransaction(
      db,
      systemActor,
      async (tx) => {
        const gate = await parts.witness.gate(tx);
        const most = gate.may ? await roomFor(tx, peer, room, now) : 0;
        if (most === 0) return [];
        const rows = await claimOutgoing(tx, peer, now, later(now, sendingLease), most);
        const unfixed = rows.filter((row) => row.transport_bytes === null);
        if (unfixed.length === 0) return rows;
        const trust = await parts.trust.loadTrust(tx);
        const { nodeSign } = await parts.trust.ownKeys(tx);
        const along = toWire(await parts.witness.give(tx, trust, peer, now));
        const fixed = [];
        for (const row of unfixed) {
          const built = await buildTransport(keys, nodeSign.kid, {
            message: FlatJws.parse(JSON.parse(row.message_bytes.toString('utf8'))),
            fromNode: node,
            toNode: peer,
            sentAt: now,
            ...along,
            inline: row.inline_bytes ? readInline(row.inline_bytes) : new Map(),
          });
          row.transport_bytes = Buffer.from(built.text, 'utf8');
          row.transport_sha256 = built.textSha256;
          fixed.push({ id: row.message_id, bytes: row.transport_bytes, sha256: built.textSha256, at: now });
        }
        await fixTransport(tx, fixed);
        return rows;
      },
      { retry: true },
    );
  }

  async function read(row: OutboxRow, answer: Pick<PeerAnswer, 'status' | 'headers' | 'body'>): Promise<Sent> {
    const { status, body } = answer;
    if (status === 202) return { what: 'waiting-for-parts' };
    const trust = await withTransaction(db, systemActor, (tx) => parts.trust.loadTrust(tx));
    const sent = {
      messageId: row.message_id,
      messageSha256: row.message_sha256,
      transportSha256: row.transport_sha256 ?? row.message_sha256,
      toNode: row.peer,
    };
    const now = clock.now();
    if (status === 200) {
      const receipt = verifyReceipt(body, sent, trust, now);
      if (receipt.ok && (receipt.value.value.durability === 'flushed' || parts.profile !== 'production'))
        return { what: 'receipt', receipt: receipt.value };
    }
    const refusal = verifyRefusal(body, sent, trust, now);
    if (refusal.ok) return { what: 'refusal', refusal: refusal.value };
    const code = status === 200 ? 'exchange.invalid-receipt' : `exchange.answered-${status}`;
    return { what: 'failure', code, after: retryAfter(answer.headers), answered: status === 200 };
  }

  async function deliver(row: OutboxRow): Promise<void> {
    let sent: Sent;
    try {
      const body = row.transport_bytes ?? Buffer.alloc(0);
      const path = '/exchange/v1/messages';
      const answer = await ask(row.peer as NodeId, { method: 'POST', path, body, type: 'application/jose+json' });
      sent = await read(row, answer);
    } catch (error) {
      sent = { what: 'failure', code: failureCode(error), after: undefined, answered: false };
    }
    await takeAnswer(row, sent);
  }

  const takeAnswers = groupCommit<{ row: OutboxRow; sent: Sent }, void>(64, async (items) => {
    await withTransaction(db, systemActor, (tx) => writeAnswers(tx, items), { retry: true });
    wake.tell();
    return items.map(() => undefined);
  });

  async function writeAnswers(tx: Tx, items: readonly { row: OutboxRow; sent: Sent }[]): Promise<void> {
    const now = clock.now();
    const trust = await parts.trust.loadTrust(tx);
    const rows = await lockOutgoing(
      tx,
      items.map((item) => item.row.message_id),
    );
    const record = createRecord(parts);
    const peers = [...new Set(items.map((item) => item.row.peer))].sort();
    for (const peer of peers) {
      const own = items.filter((item) => item.row.peer === peer);
      await notePeer(tx, peer, own, now);
      const last = own.findLast(({ sent }) => sent.what === 'receipt')?.sent;
      if (last?.what === 'receipt') await parts.witness.take(tx, trust, peer as NodeId, last.receipt.value, now);
    }
    for (const {
      row: { message_id: id },
      sent,
    } of items) {
      const row = rows.get(id);
      if (row) await writeAnswer(tx, row, sent, record, now);
    }
    await record.flush(tx);
  }

  async function writeAnswer(tx: Tx, row: OutboxRow, sent: Sent, record: Record, now: Instant): Promise<void> {
    const { message_id: messageId, message_sha256: messageSha256 } = row;
    const isOver = row.status === 'expired';
    const isOpen = isOver || row.status === 'queued' || row.status === 'sending' || row.status === 'parked';
    // An event may have told more before the answer came: the answer still settles the message, and its status is not lowered.
    const isAhead = row.status === 'consigned' || row.status === 'handed-over';
    const isEvent = row.kind === eventKind;
    const again = (code: string, after: number | undefined) =>
      updateOutgoing(tx, messageId, {
        status: row.status === 'sending' ? 'queued' : row.status,
        attempts: row.attempts + 1,
        lease_until: null,
        last_code: code,
        not_before: nextAttempt(now, priorities[row.priority as 0 | 1 | 2], row.attempts + 1, shareOf(random), after),
      });
    switch (sent.what) {
      case 'receipt': {
        const { receipt } = sent;
        // A second receipt of one message tells nothing new; one that comes after the time is taken and shown as late.
        if (row.receipt_bytes !== null || row.refusal_bytes !== null || !(isOpen || isAhead)) return;
        record.leaf({ what: 'receipt', peer: row.peer, messageId, sha256: receipt.payloadSha256, at: now });
        await updateOutgoing(tx, messageId, {
          status: isAhead ? row.status : 'relayed',
          attempts: row.attempts + 1,
          lease_until: null,
          last_code: isOver ? 'exchange.receipt-late' : null,
          receipt_bytes: Buffer.from(receipt.text, 'utf8'),
          receipt_at: receipt.value.receivedAt,
        });
        if (isEvent) return;
        record.state({ type: 'RelayAcceptance', messageId, messageSha256, at: now });
        await tellOutcome(tx, parts, row, {
          outcome: 'delivered',
          at: receipt.value.receivedAt,
          reason: null,
          by: row.peer,
        });
        return;
      }
      case 'refusal': {
        const { code, after, at } = sent.refusal.value;
        if (row.receipt_bytes !== null || row.refusal_bytes !== null || !(isOpen || isAhead)) return;
        if (!refusalCodes[code].final || isAhead) return void (await again(code, after));
        record.leaf({ what: 'refused', peer: row.peer, messageId, sha256: sent.refusal.payloadSha256, at: now, code });
        await updateOutgoing(tx, messageId, {
          status: isOver || code === 'exchange.expired' ? 'expired' : 'refused',
          attempts: row.attempts + 1,
          lease_until: null,
          last_code: code,
          ended_at: now,
          refusal_bytes: Buffer.from(sent.refusal.text, 'utf8'),
        });
        if (numberAfter(code) === 'free') await reissueAfter(tx, parts, row);
        // What was given up for its time is not told again.
        if (isEvent || isOver) return;
        record.state({ type: 'RelayRejection', messageId, messageSha256, at: now, reason: code });
        const outcome = code === 'exchange.expired' ? ('expired' as const) : ('refused' as const);
        await tellOutcome(tx, parts, row, { outcome, at, reason: code, by: row.peer });
        log.warn({ event: 'exchange.refused-there', message: messageId, peer: row.peer, code });
        return;
      }
      case 'waiting-for-parts':
        if (isOpen || isAhead) await again('exchange.waits-for-parts', 5);
        return;
      case 'failure':
        if (isOpen || isAhead) await again(sent.code, sent.after);
    }
  }

  /** What answers say about the peer itself. */
  async function notePeer(tx: Tx, peer: string, items: readonly { sent: Sent }[], now: Instant): Promise<void> {
    const row: PeerRow = await lockPeer(tx, peer);
    let state = breakerOf(row);
    let invalid = row.invalid_receipts;
    const change: Parameters<typeof updatePeer>[2] = {};
    for (const { sent } of items) {
      if (sent.what === 'receipt') {
        change.last_receipt_at = now;
        change.clock_skew_ms = String(Date.parse(sent.receipt.value.receivedAt) - Date.parse(now));
      }
      if (sent.what === 'failure') {
        const next = afterFailure(state, now);
        if (next.breaker === 'open' && state.breaker === 'closed')
          log.warn({ event: 'exchange.breaker-opened', peer, code: sent.code });
        state = next;
        invalid = sent.answered ? invalid + 1 : 0;
        change.last_code = sent.code;
        change.last_failure_at = now;
      } else {
        const isLater = sent.what === 'refusal' && !refusalCodes[sent.refusal.value.code].final;
        state = isLater ? afterLater(state, now) : afterAnswer(state);
        invalid = 0;
      }
    }
    if (invalid >= invalidBeforeAlarm && row.alarm_code === null) {
      change.alarm_code = 'exchange.invalid-receipt';
      change.alarm_at = now;
      log.error({ event: 'exchange.alarm', peer, code: change.alarm_code });
    }
    await updatePeer(tx, peer, { ...change, ...toColumns(state), invalid_receipts: invalid });
    // Waits that grew while the peer was away are over with its first answer.
    if (row.waiting_since !== null && state.waitingSince === null) await makeDue(tx, peer, now);
  }

  const takeAnswer = (row: OutboxRow, sent: Sent) => takeAnswers({ row, sent });

  return {
    claim,
    read,
    takeAnswer,
    underWay: (peer) => under.get(peer) ?? 0,
    async sendTo(peer, room) {
      const rows = await claim(peer, room);
      for (const row of rows) {
        under.set(peer, (under.get(peer) ?? 0) + 1);
        const work = deliver(row)
          .catch((error: unknown) => {
            // Nothing is lost: the lease ends and the message is tried again.
            const code = error instanceof Unavailable ? error.code : failureCode(error);
            log.error({ event: 'exchange.answer-not-kept', message: row.message_id, code });
          })
          .finally(() => {
            under.set(peer, (under.get(peer) ?? 1) - 1);
            running.delete(work);
            wake.send();
          });
        running.add(work);
      }
      return rows.length;
    },
    async idle() {
      await Promise.all([...running]);
    },
  };
}
