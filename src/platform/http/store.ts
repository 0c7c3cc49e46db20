import { sql } from 'kysely';
import type { Db, Tx } from '../db/index.ts';
import type { Instant } from '../values/index.ts';

declare module '../db/tables.ts' {
  interface Tables {
    http_writes: {
      scope: string;
      key: string;
      request_sha256: string;
      at: string;
      committed: boolean;
      status: number | null;
      location: string | null;
      body_sealed: Uint8Array | null;
    };
    kept_forms: { id_sha256: string; path: string; body_sealed: Uint8Array; at: string };
  }
}

export interface FirstAnswer {
  status: number;
  location: string | null;
  bodySealed: Uint8Array | null;
}

export type Claim =
  | { state: 'first' }
  | { state: 'other-content' }
  | { state: 'running' }
  /** The change was made; `answer` is missing when the node stopped before it answered. */
  | { state: 'done'; answer: FirstAnswer | null };

/** A claim that neither committed nor answered is free again after this many seconds: its process died. */
const abandonedAfterSeconds = 120;

/** Takes a key for one write, or says what became of the first attempt. */
export async function claimWrite(
  db: Db,
  scope: string,
  key: string,
  requestSha256: string,
  at: Instant,
): Promise<Claim> {
  const inserted = await db
    .insertInto('http_writes')
    .values({
      scope,
      key,
      request_sha256: requestSha256,
      at,
      committed: false,
      status: null,
      location: null,
      body_sealed: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'key'])
        .doUpdateSet({ at, request_sha256: requestSha256 })
        .where('http_writes.committed', '=', false)
        .where('http_writes.status', 'is', null)
        .where(
          'http_writes.at',
          '<',
          sql<string>`${at}::timestamptz - make_interval(secs => ${abandonedAfterSeconds})`,
        ),
    )
    .returning('key')
    .executeTakeFirst();
  if (inserted) return { state: 'first' };
  const found = await db
    .selectFrom('http_writes')
    .selectAll()
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!found) return { state: 'running' };
  if (found.request_sha256 !== requestSha256) return { state: 'other-content' };
  if (found.status !== null) {
    return { state: 'done', answer: { status: found.status, location: found.location, bodySealed: found.body_sealed } };
  }
  return found.committed ? { state: 'done', answer: null } : { state: 'running' };
}

/** Marks the write as made, inside the transaction of the change. */
export async function commitWrite(tx: Tx, scope: string, key: string): Promise<void> {
  await tx
    .updateTable('http_writes')
    .set({ committed: true })
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute();
}

export async function rememberAnswer(db: Db, scope: string, key: string, answer: FirstAnswer): Promise<void> {
  await db
    .updateTable('http_writes')
    .set({ committed: true, status: answer.status, location: answer.location, body_sealed: answer.bodySealed })
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute();
}

/** Frees the key of an attempt that was refused, even when its transaction ended well: nothing was done. */
export async function forgetWrite(db: Db, scope: string, key: string): Promise<void> {
  await db.deleteFrom('http_writes').where('scope', '=', scope).where('key', '=', key).execute();
}

/** Frees the key of an attempt that failed before its change was committed, so that it may be made again. */
export async function releaseWrite(db: Db, scope: string, key: string): Promise<void> {
  await db
    .deleteFrom('http_writes')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('committed', '=', false)
    .execute();
}

export async function keepForm(db: Db, idSha256: string, path: string, sealed: Uint8Array, at: Instant): Promise<void> {
  await db.insertInto('kept_forms').values({ id_sha256: idSha256, path, body_sealed: sealed, at }).execute();
}

export async function findKeptForm(
  db: Db,
  idSha256: string,
): Promise<{ path: string; sealed: Uint8Array } | undefined> {
  const row = await db.selectFrom('kept_forms').selectAll().where('id_sha256', '=', idSha256).executeTakeFirst();
  return row && { path: row.path, sealed: row.body_sealed };
}

/** Removes answers older than seven days and kept forms older than one. */
export async function forgetOldWrites(db: Db, at: Instant): Promise<void> {
  await db
    .deleteFrom('http_writes')
    .where('at', '<', sql<string>`${at}::timestamptz - interval '7 days'`)
    .execute();
  await db
    .deleteFrom('kept_forms')
    .where('at', '<', sql<string>`${at}::timestamptz - interval '1 day'`)
    .execute();
}
