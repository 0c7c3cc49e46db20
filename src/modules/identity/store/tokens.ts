import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { isId } from './ids.ts';

export interface TokenRow {
  id: string;
  personId: string;
  officeId: string;
  label: string;
  scopes: string[];
  createdAt: Instant;
  expiresAt: Instant;
  lastUsedAt: Instant | null;
}

export async function insertToken(
  tx: Tx,
  token: Omit<TokenRow, 'lastUsedAt'> & { tokenSha256: string },
): Promise<void> {
  await tx
    .insertInto('identity_tokens')
    .values({
      id: token.id,
      person_id: token.personId,
      office_id: token.officeId,
      token_sha256: token.tokenSha256,
      label: token.label,
      scopes: JSON.stringify(token.scopes),
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .execute();
}

const columns = [
  'id',
  'person_id',
  'office_id',
  'label',
  'scopes',
  'created_at',
  'expires_at',
  'last_used_at',
] as const;

function toToken(row: {
  id: string;
  person_id: string;
  office_id: string;
  label: string;
  scopes: string[];
  created_at: Instant;
  expires_at: Instant;
  last_used_at: Instant | null;
}): TokenRow {
  return {
    id: row.id,
    personId: row.person_id,
    officeId: row.office_id,
    label: row.label,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

export async function findToken(tx: Tx, tokenSha256: string, at: Instant): Promise<TokenRow | undefined> {
  const row = await tx
    .selectFrom('identity_tokens')
    .select(columns)
    .where('token_sha256', '=', tokenSha256)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return row && toToken(row);
}

export async function listTokens(tx: Tx, personId: string, at: Instant): Promise<TokenRow[]> {
  const rows = await tx
    .selectFrom('identity_tokens')
    .select(columns)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .orderBy('created_at')
    .execute();
  return rows.map(toToken);
}

export async function markTokenUsed(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('identity_tokens').set({ last_used_at: at }).where('id', '=', id).execute();
}

export async function endToken(tx: Tx, personId: string, id: string, at: Instant): Promise<boolean> {
  if (!isId(id)) return false;
  const ended = await tx
    .updateTable('identity_tokens')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return ended.length === 1;
}
