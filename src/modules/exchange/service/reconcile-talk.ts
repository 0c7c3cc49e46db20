import type { KeyStore } from '../../../platform/crypto/index.ts';
import { withTransaction, type Db, type Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { secret } from '../../../platform/random.ts';
import { sha256 } from '../../../platform/values/index.ts';
import type { Witness } from '../../audit/index.ts';
import type { PeerCall } from '../client.ts';
import { sign } from '../envelope-read.ts';
import { verifyReconcileAnswer } from '../verify-reconcile.ts';
import { ReconcileQuestion, type ReconcileAnswer, type ReconcileAsk } from '../rules/reconcile.ts';
import type { BlobAnnouncement, FlatJws, NodeId } from '../schema.ts';
import { takeGossip } from './gossip.ts';
import type { DeliveryTrust } from './types.ts';
import type { Watch } from './witness.ts';

export const reconcilePath = '/exchange/v1/reconcile';
const reconcileBytes = 4_194_304;
export const reconcileActor = 'system:reconcile';
const system = reconcileActor;

/** What comparing histories is built of; one per node. */
export interface ReconcileParts extends Witness {
  db: Db;
  keys: KeyStore;
  node: NodeId;
  trust: DeliveryTrust;
  watch: Watch;
  call: PeerCall;
  /** Takes signed events of a peer about messages sent there, as if they had come by message. */
  hearEvents?(tx: Tx, peer: NodeId, events: readonly FlatJws[]): Promise<number>;
  /** Fetches large parts of a message that was lost here from the peer that sent it, each block checked. */
  fetchParts?(peer: NodeId, announced: readonly BlobAnnouncement[]): Promise<void>;
  /** Publishes the own node entry again, after the log began a new epoch with a new key. */
  publish?(): Promise<void>;
  /** Wakes the worker that sends. */
  wake?(): void;
}

/** Asks a peer one thing. @throws Unavailable when it is not reached, or its answer is not its own or not to this question */
export async function askPeer<W extends ReconcileAsk['what']>(
  parts: ReconcileParts,
  peer: NodeId,
  ask: Extract<ReconcileAsk, { what: W }>,
): Promise<{ answer: Extract<ReconcileAnswer['answer'], { what: W }>; whole: ReconcileAnswer }> {
  const now = parts.clock.now();
  const text = await withTransaction(parts.db, system, async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const { nodeSign } = await parts.trust.ownKeys(tx);
    const along = await parts.watch.part(tx, trust, peer, { always: ask.what === 'summary' });
    const fields = { fromNode: parts.node, toNode: peer, at: now, nonce: secret(parts.random, 16), ...along, ask };
    return (await sign(ReconcileQuestion, 'reconcile', parts.keys, nodeSign.kid, fields, now)).text;
  });
  const reply = await parts.call(peer, {
    method: 'POST',
    path: reconcilePath,
    body: text,
    type: 'application/jose+json',
    maxBytes: reconcileBytes,
  });
  if (reply.status !== 200) throw new Unavailable('exchange.not-reached', { params: { detail: String(reply.status) } });
  return withTransaction(parts.db, system, async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const facts = { peer, ownNode: parts.node, trust, now: parts.clock.now() };
    const read = verifyReconcileAnswer(reply.body, facts, { questionSha256: sha256(text), what: ask.what });
    if (!read.ok) throw new Unavailable('exchange.bad-answer', { params: { detail: read.error } });
    const whole = read.value;
    await parts.watch.take(tx, trust, peer, whole);
    await takeGossip(parts, tx, trust, peer, whole);
    return { answer: whole.answer as Extract<ReconcileAnswer['answer'], { what: W }>, whole };
  });
}
