import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { IncomingStatus } from '../schema/index.ts';
import type { SharedDraftRow } from './conversation.ts';
import type { RequestRow } from './requests.ts';

export const incomingViews = ['new', 'mine', 'due', 'overdue', 'waiting', 'approve', 'all'] as const;
export type IncomingViewName = (typeof incomingViews)[number];

export interface IncomingReader {
  personId: string;
  today: PlainDate;
  until: PlainDate;
  /** Whether this person may decide refusals or check results. */
  approves: boolean;
}

export interface IncomingRowFilter {
  status?: IncomingStatus;
  from?: StateCode;
  owner?: string;
  caseFileId?: CaseFileId;
  view?: { name: IncomingViewName; reader: IncomingReader };
  order?: 'changed' | 'due';
  after?: { key: string; id: string; urgent?: boolean };
  limit: number;
}

/** Condition of a view of the desk for requests that came in. */
function inView(name: IncomingViewName, reader: IncomingReader): RawBuilder<boolean> {
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

const lastDay = '9999-12-31';

export async function listIncomingRows(
  tx: Tx,
  visible: RawBuilder<boolean>,
  filter: IncomingRowFilter,
): Promise<RequestRow[]> {
  let query = tx.selectFrom('requests').selectAll().where('side', '=', 'incoming').where(visible);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.from !== undefined) query = query.where('requesting_state', '=', filter.from);
  if (filter.owner !== undefined) query = query.where('owner_id', '=', filter.owner);
  if (filter.caseFileId !== undefined) query = query.where('case_file_id', '=', filter.caseFileId);
  if (filter.view) query = query.where(inView(filter.view.name, filter.view.reader));
  if (filter.order === 'due') {
    if (filter.after) {
      const { key, id, urgent = false } = filter.after;
      query = query.where(
        sql<boolean>`(not requests.urgent, coalesce(requests.due_on, ${lastDay}::date), requests.id) > (${!urgent}, ${key === '' ? lastDay : key}::date, ${id}::uuid)`,
      );
    }
    return query
      .orderBy(sql`not requests.urgent`)
      .orderBy(sql`coalesce(requests.due_on, ${sql.lit(lastDay)}::date)`)
      .orderBy('id')
      .limit(filter.limit)
      .execute();
  }
  if (filter.after) {
    const { key, id } = filter.after;
    query = query.where(sql<boolean>`(requests.changed_at, requests.id) < (${key}::timestamptz, ${id}::uuid)`);
  }
  return query.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}

export async function countIncomingViews(
  tx: Tx,
  visible: RawBuilder<boolean>,
  reader: IncomingReader,
): Promise<Record<IncomingViewName, number>> {
  const row = await tx
    .selectFrom('requests')
    .select(incomingViews.map((name) => sql<string>`count(*) filter (where ${inView(name, reader)})`.as(name)))
    .where('side', '=', 'incoming')
    .where(visible)
    .executeTakeFirstOrThrow();
  return Object.fromEntries(incomingViews.map((name) => [name, Number(row[name])])) as Record<IncomingViewName, number>;
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
