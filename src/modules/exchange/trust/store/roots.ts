import { sql } from 'kysely';
import type { JWK } from 'jose';
import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../../platform/values/index.ts';
import type { Channel, TrustChange, TrustRoot } from '../schema.ts';
import './tables.ts';

/** Counts of changes: a view made at these is still true. */
export async function trustVersion(tx: Tx): Promise<{ version: string; looks: string }> {
  const row = await tx.selectFrom('trust_state').select(['version', 'looks']).executeTakeFirst();
  if (!row) throw new Error('The state of trust is missing');
  return row;
}

/** Every cached view is old from the commit on. */
export async function trustChanged(tx: Tx): Promise<void> {
  await sql`update trust_state set version = version + 1`.execute(tx);
}

export async function feedsLookedAt(tx: Tx): Promise<void> {
  await sql`update trust_state set looks = looks + 1`.execute(tx);
}

/** One change of an owner's feeds or roots at a time. */
export async function holdOwner(tx: Tx, owner: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`trust ${owner}`}, 0))`.execute(tx);
}

export async function listRoots(tx: Tx, owner?: string): Promise<TrustRoot[]> {
  let query = tx.selectFrom('trust_roots').selectAll();
  if (owner !== undefined) query = query.where('owner', '=', owner);
  const rows = await query.orderBy('owner').orderBy('proposed_at').execute();
  return rows.map((row) => ({
    owner: row.owner,
    kid: row.kid,
    publicKey: row.public_key as JWK,
    fingerprint: row.fingerprint as Sha256,
    own: row.own,
    status: row.status,
    channel: row.channel as Channel | null,
    saidOn: row.said_on,
    saidBy: row.said_by,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at as Instant,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at as Instant | null,
    failed: row.failed,
  }));
}

/** Writes a root or replaces a proposal that was refused. */
export async function saveRoot(tx: Tx, root: TrustRoot): Promise<void> {
  const row = {
    public_key: JSON.stringify(root.publicKey),
    fingerprint: root.fingerprint,
    own: root.own,
    status: root.status,
    channel: root.channel,
    said_on: root.saidOn,
    said_by: root.saidBy,
    proposed_by: root.proposedBy,
    proposed_at: root.proposedAt,
    confirmed_by: root.confirmedBy,
    confirmed_at: root.confirmedAt,
    failed: root.failed,
  };
  await tx
    .insertInto('trust_roots')
    .values({ owner: root.owner, kid: root.kid, ...row })
    .onConflict((on) => on.columns(['owner', 'kid']).doUpdateSet(row))
    .execute();
}

export interface StoredDelegation {
  owner: string;
  kid: string;
  rootKid: string;
  jws: string;
  validFrom: Instant;
  validUntil: Instant | null;
}

export async function listDelegations(tx: Tx, owner?: string): Promise<StoredDelegation[]> {
  let query = tx.selectFrom('trust_delegations').selectAll();
  if (owner !== undefined) query = query.where('owner', '=', owner);
  const rows = await query.orderBy('owner').orderBy('valid_from').orderBy('kid').execute();
  return rows.map((row) => ({
    owner: row.owner,
    kid: row.kid,
    rootKid: row.root_kid,
    jws: row.jws,
    validFrom: row.valid_from as Instant,
    validUntil: row.valid_until as Instant | null,
  }));
}

/** @returns whether it is new */
export async function insertDelegation(tx: Tx, one: StoredDelegation, at: Instant): Promise<boolean> {
  const done = await tx
    .insertInto('trust_delegations')
    .values({
      owner: one.owner,
      kid: one.kid,
      root_kid: one.rootKid,
      jws: one.jws,
      valid_from: one.validFrom,
      valid_until: one.validUntil,
      received_at: at,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function listChanges(tx: Tx): Promise<TrustChange[]> {
  const rows = await tx.selectFrom('trust_changes').selectAll().orderBy('received_at').orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    owner: row.owner,
    subject: row.subject,
    kind: row.kind,
    jws: row.jws,
    contentSha256: row.content_sha256 as Sha256,
    code: row.code,
    receivedFrom: row.received_from,
    receivedAt: row.received_at as Instant,
    status: row.status,
    channel: row.channel as Channel | null,
    saidOn: row.said_on,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at as Instant | null,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at as Instant | null,
  }));
}

/** @returns whether it is new; the same content held already stays as it is */
export async function holdChange(
  tx: Tx,
  change: Pick<
    TrustChange,
    'id' | 'owner' | 'subject' | 'kind' | 'jws' | 'contentSha256' | 'code' | 'receivedFrom' | 'receivedAt'
  >,
): Promise<boolean> {
  const done = await tx
    .insertInto('trust_changes')
    .values({
      id: change.id,
      owner: change.owner,
      subject: change.subject,
      kind: change.kind,
      jws: change.jws,
      content_sha256: change.contentSha256,
      code: change.code,
      received_from: change.receivedFrom,
      received_at: change.receivedAt,
      status: 'held',
      channel: null,
      said_on: null,
      proposed_by: null,
      proposed_at: null,
      decided_by: null,
      decided_at: null,
    })
    .onConflict((on) => on.columns(['owner', 'subject', 'content_sha256']).doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function decideChange(
  tx: Tx,
  id: string,
  change: Pick<TrustChange, 'status' | 'channel' | 'saidOn' | 'proposedBy' | 'proposedAt' | 'decidedBy' | 'decidedAt'>,
): Promise<void> {
  await tx
    .updateTable('trust_changes')
    .set({
      status: change.status,
      channel: change.channel,
      said_on: change.saidOn,
      proposed_by: change.proposedBy,
      proposed_at: change.proposedAt,
      decided_by: change.decidedBy,
      decided_at: change.decidedAt,
    })
    .where('id', '=', id)
    .execute();
}
