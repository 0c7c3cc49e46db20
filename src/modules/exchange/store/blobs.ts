import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { BlobTable } from './tables.ts';

export type BlobRow = Selectable<BlobTable>;

/** Keeps what was announced; answers what stands there now, which is another's when the id was taken. */
export async function announceBlob(tx: Tx, row: Insertable<BlobTable>): Promise<BlobRow> {
  await tx
    .insertInto('exchange_blob')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const found = await findBlob(tx, row.blob_id);
  if (found) return found;
  return tx
    .selectFrom('exchange_blob')
    .selectAll()
    .where('message_id', '=', row.message_id)
    .where('part', '=', row.part)
    .where('direction', '=', row.direction)
    .executeTakeFirstOrThrow();
}

export async function findBlob(tx: Tx, blobId: string): Promise<BlobRow | undefined> {
  return tx.selectFrom('exchange_blob').selectAll().where('blob_id', '=', blobId).executeTakeFirst();
}

export async function listBlobsOf(tx: Tx, direction: 'in' | 'out', messageIds: readonly string[]): Promise<BlobRow[]> {
  if (messageIds.length === 0) return [];
  return tx
    .selectFrom('exchange_blob')
    .selectAll()
    .where('direction', '=', direction)
    .where(sql<boolean>`message_id = any(${[...messageIds]}::uuid[])`)
    .orderBy('part')
    .execute();
}

export async function updateBlob(tx: Tx, blobId: string, change: Updateable<BlobTable>): Promise<void> {
  await tx.updateTable('exchange_blob').set(change).where('blob_id', '=', blobId).execute();
}

/** Bytes that unfinished messages of a peer take or will take. */
export async function stagedBytes(tx: Tx, peer: string): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`
    select coalesce(sum(length), 0)::text as bytes from exchange_blob b
     where b.peer = ${peer} and b.direction = 'in' and b.status <> 'removed'
       and not exists (select 1 from exchange_inbox i where i.message_id = b.message_id)`.execute(tx);
  return Number(rows[0]?.bytes ?? 0);
}

/** Parts that were announced and whose message never came. */
export async function listAbandoned(tx: Tx, before: Instant, most: number): Promise<BlobRow[]> {
  const { rows } = await sql<BlobRow>`
    select b.* from exchange_blob b
     where b.direction = 'in' and b.status <> 'removed' and b.changed_at < ${before}::timestamptz
       and not exists (select 1 from exchange_inbox i where i.message_id = b.message_id)
     order by b.changed_at limit ${most} for update skip locked`.execute(tx);
  return rows;
}

/** Large parts of messages whose end is proven since before a moment: nobody has to be given them any more. */
export async function listDelivered(tx: Tx, before: Instant, most: number): Promise<BlobRow[]> {
  const { rows } = await sql<BlobRow>`
    select b.* from exchange_blob b join exchange_outbox o on o.message_id = b.message_id
     where b.direction = 'out' and b.status <> 'removed' and o.is_settled
       and coalesce(o.receipt_at, o.ended_at, b.changed_at) < ${before}::timestamptz
     order by b.changed_at limit ${most} for update of b skip locked`.execute(tx);
  return rows;
}

/** Which of these parts are still needed. */
export async function liveBlobs(tx: Tx, direction: 'in' | 'out', ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('exchange_blob')
    .select('blob_id')
    .where('direction', '=', direction)
    .where('status', '<>', 'removed')
    .where('blob_id', 'in', [...ids])
    .execute();
  return new Set(rows.map((row) => row.blob_id));
}

/** Parts that are not whole at their peers yet, of messages that still want to leave; urgent ones first. */
export async function listBlobsToSend(tx: Tx, most: number): Promise<BlobRow[]> {
  const { rows } = await sql<BlobRow>`
    select b.* from exchange_blob b join exchange_outbox o on o.message_id = b.message_id
     where b.direction = 'out' and b.status in ('announced', 'open') and o.status in ('queued', 'sending')
     order by o.priority, o.queued_at, b.part limit ${most}`.execute(tx);
  return rows;
}
