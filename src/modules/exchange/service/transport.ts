import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { buildTransport } from '../envelope.ts';
import { FlatJws, type NodeId } from '../schema.ts';
import { fixTransport, type OutboxRow } from '../store/index.ts';
import { readInline } from './sign.ts';
import { toWire, type DeliveryParts } from './types.ts';

/** Wraps what goes for the first time, and writes the bytes into the rows: every retry is the same bytes. */
export async function fixTransports(
  tx: Tx,
  parts: DeliveryParts,
  peer: NodeId,
  rows: readonly OutboxRow[],
  now: Instant,
): Promise<void> {
  const unfixed = rows.filter((row) => row.transport_bytes === null);
  if (unfixed.length === 0) return;
  const trust = await parts.trust.loadTrust(tx);
  const { nodeSign } = await parts.trust.ownKeys(tx);
  const along = toWire(await parts.witness.give(tx, trust, peer, now));
  const fixed = [];
  for (const row of unfixed) {
    const built = await buildTransport(parts.keys, nodeSign.kid, {
      message: FlatJws.parse(JSON.parse(row.message_bytes.toString('utf8'))),
      fromNode: parts.node,
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
}
