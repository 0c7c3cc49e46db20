import type { Tx } from '../../../platform/db/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { IncomingMessage } from '../../../platform/outbox/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { afterRecall, heardEvent } from '../core.ts';
import { verifyEvent, type Signed } from '../envelope.ts';
import type { Event, EventType, TrustView } from '../schema.ts';
import { findIncoming, knownEvents, lockIncoming, lockOutgoing, updateIncoming } from '../store/index.ts';
import { outgoingOf, saveOutgoing, speakOf, type OutgoingRow } from './outgoing.ts';
import { stateReceived, type Record } from './record.ts';
import type { DeliveryParts } from './types.ts';

const recalled = 'exchange.recalled';

/** Verifies events of the other side before any transaction. Throws `Invalid`: the whole message is refused. */
export function readEvents(message: IncomingMessage, peer: string, trust: TrustView): Signed<Event>[] {
  const { kind, version, events } = message.body;
  if (kind !== 'event' || version !== 1 || !Array.isArray(events) || events.length === 0 || events.length > 100)
    throw new Invalid('exchange.schema');
  return events.map((jws: unknown) => {
    const event = verifyEvent(jws, trust, null);
    if (!event.ok) throw new Invalid(event.error);
    if (event.value.value.by.node !== peer) throw new Invalid('exchange.not-accepted-from');
    return event.value;
  });
}

/** Keeps what the other side states, and tells the modules. The same event twice has one effect. */
export async function hearEvents(
  tx: Tx,
  parts: DeliveryParts,
  message: IncomingMessage,
  events: readonly Signed<Event>[],
  record: Record,
): Promise<void> {
  const known = await knownEvents(
    tx,
    events.map((event) => event.value.eventId),
  );
  const ids = [...new Set(events.map((event) => event.value.messageId))];
  const rows = await lockOutgoing(tx, ids);
  const sent = new Map([...rows].map(([id, row]) => [id, outgoingOf(row)]));
  for (const event of events) {
    const { eventId, type, messageId, messageSha256, at, by, reason } = event.value;
    if (known.has(eventId)) continue;
    known.add(eventId);
    const own = sent.get(messageId);
    // The other side speaks only of what passed between these two authorities.
    if (own && (own.row.to_authority !== message.from || own.row.message_sha256 !== messageSha256)) continue;
    record.hear({
      row: {
        event_id: eventId,
        message_id: messageId,
        type,
        at,
        by_node: by.node,
        by_authority: by.authority ?? null,
        reason: reason ?? null,
        payload_sha256: event.payloadSha256,
        bytes: Buffer.from(event.text, 'utf8'),
        for_authority: null,
        as_authority: null,
        conversation_id: null,
        carried_by: null,
      },
    });
    const who = by.authority ?? by.node;
    if (own) await takeOutcome(tx, parts, sent, own, { type, at, reason: reason ?? null, by: who }, record);
    else await takeWord(tx, parts, message, { type, messageId, at, reason: reason ?? null }, record);
  }
}

/** What the other side states about a message that was sent there. */
async function takeOutcome(
  tx: Tx,
  parts: DeliveryParts,
  sent: Map<string, OutgoingRow>,
  row: OutgoingRow,
  said: { type: EventType; at: Instant; reason: string | null; by: string },
  record: Record,
): Promise<void> {
  const now = parts.clock.now();
  const event = { type: said.type, ...(said.reason === null ? {} : { reason: said.reason }) };
  const heard = heardEvent(row, event);
  if (heard.effects.length === 0) return;
  sent.set(row.messageId, heard.row);
  await saveOutgoing(tx, heard.row, now);
  await speakOf(tx, parts, row.row, heard.effects, record, now, { at: said.at, by: said.by });
}

/** What the sender says of a message that came from there: that it is taken back, or that it gave it up. */
async function takeWord(
  tx: Tx,
  parts: DeliveryParts,
  message: IncomingMessage,
  said: { type: EventType; messageId: string; at: Instant; reason: string | null },
  record: Record,
): Promise<void> {
  const found = (await findIncoming(tx, [said.messageId])).get(said.messageId);
  if (!found || found.from_authority !== message.from || said.type !== 'RelayFailure' || said.reason !== recalled)
    return;
  const row = await lockIncoming(tx, said.messageId);
  const decided = row && afterRecall(row);
  // The notice itself stands among the events of the message.
  if (!row || decided?.do !== 'withdraw') return;
  await updateIncoming(tx, row.message_id, { status: 'recalled', last_code: decided.code, lease_until: null });
  stateReceived(record, row, decided.event, parts.clock.now());
}
