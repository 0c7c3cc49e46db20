import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { CaseFileId, EvidenceFileId, ScanStatus } from '../schema.ts';
import type { EvidenceFileRow, QuarantineRow } from './index.ts';
import type { Tables } from '../../../platform/db/tables.ts';

type ConsentRow = Tables['evidence_consents'];

export async function insertConsent(tx: Tx, row: ConsentRow): Promise<void> {
  await tx
    .insertInto('evidence_consents')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listConsents(tx: Tx, fileId: EvidenceFileId): Promise<ConsentRow[]> {
  return tx.selectFrom('evidence_consents').selectAll().where('file_id', '=', fileId).orderBy('recorded_at').execute();
}

export async function findQuarantine(tx: Tx, fileId: EvidenceFileId): Promise<QuarantineRow | undefined> {
  return tx.selectFrom('evidence_quarantine').selectAll().where('file_id', '=', fileId).executeTakeFirst();
}

export async function listQuarantine(tx: Tx, caseFileId: CaseFileId): Promise<QuarantineRow[]> {
  return tx.selectFrom('evidence_quarantine').selectAll().where('case_file_id', '=', caseFileId).execute();
}

export async function insertQuarantine(
  tx: Tx,
  row: Pick<QuarantineRow, 'file_id' | 'case_file_id' | 'found' | 'found_at'>,
): Promise<void> {
  await tx
    .insertInto('evidence_quarantine')
    .values({ ...row, proposed_by: null, proposed_at: null, reason: null, confirmed_by: null, confirmed_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** First person. False when somebody asked already. */
export async function proposeLettingOut(
  tx: Tx,
  fileId: EvidenceFileId,
  by: string,
  reason: string,
  at: Instant,
): Promise<boolean> {
  const done = await tx
    .updateTable('evidence_quarantine')
    .set({ proposed_by: by, proposed_at: at, reason })
    .where('file_id', '=', fileId)
    .where('proposed_by', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Second person, never the first: the table refuses that as well. False when nobody asked or it was confirmed already. */
export async function confirmLettingOut(tx: Tx, fileId: EvidenceFileId, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('evidence_quarantine')
    .set({ confirmed_by: by, confirmed_at: at })
    .where('file_id', '=', fileId)
    .where('proposed_by', 'is not', null)
    .where('proposed_by', '!=', by)
    .where('confirmed_by', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export async function setScan(
  tx: Tx,
  fileId: EvidenceFileId,
  scan: ScanStatus,
  sealedFindings: Buffer | null,
): Promise<void> {
  await tx
    .updateTable('evidence_files')
    .set({ scan, sealed_findings: sealedFindings })
    .where('id', '=', fileId)
    .execute();
}

/** Files that no scanner has looked at, oldest first. */
export async function listToScan(tx: Tx, limit: number): Promise<EvidenceFileRow[]> {
  return tx
    .selectFrom('evidence_files')
    .selectAll()
    .where('scan', 'in', ['not-scanned', 'scanner-down'])
    .orderBy('added_at')
    .limit(limit)
    .execute();
}
