import { sql } from 'kysely';
import type { Tx } from '../../platform/db/index.ts';
import type { Verdict } from './schema/index.ts';

export interface SecretRow {
  id: number;
  wrapping_kid: string;
  wrapped_key: Buffer;
}
export interface ListRow {
  id: string;
  version: string;
  entries: number;
  names: number;
  sha256: string;
  loaded_by: string;
  loaded_at: string;
}
export interface EntryRow {
  list_id: string;
  list_version: string;
  number: number;
  sealed: Buffer;
}
export interface KeyRow {
  list_id: string;
  list_version: string;
  key_hash: Buffer;
  name: number;
  entry: number;
  size: number;
}
export interface JudgementRow {
  id: string;
  left_id: string;
  right_id: string;
  verdict: Verdict;
  compartment: string;
  judged_by: string;
  judged_at: string;
  sealed: Buffer;
}
export interface WithdrawalRow {
  judgement_id: string;
  withdrawn_by: string;
  withdrawn_at: string;
  sealed: Buffer;
}

declare module '../../platform/db/tables.ts' {
  interface Tables {
    goods_secret: SecretRow;
    goods_lists: ListRow;
    goods_list_entries: EntryRow;
    goods_match_keys: KeyRow;
    goods_judgements: JudgementRow;
    goods_judgement_withdrawals: WithdrawalRow;
  }
}

const rowsAtOnce = 2000;

export async function findSecret(tx: Tx): Promise<SecretRow | undefined> {
  return tx.selectFrom('goods_secret').selectAll().executeTakeFirst();
}

/** Keeps the row unless there is one; answers the one that stands. */
export async function insertSecret(tx: Tx, row: SecretRow): Promise<SecretRow> {
  await tx
    .insertInto('goods_secret')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx.selectFrom('goods_secret').selectAll().executeTakeFirstOrThrow();
}

export async function listLists(tx: Tx): Promise<ListRow[]> {
  return tx.selectFrom('goods_lists').selectAll().orderBy('loaded_at', 'desc').execute();
}

/** The newest version of a list. */
export async function findList(tx: Tx, id: string): Promise<ListRow | undefined> {
  const newest = tx.selectFrom('goods_lists').selectAll().where('id', '=', id).orderBy('loaded_at', 'desc');
  return newest.limit(1).executeTakeFirst();
}

export async function insertList(tx: Tx, row: ListRow): Promise<void> {
  await tx.insertInto('goods_lists').values(row).execute();
}

export async function insertEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  for (let n = 0; n < rows.length; n += rowsAtOnce)
    await tx
      .insertInto('goods_list_entries')
      .values(rows.slice(n, n + rowsAtOnce))
      .execute();
}

export async function insertKeys(tx: Tx, rows: readonly KeyRow[]): Promise<void> {
  for (let n = 0; n < rows.length; n += rowsAtOnce)
    await tx
      .insertInto('goods_match_keys')
      .values(rows.slice(n, n + rowsAtOnce))
      .execute();
}

export async function listEntries(tx: Tx, list: Pick<ListRow, 'id' | 'version'>, numbers?: readonly number[]) {
  let query = tx
    .selectFrom('goods_list_entries')
    .selectAll()
    .where('list_id', '=', list.id)
    .where('list_version', '=', list.version);
  if (numbers) query = query.where('number', 'in', numbers.length > 0 ? [...numbers] : [-1]);
  return query.orderBy('number').execute();
}

/** How many names of a list have each key. */
export async function countKeys(
  tx: Tx,
  list: Pick<ListRow, 'id' | 'version'>,
  hashes: readonly Buffer[],
): Promise<Map<string, number>> {
  const found = await sql<{ key_hash: Buffer; n: number }>`
    SELECT key_hash, count(*)::integer AS n FROM goods_match_keys
    WHERE list_id = ${list.id} AND list_version = ${list.version} AND key_hash = ANY(${hashes}::bytea[])
    GROUP BY key_hash`.execute(tx);
  return new Map(found.rows.map((row) => [row.key_hash.toString('hex'), row.n]));
}

/** Names that have a key, in their order, so many at most. */
export async function listNamesOfKey(
  tx: Tx,
  list: Pick<ListRow, 'id' | 'version'>,
  hash: Buffer,
  most: number,
): Promise<Pick<KeyRow, 'name' | 'entry' | 'size'>[]> {
  return tx
    .selectFrom('goods_match_keys')
    .select(['name', 'entry', 'size'])
    .where('list_id', '=', list.id)
    .where('list_version', '=', list.version)
    .where('key_hash', '=', hash)
    .orderBy('name')
    .limit(most)
    .execute();
}

/** Judges one after another: two at once could contradict each other unseen. */
export async function lockLedger(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('goods_judgements'))`.execute(tx);
}

export interface LedgerRow extends JudgementRow {
  withdrawn_by: string | null;
  withdrawn_at: string | null;
  withdrawn_sealed: Buffer | null;
}

export async function listLedger(tx: Tx, compartment?: string): Promise<LedgerRow[]> {
  let query = tx
    .selectFrom('goods_judgements as j')
    .leftJoin('goods_judgement_withdrawals as w', 'w.judgement_id', 'j.id')
    .selectAll('j')
    .select(['w.withdrawn_by', 'w.withdrawn_at', 'w.sealed as withdrawn_sealed']);
  if (compartment !== undefined) query = query.where('j.compartment', '=', compartment);
  return query.orderBy('j.judged_at').orderBy('j.id').execute();
}

export async function insertJudgement(tx: Tx, row: JudgementRow): Promise<void> {
  await tx.insertInto('goods_judgements').values(row).execute();
}

export async function insertWithdrawal(tx: Tx, row: WithdrawalRow): Promise<void> {
  await tx.insertInto('goods_judgement_withdrawals').values(row).execute();
}
