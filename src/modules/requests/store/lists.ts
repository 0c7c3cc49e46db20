import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { RequestRow } from './request-row.ts';

/** Which page of a list, in which order: newest change first, or urgent ones and the next end of a term first. */
export interface Paging {
  order?: 'changed' | 'due';
  /** Only those after this one in the order: the next page. */
  after?: { key: string; id: string; urgent?: boolean };
  limit: number;
}

const lastDay = '9999-12-31';

/** Requests of one side that the actor may know of and that meet every condition, in their order. */
export async function listSide(
  tx: Tx,
  side: RequestRow['side'],
  visible: RawBuilder<boolean>,
  conditions: readonly (RawBuilder<boolean> | undefined)[],
  { order, after, limit }: Paging,
): Promise<RequestRow[]> {
  let query = tx.selectFrom('requests').selectAll().where('side', '=', side).where(visible);
  for (const condition of conditions) if (condition) query = query.where(condition);
  if (order === 'due') {
    if (after) {
      const { key, id, urgent = false } = after;
      query = query.where(
        sql<boolean>`(not requests.urgent, coalesce(requests.due_on, ${lastDay}::date), requests.id) > (${!urgent}, ${key === '' ? lastDay : key}::date, ${id}::uuid)`,
      );
    }
    return query
      .orderBy(sql`not requests.urgent`)
      .orderBy(sql`coalesce(requests.due_on, ${sql.lit(lastDay)}::date)`)
      .orderBy('id')
      .limit(limit)
      .execute();
  }
  if (after) {
    const { key, id } = after;
    query = query.where(sql<boolean>`(requests.changed_at, requests.id) < (${key}::timestamptz, ${id}::uuid)`);
  }
  return query.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** How many requests of one side meet the condition of each view, of those the actor may know of. */
export async function countSide<Name extends string>(
  tx: Tx,
  side: RequestRow['side'],
  visible: RawBuilder<boolean>,
  views: readonly Name[],
  condition: (name: Name) => RawBuilder<boolean>,
): Promise<Record<Name, number>> {
  const row = await tx
    .selectFrom('requests')
    .select(views.map((name) => sql<string>`count(*) filter (where ${condition(name)})`.as(name)))
    .where('side', '=', side)
    .where(visible)
    .executeTakeFirstOrThrow();
  return Object.fromEntries(views.map((name) => [name, Number((row as Record<string, string>)[name])])) as Record<
    Name,
    number
  >;
}
