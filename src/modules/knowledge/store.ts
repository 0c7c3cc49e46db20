import { sql } from 'kysely';
import type { Tx } from '../../platform/db/index.ts';
import { Work } from './sources/schema.ts';

interface WorkRow {
  work: string;
  language: string;
  slug: string;
  kind: string;
  title: string;
  short_titles: string;
  body: string | null;
  date: string | null;
  provisions: number;
  origin: string;
}

/** One target of one citation in the text of a unit. */
export interface CitationRow {
  unit_id: string;
  place: number;
  span_from: number;
  span_to: number;
  target_work: string;
  target_e_id: string | null;
}

declare module '../../platform/db/tables.ts' {
  interface Tables {
    knowledge_works: WorkRow;
    knowledge_citations: CitationRow;
  }
}

const rowsAtOnce = 2000;

/** Two processes that read the packs at once would write the same rows: one waits for the other. */
export async function lockWorks(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('knowledge_works'))`.execute(tx);
}

/** Puts these works in place of all that were there. */
export async function replaceWorks(tx: Tx, works: readonly Work[]): Promise<void> {
  await tx.deleteFrom('knowledge_works').execute();
  if (works.length === 0) return;
  await tx
    .insertInto('knowledge_works')
    .values(
      works.map(({ shortTitles, origin, ...one }) => ({
        ...one,
        // jsonb parameters travel as text: the driver would send an array as a PostgreSQL array.
        short_titles: JSON.stringify(shortTitles),
        origin: JSON.stringify(origin),
      })),
    )
    .execute();
}

const toWork = ({ short_titles, origin, ...row }: WorkRow): Work =>
  Work.parse({ ...row, shortTitles: short_titles, origin });

export async function listWorks(tx: Tx): Promise<Work[]> {
  const rows = await tx
    .selectFrom('knowledge_works')
    .selectAll()
    .select(sql<string | null>`to_char(date, 'YYYY-MM-DD')`.as('date'))
    .orderBy('kind', 'desc')
    .orderBy('work')
    .orderBy('language')
    .execute();
  return rows.map(toWork);
}

export async function findWorks(tx: Tx, slug: string): Promise<Work[]> {
  const rows = await tx
    .selectFrom('knowledge_works')
    .selectAll()
    .select(sql<string | null>`to_char(date, 'YYYY-MM-DD')`.as('date'))
    .where('slug', '=', slug)
    .orderBy('language')
    .execute();
  return rows.map(toWork);
}

/** Puts these citations in place of all that were there. */
export async function replaceCitations(tx: Tx, rows: readonly CitationRow[]): Promise<void> {
  await tx.deleteFrom('knowledge_citations').execute();
  for (let n = 0; n < rows.length; n += rowsAtOnce)
    await tx
      .insertInto('knowledge_citations')
      .values(rows.slice(n, n + rowsAtOnce))
      .execute();
}

export async function listCitations(tx: Tx, unitId: string): Promise<CitationRow[]> {
  return tx.selectFrom('knowledge_citations').selectAll().where('unit_id', '=', unitId).orderBy('place').execute();
}

/** Citations of a provision and of the items in it, so many at most, each citing unit once. */
export async function listCitedBy(tx: Tx, work: string, eId: string | null, most: number): Promise<CitationRow[]> {
  let query = tx.selectFrom('knowledge_citations').selectAll().where('target_work', '=', work);
  if (eId !== null)
    query = query.where((one) =>
      // An underscore means any one character to LIKE: what begins alike is compared by its length.
      one.or([one('target_e_id', '=', eId), one(sql`starts_with(target_e_id, ${`${eId}__`})`, '=', sql`true`)]),
    );
  return query.distinctOn('unit_id').orderBy('unit_id').orderBy('place').limit(most).execute();
}
