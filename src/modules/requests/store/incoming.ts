import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { IncomingStatus } from '../schema/index.ts';
import type { SharedDraftRow } from './conversation.ts';
import { countSide, listSide, type Paging } from './lists.ts';
import type { RequestRow } from './request-row.ts';
import { deskViews, type DeskView } from './requests.ts';

export interface IncomingReader {
  personId: string;
  today: PlainDate;
  until: PlainDate;
  /** Whether this person may decide refusals or check results. */
  approves: boolean;
}

export interface IncomingRowFilter extends Paging {
  status?: IncomingStatus;
  from?: StateCode;
  owner?: string;
  caseFileId?: CaseFileId;
  view?: { name: DeskView; reader: IncomingReader };
}

/** Condition of a view of the desk for requests that came in. */
function inIncomingView(name: DeskView, reader: IncomingReader): RawBuilder<boolean> {
  const { personId, today, until, approves } = reader;
  const open = sql<boolean>`requests.status not in ('closed')`;
  const asleep = sql<boolean>`coalesce(requests.waiting_until > ${today}::date, false)`;
  switch (name) {
    case 'new':
      return sql<boolean>`(requests.status = 'received' or (${open} and requests.owner_id is null))`;
    case 'mine':
      return sql<boolean>`(${open} and not ${asleep} and requests.owner_id = ${personId})`;
    case 'due':
      return sql<boolean>`(${open} and requests.due_on between ${today}::date and ${until}::date)`;
    case 'overdue':
      return sql<boolean>`(${open} and requests.due_on < ${today}::date)`;
    case 'waiting':
      return sql<boolean>`(${open} and (${asleep} or requests.status in ('information-asked', 'conditions-proposed', 'results-sent')))`;
    case 'approve':
      return approves ? sql<boolean>`requests.status in ('consultation', 'executed')` : sql<boolean>`false`;
    case 'all':
      return sql<boolean>`true`;
  }
}

/** Requests of other States that a filter lets through. */
export function listIncomingRows(
  tx: Tx,
  visible: RawBuilder<boolean>,
  filter: IncomingRowFilter,
): Promise<RequestRow[]> {
  const { status, from, owner, caseFileId, view } = filter;
  return listSide(
    tx,
    'incoming',
    visible,
    [
      status && sql<boolean>`requests.status = ${status}`,
      from && sql<boolean>`requests.requesting_state = ${from}`,
      owner === undefined ? undefined : sql<boolean>`requests.owner_id = ${owner}`,
      caseFileId && sql<boolean>`requests.case_file_id = ${caseFileId}`,
      view && inIncomingView(view.name, view.reader),
    ],
    filter,
  );
}

/** How many requests of other States lie in each view, of those the actor may know of. */
export function countIncomingViews(
  tx: Tx,
  visible: RawBuilder<boolean>,
  reader: IncomingReader,
): Promise<Record<DeskView, number>> {
  return countSide(tx, 'incoming', visible, deskViews, (name) => inIncomingView(name, reader));
}

/** The request of a conversation on one side, held still until the transaction ends. */
export async function lockConversation(
  tx: Tx,
  conversationId: string,
  side: RequestRow['side'],
): Promise<RequestRow | undefined> {
  return tx
    .selectFrom('requests')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('side', '=', side)
    .forUpdate()
    .executeTakeFirst();
}

/** An incoming request by the other State's reference. */
export async function findByOtherReference(
  tx: Tx,
  authority: string,
  reference: string,
): Promise<RequestRow | undefined> {
  return tx
    .selectFrom('requests')
    .selectAll()
    .where('side', '=', 'incoming')
    .where('other_authority', '=', authority)
    .where('other_reference', '=', reference)
    .executeTakeFirst();
}

/** Requests that bear a reference, as their own or as the other side's; two sides may share one. */
export async function findByAnyReference(tx: Tx, reference: string): Promise<RequestRow[]> {
  return tx
    .selectFrom('requests')
    .selectAll()
    .where((eb) =>
      eb.or([eb('reference', '=', reference as RequestRow['reference']), eb('other_reference', '=', reference)]),
    )
    .limit(20)
    .execute();
}

export async function listSharedDraftRows(
  tx: Tx,
  visible: RawBuilder<boolean>,
  limit: number,
): Promise<SharedDraftRow[]> {
  return tx
    .selectFrom('shared_drafts')
    .selectAll()
    .where(visible)
    .orderBy('received_at', 'desc')
    .limit(limit)
    .execute();
}

/** Those of some requests of which an official has read the newest text. */
export async function listOpened(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('request_messages')
    .select('request_id')
    .where('request_id', 'in', [...ids])
    .where('direction', '=', 'in')
    .where('kind', '=', 'request/1')
    .where('opened_at', 'is not', null)
    .execute();
  return new Set(rows.flatMap((row) => row.request_id ?? []));
}

/** First moment at which a running term of each request ends; terms that stand still and retention do not count. */
export async function listNextDue(tx: Tx, ids: readonly string[]): Promise<Map<string, Instant>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('request_clocks')
    .select((eb) => ['request_id', eb.fn.min('due_at').as('due_at')])
    .where('request_id', 'in', [...ids])
    .where('paused', '=', false)
    .where('kind', '<>', 'retention')
    .groupBy('request_id')
    .execute();
  return new Map(rows.map((row) => [row.request_id, row.due_at]));
}
