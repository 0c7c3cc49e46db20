import type { Tx } from '../../../platform/db/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { IncomingMessage, MessageOutcome, Outcome } from '../../../platform/outbox/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { verifyEvent, type Signed } from '../envelope.ts';
import type { Event, EventType, TrustView } from '../schema.ts';
import {
  findIncoming,
  knownEvents,
  lockIncoming,
  lockOutgoing,
  updateIncoming,
  updateOutgoing,
  type OutboxRow,
  type SendStatus,
} from '../store/index.ts';
import type { Record } from './record.ts';
import type { DeliveryParts } from './types.ts';

/** What an event of the other side says of a message that was sent there: its status here, and what its module is told. */
const meanings: Partial<{ [Type in EventType]: { status?: SendStatus; outcome: Outcome } }> = {
  ContentConsignment: { status: 'consigned', outcome: 'received' },
  ContentAccessTracking: { outcome: 'opened' },
  ContentHandover: { status: 'handed-over', outcome: 'handed-over' },
  ContentConsignmentFailure: { status: 'refused', outcome: 'refused' },
  ContentHandoverFailure: { status: 'refused', outcome: 'refused' },
  ConsignmentRejection: { status: 'refused', outcome: 'refused' },
  AcceptanceRejectionExpiry: { status: 'expired', outcome: 'expired' },
};

/** How far a message came: a later proof is never replaced by a lower one. */
const ranks: { [Status in SendStatus]: number } = {
  queued: 0,
  sending: 0,
  parked: 0,
  relayed: 1,
  expired: 1,
  consigned: 2,
  'handed-over': 3,
  refused: 4,
  recalled: 4,
};

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
  const sent = await lockOutgoing(tx, ids);
  for (const event of events) {
    const { eventId, type, messageId, messageSha256, at, by, reason } = event.value;
    if (known.has(eventId)) continue;
    known.add(eventId);
    const own = sent.get(messageId);
    // The other side speaks only of what passed between these two authorities.
    if (own && (own.to_authority !== message.from || own.message_sha256 !== messageSha256)) continue;
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
    if (own) await takeOutcome(tx, parts, own, { type, at, reason: reason ?? null, by: by.authority ?? by.node });
    else await takeWord(tx, parts, message, { type, messageId, at, reason: reason ?? null }, record);
  }
}

async function takeOutcome(
  tx: Tx,
  parts: DeliveryParts,
  row: OutboxRow,
  said: { type: EventType; at: Instant; reason: string | null; by: string },
): Promise<void> {
  const meaning = meanings[said.type];
  if (!meaning) return;
  const isRecall = said.reason === recalled;
  const status = isRecall ? 'recalled' : meaning.status;
  if (status !== undefined && ranks[status] > ranks[row.status]) {
    row.status = status;
    await updateOutgoing(tx, row.message_id, {
      status,
      ...(status === 'consigned' ? {} : { ended_at: parts.clock.now() }),
      ...(said.reason === null ? {} : { last_code: said.reason }),
    });
  }
  await tellOutcome(tx, parts, row, {
    outcome: isRecall ? 'recalled' : meaning.outcome,
    at: said.at,
    reason: said.reason,
    by: said.by,
  });
}

/** Tells the module that sent a message what became of it. */
export async function tellOutcome(
  tx: Tx,
  parts: DeliveryParts,
  row: Pick<OutboxRow, 'message_id' | 'kind' | 'conversation_id'>,
  said: Pick<MessageOutcome, 'outcome' | 'at' | 'reason' | 'by'>,
): Promise<void> {
  await parts.uses.outcomes[row.kind]?.(tx, {
    id: row.message_id,
    kind: row.kind,
    conversationId: row.conversation_id,
    ...said,
  });
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
  if (!row || (row.status !== 'received' && row.status !== 'held' && row.status !== 'parked')) return;
  const now = parts.clock.now();
  await updateIncoming(tx, row.message_id, { status: 'recalled', last_code: recalled, lease_until: null });
  record.state({
    type: 'ContentHandoverFailure',
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    at: now,
    authority: row.to_authority,
    reason: recalled,
    tell: { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id },
  });
}
