import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';

/** Where a stream stands on its way out: the sequence to be given next, and the hash it has to name. */
export interface StreamEnd {
  next: number;
  lastSha256: Sha256 | null;
}

async function makeStreams(tx: Tx, streams: readonly string[]): Promise<void> {
  await tx
    .insertInto('exchange_stream')
    .values(
      streams.map((stream) => ({
        stream,
        last_hash_out: null,
        last_hash_in: null,
        reserved_by: null,
        reserved_until: null,
      })),
    )
    .onConflict((conflict) => conflict.column('stream').doNothing())
    .execute();
}

/**
 * Reserves the next sequences of streams for whoever signs; nobody else gets them before `until`.
 * @returns the streams that were free
 */
export async function reserveStreams(
  tx: Tx,
  streams: readonly string[],
  holder: string,
  now: Instant,
  until: Instant,
): Promise<Map<string, StreamEnd>> {
  if (streams.length === 0) return new Map();
  await makeStreams(tx, streams);
  const rows = await tx
    .updateTable('exchange_stream')
    .set({ reserved_by: holder, reserved_until: until })
    .where('stream', 'in', streams)
    .where((eb) =>
      eb.or([eb('reserved_until', 'is', null), eb('reserved_until', '<=', now), eb('reserved_by', '=', holder)]),
    )
    .returning(['stream', 'next_out', 'last_hash_out'])
    .execute();
  return new Map(rows.map((row) => [row.stream, { next: Number(row.next_out), lastSha256: row.last_hash_out }]));
}

/** Gives sequences back that were not used: nothing was sent, so there is no gap. */
export async function releaseStreams(tx: Tx, streams: readonly string[], holder: string): Promise<void> {
  if (streams.length === 0) return;
  await tx
    .updateTable('exchange_stream')
    .set({ reserved_by: null, reserved_until: null })
    .where('stream', 'in', streams)
    .where('reserved_by', '=', holder)
    .execute();
}

/** Moves a stream on, if its holder still has it and nobody moved it. */
export async function advanceOut(
  tx: Tx,
  stream: string,
  holder: string,
  from: number,
  to: StreamEnd,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('exchange_stream')
    .set({ next_out: String(to.next), last_hash_out: to.lastSha256, reserved_by: null, reserved_until: null })
    .where('stream', '=', stream)
    .where('reserved_by', '=', holder)
    .where('next_out', '=', String(from))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Sets where a stream stands on its way out, after a number came back. Lock it first. */
export async function setStreamOut(tx: Tx, stream: string, to: StreamEnd): Promise<void> {
  await tx
    .updateTable('exchange_stream')
    .set({ next_out: String(to.next), last_hash_out: to.lastSha256, reserved_by: null, reserved_until: null })
    .where('stream', '=', stream)
    .execute();
}

export interface LockedStream {
  stream: string;
  in: StreamEnd;
  out: StreamEnd;
}

/** Makes streams that are new, and locks all of them in one order, so that two transactions never wait for each other. */
export async function lockStreams(tx: Tx, streams: readonly string[]): Promise<Map<string, LockedStream>> {
  if (streams.length === 0) return new Map();
  const names = [...new Set(streams)].sort();
  await makeStreams(tx, names);
  const rows = await tx
    .selectFrom('exchange_stream')
    .select(['stream', 'next_in', 'last_hash_in', 'next_out', 'last_hash_out'])
    .where('stream', 'in', names)
    .orderBy('stream')
    .forUpdate()
    .execute();
  return new Map(
    rows.map((row) => [
      row.stream,
      {
        stream: row.stream,
        in: { next: Number(row.next_in), lastSha256: row.last_hash_in },
        out: { next: Number(row.next_out), lastSha256: row.last_hash_out },
      },
    ]),
  );
}

/** Moves streams on in one statement. */
export async function advanceIn(tx: Tx, moved: ReadonlyMap<string, StreamEnd>): Promise<void> {
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
  await sql`update exchange_outbox set lease_until = null where lease_until is not null and receipt_bytes is null`.execute(
    tx,
  );
  await sql`update exchange_inbox set lease_until = null where lease_until is not null and status = 'received'`.execute(
    tx,
  );
}
