import { z } from 'zod';
import { SignedRecord, type BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Hash, Instant } from '../../../platform/values/index.ts';

/** Newest record of a feed. */
export async function findFeedHead(tx: Tx, owner: string): Promise<{ seq: number; hash: Hash } | undefined> {
  const row = await tx
    .selectFrom('directory_feed_records')
    .select(['seq', 'hash'])
    .where('owner', '=', owner)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { seq: Number(row.seq), hash: row.hash as Hash };
}

export async function insertFeedRecord(tx: Tx, built: BuiltRecord, receivedAt: Instant): Promise<void> {
  await insertFeedRecords(tx, [built], receivedAt);
}

// PostgreSQL takes at most 65,535 parameters in one statement.
const rowsAtOnce = 500;

/** Many records in few statements; those held already are left. */
export async function insertFeedRecords(tx: Tx, records: readonly BuiltRecord[], receivedAt: Instant): Promise<void> {
  for (let start = 0; start < records.length; start += rowsAtOnce) {
    const values = records.slice(start, start + rowsAtOnce).map(({ record, hash, jws, kid }) => ({
      owner: record.owner,
      seq: String(record.seq),
      hash,
      previous: record.previous,
      record_id: record.recordId,
      record_version: record.recordVersion,
      record: JSON.stringify({ record, kid }),
      jws,
      received_at: receivedAt,
    }));
    await tx
      .insertInto('directory_feed_records')
      .values(values)
      .onConflict((on) => on.columns(['owner', 'seq', 'hash']).doNothing())
      .execute();
  }
}

const StoredRecord = z.object({ record: SignedRecord, kid: z.string() });

/** Records of a feed in order. A frozen feed is given up to its last common record. */
export async function listFeedRecords(tx: Tx, owner: string): Promise<BuiltRecord[]> {
  const frozen = (await listFrozenFeeds(tx)).find((one) => one.owner === owner);
  const rows = await tx
    .selectFrom('directory_feed_records')
    .select(['record', 'hash', 'jws', 'seq'])
    .where('owner', '=', owner)
    .orderBy('seq')
    .execute();
  return rows
    .filter((row) => !frozen || Number(row.seq) <= frozen.lastCommonSeq)
    .map((row) => ({ ...StoredRecord.parse(row.record), hash: row.hash as Hash, jws: row.jws }));
}

/** Number of different records kept under one number of a feed. */
export async function countRecordsAt(tx: Tx, owner: string, seq: number): Promise<number> {
  const rows = await tx
    .selectFrom('directory_feed_records')
    .select('hash')
    .where('owner', '=', owner)
    .where('seq', '=', String(seq))
    .execute();
  return rows.length;
}

/** Lets a feed stand still at the last record that everyone shares. */
export async function freezeFeed(tx: Tx, owner: string, lastCommonSeq: number, at: Instant): Promise<void> {
  await tx
    .insertInto('directory_frozen_feeds')
    .values({ owner, last_common_seq: String(lastCommonSeq), frozen_at: at, reason: 'equivocation' })
    .onConflict((on) => on.column('owner').doNothing())
    .execute();
}

export async function listFrozenFeeds(tx: Tx): Promise<{ owner: string; lastCommonSeq: number; frozenAt: Instant }[]> {
  const rows = await tx.selectFrom('directory_frozen_feeds').selectAll().execute();
  return rows.map((row) => ({
    owner: row.owner,
    lastCommonSeq: Number(row.last_common_seq),
    frozenAt: row.frozen_at as Instant,
  }));
}
