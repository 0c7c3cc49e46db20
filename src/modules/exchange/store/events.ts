import { sql, type Insertable, type Selectable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Sha256 } from '../../../platform/values/index.ts';
import type { EventType } from '../schema.ts';
import type { EventTable } from './tables.ts';

export type EventRow = Selectable<EventTable>;
export type NewEventRow = Insertable<EventTable>;

/** Keeps events; one that is there already stays as it is. Answers the ids that were new. */
export async function insertEvents(tx: Tx, rows: readonly NewEventRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const added = await tx
    .insertInto('exchange_event')
    .values([...rows])
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .returning('event_id')
    .execute();
  return new Set(added.map((row) => row.event_id));
}

export async function listEvents(tx: Tx, messageId: string): Promise<EventRow[]> {
  return tx.selectFrom('exchange_event').selectAll().where('message_id', '=', messageId).orderBy('place').execute();
}

/** Hash of the last event that a node stated about each message, for the next one to name. */
export async function lastEventHashes(
  tx: Tx,
  node: string,
  messageIds: readonly string[],
): Promise<Map<string, Sha256>> {
  if (messageIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('exchange_event')
    .distinctOn('message_id')
    .select(['message_id', 'payload_sha256'])
    .where(sql<boolean>`message_id = any(${[...messageIds]}::uuid[])`)
    .where('by_node', '=', node)
    .orderBy('message_id')
    .orderBy('place', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.message_id, row.payload_sha256]));
}

/** About which of these messages this node stated an event of a type already. */
export async function whichHaveEvent(
  tx: Tx,
  node: string,
  messageIds: readonly string[],
  type: EventType,
): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const { rows } = await sql<{ message_id: string }>`
    select distinct message_id from exchange_event
     where message_id = any(${[...messageIds]}::uuid[]) and by_node = ${node} and type = ${type}`.execute(tx);
  return new Set(rows.map((row) => row.message_id));
}

const untold = sql.raw('as_authority is not null and for_authority is not null and carried_by is null');

/**
 * Events that wait to be told to the other side, the oldest of each pair of authorities. A pair whose last events are still
 * on their way waits for their receipt, so that what happens meanwhile goes together.
 */
export async function listUntold(tx: Tx, kind: string, mostOfPair: number): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    with recursive pairs as (
      (select as_authority, for_authority from exchange_event where ${untold} order by 1, 2 limit 1)
      union all
      select n.as_authority, n.for_authority from pairs p, lateral (
        select as_authority, for_authority from exchange_event
         where ${untold} and (as_authority, for_authority) > (p.as_authority, p.for_authority) order by 1, 2 limit 1) n)
    select e.* from pairs p, lateral (
      select * from exchange_event
       where ${untold} and as_authority = p.as_authority and for_authority = p.for_authority
       order by place limit ${mostOfPair}) e
     where not exists (
       select 1 from exchange_outbox o
        where o.kind = ${kind} and not o.is_settled
          and o.from_authority = p.as_authority and o.to_authority = p.for_authority)`.execute(tx);
  return rows;
}

/** Writes which message carries events, unless another does already. */
export async function markCarried(tx: Tx, messageId: string, eventIds: readonly string[]): Promise<number> {
  const { rows } = await sql`
    update exchange_event set carried_by = ${messageId}
     where event_id = any(${[...eventIds]}::uuid[]) and carried_by is null returning event_id`.execute(tx);
  return rows.length;
}

/** Which of these events are kept here already. */
export async function knownEvents(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('exchange_event')
    .select('event_id')
    .where(sql<boolean>`event_id = any(${[...ids]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.event_id));
}
