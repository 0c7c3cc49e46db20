import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { StreamIn, StreamOut } from '../rules/order.ts';

async function makeStreams(tx: Tx, streams: readonly string[]): Promise<void> {
  await sql`
    insert into exchange_stream (stream) select unnest(${[...streams]}::text[]) on conflict (stream) do nothing`.execute(
    tx,
  );
}

/** Writes where streams stand on their way out. Lock them first. */
export async function setStreamsOut(tx: Tx, streams: ReadonlyMap<string, StreamOut>): Promise<void> {
  if (streams.size === 0) return;
  const ends = [...streams.values()];
  await sql`
    update exchange_stream s
       set next_out = m.next, last_hash_out = m.hash, reserved_by = m.holder, reserved_until = m.until
      from unnest(${[...streams.keys()]}::text[], ${ends.map((end) => String(end.next))}::bigint[],
                  ${ends.map((end) => end.lastSha256)}::text[], ${ends.map((end) => end.reservedBy)}::uuid[],
                  ${ends.map((end) => end.reservedUntil)}::timestamptz[]) as m (stream, next, hash, holder, until)
     where s.stream = m.stream`.execute(tx);
}

export interface LockedStream {
  stream: string;
  in: StreamIn;
  out: StreamOut;
}

/** Makes streams that are new, and locks all of them in one order, so that two transactions never wait for each other. */
export async function lockStreams(tx: Tx, streams: readonly string[]): Promise<Map<string, LockedStream>> {
  if (streams.length === 0) return new Map();
  const names = [...new Set(streams)].sort();
  await makeStreams(tx, names);
  const rows = await tx
    .selectFrom('exchange_stream')
    .select(['stream', 'next_in', 'last_hash_in', 'next_out', 'last_hash_out', 'reserved_by', 'reserved_until'])
    .where(sql<boolean>`stream = any(${names}::text[])`)
    .orderBy('stream')
    .forUpdate()
    .execute();
  return new Map(
    rows.map((row) => [
      row.stream,
      {
        stream: row.stream,
        in: { next: Number(row.next_in), lastSha256: row.last_hash_in },
        out: {
          next: Number(row.next_out),
          lastSha256: row.last_hash_out,
          reservedBy: row.reserved_by,
          reservedUntil: row.reserved_until,
        },
      },
    ]),
  );
}

/** Moves streams on in one statement. */
export async function advanceIn(tx: Tx, moved: ReadonlyMap<string, StreamIn>): Promise<void> {
  if (moved.size === 0) return;
  const streams = [...moved.keys()];
  const nexts = [...moved.values()].map((end) => String(end.next));
  const hashes = [...moved.values()].map((end) => end.lastSha256);
  await sql`
    update exchange_stream s set next_in = m.next, last_hash_in = m.hash
      from unnest(${streams}::text[], ${nexts}::bigint[], ${hashes}::text[]) as m (stream, next, hash)
     where s.stream = m.stream`.execute(tx);
}

/**
 * Lets go of everything that a process of this node held when it ended. Another process at work meanwhile does a piece
 * twice at most, which has one effect.
 */
export async function releaseLeases(tx: Tx): Promise<void> {
  await sql`update outbox set leased_until = null where sent_at is null and leased_until is not null`.execute(tx);
  await sql`update exchange_stream set reserved_by = null, reserved_until = null where reserved_by is not null`.execute(
    tx,
  );
  await sql`update exchange_outbox set lease_until = null where lease_until is not null and not is_settled`.execute(tx);
  await sql`update exchange_inbox set lease_until = null where lease_until is not null and status = 'received'`.execute(
    tx,
  );
}
