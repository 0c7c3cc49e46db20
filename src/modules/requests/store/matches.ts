import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { MatchKind } from '../rules/index.ts';
import type { Status } from '../schema/index.ts';
import { actingFor } from './conversation.ts';
import type { RequestRow } from './request-row.ts';

export interface MatchKeyRow {
  request_id: string;
  case_file_id: CaseFileId;
  kind: MatchKind;
  key_hash: string;
  frozen: boolean;
}

export interface MatchSecretRow {
  id: number;
  wrapping_kid: string;
  wrapped_key: Buffer;
}

export interface MatchNameRow {
  request_id: string;
  case_file_id: CaseFileId;
  born_hash: string;
  n: number;
  sealed_names: Buffer;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    request_match_keys: MatchKeyRow;
    request_match_secret: MatchSecretRow;
    request_match_names: MatchNameRow;
  }
}

export async function findMatchSecret(tx: Tx): Promise<MatchSecretRow | undefined> {
  return tx.selectFrom('request_match_secret').selectAll().executeTakeFirst();
}

/** Keeps the row unless there is one; answers the one that stands. */
export async function insertMatchSecret(tx: Tx, row: MatchSecretRow): Promise<MatchSecretRow> {
  await tx
    .insertInto('request_match_secret')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx.selectFrom('request_match_secret').selectAll().executeTakeFirstOrThrow();
}

export async function replaceMatchKeys(tx: Tx, requestId: string, rows: readonly MatchKeyRow[]): Promise<void> {
  await tx.deleteFrom('request_match_keys').where('request_id', '=', requestId).execute();
  if (rows.length > 0) await tx.insertInto('request_match_keys').values(rows).execute();
}

export interface MatchRow {
  request_id: string;
  kind: MatchKind;
  key_hash: string;
  frozen: boolean;
  /** Null when the actor may not know of the request. */
  reference: string | null;
  status: Status | null;
}

/** Other open requests that share a hash, also those of case files the actor may not know of: these without name. */
export async function listMatches(tx: Tx, requestId: string, hashes: readonly string[]): Promise<MatchRow[]> {
  const found = await sql<MatchRow>`
    select request_id, kind, key_hash, frozen, reference, status
      from request_matches(${requestId}::uuid, ${[...hashes]}::text[])
     order by request_id, kind limit 2000`.execute(tx);
  return found.rows;
}

export async function replaceMatchNames(tx: Tx, requestId: string, rows: readonly MatchNameRow[]): Promise<void> {
  await tx.deleteFrom('request_match_names').where('request_id', '=', requestId).execute();
  if (rows.length > 0) await tx.insertInto('request_match_names').values(rows).execute();
}

/** Sealed names of other open requests with people born in one of these years. For the node itself: no person sees all. */
export async function listNamesByBirth(
  tx: Tx,
  requestId: string,
  hashes: readonly string[],
): Promise<(MatchNameRow & Pick<RequestRow, 'reference'>)[]> {
  if (hashes.length === 0) return [];
  return tx
    .selectFrom('request_match_names')
    .innerJoin('requests', 'requests.id', 'request_match_names.request_id')
    .selectAll('request_match_names')
    .select('requests.reference')
    .where('request_match_names.born_hash', 'in', hashes)
    .where('request_match_names.request_id', '!=', requestId)
    .where('requests.status', 'not in', ['discarded', 'withdrawn', 'closed'])
    .orderBy('requests.changed_at', 'desc')
    .limit(2000)
    .execute();
}

/** Of these requests, the ones that whoever acts may know of. */
export async function listVisible(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.selectFrom('requests').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}

/** Does a piece of work as the node itself, inside the transaction of a person, who acts again afterwards. */
export async function asNode<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const actor = await actingFor(tx);
  const name = (who: string) => sql`select set_config('comity.actor', ${who}, true)`.execute(tx);
  await name('system:requests');
  const value = await work();
  await name(actor);
  return value;
}
