import { isNoteSignedBy, readCheckpoint, readNote } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { keepConflict, listConflicts, listWitnessed, takeCheckpoint, type Witness } from '../../audit/index.ts';
import type { ReconcileAnswer } from '../rules/reconcile.ts';
import type { NodeId, TrustView } from '../schema.ts';
import { logPeerOf } from './witness.ts';

/** What this node tells a peer of the logs of others: the newest state of each that it cosigned. */
export async function toldSeen(tx: Tx, peer: string): Promise<ReconcileAnswer['seen']> {
  const seen = await listWitnessed(tx);
  return seen
    .filter(({ node }) => node !== peer)
    .slice(0, 200)
    .map(({ node, note }) => ({ node: node as NodeId, checkpoint: note }));
}

export async function toldConflicts(tx: Tx): Promise<ReconcileAnswer['conflicts']> {
  return (await listConflicts(tx)).slice(0, 50).map(({ node, what, first_note, second_note }) => ({
    node: node as NodeId,
    what,
    first: first_note,
    second: second_note,
  }));
}

/**
 * Holds what a peer saw of other logs against what was seen here. Two roots for one size prove themselves; other sizes
 * say nothing without a proof of their owner.
 */
export async function takeGossip(
  own: Witness,
  tx: Tx,
  trust: TrustView,
  from: string,
  told: Pick<ReconcileAnswer, 'seen' | 'conflicts'>,
): Promise<void> {
  const now = own.clock.now();
  for (const { node, checkpoint } of told.seen) {
    const peer = logPeerOf(trust, node, now);
    if (peer) await takeCheckpoint(own, tx, peer, checkpoint, null, from, { compareOnly: true });
  }
  for (const { node, first, second, what } of told.conflicts) {
    const peer = logPeerOf(trust, node, now);
    const notes = [first, second].map(readNote);
    const heads = notes.map((note) => note && readCheckpoint(note.text));
    const areIts = notes.every((note) => note && peer?.keys.some((key) => isNoteSignedBy(note, key)));
    const [a, b] = heads;
    if (!peer || !areIts || a?.origin !== peer.origin || b?.origin !== peer.origin) continue;
    // Only a pair that proves itself is taken on another's word.
    if (what === 'same-size' && a.size === b.size && !a.root.equals(b.root))
      await keepConflict(own, tx, peer, what, first, second, from);
  }
}
