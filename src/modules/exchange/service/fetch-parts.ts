import { Readable } from 'node:stream';
import { withTransaction } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { keepAnnouncement, keepTree, takeBytes } from '../blobs.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import type { BlobAnnouncement, NodeId } from '../schema.ts';
import { findBlob } from '../store/index.ts';
import { systemActor, type DeliveryParts } from './types.ts';

/** Bytes of a part that are asked for at a time: they stand in memory once. */
const pieceBytes = 8_388_608;
const treeBytes = 33_554_432;
const pieceWithinMs = 600_000;

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/**
 * Fetches one large part of a message from the node that sent it, from where it stands here, every block checked against
 * its tree.
 * @throws Unavailable when the node does not give it, or what it gives does not hold
 */
export async function fetchPart(
  parts: DeliveryParts,
  ask: Ask,
  peer: NodeId,
  said: BlobAnnouncement,
  isStopped: () => boolean,
): Promise<void> {
  const { blobId, length } = said;
  const path = `/exchange/v1/blobs/${blobId}`;
  const kept = await keepAnnouncement(parts, peer, said);
  if (kept.status !== 201) throw new Unavailable(`exchange.answered-${kept.status}`);
  const stand = async () => {
    const row = await withTransaction(parts.db, systemActor, (tx) => findBlob(tx, blobId));
    if (!row || row.status === 'removed') throw new Unavailable('exchange.part-lost', { params: { part: blobId } });
    return row;
  };
  let row = await stand();
  if (row.status === 'announced') {
    const tree = await ask(peer, { method: 'GET', path: `${path}/tree`, maxBytes: treeBytes });
    if (tree.status !== 200 || !(await keepTree(parts, row, tree.body)))
      throw new Unavailable(`exchange.answered-${tree.status}`);
    row = await stand();
  }
  for (let spoilt = 0; row.status !== 'whole' && !isStopped();) {
    const from = Number(row.committed);
    const until = Math.min(length, from + pieceBytes);
    const piece = await ask(peer, {
      method: 'GET',
      path,
      headers: { Range: `bytes=${from}-${until - 1}` },
      maxBytes: pieceBytes,
      timeoutMs: pieceWithinMs,
    });
    if (piece.status !== 206) throw new Unavailable(`exchange.answered-${piece.status}`);
    await takeBytes(parts, row, Readable.from([piece.body]));
    row = await stand();
    spoilt = Number(row.committed) > from ? 0 : spoilt + 1;
    if (spoilt >= 3) throw new Unavailable('exchange.part-mismatch');
  }
}
