import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../../platform/db/index.ts';
import type { Hash, Instant, PlainDate, Reference, StateCode } from '../../platform/values/index.ts';
import type { CaseFileId } from '../evidence/index.ts';
import type { ActionKind, Status } from './schema/index.ts';

export interface RequestRow {
  id: string;
  reference: Reference;
  case_file_id: CaseFileId;
  office_id: string;
  side: 'outgoing' | 'incoming';
  requesting_state: StateCode;
  requested_state: StateCode | null;
  types: string[];
  status: Status;
  urgent: boolean;
  deadline: PlainDate | null;
  request_version: number;
  rule_set: string;
  content_hash: Hash;
  revision: number;
  head_action: string;
  tasks_done: number;
  created_by: string;
  created_at: Instant;
  changed_at: Instant;
}

export interface RevisionRow {
  request_id: string;
  revision: number;
  case_file_id: CaseFileId;
  section: string;
  content_hash: Hash;
  sealed_request: Buffer;
  saved_by: string;
  saved_at: Instant;
}

export interface ActionRow {
  id: string;
  request_id: string;
  seq: number;
  case_file_id: CaseFileId;
  at: Instant;
  actor: string;
  kind: ActionKind;
  shared: boolean;
  causes: string | null;
  sealed_data: Buffer;
}

declare module '../../platform/db/tables.ts' {
  interface Tables {
    requests: RequestRow;
    request_counters: { month: string; last: number };
    request_revisions: RevisionRow;
    request_actions: ActionRow;
  }
}

/** Next number of a month; two openings at once wait for each other. */
export async function nextNumber(tx: Tx, month: string): Promise<number> {
  const row = await tx
    .insertInto('request_counters')
    .values({ month, last: 1 })
    .onConflict((conflict) => conflict.column('month').doUpdateSet({ last: sql`request_counters.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  return row.last;
}

export async function insertRequest(tx: Tx, row: RequestRow): Promise<void> {
  await tx.insertInto('requests').values(row).execute();
}

export async function findRequest(tx: Tx, reference: Reference): Promise<RequestRow | undefined> {
  return tx.selectFrom('requests').selectAll().where('reference', '=', reference).executeTakeFirst();
}

/** The row for change: two officials, one act. */
export async function lockRequest(tx: Tx, reference: Reference): Promise<RequestRow | undefined> {
  return tx.selectFrom('requests').selectAll().where('reference', '=', reference).forUpdate().executeTakeFirst();
}

export type RequestChange = Partial<
  Pick<
    RequestRow,
    | 'requested_state'
    | 'types'
    | 'status'
    | 'urgent'
    | 'deadline'
    | 'request_version'
    | 'rule_set'
    | 'content_hash'
    | 'revision'
    | 'head_action'
    | 'tasks_done'
    | 'changed_at'
  >
>;

export async function updateRequest(tx: Tx, id: string, change: RequestChange): Promise<void> {
  await tx.updateTable('requests').set(change).where('id', '=', id).execute();
}

export async function insertRevision(tx: Tx, row: RevisionRow): Promise<void> {
  await tx.insertInto('request_revisions').values(row).execute();
}

export async function findRevision(tx: Tx, id: string, revision: number): Promise<RevisionRow | undefined> {
  return tx
    .selectFrom('request_revisions')
    .selectAll()
    .where('request_id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst();
}

export type RevisionHead = Pick<RevisionRow, 'revision' | 'section' | 'content_hash' | 'saved_by' | 'saved_at'>;

/** All saves in order, without their text. */
export async function listRevisions(tx: Tx, id: string): Promise<RevisionHead[]> {
  return tx
    .selectFrom('request_revisions')
    .select(['revision', 'section', 'content_hash', 'saved_by', 'saved_at'])
    .where('request_id', '=', id)
    .orderBy('revision')
    .execute();
}

/** Newest save of one section or of all sections at once. */
export async function findSectionHead(tx: Tx, id: string, section: string): Promise<RevisionHead | undefined> {
  return tx
    .selectFrom('request_revisions')
    .select(['revision', 'section', 'content_hash', 'saved_by', 'saved_at'])
    .where('request_id', '=', id)
    .where('section', 'in', [section, 'all'])
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertAction(tx: Tx, row: ActionRow): Promise<void> {
  await tx.insertInto('request_actions').values(row).execute();
}

export async function listActions(tx: Tx, id: string): Promise<ActionRow[]> {
  return tx.selectFrom('request_actions').selectAll().where('request_id', '=', id).orderBy('seq').execute();
}

export interface RequestFilter {
  status?: Status;
  /** Deadline on or before this day. */
  dueBefore?: PlainDate;
  caseFileId?: CaseFileId;
  requestedState?: StateCode;
  /** Only those changed before this one: the next page. */
  after?: { changedAt: Instant; id: string };
  limit: number;
}

/** Newest change first. */
export async function listRequestRows(
  tx: Tx,
  visible: RawBuilder<boolean>,
  filter: RequestFilter,
): Promise<RequestRow[]> {
  let query = tx.selectFrom('requests').selectAll().where(visible);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.dueBefore !== undefined) query = query.where('deadline', '<=', filter.dueBefore);
  if (filter.caseFileId !== undefined) query = query.where('case_file_id', '=', filter.caseFileId);
  if (filter.requestedState !== undefined) query = query.where('requested_state', '=', filter.requestedState);
  if (filter.after !== undefined) {
    const { changedAt, id } = filter.after;
    query = query.where(sql<boolean>`(requests.changed_at, requests.id) < (${changedAt}::timestamptz, ${id}::uuid)`);
  }
  return query.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}

/** How many stand at each status, of those the actor may know of. */
export async function countByStatus(tx: Tx, visible: RawBuilder<boolean>): Promise<{ status: Status; n: number }[]> {
  const rows = await tx
    .selectFrom('requests')
    .select(['status', sql<string>`count(*)`.as('n')])
    .where(visible)
    .groupBy('status')
    .execute();
  return rows.map((row) => ({ status: row.status, n: Number(row.n) }));
}
