import { sql, type Generated } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import { type SharedAct, type SharedActKind, type Side, type ThreadEntry } from '../schema/index.ts';

export type CarriedStateName =
  | 'queued'
  | 'held-here'
  | 'delivered'
  | 'received'
  | 'opened'
  | 'handed-over'
  | 'refused'
  | 'expired'
  | 'recalled'
  | 'taken'
  | 'late'
  | 'conflict';

export interface MessageRow {
  id: string;
  request_id: string | null;
  draft_id: string | null;
  case_file_id: CaseFileId;
  conversation_id: string;
  direction: 'in' | 'out';
  kind: string;
  at: Instant;
  state: CarriedStateName;
  state_at: Instant;
  reason: string | null;
  act_id: string | null;
  sealed_content: Buffer;
}

export interface SharedActRow {
  request_id: string;
  case_file_id: CaseFileId;
  act_id: string;
  kind: SharedActKind;
  n: number;
  side: Side;
  at: Instant;
  causes: string | null;
  message_id: string | null;
}

export interface ThreadRow {
  id: string;
  request_id: string;
  case_file_id: CaseFileId;
  question_id: string;
  type: ThreadEntry['type'];
  side: Side;
  at: Instant;
  message_id: string | null;
  sealed_entry: Buffer;
}

export interface NoteRow {
  id: string;
  request_id: string;
  case_file_id: CaseFileId;
  at: Instant;
  by_person: string;
  sealed_note: Buffer;
}

export interface SupplementRow {
  id: string;
  request_id: string;
  case_file_id: CaseFileId;
  direction: 'in' | 'out';
  status: 'prepared' | 'sent' | 'dropped' | 'received' | 'decided';
  request_version: number;
  at: Instant;
  by_whom: string;
  sealed_body: Buffer;
}

export interface RemarkRow {
  id: string;
  request_id: string | null;
  draft_id: string | null;
  case_file_id: CaseFileId;
  at: Instant;
  by_whom: string;
  sealed_remark: Buffer;
}

export interface SharedDraftRow {
  id: string;
  case_file_id: CaseFileId;
  conversation_id: string;
  own_authority: string;
  from_state: StateCode;
  from_authority: string;
  reference: string;
  received_at: Instant;
  expires_on: PlainDate;
  message_id: string;
  sealed_body: Buffer;
}

export interface FileRow {
  request_id: string;
  case_file_id: CaseFileId;
  file_id: string;
  message_id: string;
  item: string;
}

export interface QuarantineRow {
  message_id: string;
  from_authority: string;
  kind: string;
  code: string;
  message_sha256: string;
  at: Instant;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    /** `opened_at`: when an official first opened what came. */
    request_messages: MessageRow & { seq: Generated<string>; opened_at: Generated<Instant | null> };
    request_shared_acts: SharedActRow;
    request_thread: ThreadRow;
    request_notes: NoteRow;
    request_supplements: SupplementRow;
    request_remarks: RemarkRow;
    shared_drafts: SharedDraftRow;
    request_files: FileRow;
    request_quarantine: QuarantineRow;
  }
}

/** Whom the transaction acts for, as the database was told: what the node does is written under this name. */
export async function actingFor(tx: Tx): Promise<string> {
  const { rows } = await sql<{ actor: string }>`select current_setting('comity.actor', true) as actor`.execute(tx);
  return rows[0]?.actor ?? '';
}

export async function insertMessage(tx: Tx, row: MessageRow): Promise<void> {
  await tx.insertInto('request_messages').values(row).execute();
}

export async function findMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  return tx.selectFrom('request_messages').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function lockMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  return tx.selectFrom('request_messages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateMessage(
  tx: Tx,
  id: string,
  change: Pick<MessageRow, 'state' | 'state_at' | 'reason'>,
): Promise<void> {
  await tx.updateTable('request_messages').set(change).where('id', '=', id).execute();
}

/** Marks what came and nobody had opened; answers which. */
export async function markOpened(tx: Tx, requestId: string, at: Instant): Promise<string[]> {
  const rows = await tx
    .updateTable('request_messages')
    .set({ opened_at: at })
    .where('request_id', '=', requestId)
    .where('direction', '=', 'in')
    .where('opened_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

export async function listMessages(tx: Tx, of: { requestId: string } | { draftId: string }): Promise<MessageRow[]> {
  const query = tx.selectFrom('request_messages').selectAll();
  const chosen =
    'requestId' in of ? query.where('request_id', '=', of.requestId) : query.where('draft_id', '=', of.draftId);
  return chosen.orderBy('seq').execute();
}

/** Keeps an act once; whether it was new. */
export async function insertSharedAct(tx: Tx, row: SharedActRow): Promise<boolean> {
  const done = await tx
    .insertInto('request_shared_acts')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

export async function listSharedActs(tx: Tx, requestId: string): Promise<SharedAct[]> {
  const rows = await tx.selectFrom('request_shared_acts').selectAll().where('request_id', '=', requestId).execute();
  return rows.map(({ act_id, n, side, kind, at, causes }) => ({ id: act_id, n, side, kind, at, causes }));
}

/** Keeps an entry once; whether it was new. */
export async function insertThreadEntry(tx: Tx, row: ThreadRow): Promise<boolean> {
  const done = await tx
    .insertInto('request_thread')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

export async function listThread(tx: Tx, requestId: string): Promise<ThreadRow[]> {
  return tx
    .selectFrom('request_thread')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function insertNote(tx: Tx, row: NoteRow): Promise<void> {
  await tx.insertInto('request_notes').values(row).execute();
}

export async function listNotes(tx: Tx, requestId: string): Promise<NoteRow[]> {
  return tx
    .selectFrom('request_notes')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function insertSupplement(tx: Tx, row: SupplementRow): Promise<void> {
  await tx
    .insertInto('request_supplements')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function updateSupplement(
  tx: Tx,
  id: string,
  change: Pick<SupplementRow, 'status'> & Partial<Pick<SupplementRow, 'sealed_body'>>,
): Promise<void> {
  await tx.updateTable('request_supplements').set(change).where('id', '=', id).execute();
}

export async function listSupplements(tx: Tx, requestId: string): Promise<SupplementRow[]> {
  return tx
    .selectFrom('request_supplements')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function insertRemark(tx: Tx, row: RemarkRow): Promise<void> {
  await tx
    .insertInto('request_remarks')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listRemarks(tx: Tx, of: { requestId: string } | { draftId: string }): Promise<RemarkRow[]> {
  const query = tx.selectFrom('request_remarks').selectAll();
  const chosen =
    'requestId' in of ? query.where('request_id', '=', of.requestId) : query.where('draft_id', '=', of.draftId);
  return chosen.orderBy('at').orderBy('id').execute();
}

export async function insertSharedDraft(tx: Tx, row: SharedDraftRow): Promise<void> {
  await tx.insertInto('shared_drafts').values(row).execute();
}

export async function findSharedDraft(tx: Tx, id: string): Promise<SharedDraftRow | undefined> {
  return tx.selectFrom('shared_drafts').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest draft of a conversation, whose case file the request that follows joins. */
export async function findDraftOfConversation(tx: Tx, conversationId: string): Promise<SharedDraftRow | undefined> {
  return tx
    .selectFrom('shared_drafts')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertFile(tx: Tx, row: FileRow): Promise<void> {
  await tx
    .insertInto('request_files')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listFiles(tx: Tx, requestId: string): Promise<FileRow[]> {
  return tx.selectFrom('request_files').selectAll().where('request_id', '=', requestId).orderBy('file_id').execute();
}

export async function insertQuarantine(tx: Tx, row: QuarantineRow): Promise<void> {
  await tx
    .insertInto('request_quarantine')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listQuarantine(tx: Tx, limit: number): Promise<QuarantineRow[]> {
  return tx.selectFrom('request_quarantine').selectAll().orderBy('at', 'desc').limit(limit).execute();
}
