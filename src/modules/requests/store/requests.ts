import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Hash, Instant, PlainDate, Reference, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import { countSide, listSide, type Paging } from './lists.ts';
import type { RequestRow } from './request-row.ts';
import { Status, type ActionKind, type IncomingActionKind } from '../schema/index.ts';

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
  kind: ActionKind | IncomingActionKind;
  shared: boolean;
  causes: string | null;
  sealed_data: Buffer;
}

declare module '../../../platform/db/tables.ts' {
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
    | 'owner_id'
    | 'waiting_until'
    | 'due_on'
    | 'conversation_id'
    | 'own_authority'
    | 'other_authority'
    | 'other_reference'
    | 'changed_by_other_side'
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

/** Views of the desk, each a condition in SQL. */
export const deskViews = ['new', 'mine', 'due', 'overdue', 'waiting', 'approve', 'all'] as const;
export type DeskView = (typeof deskViews)[number];

/** Who looks at the desk, and on which day. */
export interface DeskReader {
  personId: string;
  today: PlainDate;
  /** Last day of the coming week. */
  until: PlainDate;
  /** Statuses at which this person's roles may approve. */
  approves: readonly Status[];
}

export interface RequestFilter extends Paging {
  status?: Status;
  /** A term ends on or before this day. */
  dueBefore?: PlainDate;
  caseFileId?: CaseFileId;
  requestedState?: StateCode;
  owner?: string;
  view?: { name: DeskView; reader: DeskReader };
}

const ended: readonly Status[] = ['withdrawn', 'closed', 'discarded'];
/** The other State has it. */
const elsewhere: readonly Status[] = ['draft-shared', 'sent', 'delivered', 'registered', 'in-execution', 'postponed'];

function list(values: readonly string[]): RawBuilder<unknown> {
  return sql`${[...values]}::text[]`;
}

/** Condition of a view. What this person wrote on is not theirs to approve. */
export function inView(name: DeskView, { personId, today, until, approves }: DeskReader): RawBuilder<boolean> {
  const open = sql<boolean>`requests.status <> all (${list(ended)})`;
  const asleep = sql<boolean>`requests.waiting_until is not null and requests.waiting_until > ${today}::date`;
  switch (name) {
    case 'new':
      return sql<boolean>`(${open} and requests.owner_id is null and requests.status <> 'draft')`;
    case 'mine':
      return sql<boolean>`(${open} and not coalesce(${asleep}, false) and coalesce(requests.owner_id, requests.created_by) = ${personId})`;
    case 'due':
      return sql<boolean>`(${open} and requests.due_on between ${today}::date and ${until}::date)`;
    case 'overdue':
      return sql<boolean>`(${open} and requests.due_on < ${today}::date)`;
    case 'waiting':
      return sql<boolean>`(${open} and (coalesce(${asleep}, false) or requests.status = any (${list(elsewhere)})))`;
    case 'approve':
      return sql<boolean>`(requests.status = any (${list(approves)}) and not exists (
        select 1 from request_actions a
         where a.request_id = requests.id and a.actor = ${personId} and a.kind in ('open', 'edit', 'submit-for-review')))`;
    case 'all':
      return sql<boolean>`true`;
  }
}

/** Own requests that a filter lets through. */
export function listRequestRows(tx: Tx, visible: RawBuilder<boolean>, filter: RequestFilter): Promise<RequestRow[]> {
  const { status, dueBefore, caseFileId, requestedState, owner, view } = filter;
  return listSide(
    tx,
    'outgoing',
    visible,
    [
      status && sql<boolean>`requests.status = ${status}`,
      dueBefore && sql<boolean>`least(requests.deadline, requests.due_on) <= ${dueBefore}::date`,
      caseFileId && sql<boolean>`requests.case_file_id = ${caseFileId}`,
      requestedState && sql<boolean>`requests.requested_state = ${requestedState}`,
      owner === undefined ? undefined : sql<boolean>`coalesce(requests.owner_id, requests.created_by) = ${owner}`,
      view && inView(view.name, view.reader),
    ],
    filter,
  );
}

/** How many own requests lie in each view, of those the actor may know of. */
export function countViews(
  tx: Tx,
  visible: RawBuilder<boolean>,
  reader: DeskReader,
): Promise<Record<DeskView, number>> {
  return countSide(tx, 'outgoing', visible, deskViews, (name) => inView(name, reader));
}

/** How many stand at each status, of those the actor may know of. */
export async function countByStatus(tx: Tx, visible: RawBuilder<boolean>): Promise<{ status: Status; n: number }[]> {
  const rows = await tx
    .selectFrom('requests')
    .select(['status', sql<string>`count(*)`.as('n')])
    .where('side', '=', 'outgoing')
    .where(visible)
    .groupBy('status')
    .execute();
  return rows.map((row) => ({ status: Status.parse(row.status), n: Number(row.n) }));
}

/** Whether a paper of this content was issued here. */
export async function hasRendition(tx: Tx, contentHash: Hash): Promise<boolean> {
  const row = await tx
    .selectFrom('request_renditions')
    .select('file_sha256')
    .where('content_hash', '=', contentHash)
    .where('format', 'in', ['pdf', 'docx'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
