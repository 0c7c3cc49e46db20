import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { verifyTransport, type TransportFault } from '../envelope.ts';
import { mayCross } from '../rules/index.ts';
import { refusalCodes, type NodeId, type RefusalCode, type TrustView } from '../schema.ts';
import type { PeerReply } from '../server.ts';
import { findAnswer, findIncoming } from '../store/index.ts';
import { groupCommit } from './group.ts';
import { createQuota } from './quota.ts';
import {
  auditRefusal,
  emptyFault,
  keepRefusal,
  raiseAlarm,
  signRefusal,
  storedReply,
  toReply,
} from './receive-answers.ts';
import { createRecord } from './record.ts';
import { takeTogether, type Incoming } from './take.ts';
import { systemActor, type DeliveryParts, type SigningKeys, type Wake } from './types.ts';

/** Messages that share one flush. */
const mostTogether = 64;

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

/** What only somebody who speaks for another would send: a person looks at it. */
const forgeries: ReadonlySet<RefusalCode> = new Set([
  'exchange.signature',
  'exchange.key-not-valid',
  'exchange.not-accepted-from',
] as const);

/** Builds the receiving side of a node. */
export function createReceiver(parts: DeliveryParts, wake: Pick<Wake, 'open' | 'tell'>): Receiver {
  const { db, clock, log, node } = parts;
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

  /** A no that is kept, logged and audited. */
  async function refuseForGood(tx: Tx, { fault, peer }: Refused): Promise<PeerReply> {
    const at = clock.now();
    // A retry gets its answer although a key was revoked meanwhile.
    const stored = await findAnswer(tx, peer, fault.transportSha256);
    if (stored) return storedReply(stored);
    const { code, messageId, transportSha256 } = fault;
    const record = createRecord(parts);
    record.leaf({ what: 'refused', peer, messageId, sha256: transportSha256, at, code });
    await auditRefusal(tx, parts, fault, peer);
    if (forgeries.has(code)) await raiseAlarm(tx, parts, peer, code, at);
    const [place] = await record.flush(tx);
    const refusal = await signRefusal(parts, await parts.trust.ownKeys(tx), fault, at, place ?? null);
    await keepRefusal(tx, parts, fault, peer, at, refusal.text, place);
    return toReply(refusal.text, refusal.value);
  }

  /** A no that passes: nothing is kept of it. */
  async function passingRefusal(fault: TransportFault, after?: number): Promise<PeerReply> {
    const { own } = await knownNow();
    const refusal = await signRefusal(parts, own, fault, clock.now(), null, after);
    return toReply(refusal.text, refusal.value);
  }

  const refuseKept = groupCommit<Refused, PeerReply>(1, async ([refused]) => [
    await withTransaction(db, systemActor, (tx) => refuseForGood(tx, refused!), { retry: true }),
  ]);

  const take = groupCommit<Incoming, PeerReply>(mostTogether, async (items) => {
    const replies = await withTransaction(db, systemActor, (tx) => takeTogether(tx, parts, items), { retry: true });
    wake.open();
    wake.tell();
    return replies;
  });

  async function readBody(peer: NodeId, body: Buffer) {
    const { trust } = await knownNow();
    return { trust, arrived: verifyTransport(body, { trust, now: clock.now(), ownNode: node, tlsNode: peer }) };
  }

  /** Whether it would be refused for what may only not have come here yet: that is asked for once before answering. */
  function isLackOfNews(peer: NodeId, { trust, arrived }: Awaited<ReturnType<typeof readBody>>): boolean {
    if (peer === node) return false;
    if (!arrived.ok) return arrived.error.code === 'exchange.unknown-authority';
    const owner = trust.node(peer)?.owner;
    return owner !== undefined && !mayCross(arrived.value.message.value.tlp, trust.freshAt(owner), clock.now());
  }

  return {
    async receive(peer, body) {
      const wait = quota.take(peer);
      if (wait > 0) {
        const fault = emptyFault('exchange.over-quota', body);
        return passingRefusal(fault, wait);
      }
      try {
        let read = await readBody(peer, body);
        if (isLackOfNews(peer, read) && (await parts.refresh?.(peer))) {
          viewed = undefined;
          read = await readBody(peer, body);
        }
        if (read.arrived.ok) return await take({ arrival: read.arrived.value, body, peer });
        const { error } = read.arrived;
        const passes = !refusalCodes[error.code].final;
        return passes ? await passingRefusal(error) : await refuseKept({ fault: error, peer });
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
