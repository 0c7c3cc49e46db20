import type { JWK } from 'jose';
import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant } from '../../../../platform/values/index.ts';
import type { OwnKeyRow } from '../schema.ts';
import './tables.ts';

export async function listOwnKeys(tx: Tx): Promise<OwnKeyRow[]> {
  const rows = await tx
    .selectFrom('own_keys')
    .selectAll()
    .orderBy('holder')
    .orderBy('use')
    .orderBy('valid_from')
    .execute();
  return rows.map((row) => ({
    kid: row.kid,
    use: row.use,
    holder: row.holder,
    publicKey: row.public_key as JWK | null,
    validFrom: row.valid_from as Instant,
    validUntil: row.valid_until as Instant | null,
    revokedAt: row.revoked_at as Instant | null,
    madeAt: row.made_at as Instant,
  }));
}

/** @returns whether it is new */
export async function insertOwnKey(tx: Tx, key: Omit<OwnKeyRow, 'revokedAt'>, by: string): Promise<boolean> {
  const done = await tx
    .insertInto('own_keys')
    .values({
      kid: key.kid,
      use: key.use,
      holder: key.holder,
      public_key: key.publicKey && JSON.stringify(key.publicKey),
      valid_from: key.validFrom,
      valid_until: key.validUntil,
      revoked_at: null,
      made_at: key.madeAt,
      made_by: by,
    })
    .onConflict((on) => on.column('kid').doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Ends the use of a key, or takes it back from a moment on. */
export async function changeOwnKey(
  tx: Tx,
  kid: string,
  change: { validUntil?: Instant; revokedAt?: Instant },
): Promise<void> {
  await tx
    .updateTable('own_keys')
    .set({
      ...(change.validUntil === undefined ? {} : { valid_until: change.validUntil }),
      ...(change.revokedAt === undefined ? {} : { revoked_at: change.revokedAt }),
    })
    .where('kid', '=', kid)
    .execute();
}
