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

/**
 * Verifies events of the other side before any transaction. One that does not hold is left out and said in the log: the
 * others are of other messages. Throws `Invalid` when none holds, or one is of another node: the whole message is refused.
 */
export function readEvents(
  { log }: Pick<DeliveryParts, 'log'>,
  message: IncomingMessage,
  peer: string,
  trust: TrustView,
): Signed<Event>[] {
  const { kind, version, events } = message.body;
  if (kind !== 'event' || version !== 1 || !Array.isArray(events) || events.length === 0 || events.length > 100)
    throw new Invalid('exchange.schema');
  const good: Signed<Event>[] = [];
  for (const jws of events as unknown[]) {
    const event = verifyEvent(jws, trust, null);
    if (event.ok && event.value.value.by.node !== peer) throw new Invalid('exchange.not-accepted-from');
    if (event.ok) good.push(event.value);
    else if (events.length === 1) throw new Invalid(event.error);
    else log.error({ event: 'exchange.event-not-held', message: message.id, peer, code: event.error });
  }
  if (good.length === 0) throw new Invalid('exchange.signature');
  return good;
}

/** Keeps what the other side states, and tells the modules. The same event twice has one effect. */
export async function hearEvents(
  tx: Tx,
  parts: DeliveryParts,
  message: Pick<IncomingMessage, 'from'>,
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
  const changed = new Set<string>();
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
    const said = { type, messageId, at, reason: reason ?? null, by: who };
    if (!own) await takeWord(tx, parts, message, said, record);
    else if (await takeOutcome(tx, parts, sent, own, said, record)) changed.add(messageId);
  }
  for (const id of changed) await saveOutgoing(tx, sent.get(id)!, parts.clock.now());
}

/** What the other side states about a message that was sent there. Answers whether it changed something of it. */
async function takeOutcome(
  tx: Tx,
  parts: DeliveryParts,
  sent: Map<string, OutgoingRow>,
  row: OutgoingRow,
  said: { type: EventType; at: Instant; reason: string | null; by: string },
  record: Record,
): Promise<boolean> {
  const event = { type: said.type, ...(said.reason === null ? {} : { reason: said.reason }) };
  const heard = heardEvent(row, event);
  if (heard.effects.length === 0) return false;
  sent.set(row.messageId, heard.row);
  await speakOf(tx, parts, row.row, heard.effects, record, parts.clock.now(), { at: said.at, by: said.by });
  return true;
}

/** What the sender says of a message that came from there: that it is taken back, or that it gave it up. */
async function takeWord(
  tx: Tx,
  parts: DeliveryParts,
  message: Pick<IncomingMessage, 'from'>,
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
