import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { SessionMethod } from '../schema.ts';
import { isId } from './ids.ts';

export interface SessionRow {
  id: string;
  personId: string;
  officeId: string;
  method: SessionMethod;
  createdAt: Instant;
  lastSeenAt: Instant;
  steppedUpAt: Instant | null;
  rotatedAt: Instant | null;
  rotate: boolean;
  /** Found by the cookie before the last rotation. */
  byPrevious: boolean;
  address: string;
  userAgent: string;
  endedAt: Instant | null;
}

export interface NewSession {
  id: string;
  tokenSha256: string;
  personId: string;
  officeId: string;
  method: SessionMethod;
  at: Instant;
  steppedUpAt: Instant | null;
  address: string;
  userAgent: string;
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx
    .insertInto('identity_sessions')
    .values({
      id: session.id,
      token_sha256: session.tokenSha256,
      person_id: session.personId,
      office_id: session.officeId,
      method: session.method,
      created_at: session.at,
      last_seen_at: session.at,
      stepped_up_at: session.steppedUpAt,
      address: session.address,
      user_agent: session.userAgent,
    })
    .execute();
}

export async function findSession(tx: Tx, tokenSha256: string): Promise<SessionRow | undefined> {
  const row = await tx
    .selectFrom('identity_sessions')
    .selectAll()
    .where((eb) => eb.or([eb('token_sha256', '=', tokenSha256), eb('previous_sha256', '=', tokenSha256)]))
    .executeTakeFirst();
  return row && { ...toSession(row), byPrevious: row.token_sha256 !== tokenSha256 };
}

interface Row {
  id: string;
  person_id: string;
  office_id: string;
  method: SessionMethod;
  created_at: Instant;
  last_seen_at: Instant;
  stepped_up_at: Instant | null;
  rotated_at: Instant | null;
  rotate: boolean;
  address: string;
  user_agent: string;
  ended_at: Instant | null;
}

function toSession(row: Row): SessionRow {
  return {
    id: row.id,
    personId: row.person_id,
    officeId: row.office_id,
    method: row.method,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    steppedUpAt: row.stepped_up_at,
    rotatedAt: row.rotated_at,
    rotate: row.rotate,
    byPrevious: false,
    address: row.address,
    userAgent: row.user_agent,
    endedAt: row.ended_at,
  };
}

/** Sessions of a person that were not ended, newest first; some may be past their limits. */
export async function listOpenSessions(tx: Tx, personId: string): Promise<SessionRow[]> {
  const rows = await tx
    .selectFrom('identity_sessions')
    .selectAll()
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(toSession);
}

export async function touchSession(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('identity_sessions').set({ last_seen_at: at }).where('id', '=', id).execute();
}

/** Gives the session a new cookie; false when another call has just done so. */
export async function rotateSession(tx: Tx, id: string, from: string, to: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('identity_sessions')
    .set({ token_sha256: to, previous_sha256: from, rotated_at: at, rotate: false, last_seen_at: at })
    .where('id', '=', id)
    .where('token_sha256', '=', from)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return done.length === 1;
}

export async function setSteppedUp(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('identity_sessions').set({ stepped_up_at: at, rotate: true }).where('id', '=', id).execute();
}

export async function setSessionOffice(tx: Tx, id: string, officeId: string): Promise<void> {
  await tx.updateTable('identity_sessions').set({ office_id: officeId, rotate: true }).where('id', '=', id).execute();
}

/** Marks every open session of a person to change its cookie at the next call. */
export async function markForRotation(tx: Tx, personId: string): Promise<void> {
  await tx
    .updateTable('identity_sessions')
    .set({ rotate: true })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute();
}

/** Ends one session of a person, or all but an exception. Returns how many ended. */
export async function endSessions(
  tx: Tx,
  personId: string,
  which: { id?: string; except?: string },
  at: Instant,
  because: string,
): Promise<number> {
  if (!isId(personId) || (which.id !== undefined && !isId(which.id))) return 0;
  let query = tx
    .updateTable('identity_sessions')
    .set({ ended_at: at, ended_because: because })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null);
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  if (which.except !== undefined) query = query.where('id', '!=', which.except);
  return (await query.returning('id').execute()).length;
}

/** Whether this person has signed in from this address in the last thirty days. */
export async function hasSignedInFrom(tx: Tx, personId: string, address: string, since: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom('identity_sessions')
    .select('id')
    .where('person_id', '=', personId)
    .where('address', '=', address)
    .where('created_at', '>', since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
