import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

export type InvitationPurpose = 'first-start' | 'invitation' | 'reset';

export interface InvitationRow {
  personId: string;
  purpose: InvitationPurpose;
  totpSealed: Buffer;
  expiresAt: Instant;
}

export async function insertInvitation(
  tx: Tx,
  secretSha256: string,
  invitation: Omit<InvitationRow, 'totpSealed'> & { totpSealed: Uint8Array; at: Instant },
): Promise<void> {
  await tx
    .insertInto('identity_invitations')
    .values({
      secret_sha256: secretSha256,
      person_id: invitation.personId,
      purpose: invitation.purpose,
      totp_sealed: Buffer.from(invitation.totpSealed),
      created_at: invitation.at,
      expires_at: invitation.expiresAt,
    })
    .execute();
}

/** An invitation that is unused and not past its time. */
export async function findInvitation(tx: Tx, secretSha256: string, at: Instant): Promise<InvitationRow | undefined> {
  const row = await tx
    .selectFrom('identity_invitations')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return (
    row && { personId: row.person_id, purpose: row.purpose, totpSealed: row.totp_sealed, expiresAt: row.expires_at }
  );
}

export async function useInvitation(tx: Tx, secretSha256: string, at: Instant): Promise<boolean> {
  const used = await tx
    .updateTable('identity_invitations')
    .set({ used_at: at })
    .where('secret_sha256', '=', secretSha256)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('person_id')
    .execute();
  return used.length === 1;
}

/** Ends every open invitation of a person: a newer one replaces them. */
export async function endInvitations(tx: Tx, personId: string, at: Instant): Promise<void> {
  await tx
    .updateTable('identity_invitations')
    .set({ used_at: at })
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .execute();
}

export interface StepRow {
  kind: 'code' | 'oidc';
  personId: string | null;
  next: string;
  dataSealed: Buffer | null;
  tries: number;
  createdAt: Instant;
}

export async function insertStep(
  tx: Tx,
  idSha256: string,
  step: Omit<StepRow, 'tries' | 'dataSealed'> & { dataSealed: Uint8Array | null },
): Promise<void> {
  await tx
    .insertInto('identity_steps')
    .values({
      id_sha256: idSha256,
      kind: step.kind,
      person_id: step.personId,
      next: step.next,
      data_sealed: step.dataSealed && Buffer.from(step.dataSealed),
      created_at: step.createdAt,
    })
    .execute();
}

export async function lockStep(
  tx: Tx,
  idSha256: string,
  kind: 'code' | 'oidc',
  since: Instant,
): Promise<StepRow | undefined> {
  const row = await tx
    .selectFrom('identity_steps')
    .selectAll()
    .where('id_sha256', '=', idSha256)
    .where('kind', '=', kind)
    .where('created_at', '>', since)
    .forUpdate()
    .executeTakeFirst();
  return (
    row && {
      kind: row.kind,
      personId: row.person_id,
      next: row.next,
      dataSealed: row.data_sealed,
      tries: row.tries,
      createdAt: row.created_at,
    }
  );
}

export async function countStepTry(tx: Tx, idSha256: string): Promise<void> {
  await tx
    .updateTable('identity_steps')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('id_sha256', '=', idSha256)
    .execute();
}

export async function deleteStep(tx: Tx, idSha256: string): Promise<void> {
  await tx.deleteFrom('identity_steps').where('id_sha256', '=', idSha256).execute();
}

export async function deleteOldSteps(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('identity_steps').where('created_at', '<', before).execute();
}

export async function insertDemoLink(tx: Tx, secretSha256: string, personId: string, at: Instant): Promise<void> {
  await tx
    .insertInto('identity_demo_links')
    .values({ secret_sha256: secretSha256, person_id: personId, created_at: at })
    .execute();
}

/** Uses a demo link up; the person it signs in, or undefined when it was used or never was. */
export async function useDemoLink(tx: Tx, secretSha256: string, at: Instant): Promise<string | undefined> {
  const row = await tx
    .updateTable('identity_demo_links')
    .set({ used_at: at })
    .where('secret_sha256', '=', secretSha256)
    .where('used_at', 'is', null)
    .returning('person_id')
    .executeTakeFirst();
  return row?.person_id;
}

/** Removes what no longer counts: answered challenges, half-done sign-ins and old failures. */
export async function forgetOldTraces(tx: Tx, dayAgo: Instant): Promise<void> {
  await tx.deleteFrom('identity_used_challenges').where('used_at', '<', dayAgo).execute();
  await tx.deleteFrom('identity_steps').where('created_at', '<', dayAgo).execute();
  await tx.deleteFrom('identity_attempts').where('last_at', '<', dayAgo).execute();
}
