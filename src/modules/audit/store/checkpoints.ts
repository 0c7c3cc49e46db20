import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { LogName } from '../schema.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    log_checkpoints: { log: LogName; origin: string; size: string; root: Buffer; note: string; at: Instant };
    log_cosignatures: { origin: string; size: string; witness: string; note: string; at: Instant };
    log_witnessed: { origin: string; size: string; root: Buffer; node: string; note: string; at: Instant };
    log_conflicts: {
      id: string;
      origin: string;
      node: string;
      what: ConflictKind;
      first_note: string;
      second_note: string;
      seen_from: string;
      at: Instant;
    };
  }
}

export type ConflictKind = 'same-size' | 'not-a-continuation';

export interface StoredCheckpoint {
  origin: string;
  size: number;
  root: Buffer;
  note: string;
  at: Instant;
}

/** The newest state of an own log that was signed under this origin. */
export async function findNewestCheckpoint(
  tx: Tx,
  log: LogName,
  origin: string,
): Promise<StoredCheckpoint | undefined> {
  const row = await tx
    .selectFrom('log_checkpoints')
    .select(['origin', 'size', 'root', 'note', 'at'])
    .where('log', '=', log)
    .where('origin', '=', origin)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, size: Number(row.size) };
}

export async function insertCheckpoint(tx: Tx, log: LogName, { size, ...rest }: StoredCheckpoint): Promise<void> {
  await tx
    .insertInto('log_checkpoints')
    .values({ log, size: String(size), ...rest })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Checkpoints of an own log in order of size, whatever epoch signed them. */
export async function listCheckpoints(tx: Tx, log: LogName, from: number, count: number): Promise<StoredCheckpoint[]> {
  const rows = await tx
    .selectFrom('log_checkpoints')
    .select(['origin', 'size', 'root', 'note', 'at'])
    .where('log', '=', log)
    .where('size', '>=', String(from))
    .orderBy('size')
    .orderBy('origin')
    .limit(count)
    .execute();
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

export interface Cosignature {
  origin: string;
  size: number;
  witness: string;
  note: string;
  at: Instant;
}

export async function insertCosignature(tx: Tx, { size, ...rest }: Cosignature): Promise<void> {
  await tx
    .insertInto('log_cosignatures')
    .values({ size: String(size), ...rest })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Newest size of our log that a witness cosigned. */
export async function findCosignature(tx: Tx, origin: string, witness: string): Promise<Cosignature | undefined> {
  const row = await tx
    .selectFrom('log_cosignatures')
    .selectAll()
    .where('origin', '=', origin)
    .where('witness', '=', witness)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, size: Number(row.size) };
}

/** Cosignatures of the smallest cosigned sizes that hold a leaf, one per witness. */
export async function listCosignatures(tx: Tx, origin: string, atLeast: number): Promise<Cosignature[]> {
  const rows = await tx
    .selectFrom('log_cosignatures')
    .selectAll()
    .distinctOn('witness')
    .where('origin', '=', origin)
    .where('size', '>=', String(atLeast))
    .orderBy('witness')
    .orderBy('size')
    .execute();
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** Newest cosignature of each witness, of any epoch. */
export async function listWitnesses(tx: Tx): Promise<Cosignature[]> {
  const rows = await tx
    .selectFrom('log_cosignatures')
    .selectAll()
    .distinctOn('witness')
    .orderBy('witness')
    .orderBy('at', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

export interface Witnessed {
  origin: string;
  size: number;
  root: Buffer;
  node: string;
  note: string;
  at: Instant;
}

/** Only one transaction at a time takes checkpoints of one log. */
export async function lockWitnessed(tx: Tx, origin: string): Promise<Witnessed | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`log_witnessed ${origin}`}, 0))`.execute(tx);
  return findWitnessed(tx, origin);
}

/** The newest checkpoint of another log that this node cosigns. */
export async function findWitnessed(tx: Tx, origin: string, size?: number): Promise<Witnessed | undefined> {
  let query = tx.selectFrom('log_witnessed').selectAll().where('origin', '=', origin);
  if (size !== undefined) query = query.where('size', '=', String(size));
  const row = await query.orderBy('size', 'desc').limit(1).executeTakeFirst();
  return row && { ...row, size: Number(row.size) };
}

export async function listWitnessed(tx: Tx): Promise<Witnessed[]> {
  const rows = await tx
    .selectFrom('log_witnessed')
    .selectAll()
    .distinctOn('origin')
    .orderBy('origin')
    .orderBy('size', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

export async function insertWitnessed(tx: Tx, { size, ...rest }: Witnessed): Promise<void> {
  await tx
    .insertInto('log_witnessed')
    .values({ size: String(size), ...rest })
    .execute();
}

export interface Conflict {
  id: string;
  origin: string;
  node: string;
  what: ConflictKind;
  first_note: string;
  second_note: string;
  seen_from: string;
  at: Instant;
}

/** @returns whether the pair was new */
export async function insertConflict(tx: Tx, conflict: Conflict): Promise<boolean> {
  const row = await tx
    .insertInto('log_conflicts')
    .values(conflict)
    .onConflict((known) => known.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function listConflicts(tx: Tx): Promise<Conflict[]> {
  return tx.selectFrom('log_conflicts').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(100).execute();
}
