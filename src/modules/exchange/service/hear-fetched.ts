import type { Tx } from '../../../platform/db/index.ts';
import { verifyEvent, type Signed } from '../envelope.ts';
import type { Event, FlatJws, NodeId } from '../schema.ts';
import { findIncoming, findOutgoing, knownEvents } from '../store/index.ts';
import { hearEvents } from './hear.ts';
import { createRecord } from './record.ts';
import type { DeliveryParts } from './types.ts';

/**
 * Takes events that were fetched from a peer, as if they had come in a message: only those that the peer itself states,
 * about messages that passed between it and this node.
 * @returns how many were new
 */
export async function hearFetched(
  tx: Tx,
  parts: DeliveryParts,
  peer: NodeId,
  events: readonly FlatJws[],
): Promise<number> {
  const trust = await parts.trust.loadTrust(tx);
  const stated = events.flatMap((jws): Signed<Event>[] => {
    const read = verifyEvent(jws, trust, null);
    return read.ok && read.value.value.by.node === peer ? [read.value] : [];
  });
  const known = await knownEvents(
    tx,
    stated.map((event) => event.value.eventId),
  );
  const missing = stated.filter((event) => !known.has(event.value.eventId));
  let taken = 0;
  const record = createRecord(parts);
  for (const id of new Set(missing.map((event) => event.value.messageId))) {
    const about = missing.filter((event) => event.value.messageId === id);
    const sent = await findOutgoing(tx, id);
    const came = sent ? undefined : (await findIncoming(tx, [id])).get(id);
    const from = sent?.peer === peer ? sent.to_authority : came?.peer === peer ? came.from_authority : undefined;
    if (from === undefined) continue;
    await hearEvents(tx, parts, { from }, about, record);
    taken += about.length;
  }
  await record.flush(tx);
  return taken;
}
