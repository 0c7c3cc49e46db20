import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { EventType } from '../schema.ts';
import type { OutboxTable, ReceiveStatus, SendStatus } from './tables.ts';

export interface PeerRow {
  node: string;
  breaker: 'closed' | 'open' | 'probing' | null;
  failures: number;
  probeAt: Instant | null;
  waitingSince: Instant | null;
  lastCode: string | null;
  lastReceiptAt: Instant | null;
  lastContactAt: Instant | null;
  /** Their clock against ours by their last answer; positive: theirs is ahead. */
  clockSkewMs: number | null;
  alarmCode: string | null;
  alarmAt: Instant | null;
  waiting: number;
  parked: number;
  oldestQueuedAt: Instant | null;
  nextTryAt: Instant | null;
}

/** Every node that was ever spoken with or that something waits for. */
export async function listPeerRows(tx: Tx): Promise<PeerRow[]> {
  const waiting = tx
    .selectFrom('exchange_outbox')
    .select((eb) => [
      'peer',
      eb.fn.countAll<string>().filterWhere('status', 'in', ['queued', 'sending']).as('waiting'),
      eb.fn.countAll<string>().filterWhere('status', '=', 'parked').as('parked'),
      eb.fn.min('queued_at').filterWhere('status', 'in', ['queued', 'sending']).as('oldest'),
      eb.fn.min('not_before').filterWhere('status', 'in', ['queued', 'sending']).as('next_try'),
    ])
    .where('status', 'in', ['queued', 'sending', 'parked'])
    .groupBy('peer');
  const rows = await tx
    .with('waiting', () => waiting)
    .selectFrom('exchange_peer as p')
    .fullJoin('waiting as w', 'w.peer', 'p.node')
    .select([
      sql<string>`coalesce(p.node, w.peer)`.as('node'),
      'p.breaker',
      'p.failures',
      'p.last_code',
      'p.alarm_code',
      'p.clock_skew_ms',
      'w.waiting',
      'w.parked',
      'p.probe_at as probeAt',
      'p.waiting_since as waitingSince',
      'p.last_receipt_at as lastReceiptAt',
      'p.last_contact_at as lastContactAt',
      'p.alarm_at as alarmAt',
      'w.oldest as oldestQueuedAt',
      'w.next_try as nextTryAt',
    ])
    .orderBy(sql`coalesce(p.node, w.peer)`)
    .execute();
  return rows.map(({ failures, last_code, alarm_code, clock_skew_ms, waiting, parked, ...row }) => ({
    ...row,
    failures: failures ?? 0,
    lastCode: last_code,
    alarmCode: alarm_code,
    clockSkewMs: clock_skew_ms === null ? null : Number(clock_skew_ms),
    waiting: Number(waiting ?? 0),
    parked: Number(parked ?? 0),
  }));
}

/** One message on its way out or in, from outside: nothing of its content. */
export interface TrackedMessage {
  id: string;
  direction: 'out' | 'in';
  peer: string;
  from: string;
  to: string;
  kind: string;
  priority: 'routine' | 'urgent' | 'immediate';
  status: SendStatus | ReceiveStatus;
  sequence: number;
  attempts: number;
  code: string | null;
  /** Queued here, or received here. */
  at: Instant;
  nextAt: Instant | null;
  expiresAt: Instant;
  /** Outgoing: when the peer's receipt came. */
  receiptAt: Instant | null;
}

const priorities = ['routine', 'urgent', 'immediate'] as const;
const priorityOf = (rank: number) => priorities[rank] ?? 'routine';

export interface TrackedFilter<Status> {
  statuses: readonly Status[];
  peer?: string;
  limit: number;
}

/** Columns that what leaves and what came have in common: the outside of an envelope. */
const outside = [
  'message_id',
  'peer',
  'from_authority',
  'to_authority',
  'kind',
  'priority',
  'sequence',
  'attempts',
  'last_code',
  'expires_at',
] as const;

type Outside = Pick<OutboxTable, Exclude<(typeof outside)[number], 'attempts'>> & { attempts: number };

function toTracked(
  row: Outside,
  rest: Pick<TrackedMessage, 'direction' | 'status' | 'at' | 'nextAt' | 'receiptAt'>,
): TrackedMessage {
  return {
    id: row.message_id,
    peer: row.peer,
    from: row.from_authority,
    to: row.to_authority,
    kind: row.kind,
    priority: priorityOf(row.priority),
    sequence: Number(row.sequence),
    attempts: row.attempts,
    code: row.last_code,
    expiresAt: row.expires_at,
    ...rest,
  };
}

function outgoing(tx: Tx) {
  return tx.selectFrom('exchange_outbox').select([...outside, 'status', 'queued_at', 'not_before', 'receipt_at']);
}

function fromOutgoing(row: Awaited<ReturnType<ReturnType<typeof outgoing>['execute']>>[number]): TrackedMessage {
  const waits = row.status === 'queued' || row.status === 'sending';
  return toTracked(row, {
    direction: 'out',
    status: row.status,
    at: row.queued_at,
    nextAt: waits ? row.not_before : null,
    receiptAt: row.receipt_at,
  });
}

function incoming(tx: Tx) {
  return tx.selectFrom('exchange_inbox').select([...outside, 'status', 'received_at', 'next_at']);
}

function fromIncoming(row: Awaited<ReturnType<ReturnType<typeof incoming>['execute']>>[number]): TrackedMessage {
  return toTracked(row, {
    direction: 'in',
    status: row.status,
    at: row.received_at,
    nextAt: row.status === 'received' ? row.next_at : null,
    receiptAt: row.received_at,
  });
}

/** Outgoing messages in some statuses, the oldest first. */
export async function listOutgoing(tx: Tx, filter: TrackedFilter<SendStatus>): Promise<TrackedMessage[]> {
  let query = outgoing(tx)
    .where('status', 'in', filter.statuses)
    .orderBy('queued_at')
    .orderBy('message_id')
    .limit(filter.limit);
  if (filter.peer !== undefined) query = query.where('peer', '=', filter.peer);
  return (await query.execute()).map(fromOutgoing);
}

/** Incoming messages in some statuses, the oldest first. */
export async function listIncoming(tx: Tx, filter: TrackedFilter<ReceiveStatus>): Promise<TrackedMessage[]> {
  let query = incoming(tx)
    .where('status', 'in', filter.statuses)
    .orderBy('received_at')
    .orderBy('message_id')
    .limit(filter.limit);
  if (filter.peer !== undefined) query = query.where('peer', '=', filter.peer);
  return (await query.execute()).map(fromIncoming);
}

export async function findTracked(tx: Tx, id: string): Promise<TrackedMessage | undefined> {
  const out = await outgoing(tx).where('message_id', '=', id).executeTakeFirst();
  if (out) return fromOutgoing(out);
  const came = await incoming(tx).where('message_id', '=', id).executeTakeFirst();
  return came && fromIncoming(came);
}

export interface EventRow {
  type: EventType;
  at: Instant;
  byNode: string;
  byAuthority: string | null;
  reason: string | null;
  logIndex: number | null;
  payloadSha256: string;
}

/** What is stated of a message, in the order in which it came to be known here. */
export async function listEventRows(tx: Tx, messageId: string): Promise<EventRow[]> {
  const rows = await tx
    .selectFrom('exchange_event')
    .select(['type', 'at', 'by_node', 'by_authority', 'reason', 'log_index', 'payload_sha256'])
    .where('message_id', '=', messageId)
    .orderBy('place')
    .execute();
  return rows.map((row) => ({
    type: row.type,
    at: row.at,
    byNode: row.by_node,
    byAuthority: row.by_authority,
    reason: row.reason,
    logIndex: row.log_index === null ? null : Number(row.log_index),
    payloadSha256: row.payload_sha256,
  }));
}

/** How much of each large part has come or was confirmed. */
export async function listBlobRows(
  tx: Tx,
  messageId: string,
): Promise<{ part: string; length: number; committed: number; status: string }[]> {
  const rows = await tx
    .selectFrom('exchange_blob')
    .select(['part', 'length', 'committed', 'status'])
    .where('message_id', '=', messageId)
    .orderBy('part')
    .execute();
  return rows.map((row) => ({ ...row, length: Number(row.length), committed: Number(row.committed) }));
}

/** Numbers of messages by status. */
export async function countByStatus(tx: Tx): Promise<{ direction: 'out' | 'in'; status: string; count: number }[]> {
  const out = await tx
    .selectFrom('exchange_outbox')
    .select((eb) => ['status', eb.fn.countAll<string>().as('count')])
    .groupBy('status')
    .execute();
  const came = await tx
    .selectFrom('exchange_inbox')
    .select((eb) => ['status', eb.fn.countAll<string>().as('count')])
    .groupBy('status')
    .execute();
  return [
    ...out.map((row) => ({ direction: 'out' as const, status: row.status, count: Number(row.count) })),
    ...came.map((row) => ({ direction: 'in' as const, status: row.status, count: Number(row.count) })),
  ];
}
