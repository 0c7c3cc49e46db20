import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { OutboxRow } from './outbox.ts';

/**
 * Messages for a peer that collects, locked, in the order in which they go: due ones, and those it was given in a later
 * collection than the one it kept. Large parts are collected apart, so none waits for its own.
 */
export async function lockToGive(tx: Tx, peer: string, kept: number, now: Instant, most: number): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    select o.* from exchange_outbox o
     where o.peer = ${peer} and not o.is_settled and o.status <> 'parked' and o.not_before <= ${now}::timestamptz
       and (o.lease_until is null or o.lease_until <= ${now}::timestamptz or o.given_as > ${kept}::bigint)
       and not exists (
         select 1 from exchange_outbox e where e.stream = o.stream and e.sequence < o.sequence and not e.is_settled)
     order by o.priority, o.queued_at, o.sequence
     limit ${most} for update skip locked`.execute(tx);
  return rows;
}

/** Writes in which collection messages were given, and that it was the last of the peer. */
export async function markGiven(tx: Tx, peer: string, ids: readonly string[], number: number): Promise<void> {
  await sql`update exchange_outbox set given_as = ${number}::bigint where message_id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  await sql`update exchange_peer set given_cursor = ${number}::bigint where node = ${peer}`.execute(tx);
}

/** The parts of a message that its receiver collected: it has answered for the whole of it. */
export async function markCollected(tx: Tx, messageId: string, now: Instant): Promise<void> {
  await sql`
    update exchange_blob set status = 'whole', committed = length, changed_at = ${now}::timestamptz
     where message_id = ${messageId} and direction = 'out' and status in ('announced', 'open')`.execute(tx);
}

/** The last collection from a peer that this node kept whole. */
export async function findKept(tx: Tx, peer: string): Promise<string> {
  const row = await tx.selectFrom('exchange_peer').select('pull_cursor').where('node', '=', peer).executeTakeFirst();
  return row?.pull_cursor ?? '0';
}

export async function saveKept(tx: Tx, peer: string, cursor: string): Promise<void> {
  await sql`
    insert into exchange_peer (node, pull_cursor) values (${peer}, ${cursor})
    on conflict (node) do update set pull_cursor = excluded.pull_cursor`.execute(tx);
}
