import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { leafHash } from '../rules/index.ts';
import type { LogName } from '../schema.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    log_nodes: { log: LogName; level: number; index: string; hash: Buffer };
    log_heads: {
      log: 'exchange';
      name: string | null;
      epoch: number;
      size: string;
      frontier: Buffer;
      root: Buffer;
      chain: Buffer;
    };
    log_leaves: { log: 'exchange'; index: string; d: Buffer; chain: Buffer; entry: string; salt: Buffer };
  }
}

export interface Head {
  size: number;
  frontier: Buffer;
  root: Buffer;
  chain: Buffer;
}

export async function getHead(tx: Tx, log: LogName = 'audit'): Promise<Head> {
  const row =
    log === 'audit'
      ? await tx.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
      : await tx.selectFrom('log_heads').selectAll().executeTakeFirstOrThrow();
  return { size: Number(row.size), frontier: row.frontier, root: row.root, chain: row.chain };
}

/** Name and epoch of the exchange log; the name is null until the node first started. */
export async function getLogName(tx: Tx): Promise<{ name: string | null; epoch: number }> {
  return tx.selectFrom('log_heads').select(['name', 'epoch']).executeTakeFirstOrThrow();
}

/** Names the log once. A database error names `audit.other-log-name` when it bears another name. */
export async function nameLog(tx: Tx, name: string): Promise<void> {
  await sql`select log_open(${name})`.execute(tx);
}

export async function beginNextEpoch(tx: Tx): Promise<number> {
  const { rows } = await sql<{ epoch: number }>`select log_next_epoch() as epoch`.execute(tx);
  return rows[0]!.epoch;
}

export interface Appended {
  index: number;
  leaf: Buffer;
  name: string | null;
  epoch: number;
}

/** Appends to the exchange log; the head stays locked until the transaction ends. */
export async function appendToLog(tx: Tx, entries: string[], salts: Uint8Array[]): Promise<Appended[]> {
  const { rows } = await sql<{ place: string; leaf: Buffer; origin_name: string | null; origin_epoch: number }>`
    select * from log_append(${entries}::text[], ${salts.map((salt) => Buffer.from(salt))}::bytea[])`.execute(tx);
  return rows.map((row) => ({
    index: Number(row.place),
    leaf: row.leaf,
    name: row.origin_name,
    epoch: row.origin_epoch,
  }));
}

export interface LeafRow {
  index: number;
  entryId: string;
  d: Buffer;
  chain: Buffer;
  entry: string | null;
  salt: Buffer | null;
}

/** Leaves with their entries in order, from an index on. In the exchange log an entry's id is its place. */
export async function listLeaves(tx: Tx, from: number, count: number, log: LogName = 'audit'): Promise<LeafRow[]> {
  if (log === 'exchange') {
    const rows = await tx
      .selectFrom('log_leaves')
      .select(['index', 'd', 'chain', 'entry', 'salt'])
      .where('log', '=', log)
      .where('index', '>=', String(from))
      .orderBy('index')
      .limit(count)
      .execute();
    return rows.map((row) => ({ ...row, index: Number(row.index), entryId: row.index }));
  }
  const rows = await tx
    .selectFrom('audit_leaves as l')
    .leftJoin('audit_entries as e', 'e.id', 'l.entry_id')
    .select(['l.index', 'l.entry_id', 'l.d', 'l.chain', 'e.entry', 'e.salt'])
    .where('l.index', '>=', String(from))
    .orderBy('l.index')
    .limit(count)
    .execute();
  return rows.map(({ index, entry_id, ...row }) => ({ ...row, index: Number(index), entryId: entry_id }));
}

/** Any leaf that carries this data, wherever it stands. */
export async function findLeafByData(tx: Tx, d: Buffer, log: LogName = 'audit'): Promise<number | undefined> {
  const row = await tx
    .selectFrom(log === 'audit' ? 'audit_leaves' : 'log_leaves')
    .select('index')
    .where('d', '=', d)
    .executeTakeFirst();
  return row && Number(row.index);
}

/** Leaf data `d` from one place up to another. */
export async function listLeafData(tx: Tx, from: number, to: number, log: LogName = 'audit'): Promise<Buffer[]> {
  const rows = await tx
    .selectFrom(log === 'audit' ? 'audit_leaves' : 'log_leaves')
    .select('d')
    .where('index', '>=', String(from))
    .where('index', '<', String(to))
    .orderBy('index')
    .execute();
  return rows.map((row) => row.d);
}

export interface Range {
  from: number;
  to: number;
}

/** Hashes at a tile border: of single leaves at level 0, of stored subtrees above, by their places. */
export async function readHashes(
  tx: Tx,
  log: LogName,
  level: number,
  ranges: readonly Range[],
): Promise<Map<number, Buffer>> {
  if (ranges.length === 0) return new Map();
  const from = ranges.map((range) => String(range.from));
  const to = ranges.map((range) => String(range.to));
  const asked = sql`unnest(${from}::bigint[], ${to}::bigint[]) as r(a, b)`;
  const { rows } =
    level > 0
      ? await sql<{ index: string; hash: Buffer }>`select n.index, n.hash from ${asked} join log_nodes n
          on n.log = ${log} and n.level = ${level} and n.index >= r.a and n.index < r.b`.execute(tx)
      : log === 'audit'
        ? await sql<{ index: string; hash: Buffer }>`select l.index, l.d as hash from ${asked} join audit_leaves l
            on l.index >= r.a and l.index < r.b`.execute(tx)
        : await sql<{ index: string; hash: Buffer }>`select l.index, l.d as hash from ${asked} join log_leaves l
            on l.log = 'exchange' and l.index >= r.a and l.index < r.b`.execute(tx);
  return new Map(rows.map((row) => [Number(row.index), level > 0 ? row.hash : leafHash(row.hash)]));
}

export async function listNodes(tx: Tx, log: LogName): Promise<{ level: number; index: number; hash: Buffer }[]> {
  const rows = await tx
    .selectFrom('log_nodes')
    .select(['level', 'index', 'hash'])
    .where('log', '=', log)
    .orderBy('level')
    .orderBy('index')
    .execute();
  return rows.map((row) => ({ ...row, index: Number(row.index) }));
}

/** Entries of the exchange log that fix the audit log. */
export async function listAuditCheckpointEntries(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('log_leaves')
    .select('entry')
    .where('log', '=', 'exchange')
    .where('entry', 'like', '%"kind":"log.audit-checkpoint"%')
    .orderBy('index')
    .execute();
  return rows.map((row) => row.entry);
}

/** Entries of the exchange log by their places, with what their proofs need. */
export async function findLeaves(
  tx: Tx,
  indexes: readonly number[],
): Promise<Map<number, { entry: string; salt: Buffer; leafHash: string }>> {
  if (indexes.length === 0) return new Map();
  const rows = await tx
    .selectFrom('log_leaves')
    .select(['index', 'entry', 'salt', 'd'])
    .where('log', '=', 'exchange')
    .where('index', 'in', indexes.map(String))
    .execute();
  return new Map(
    rows.map(({ index, entry, salt, d }) => [Number(index), { entry, salt, leafHash: leafHash(d).toString('hex') }]),
  );
}

/** One entry of the exchange log with what its proof needs. */
export async function findLeaf(
  tx: Tx,
  index: number,
): Promise<{ index: number; entry: string; salt: Buffer; d: Buffer } | undefined> {
  const row = await tx
    .selectFrom('log_leaves')
    .select(['entry', 'salt', 'd'])
    .where('log', '=', 'exchange')
    .where('index', '=', String(index))
    .executeTakeFirst();
  return row && { index, ...row };
}
