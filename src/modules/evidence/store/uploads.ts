import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { CaseFileId, EvidenceFileId } from '../schema.ts';
import type { Piece } from '../storage.ts';
import type { UploadRow } from './index.ts';

export async function insertUpload(tx: Tx, row: UploadRow): Promise<void> {
  await tx.insertInto('evidence_uploads').values(row).execute();
}

export async function findUpload(tx: Tx, id: EvidenceFileId): Promise<UploadRow | undefined> {
  return tx.selectFrom('evidence_uploads').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Held until the transaction ends, so that a file is taken once. */
export async function lockUpload(tx: Tx, id: EvidenceFileId): Promise<UploadRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`evidence_uploads/${id}`}, 0))`.execute(tx);
  return findUpload(tx, id);
}

/** Names a piece before it is stored, so that a stop in between leaves nothing that nobody knows of. */
export async function promisePiece(tx: Tx, id: EvidenceFileId, seq: number, piece: Piece): Promise<void> {
  await tx
    .insertInto('evidence_upload_pieces')
    .values({ upload_id: id, seq, blob_key: piece.key, plain: piece.plain, sealed: piece.sealed, stored: false })
    .execute();
}

/** Moves the end behind a piece that is stored; false when another writer was here meanwhile. Hold the upload's lock. */
export async function countPiece(
  tx: Tx,
  id: EvidenceFileId,
  seq: number,
  receivedBefore: number,
  piece: Piece,
  at: Instant,
): Promise<boolean> {
  await lockUpload(tx, id);
  const stored = await tx
    .updateTable('evidence_upload_pieces')
    .set({ stored: true })
    .where('upload_id', '=', id)
    .where('seq', '=', seq)
    .where('blob_key', '=', piece.key)
    .where('stored', '=', false)
    .executeTakeFirst();
  if (stored.numUpdatedRows !== 1n) return false;
  const done = await tx
    .updateTable('evidence_uploads')
    .set({ received: String(receivedBefore + piece.plain), last_at: at })
    .where('id', '=', id)
    .where('received', '=', String(receivedBefore))
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export async function listPieces(tx: Tx, id: EvidenceFileId): Promise<(Piece & { stored: boolean })[]> {
  const rows = await tx
    .selectFrom('evidence_upload_pieces')
    .selectAll()
    .where('upload_id', '=', id)
    .orderBy('seq')
    .execute();
  return rows.map(({ blob_key: key, plain, sealed, stored }) => ({ key, plain, sealed, stored }));
}

/** Forgets pieces that were promised and never counted. */
export async function forgetPromised(tx: Tx, id: EvidenceFileId): Promise<void> {
  await tx.deleteFrom('evidence_upload_pieces').where('upload_id', '=', id).where('stored', '=', false).execute();
}

/** The pieces stay in the blobs: whoever calls this takes them over or removes them. */
export async function deleteUpload(tx: Tx, id: EvidenceFileId): Promise<void> {
  await tx.deleteFrom('evidence_upload_pieces').where('upload_id', '=', id).execute();
  await tx.deleteFrom('evidence_uploads').where('id', '=', id).execute();
}

export async function listUploads(tx: Tx, caseFileId: CaseFileId, personId: string): Promise<UploadRow[]> {
  return tx
    .selectFrom('evidence_uploads')
    .selectAll()
    .where('case_file_id', '=', caseFileId)
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
}

/** Uploads that nothing was added to since a moment, oldest first. */
export async function listLeftAlone(tx: Tx, since: Instant, limit: number): Promise<UploadRow[]> {
  return tx
    .selectFrom('evidence_uploads')
    .selectAll()
    .where('last_at', '<', since)
    .orderBy('last_at')
    .limit(limit)
    .execute();
}

/** Bytes that count against a quota: stored ciphertext, and what open uploads have announced. */
export async function bytesOfCaseFile(tx: Tx, caseFileId: CaseFileId): Promise<number> {
  const found = await sql<{ bytes: string }>`
    select coalesce((select sum(stored_bytes) from evidence_files where case_file_id = ${caseFileId}), 0)
         + coalesce((select sum(declared) from evidence_uploads where case_file_id = ${caseFileId}), 0) as bytes`.execute(
    tx,
  );
  return Number(found.rows[0]?.bytes ?? 0);
}

export async function bytesOfPerson(tx: Tx, personId: string, since: Instant): Promise<number> {
  const found = await sql<{ bytes: string }>`
    select coalesce((select sum(stored_bytes) from evidence_files where added_by = ${personId} and added_at >= ${since}::timestamptz), 0)
         + coalesce((select sum(declared) from evidence_uploads where person_id = ${personId}), 0) as bytes`.execute(
    tx,
  );
  return Number(found.rows[0]?.bytes ?? 0);
}
