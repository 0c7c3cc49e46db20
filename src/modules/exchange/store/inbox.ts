import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';
import type { InboxTable, ReceiveStatus, RefusalTable } from './tables.ts';

export type InboxRow = Selectable<InboxTable>;

/** All but the bytes of the message; the answer that was given is among them. */
export const inboxFacts = [
  'message_id',
  'peer',
  'stream',
  'sequence',
  'conversation_id',
  'from_authority',
  'to_authority',
  'kind',
  'priority',
  'tlp',
  'message_sha256',
  'previous_sha256',
  'envelope_sha256',
  'log_index',
  'signed_at',
  'expires_at',
  'received_at',
  'status',
  'attempts',
  'next_at',
  'lease_until',
  'last_code',
  'opened_at',
  'flagged_code',
  'repeats',
] as const;
export type InboxFacts = Pick<InboxRow, (typeof inboxFacts)[number]>;
export type AnsweredRow = InboxFacts & { receipt_bytes: Buffer };

const answered = [...inboxFacts, 'receipt_bytes'] as const;

export async function insertInbox(tx: Tx, rows: readonly Insertable<InboxTable>[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('exchange_inbox')
      .values([...rows])
      .execute();
}

/** Rows with these ids. */
export async function findIncoming(tx: Tx, ids: readonly string[]): Promise<Map<string, AnsweredRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('exchange_inbox')
    .select(answered)
    .where(sql<boolean>`message_id = any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.message_id, row]));
}

/** Rows at these places of streams. */
export async function findAtPlaces(
  tx: Tx,
  places: readonly { stream: string; sequence: number }[],
): Promise<AnsweredRow[]> {
  if (places.length === 0) return [];
  const streams = places.map((place) => place.stream);
  const sequences = places.map((place) => String(place.sequence));
  const columns = answered.map((name) => sql.ref(`i.${name}`));
  const { rows } = await sql<AnsweredRow>`
    select ${sql.join(columns)} from exchange_inbox i
      join unnest(${streams}::text[], ${sequences}::bigint[]) as p (stream, sequence)
        on i.stream = p.stream and i.sequence = p.sequence`.execute(tx);
  return rows;
}

/** Messages that hold a number behind the next one of their stream, in order. */
export async function listAhead(tx: Tx, streams: readonly string[]): Promise<InboxFacts[]> {
  if (streams.length === 0) return [];
  const columns = inboxFacts.map((name) => sql.ref(`i.${name}`));
  const { rows } = await sql<InboxFacts>`
    select ${sql.join(columns)} from exchange_inbox i join exchange_stream s on s.stream = i.stream
     where s.stream = any(${[...streams]}::text[]) and i.sequence >= s.next_in order by i.stream, i.sequence`.execute(
    tx,
  );
  return rows;
}

/** Lets held messages take effect: the one before them came. */
export async function releaseHeld(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('exchange_inbox')
    .set({ status: 'received', next_at: now })
    .where('message_id', 'in', [...ids])
    .where('status', '=', 'held')
    .execute();
}

/** A held message that cannot follow what came before it ends. */
export async function endHeld(tx: Tx, id: string, code: string): Promise<void> {
  await tx
    .updateTable('exchange_inbox')
    .set({ status: 'refused', last_code: code })
    .where('message_id', '=', id)
    .where('status', '=', 'held')
    .execute();
}

export async function countRepeats(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('exchange_inbox')
    .set((eb) => ({ repeats: eb('repeats', '+', 1) }))
    .where('message_id', 'in', [...ids])
    .execute();
}

/** Messages to be opened: of each stream the lowest that has no end yet, urgent ones first. Held until `leaseUntil`. */
export async function claimIncoming(tx: Tx, now: Instant, leaseUntil: Instant, most: number): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`
    with due as (
      select i.message_id from exchange_inbox i
       where i.status = 'received' and i.next_at <= ${now}::timestamptz
         and (i.lease_until is null or i.lease_until <= ${now}::timestamptz)
         and not exists (
           select 1 from exchange_inbox e
            where e.stream = i.stream and e.sequence < i.sequence and e.status in ('received', 'parked'))
       order by i.priority, i.next_at limit ${most} for update skip locked)
    update exchange_inbox i set lease_until = ${leaseUntil}::timestamptz
      from due where i.message_id = due.message_id returning i.*`.execute(tx);
  return rows.sort((a, b) => a.priority - b.priority || (a.received_at < b.received_at ? -1 : 1));
}

/** Which of these messages still wait to be opened by whoever claimed them; locked. */
export async function lockClaimed(
  tx: Tx,
  rows: readonly Pick<InboxRow, 'message_id' | 'lease_until'>[],
): Promise<Set<string>> {
  const ids = rows.map((row) => row.message_id);
  const leases = rows.map((row) => row.lease_until);
  const { rows: held } = await sql<{ message_id: string }>`
    select i.message_id from exchange_inbox i
      join unnest(${ids}::uuid[], ${leases}::timestamptz[]) as c (id, lease) on i.message_id = c.id and i.lease_until = c.lease
     where i.status = 'received' order by i.message_id for update of i`.execute(tx);
  return new Set(held.map((row) => row.message_id));
}

/** Writes what came of openings. */
export async function saveOpenings(
  tx: Tx,
  decided: ReadonlyMap<
    string,
    { status: ReceiveStatus; attempts: number; nextAt: Instant | null; code: string | null }
  >,
  now: Instant,
): Promise<void> {
  if (decided.size === 0) return;
  const all = [...decided.values()];
  await sql`
    update exchange_inbox i
       set status = d.status, attempts = d.attempts, last_code = d.code, lease_until = null,
           next_at = coalesce(d.next_at, i.next_at),
           opened_at = case when d.status in ('handed-over', 'not-understood') then ${now}::timestamptz else i.opened_at end
      from unnest(${[...decided.keys()]}::uuid[], ${all.map((one) => one.status)}::text[],
                  ${all.map((one) => one.attempts)}::int[], ${all.map((one) => one.code)}::text[],
                  ${all.map((one) => one.nextAt)}::timestamptz[]) as d (id, status, attempts, code, next_at)
     where i.message_id = d.id`.execute(tx);
}

export async function lockIncoming(tx: Tx, id: string): Promise<InboxRow | undefined> {
  return tx.selectFrom('exchange_inbox').selectAll().where('message_id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateIncoming(tx: Tx, id: string, change: Updateable<InboxTable>): Promise<void> {
  await tx.updateTable('exchange_inbox').set(change).where('message_id', '=', id).execute();
}

/** Messages held since before a moment. */
export async function listHeldSince(tx: Tx, before: Instant, most: number): Promise<InboxFacts[]> {
  return tx
    .selectFrom('exchange_inbox')
    .select([...inboxFacts])
    .where('status', '=', 'held')
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function insertRefusal(tx: Tx, row: Insertable<RefusalTable>): Promise<void> {
  await tx.insertInto('exchange_refusal').values(row).execute();
}

/** The answer that these very bytes got from this node before, if they came from the same peer. */
export async function findAnswer(tx: Tx, peer: string, transport: Sha256): Promise<Buffer | undefined> {
  const { rows } = await sql<{ bytes: Buffer }>`
    select receipt_bytes as bytes from exchange_inbox where envelope_sha256 = ${transport} and peer = ${peer}
    union all
    select bytes from exchange_refusal where transport_sha256 = ${transport} and peer = ${peer} limit 1`.execute(tx);
  return rows[0]?.bytes;
}

/** Lets messages take effect that an older version kept without understanding them. */
export async function reviveUnderstood(tx: Tx, kinds: readonly string[], now: Instant): Promise<number> {
  if (kinds.length === 0) return 0;
  const { numUpdatedRows } = await tx
    .updateTable('exchange_inbox')
    .set({ status: 'received', next_at: now, lease_until: null })
    .where('status', '=', 'not-understood')
    .where('kind', 'in', [...kinds])
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
