import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { MatchKind } from '../rules/index.ts';
import type { Status } from '../schema/index.ts';

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

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    request_match_keys: MatchKeyRow;
    request_match_secret: MatchSecretRow;
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
