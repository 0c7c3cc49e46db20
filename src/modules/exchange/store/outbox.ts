import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';
import type { OutboxTable } from './tables.ts';

export type OutboxRow = Selectable<OutboxTable>;

/** All but the bytes. */
export const outboxFacts = [
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
  'transport_sha256',
  'signed_at',
  'expires_at',
  'status',
  'not_before',
  'attempts',
  'lease_until',
  'last_code',
  'queued_at',
  'first_tried_at',
  'ended_at',
  'receipt_at',
] as const;
export type OutboxFacts = Pick<OutboxRow, (typeof outboxFacts)[number]>;

export async function insertOutbox(tx: Tx, rows: readonly Insertable<OutboxTable>[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('exchange_outbox')
      .values([...rows])
      .execute();
}

/** Which of these messages were signed here already. */
export async function knownOutgoing(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('exchange_outbox')
    .select('message_id')
    .where('message_id', 'in', [...ids])
    .execute();
  return new Set(rows.map((row) => row.message_id));
}

/** Without an answer yet: also one whose time is over goes out once more, so that its place is not missing there. */
const unanswered = (name: string) =>
  sql.raw(`${name}.receipt_bytes is null and ${name}.refusal_bytes is null and ${name}.status <> 'recalled'`);

/** Due, with all its large parts at the peer. */
const due = (now: Instant) => sql`
  ${unanswered('o')} and o.status <> 'parked' and o.not_before <= ${now}::timestamptz
  and (o.lease_until is null or o.lease_until <= ${now}::timestamptz)
  and not exists (select 1 from exchange_blob b where b.message_id = o.message_id and b.direction = 'out' and b.status <> 'whole')`;

/** Peers for which something is due now. */
export async function duePeers(tx: Tx, now: Instant): Promise<string[]> {
  const { rows } = await sql<{ peer: string }>`
    select distinct o.peer from exchange_outbox o where ${due(now)}`.execute(tx);
  return rows.map((row) => row.peer);
}

/**
 * Messages to one peer that are due and that nobody holds, urgent ones first; of each stream only the lowest that has
 * no answer yet. They are held until `leaseUntil`.
 */
export async function claimOutgoing(
  tx: Tx,
  peer: string,
  now: Instant,
  leaseUntil: Instant,
  most: number,
): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    with due as (
      select o.message_id from exchange_outbox o
       where o.peer = ${peer} and ${due(now)}
         and not exists (
           select 1 from exchange_outbox e where e.stream = o.stream and e.sequence < o.sequence and ${unanswered('e')})
       order by o.priority, o.not_before, o.queued_at
       limit ${most} for update skip locked)
    update exchange_outbox o
       set lease_until = ${leaseUntil}::timestamptz, status = case o.status when 'queued' then 'sending' else o.status end
      from due where o.message_id = due.message_id returning o.*`.execute(tx);
  return rows.sort((a, b) => a.priority - b.priority || (a.queued_at < b.queued_at ? -1 : 1));
}

/** Lets everything that waits for a peer be tried now: it answers again. */
export async function makeDue(tx: Tx, peer: string, now: Instant): Promise<void> {
  await sql`
    update exchange_outbox o set not_before = ${now}::timestamptz
     where o.peer = ${peer} and ${unanswered('o')} and o.not_before > ${now}::timestamptz and o.lease_until is null`.execute(
    tx,
  );
}

export async function lockOutgoing(tx: Tx, ids: readonly string[]): Promise<Map<string, OutboxRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('exchange_outbox')
    .selectAll()
    .where('message_id', 'in', [...ids])
    .orderBy('message_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.message_id, row]));
}

export async function findOutgoing(tx: Tx, id: string): Promise<OutboxRow | undefined> {
  return tx.selectFrom('exchange_outbox').selectAll().where('message_id', '=', id).executeTakeFirst();
}

export async function updateOutgoing(tx: Tx, id: string, change: Updateable<OutboxTable>): Promise<void> {
  await tx.updateTable('exchange_outbox').set(change).where('message_id', '=', id).execute();
}

/** Fixes what is sent, once: a retry is the same bytes. */
export async function fixTransport(
  tx: Tx,
  fixed: readonly { id: string; bytes: Buffer; sha256: Sha256; at: Instant }[],
): Promise<void> {
  for (const { id, bytes, sha256, at } of fixed)
    await tx
      .updateTable('exchange_outbox')
      .set({ transport_bytes: bytes, transport_sha256: sha256, first_tried_at: at, inline_bytes: null })
      .where('message_id', '=', id)
      .where('transport_bytes', 'is', null)
      .execute();
}

/** Later messages of a stream that never left, in order: they get new places when one before them gave its own back. */
export async function listUnsentAfter(tx: Tx, stream: string, sequence: number): Promise<OutboxRow[]> {
  return tx
    .selectFrom('exchange_outbox')
    .selectAll()
    .where('stream', '=', stream)
    .where('sequence', '>', String(sequence))
    .where('status', 'in', ['queued', 'parked'])
    .where('transport_bytes', 'is', null)
    .orderBy('sequence')
    .forUpdate()
    .execute();
}

/** Messages without an end whose time is over. */
export async function listOverdue(tx: Tx, before: Instant, most: number): Promise<OutboxRow[]> {
  return tx
    .selectFrom('exchange_outbox')
    .selectAll()
    .where('status', 'in', ['queued', 'sending', 'parked'])
    .where('expires_at', '<', before)
    .orderBy('expires_at')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute();
}

export interface QueueState {
  peer: string;
  waiting: number;
  urgent: number;
  parked: number;
  oldest: Instant | null;
  nextTry: Instant | null;
}

/** Per peer: how many wait, the oldest, the next try. */
export async function queueStates(tx: Tx): Promise<QueueState[]> {
  const { rows } = await sql<{
    peer: string;
    waiting: string;
    urgent: string;
    parked: string;
    oldest: Instant | null;
    next_try: Instant | null;
  }>`
    select peer, count(*) filter (where status <> 'parked') as waiting,
           count(*) filter (where status <> 'parked' and priority < 2) as urgent,
           count(*) filter (where status = 'parked') as parked,
           min(queued_at) filter (where status <> 'parked') as oldest,
           min(not_before) filter (where status <> 'parked') as next_try
      from exchange_outbox where status in ('queued', 'sending', 'parked') group by peer order by peer`.execute(tx);
  return rows.map((row) => ({
    peer: row.peer,
    waiting: Number(row.waiting),
    urgent: Number(row.urgent),
    parked: Number(row.parked),
    oldest: row.oldest,
    nextTry: row.next_try,
  }));
}

/** What waits to leave, urgent ones first. */
export async function listQueued(tx: Tx, peer: string | undefined, most: number): Promise<OutboxFacts[]> {
  return tx
    .selectFrom('exchange_outbox')
    .select([...outboxFacts])
    .where('status', 'in', ['queued', 'sending', 'parked'])
    .$if(peer !== undefined, (query) => query.where('peer', '=', peer ?? ''))
    .orderBy('priority')
    .orderBy('queued_at')
    .limit(most)
    .execute();
}
