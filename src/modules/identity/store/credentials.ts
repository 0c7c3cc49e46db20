import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

export async function findPasswordHash(tx: Tx, personId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('identity_passwords')
    .select('hash')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row?.hash;
}

export async function savePassword(tx: Tx, personId: string, hash: string, at: Instant): Promise<void> {
  await tx
    .insertInto('identity_passwords')
    .values({ person_id: personId, hash, set_at: at })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ hash, set_at: at }))
    .execute();
}

export async function findTotp(
  tx: Tx,
  personId: string,
): Promise<{ secretSealed: Buffer; lastStep: number } | undefined> {
  const row = await tx.selectFrom('identity_totp').selectAll().where('person_id', '=', personId).executeTakeFirst();
  return row && { secretSealed: row.secret_sealed, lastStep: Number(row.last_step) };
}

export async function saveTotp(
  tx: Tx,
  personId: string,
  secretSealed: Uint8Array,
  lastStep: number,
  at: Instant,
): Promise<void> {
  const values = { secret_sealed: Buffer.from(secretSealed), last_step: String(lastStep), set_at: at };
  await tx
    .insertInto('identity_totp')
    .values({ person_id: personId, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
    .execute();
}

/** Takes a step of the code generator; false when it or a later one was used, also by a call at the same time. */
export async function useTotpStep(tx: Tx, personId: string, step: number): Promise<boolean> {
  const used = await tx
    .updateTable('identity_totp')
    .set({ last_step: String(step) })
    .where('person_id', '=', personId)
    .where('last_step', '<', String(step))
    .returning('person_id')
    .execute();
  return used.length === 1;
}

export async function replaceRecoveryCodes(tx: Tx, personId: string, codeSha256s: readonly string[]): Promise<void> {
  await tx.deleteFrom('identity_recovery_codes').where('person_id', '=', personId).execute();
  await tx
    .insertInto('identity_recovery_codes')
    .values(codeSha256s.map((code_sha256) => ({ person_id: personId, code_sha256 })))
    .execute();
}

export async function useRecoveryCode(tx: Tx, personId: string, codeSha256: string, at: Instant): Promise<boolean> {
  const used = await tx
    .updateTable('identity_recovery_codes')
    .set({ used_at: at })
    .where('person_id', '=', personId)
    .where('code_sha256', '=', codeSha256)
    .where('used_at', 'is', null)
    .returning('code_sha256')
    .execute();
  return used.length === 1;
}

export async function countRecoveryCodes(tx: Tx, personId: string): Promise<number> {
  const { left } = await tx
    .selectFrom('identity_recovery_codes')
    .select((eb) => eb.fn.countAll<string>().as('left'))
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(left);
}

export interface PasskeyRow {
  id: string;
  personId: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  label: string;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  lockedAt: Instant | null;
}

export async function insertPasskey(
  tx: Tx,
  passkey: Omit<PasskeyRow, 'lastUsedAt' | 'lockedAt' | 'publicKey'> & { publicKey: Uint8Array; backedUp: boolean },
): Promise<boolean> {
  const made = await tx
    .insertInto('identity_passkeys')
    .values({
      id: passkey.id,
      person_id: passkey.personId,
      public_key: Buffer.from(passkey.publicKey),
      counter: passkey.counter,
      transports: JSON.stringify(passkey.transports),
      label: passkey.label,
      backed_up: passkey.backedUp,
      created_at: passkey.createdAt,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return made.length === 1;
}

export async function lockPasskey(tx: Tx, id: string): Promise<PasskeyRow | undefined> {
  const row = await tx.selectFrom('identity_passkeys').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toPasskey(row);
}

export async function listPasskeys(tx: Tx, personId: string): Promise<PasskeyRow[]> {
  const rows = await tx
    .selectFrom('identity_passkeys')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute();
  return rows.map(toPasskey);
}

function toPasskey(row: {
  id: string;
  person_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  label: string;
  created_at: Instant;
  last_used_at: Instant | null;
  locked_at: Instant | null;
}): PasskeyRow {
  return {
    id: row.id,
    personId: row.person_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports,
    label: row.label,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lockedAt: row.locked_at,
  };
}

export async function markPasskeyUsed(tx: Tx, id: string, counter: number, at: Instant): Promise<void> {
  await tx.updateTable('identity_passkeys').set({ counter, last_used_at: at }).where('id', '=', id).execute();
}

export async function lockPasskeyForGood(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('identity_passkeys').set({ locked_at: at }).where('id', '=', id).execute();
}

export async function deletePasskey(tx: Tx, personId: string, id: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom('identity_passkeys')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .returning('id')
    .execute();
  return gone.length === 1;
}

/** Marks a challenge as answered; false when it was answered before. */
export async function useChallenge(tx: Tx, challenge: string, at: Instant): Promise<boolean> {
  const used = await tx
    .insertInto('identity_used_challenges')
    .values({ challenge, used_at: at })
    .onConflict((conflict) => conflict.column('challenge').doNothing())
    .returning('challenge')
    .execute();
  return used.length === 1;
}

/** Removes every way to sign in that a person has, for a reset. */
export async function deleteFactors(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('identity_passwords').where('person_id', '=', personId).execute();
  await tx.deleteFrom('identity_totp').where('person_id', '=', personId).execute();
  await tx.deleteFrom('identity_recovery_codes').where('person_id', '=', personId).execute();
  await tx.deleteFrom('identity_passkeys').where('person_id', '=', personId).execute();
}

export async function findOidcPerson(tx: Tx, issuer: string, subject: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('identity_oidc_links')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.person_id;
}

export async function insertOidcLink(
  tx: Tx,
  issuer: string,
  subject: string,
  personId: string,
  at: Instant,
): Promise<void> {
  await tx.insertInto('identity_oidc_links').values({ issuer, subject, person_id: personId, linked_at: at }).execute();
}
