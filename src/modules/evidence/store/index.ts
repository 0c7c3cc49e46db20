import { sql, type RawBuilder } from 'kysely';
import { sqlState, type Tx } from '../../../platform/db/index.ts';
import type { Handling, Hash, Instant, PlainDate, Sha256 } from '../../../platform/values/index.ts';
import type { CaseFileId, CustodyEntry, EvidenceFileId, ListedCustody, Member, ScanStatus } from '../schema.ts';

export interface CaseFileRow {
  id: CaseFileId;
  number: string;
  office_id: string;
  handling: Handling;
  sealed_title: Buffer;
  wrapping_kid: string;
  wrapped_key: Buffer | null;
  retain_until: PlainDate | null;
  on_hold: boolean;
  created_by: string;
  created_at: Instant;
  version: number;
}

export interface EvidenceFileRow {
  id: EvidenceFileId;
  case_file_id: CaseFileId;
  blob_key: Sha256;
  sealed_about: Buffer;
  scan: ScanStatus;
  pieces: number;
  stored_bytes: string;
  linked_from: EvidenceFileId | null;
  sealed_findings: Buffer | null;
  added_by: string;
  added_at: Instant;
}

export interface UploadRow {
  id: EvidenceFileId;
  case_file_id: CaseFileId | null;
  person_id: string;
  sealed_about: Buffer | null;
  /** Bytes, as text: larger than a number of the driver. */
  declared: string;
  received: string;
  began_at: Instant;
  last_at: Instant;
}

export interface QuarantineRow {
  file_id: EvidenceFileId;
  case_file_id: CaseFileId;
  found: string;
  found_at: Instant;
  proposed_by: string | null;
  proposed_at: Instant | null;
  reason: string | null;
  confirmed_by: string | null;
  confirmed_at: Instant | null;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    case_files: CaseFileRow;
    case_file_numbers: { office_id: string; year: number; last: number };
    case_file_members: {
      case_file_id: CaseFileId;
      person_id: string;
      from_at: Instant;
      until_at: Instant | null;
      added_by: string;
      ended_by: string | null;
    };
    evidence_files: EvidenceFileRow;
    evidence_uploads: UploadRow;
    evidence_upload_pieces: {
      upload_id: EvidenceFileId;
      seq: number;
      blob_key: Sha256;
      plain: number;
      sealed: number;
      stored: boolean;
    };
    evidence_consents: {
      file_id: EvidenceFileId;
      case_file_id: CaseFileId;
      consent_id: string;
      by_authority: string;
      on_day: PlainDate;
      sealed_covers: Buffer;
      recorded_by: string;
      recorded_at: Instant;
    };
    evidence_quarantine: QuarantineRow;
    custody_entries: {
      id: string;
      case_file_id: CaseFileId;
      file_id: EvidenceFileId;
      seq: number;
      entry: CustodyEntry;
      previous_hash: Hash | null;
      hash: Hash;
    };
  }
}

/**
 * Predicate for lists: rows whose case file the person is a member of at a moment.
 * `column` is the column that holds the case file's id, `requests.case_file_id`.
 */
export function memberPredicate(personId: string, at: Instant, column = 'case_files.id'): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from case_file_members as visible_to
    where visible_to.case_file_id = ${sql.ref(column)} and visible_to.person_id = ${personId}
      and visible_to.from_at <= ${at}::timestamptz and (visible_to.until_at is null or visible_to.until_at > ${at}::timestamptz))`;
}

export async function nextNumber(tx: Tx, officeId: string, year: number): Promise<number> {
  const row = await tx
    .insertInto('case_file_numbers')
    .values({ office_id: officeId, year, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(['office_id', 'year']).doUpdateSet({ last: sql`case_file_numbers.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return row.last;
}

export async function insertCaseFile(tx: Tx, row: CaseFileRow): Promise<void> {
  await tx.insertInto('case_files').values(row).execute();
}

export async function findCaseFile(tx: Tx, id: CaseFileId): Promise<CaseFileRow | undefined> {
  return tx.selectFrom('case_files').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listCaseFileRows(
  tx: Tx,
  visible: RawBuilder<boolean>,
  after: string | undefined,
  limit: number,
): Promise<CaseFileRow[]> {
  let query = tx.selectFrom('case_files').selectAll().where(visible).orderBy('id', 'desc').limit(limit);
  if (after !== undefined) query = query.where('id', '<', after as CaseFileId);
  return query.execute();
}

/** Answers false when the row is no longer at `version`. */
export async function updateCaseFile(
  tx: Tx,
  id: CaseFileId,
  version: number,
  change: Partial<Pick<CaseFileRow, 'handling' | 'sealed_title' | 'retain_until' | 'on_hold' | 'wrapped_key'>>,
): Promise<boolean> {
  const done = await tx
    .updateTable('case_files')
    .set({ ...change, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export async function listMembers(tx: Tx, ids: readonly CaseFileId[]): Promise<Map<CaseFileId, Member[]>> {
  const found = new Map<CaseFileId, Member[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const rows = await tx
    .selectFrom('case_file_members')
    .selectAll()
    .where('case_file_id', 'in', [...ids])
    .orderBy('from_at')
    .orderBy('person_id')
    .execute();
  for (const row of rows)
    found.get(row.case_file_id)?.push({ personId: row.person_id, from: row.from_at, until: row.until_at });
  return found;
}

/** Answers false when the person already is a member. */
export async function insertMember(
  tx: Tx,
  caseFileId: CaseFileId,
  personId: string,
  from: Instant,
  addedBy: string,
): Promise<boolean> {
  const done = await tx
    .insertInto('case_file_members')
    .values({
      case_file_id: caseFileId,
      person_id: personId,
      from_at: from,
      until_at: null,
      added_by: addedBy,
      ended_by: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

export async function endMembership(
  tx: Tx,
  caseFileId: CaseFileId,
  personId: string,
  until: Instant,
  endedBy: string,
): Promise<boolean> {
  const done = await tx
    .updateTable('case_file_members')
    .set({ until_at: until, ended_by: endedBy })
    .where('case_file_id', '=', caseFileId)
    .where('person_id', '=', personId)
    .where('until_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Holds the membership of a case file still until the transaction ends. */
export async function lockMembers(tx: Tx, caseFileId: CaseFileId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`case_file_members/${caseFileId}`}, 0))`.execute(tx);
}

export async function insertFile(tx: Tx, row: EvidenceFileRow): Promise<void> {
  await tx.insertInto('evidence_files').values(row).execute();
}

export async function findFile(tx: Tx, id: EvidenceFileId): Promise<EvidenceFileRow | undefined> {
  return tx.selectFrom('evidence_files').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listFileRows(tx: Tx, caseFileId: CaseFileId): Promise<EvidenceFileRow[]> {
  return tx.selectFrom('evidence_files').selectAll().where('case_file_id', '=', caseFileId).orderBy('id').execute();
}

export async function countFiles(tx: Tx, caseFileId: CaseFileId): Promise<number> {
  const row = await tx
    .selectFrom('evidence_files')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('case_file_id', '=', caseFileId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The end of a file's custody chain, held still until the transaction ends. */
export async function lockCustodyEnd(tx: Tx, fileId: EvidenceFileId): Promise<{ seq: number; hash: Hash } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`custody_entries/${fileId}`}, 0))`.execute(tx);
  return tx
    .selectFrom('custody_entries')
    .select(['seq', 'hash'])
    .where('file_id', '=', fileId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertCustody(
  tx: Tx,
  id: string,
  caseFileId: CaseFileId,
  { entry, hash, previousHash }: ListedCustody,
): Promise<void> {
  await tx
    .insertInto('custody_entries')
    .values({
      id,
      case_file_id: caseFileId,
      file_id: entry.fileId,
      seq: entry.seq,
      entry,
      previous_hash: previousHash,
      hash,
    })
    .execute();
}

export async function listCustodyRows(tx: Tx, fileId: EvidenceFileId): Promise<ListedCustody[]> {
  const rows = await tx
    .selectFrom('custody_entries')
    .select(['entry', 'hash', 'previous_hash'])
    .where('file_id', '=', fileId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({ entry: row.entry, hash: row.hash, previousHash: row.previous_hash }));
}

/** Ids of all files, for a check of everything stored. Only the node itself sees them all. */
export async function listAllFiles(tx: Tx, after: string | undefined, limit: number): Promise<EvidenceFileRow[]> {
  let query = tx.selectFrom('evidence_files').selectAll().orderBy('id').limit(limit);
  if (after !== undefined) query = query.where('id', '>', after as EvidenceFileId);
  return query.execute();
}

/** Whether a write met a row that already holds this key. */
export function isTaken(error: unknown): boolean {
  return sqlState(error) === '23505';
}
