import { sql } from 'kysely';
import { SignedRecord, type BuiltRecord } from '../../../../platform/crypto/index.ts';
import type { Tx } from '../../../../platform/db/index.ts';
import type { Hash, Instant } from '../../../../platform/values/index.ts';
import type { FeedState } from '../schema.ts';
import './tables.ts';

export type RecordStatus = 'taken' | 'waiting' | 'refused' | 'conflicting';

/** A record as it stands here, verified when it came. */
export interface StoredRecord extends BuiltRecord {
  status: RecordStatus;
  code: string | null;
  receivedAt: Instant;
}

/** Payload of a compact JWS that was verified before it was stored. */
export function recordIn(jws: string): SignedRecord {
  return SignedRecord.parse(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')));
}

const rowsAtOnce = 500;

/** Writes records; of one that waited the status changes. */
export async function saveRecords(
  tx: Tx,
  records: readonly BuiltRecord[],
  how: { status: RecordStatus; code?: string; at: Instant; from: string | null },
): Promise<void> {
  for (let start = 0; start < records.length; start += rowsAtOnce) {
    const values = records.slice(start, start + rowsAtOnce).map(({ record, hash, jws, kid }) => ({
      owner: record.owner,
      feed: record.feed,
      seq: String(record.seq),
      hash,
      kind: record.kind,
      record_id: record.recordId,
      record_version: record.recordVersion,
      signed_by: kid,
      signed_at: record.at,
      jws,
      status: how.status,
      code: how.code ?? null,
      received_at: how.at,
      received_from: how.from,
    }));
    await tx
      .insertInto('feed_records')
      .values(values)
      .onConflict((on) =>
        on
          .columns(['owner', 'feed', 'seq', 'hash'])
          .doUpdateSet((eb) => ({ status: eb.ref('excluded.status'), code: eb.ref('excluded.code') })),
      )
      .execute();
  }
}

export interface RecordFilter {
  owner?: string;
  feed: string;
  since?: number;
  statuses?: readonly RecordStatus[];
  limit?: number;
}

/** Records in order of owner and number, those after `since`. */
export async function listRecords(tx: Tx, filter: RecordFilter): Promise<StoredRecord[]> {
  let query = tx
    .selectFrom('feed_records')
    .select(['hash', 'jws', 'signed_by', 'status', 'code', 'received_at'])
    .where('feed', '=', filter.feed);
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
  if (filter.since !== undefined) query = query.where('seq', '>', String(filter.since));
  if (filter.statuses) query = query.where('status', 'in', filter.statuses);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  const rows = await query.orderBy('owner').orderBy('seq').orderBy('hash').execute();
  return rows.map((row) => ({
    record: recordIn(row.jws),
    hash: row.hash as Hash,
    jws: row.jws,
    kid: row.signed_by,
    status: row.status,
    code: row.code,
    receivedAt: row.received_at as Instant,
  }));
}

/** Which records count, without their texts: two views differ only in what differs here. */
export async function listTakenHashes(tx: Tx, feeds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('feed_records')
    .select('hash')
    .where('feed', 'in', feeds)
    .where('status', '=', 'taken')
    .orderBy('owner')
    .orderBy('feed')
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.hash);
}

/** Records by their hashes. */
export async function listByHash(tx: Tx, hashes: readonly string[]): Promise<{ hash: Hash; record: SignedRecord }[]> {
  const found: { hash: Hash; record: SignedRecord }[] = [];
  for (let start = 0; start < hashes.length; start += rowsAtOnce) {
    const rows = await tx
      .selectFrom('feed_records')
      .select(['hash', 'jws'])
      .where('hash', 'in', hashes.slice(start, start + rowsAtOnce))
      .execute();
    found.push(...rows.map((row) => ({ hash: row.hash as Hash, record: recordIn(row.jws) })));
  }
  return found;
}

function toState(row: {
  owner: string;
  feed: string;
  seq: string;
  hash: string | null;
  frozen_at: string | null;
  frozen_after: string | null;
  gap_from: string | null;
  checked_at: string | null;
  checked_with: string | null;
  tried_at: string | null;
  last_code: string | null;
  told_at: string | null;
  resume_proposed_at: string | null;
  resume_proposed_by: string | null;
}): FeedState {
  return {
    owner: row.owner,
    feed: row.feed,
    seq: Number(row.seq),
    hash: row.hash,
    frozenAt: row.frozen_at as Instant | null,
    frozenAfter: row.frozen_after === null ? null : Number(row.frozen_after),
    gapFrom: row.gap_from === null ? null : Number(row.gap_from),
    checkedAt: row.checked_at as Instant | null,
    checkedWith: row.checked_with,
    triedAt: row.tried_at as Instant | null,
    lastCode: row.last_code,
    toldAt: row.told_at as Instant | null,
    resumeProposedAt: row.resume_proposed_at as Instant | null,
    resumeProposedBy: row.resume_proposed_by,
  };
}

export async function listFeedStates(tx: Tx, owner?: string): Promise<FeedState[]> {
  let query = tx.selectFrom('feed_state').selectAll();
  if (owner !== undefined) query = query.where('owner', '=', owner);
  return (await query.orderBy('owner').orderBy('feed').execute()).map(toState);
}

export async function findFeedState(tx: Tx, owner: string, feed: string): Promise<FeedState | undefined> {
  const row = await tx
    .selectFrom('feed_state')
    .selectAll()
    .where('owner', '=', owner)
    .where('feed', '=', feed)
    .executeTakeFirst();
  return row && toState(row);
}

/** Changes what is given of a feed's state, making the row when there is none. */
export async function saveFeedState(
  tx: Tx,
  owner: string,
  feed: string,
  change: Partial<Omit<FeedState, 'owner' | 'feed'>>,
): Promise<void> {
  const row = {
    ...(change.seq === undefined ? {} : { seq: String(change.seq) }),
    ...(change.hash === undefined ? {} : { hash: change.hash }),
    ...(change.frozenAt === undefined ? {} : { frozen_at: change.frozenAt }),
    ...(change.frozenAfter === undefined
      ? {}
      : { frozen_after: change.frozenAfter === null ? null : String(change.frozenAfter) }),
    ...(change.gapFrom === undefined ? {} : { gap_from: change.gapFrom === null ? null : String(change.gapFrom) }),
    ...(change.checkedAt === undefined ? {} : { checked_at: change.checkedAt }),
    ...(change.checkedWith === undefined ? {} : { checked_with: change.checkedWith }),
    ...(change.triedAt === undefined ? {} : { tried_at: change.triedAt }),
    ...(change.lastCode === undefined ? {} : { last_code: change.lastCode }),
    ...(change.toldAt === undefined ? {} : { told_at: change.toldAt }),
    ...(change.resumeProposedAt === undefined ? {} : { resume_proposed_at: change.resumeProposedAt }),
    ...(change.resumeProposedBy === undefined ? {} : { resume_proposed_by: change.resumeProposedBy }),
  };
  await tx
    .insertInto('feed_state')
    .values({ owner, feed, ...row })
    .onConflict((on) => {
      const columns = on.columns(['owner', 'feed']);
      return Object.keys(row).length > 0 ? columns.doUpdateSet(row) : columns.doNothing();
    })
    .execute();
}

/**
 * Looks at what was delivered, which only the node itself may read: whoever asks was allowed to before. The name of who
 * acts is put back after.
 */
async function asNode<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ actor: string | null }>`select current_setting('comity.actor', true) as actor`.execute(
    tx,
  );
  await sql`select set_config('comity.actor', 'system:exchange', true)`.execute(tx);
  const answer = await work();
  await sql`select set_config('comity.actor', ${rows[0]?.actor ?? ''}, true)`.execute(tx);
  return answer;
}

/** Messages signed with a key from a moment on that were received here; the newest first. */
export async function listSignedWith(
  tx: Tx,
  kid: string,
  since: Instant,
  page: { limit: number; before?: { signedAt: Instant; id: string } },
): Promise<{ messageId: string; from: string; kind: string; signedAt: Instant; receivedAt: Instant }[]> {
  const before = page.before;
  const { rows } = await asNode(tx, () =>
    sql<{
      message_id: string;
      from_authority: string;
      kind: string;
      signed_at: string;
      received_at: string;
    }>`
    select message_id, from_authority, kind, signed_at, received_at from exchange_inbox
     where (signed_by = ${kid} or node_signed_by = ${kid}) and signed_at >= ${since}::timestamptz
       ${before ? sql`and (signed_at, message_id) < (${before.signedAt}::timestamptz, ${before.id}::uuid)` : sql``}
     order by signed_at desc, message_id desc limit ${page.limit}`.execute(tx),
  );
  return rows.map((row) => ({
    messageId: row.message_id,
    from: row.from_authority,
    kind: row.kind,
    signedAt: row.signed_at as Instant,
    receivedAt: row.received_at as Instant,
  }));
}

/**
 * Marks what a key of an owner signed from a moment on; nothing is deleted. An owner takes back its own keys only.
 * @returns how many messages were marked
 */
export async function flagSignedWith(tx: Tx, owner: string, kid: string, since: Instant): Promise<number> {
  const { numAffectedRows } = await asNode(tx, () =>
    sql`
    update exchange_inbox set flagged_code = 'trust.key-revoked-later'
     where (signed_by = ${kid} or node_signed_by = ${kid}) and signed_at >= ${since}::timestamptz and flagged_code is null
       and (split_part(from_authority, ':', 1) = ${owner} or peer = ${owner})`.execute(tx),
  );
  return Number(numAffectedRows ?? 0);
}
