import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

export interface AttemptRow {
  key: string;
  failures: number;
  lastAt: Instant;
  blockedUntil: Instant | null;
}

export async function listAttempts(tx: Tx, keys: readonly string[]): Promise<AttemptRow[]> {
  const rows = await tx
    .selectFrom('identity_attempts')
    .selectAll()
    .where('key', 'in', [...keys])
    .execute();
  return rows.map((row) => ({
    key: row.key,
    failures: row.failures,
    lastAt: row.last_at,
    blockedUntil: row.blocked_until,
  }));
}

export async function saveAttempt(tx: Tx, row: AttemptRow): Promise<void> {
  const values = { failures: row.failures, last_at: row.lastAt, blocked_until: row.blockedUntil };
  await tx
    .insertInto('identity_attempts')
    .values({ key: row.key, ...values })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute();
}

/** Makes sure the row is there and locks it, so that guesses at once count each. */
export async function lockAttempt(tx: Tx, key: string, at: Instant): Promise<AttemptRow> {
  await tx
    .insertInto('identity_attempts')
    .values({ key, failures: 0, last_at: at, blocked_until: null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await tx
    .selectFrom('identity_attempts')
    .selectAll()
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { key: row.key, failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until };
}

export async function clearAttempts(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('identity_attempts')
    .where('key', 'in', [...keys])
    .execute();
}
