import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';

export interface StampRow {
  subject: string;
  imprint: Sha256;
  asked_at: Instant;
  next_try: Instant;
  tries: number;
  last_code: string | null;
  token: Buffer | null;
  stamped_at: Instant | null;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    time_stamps: StampRow;
  }
}

/** Asking twice changes nothing. */
export async function insertStamp(tx: Tx, subject: string, imprint: Sha256, at: Instant): Promise<void> {
  await tx
    .insertInto('time_stamps')
    .values({ subject, imprint, asked_at: at, next_try: at, tries: 0, last_code: null, token: null, stamped_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function findStampRow(tx: Tx, subject: string): Promise<StampRow | undefined> {
  return tx.selectFrom('time_stamps').selectAll().where('subject', '=', subject).executeTakeFirst();
}

/** The newest one that waits and is due. */
export async function lockDueStamp(tx: Tx, now: Instant): Promise<StampRow | undefined> {
  return tx
    .selectFrom('time_stamps')
    .selectAll()
    .where('token', 'is', null)
    .where('next_try', '<=', now)
    .orderBy('asked_at', 'desc')
    .orderBy('subject', 'desc')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function saveToken(tx: Tx, subject: string, token: Buffer, at: Instant): Promise<void> {
  await tx
    .updateTable('time_stamps')
    .set({ token, stamped_at: at, last_code: null })
    .where('subject', '=', subject)
    .execute();
}

export async function putOff(tx: Tx, subject: string, tries: number, code: string, until: Instant): Promise<void> {
  await tx
    .updateTable('time_stamps')
    .set({ tries, last_code: code, next_try: until })
    .where('subject', '=', subject)
    .execute();
}

/** Of all stamps that came whose subject is this prefix and a size: the one of the least size in a range. */
export async function firstStamp(
  tx: Tx,
  prefix: string,
  least: number,
  most: number,
): Promise<{ size: number; token: Buffer; at: Instant } | undefined> {
  const size = sql<string>`substr(subject, ${prefix.length + 1})::bigint`;
  const row = await tx
    .selectFrom('time_stamps')
    .select([size.as('size'), 'token', 'stamped_at'])
    .where('subject', '^@', prefix)
    .where('token', 'is not', null)
    .where(size, '>=', String(least))
    .where(size, '<=', String(most))
    .orderBy(size)
    .limit(1)
    .executeTakeFirst();
  return row?.token && row.stamped_at ? { size: Number(row.size), token: row.token, at: row.stamped_at } : undefined;
}

export async function countWaiting(tx: Tx): Promise<{ waiting: number; since: Instant | null }> {
  const row = await tx
    .selectFrom('time_stamps')
    .select((eb) => [eb.fn.countAll<string>().as('count'), eb.fn.min('asked_at').as('since')])
    .where('token', 'is', null)
    .executeTakeFirstOrThrow();
  return { waiting: Number(row.count), since: row.since };
}

/** Of all stamps whose subject begins so: the newest that came, whether one waits, and why its last try failed. */
export async function newestStamps(
  tx: Tx,
  prefix: string,
): Promise<{
  any: boolean;
  waiting: boolean;
  lastCode: string | null;
  done: { subject: string; stampedAt: Instant } | undefined;
}> {
  const rows = await tx
    .selectFrom('time_stamps')
    .select(['subject', 'stamped_at', 'last_code'])
    .where('subject', '^@', prefix)
    .distinctOn((eb) => eb('stamped_at', 'is', null))
    .orderBy((eb) => eb('stamped_at', 'is', null))
    .orderBy('stamped_at', 'desc')
    .orderBy('asked_at', 'desc')
    .execute();
  const done = rows.find((row) => row.stamped_at !== null);
  const waits = rows.find((row) => row.stamped_at === null);
  return {
    any: rows.length > 0,
    waiting: waits !== undefined,
    lastCode: waits?.last_code ?? null,
    done: done?.stamped_at ? { subject: done.subject, stampedAt: done.stamped_at } : undefined,
  };
}
