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
  'is_settled',
] as const;
export type OutboxFacts = Pick<OutboxRow, (typeof outboxFacts)[number]>;
/** What a decision about a message asks of its row: no bytes. */
export type OutgoingFacts = OutboxFacts & Pick<OutboxRow, 'given_as'>;

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
    .where(sql<boolean>`message_id = any(${[...ids]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.message_id));
}

/** Due, with all its large parts at the peer. */
const due = (now: Instant) => sql`
  not o.is_settled and o.status <> 'parked' and o.not_before <= ${now}::timestamptz
  and (o.lease_until is null or o.lease_until <= ${now}::timestamptz)
  and not exists (select 1 from exchange_blob b where b.message_id = o.message_id and b.direction = 'out' and b.status <> 'whole')`;

/** Peers for which something is due now. */
export async function duePeers(tx: Tx, now: Instant): Promise<string[]> {
  const { rows } = await sql<{ peer: string }>`
    with recursive peers as (
      (select peer from exchange_outbox where not is_settled order by peer limit 1)
      union all
      select n.peer from peers p, lateral (
        select peer from exchange_outbox where not is_settled and peer > p.peer order by peer limit 1) n)
    select p.peer from peers p where exists (select 1 from exchange_outbox o where o.peer = p.peer and ${due(now)})`.execute(
    tx,
  );
  return rows.map((row) => row.peer);
}

/** Looked at before streams are gone through one by one: enough where many streams wait. */
const longestLook = 512;

/**
 * Messages to one peer that are due and that nobody holds, locked, in the order in which they go; of each stream only the
 * lowest that is not settled. A process that looks at the same time gets others.
 */
export async function lockDue(tx: Tx, peer: string, now: Instant, most: number): Promise<OutboxRow[]> {
  const order = sql.raw('o.priority, o.queued_at, o.sequence');
  const { rows } = await sql<OutboxRow & { looked: string }>`
    with first as materialized (
      select o.message_id from exchange_outbox o where o.peer = ${peer} and ${due(now)}
       order by ${order} limit ${longestLook})
    select o.*, (select count(*) from first) as looked
      from exchange_outbox o join first f on f.message_id = o.message_id
     where not exists (
       select 1 from exchange_outbox e where e.stream = o.stream and e.sequence < o.sequence and not e.is_settled)
     order by ${order} limit ${most} for update of o skip locked`.execute(tx);
  // Few heads among the first of very many: a stream with a long tail stands before the others.
  if (rows.length < most && (rows.length === 0 || Number(rows[0]?.looked) === longestLook))
    return lockHeads(tx, peer, now, most);
  return rows;
}

/** The same by going from stream to stream, whatever stands behind the first of each. */
async function lockHeads(tx: Tx, peer: string, now: Instant, most: number): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    with recursive heads as (
      (select o.stream, o.message_id from exchange_outbox o
        where o.peer = ${peer} and not o.is_settled order by o.stream, o.sequence limit 1)
      union all
      select n.stream, n.message_id from heads h, lateral (
        select o.stream, o.message_id from exchange_outbox o
         where o.peer = ${peer} and not o.is_settled and o.stream > h.stream order by o.stream, o.sequence limit 1) n)
    select o.* from exchange_outbox o join heads h on h.message_id = o.message_id
     where ${due(now)} order by o.priority, o.queued_at, o.sequence limit ${most} for update of o skip locked`.execute(
    tx,
  );
  return rows;
}

/** Writes that messages are begun to be sent. */
export async function startOutgoing(
  tx: Tx,
  started: readonly { id: string; status: string; attempts: number; leaseUntil: Instant | null }[],
): Promise<void> {
  if (started.length === 0) return;
  const ids = started.map((one) => one.id);
  const statuses = started.map((one) => one.status);
  const attempts = started.map((one) => one.attempts);
  const leases = started.map((one) => one.leaseUntil);
  await sql`
    update exchange_outbox o set status = s.status, attempts = s.attempts, lease_until = s.lease
      from unnest(${ids}::uuid[], ${statuses}::text[], ${attempts}::int[], ${leases}::timestamptz[])
           as s (id, status, attempts, lease)
     where o.message_id = s.id`.execute(tx);
}

/** Lets everything that waits for a peer be tried now: it answers again. */
export async function makeDue(tx: Tx, peer: string, now: Instant): Promise<void> {
  await sql`
    update exchange_outbox o set not_before = ${now}::timestamptz
     where o.peer = ${peer} and not o.is_settled and o.not_before > ${now}::timestamptz and o.lease_until is null`.execute(
    tx,
  );
}

export async function lockOutgoing(tx: Tx, ids: readonly string[]): Promise<Map<string, OutgoingFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('exchange_outbox')
    .select([...outboxFacts, 'given_as'])
    .where(sql<boolean>`message_id = any(${[...ids]}::uuid[])`)
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
  const ids = fixed.map((one) => one.id);
  const bytes = fixed.map((one) => one.bytes);
  const hashes = fixed.map((one) => one.sha256);
  const moments = fixed.map((one) => one.at);
  await sql`
    update exchange_outbox o set transport_bytes = f.bytes, transport_sha256 = f.hash, first_tried_at = f.at, inline_bytes = null
      from unnest(${ids}::uuid[], ${bytes}::bytea[], ${hashes}::text[], ${moments}::timestamptz[]) as f (id, bytes, hash, at)
     where o.message_id = f.id and o.transport_bytes is null`.execute(tx);
}

/** Messages of a stream behind one of them that are not settled, in order, locked. */
export async function lockBehind(tx: Tx, stream: string, sequence: number): Promise<OutboxRow[]> {
  return tx
    .selectFrom('exchange_outbox')
    .selectAll()
    .where('stream', '=', stream)
    .where('sequence', '>', String(sequence))
    .where('is_settled', '=', false)
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
