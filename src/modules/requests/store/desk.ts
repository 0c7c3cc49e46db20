import { sql, type Generated, type RawBuilder } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { Clock } from '../rules/index.ts';
import type { RequestRow } from './request-row.ts';

export interface DeskRow {
  id: string;
  request_id: string;
  case_file_id: CaseFileId;
  at: Instant;
  actor: string;
  kind: 'assign' | 'wait' | 'undo';
  owner_id: string | null;
  waiting_until: PlainDate | null;
  undoes: string | null;
}

export interface ClockRow {
  request_id: string;
  case_file_id: CaseFileId;
  kind: Clock['kind'];
  item: string;
  start_at: Instant;
  due_at: Instant;
  paused: boolean;
}

export interface NoticeRow {
  id: Generated<string>;
  request_id: string;
  case_file_id: CaseFileId;
  kind: Clock['kind'];
  item: string;
  due_at: Instant;
  level: 50 | 80 | 100 | 110;
  at: Instant;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    request_desk: DeskRow & { seq: Generated<string> };
    request_clocks: ClockRow;
    request_notices: NoticeRow;
  }
}

export async function insertDeskRow(tx: Tx, row: DeskRow): Promise<void> {
  await tx.insertInto('request_desk').values(row).execute();
}

/** Desk work on a request in order, oldest first. */
export async function listDeskRows(tx: Tx, requestId: string): Promise<DeskRow[]> {
  return tx.selectFrom('request_desk').selectAll().where('request_id', '=', requestId).orderBy('seq').execute();
}

export async function replaceClocks(tx: Tx, requestId: string, rows: readonly ClockRow[]): Promise<void> {
  await tx.deleteFrom('request_clocks').where('request_id', '=', requestId).execute();
  if (rows.length > 0) await tx.insertInto('request_clocks').values(rows).execute();
}

/**
 * Writes what the desk has to be told of terms by now, each level once per term. Terms that pause are left out;
 * a retention term is told at its end only.
 * @returns how many were written
 */
export async function insertDueNotices(tx: Tx, now: Instant): Promise<number> {
  const made = await sql`
    insert into request_notices (id, request_id, case_file_id, kind, item, due_at, level, at)
    select gen_random_uuid(), c.request_id, c.case_file_id, c.kind, c.item, c.due_at, l.level, ${now}::timestamptz
      from request_clocks c
      join requests r on r.id = c.request_id
      cross join (values (50), (80), (100), (110)) as l (level)
     where not c.paused
       and (r.status not in ('withdrawn', 'closed', 'discarded') or c.kind in ('retention', 'freeze-end'))
       and (l.level = 100 or c.kind <> 'retention')
       and ${now}::timestamptz >= c.start_at + (c.due_at - c.start_at) * (l.level / 100.0)
        on conflict do nothing`.execute(tx);
  return Number(made.numAffectedRows ?? 0);
}

export interface TermRow extends Pick<ClockRow, 'kind' | 'item' | 'start_at' | 'due_at' | 'paused'> {
  reference: RequestRow['reference'];
  side: RequestRow['side'];
  types: string[];
  urgent: boolean;
  requesting_state: StateCode;
  requested_state: StateCode | null;
  other_authority: string | null;
  owner: string;
  level: NoticeRow['level'] | null;
}

/** Terms that end before a moment, of requests the actor may know of; next end first. */
export async function listTerms(
  tx: Tx,
  visible: RawBuilder<boolean>,
  before: Instant,
  limit: number,
): Promise<TermRow[]> {
  return tx
    .selectFrom('request_clocks as c')
    .innerJoin('requests', 'requests.id', 'c.request_id')
    .select([
      'requests.reference',
      'requests.side',
      'requests.types',
      'requests.urgent',
      'requests.requesting_state',
      'requests.requested_state',
      'requests.other_authority',
      sql<string>`coalesce(requests.owner_id, requests.created_by)`.as('owner'),
      'c.kind',
      'c.item',
      'c.start_at',
      'c.due_at',
      'c.paused',
      sql<NoticeRow['level'] | null>`(select max(n.level) from request_notices n
         where n.request_id = c.request_id and n.kind = c.kind and n.item = c.item and n.due_at = c.due_at)`.as(
        'level',
      ),
    ])
    .where(visible)
    .where('c.kind', '<>', 'retention')
    .where('c.due_at', '<', before)
    .orderBy('c.due_at')
    .orderBy('requests.reference')
    .orderBy('c.kind')
    .orderBy('c.item')
    .limit(limit)
    .execute();
}

export interface ShownNotice {
  reference: string;
  owner: string;
  kind: Clock['kind'];
  item: string;
  due_at: Instant;
  level: 50 | 80 | 100 | 110;
  at: Instant;
}

/** Highest level told of each term that still runs, of requests the actor may know of; next end first. */
export async function listNotices(tx: Tx, visible: RawBuilder<boolean>, limit: number): Promise<ShownNotice[]> {
  return tx
    .selectFrom('request_notices as n')
    .innerJoin('requests', 'requests.id', 'n.request_id')
    .innerJoin('request_clocks as c', (join) =>
      join
        .onRef('c.request_id', '=', 'n.request_id')
        .onRef('c.kind', '=', 'n.kind')
        .onRef('c.item', '=', 'n.item')
        .onRef('c.due_at', '=', 'n.due_at'),
    )
    .distinctOn(['n.due_at', 'n.request_id', 'n.kind', 'n.item'])
    .select([
      'requests.reference',
      sql<string>`coalesce(requests.owner_id, requests.created_by)`.as('owner'),
      'n.kind',
      'n.item',
      'n.due_at',
      'n.level',
      'n.at',
    ])
    .where(visible)
    .orderBy('n.due_at')
    .orderBy('n.request_id')
    .orderBy('n.kind')
    .orderBy('n.item')
    .orderBy('n.level', 'desc')
    .limit(limit)
    .execute();
}
