import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { analysisVersion } from './analysis/index.ts';
import { SearchUnit, type AccessClass, type SearchLanguage } from './schema.ts';
import type { BuiltSegment } from './engine/build.ts';

// Two locks, by the tables at hand, so that a scratch index has its own: `units` puts writes in the order of their
// commits, `parts` lets one process at a time change the index.
const locks = {
  units: sql`hashtext('comity:knowledge-units'), 'knowledge_unit'::regclass::oid::integer`,
  parts: sql`hashtext('comity:knowledge-parts'), 'knowledge_unit'::regclass::oid::integer`,
};

export interface UnitRow {
  unit: SearchUnit;
  revision: number;
  firstRevision: number;
}

export interface PartRow {
  id: string;
  access: AccessClass;
  units: number;
  through: number;
  bytes: number;
  sha256: string;
}

/** Until this transaction ends nobody else writes units: a number that is seen means that all before it are committed. */
export async function lockUnits(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.units})`.execute(tx);
}

export async function lockParts(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.parts})`.execute(tx);
}

/** False when another process is at it. */
export async function tryLockParts(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${locks.parts}) as held`.execute(tx);
  return rows[0]!.held;
}

export async function findUnitHashes(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { sha256: string; access: AccessClass }>> {
  const { rows } = await sql<{ id: string; sha256: string; access: AccessClass }>`
    select id, sha256, access from knowledge_unit where id = any(${ids}::text[])`.execute(tx);
  return new Map(rows.map(({ id, sha256, access }) => [id, { sha256, access }]));
}

/** Writes units anew; each gets the next number. */
export async function writeUnits(
  tx: Tx,
  source: string,
  units: readonly { unit: SearchUnit; sha256: string }[],
): Promise<void> {
  await sql`
    insert into knowledge_unit (id, access, source, work, unit, sha256, revision, first_revision)
    select id, access, ${source}, work, unit::json, sha256, number, number
      from (select *, nextval('knowledge_revision') as number
              from unnest(${units.map(({ unit }) => unit.id)}::text[], ${units.map(({ unit }) => unit.access)}::text[],
                          ${units.map(({ unit }) => unit.work)}::text[], ${units.map(({ unit }) => JSON.stringify(unit))}::text[],
                          ${units.map(({ sha256 }) => sha256)}::text[]) as given (id, access, work, unit, sha256)) as numbered
        on conflict (id) do update
       set access = excluded.access, source = excluded.source, work = excluded.work, unit = excluded.unit,
           sha256 = excluded.sha256, revision = excluded.revision`.execute(tx);
}

export async function deleteUnits(tx: Tx, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from knowledge_unit where id = any(${ids}::text[]) returning id`.execute(tx);
  return rows.length;
}

export async function listSourceIds(tx: Tx, source: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from knowledge_unit where source = ${source}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** From now on no part of the index finds these units. Call it with the units locked. */
export async function markGone(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    insert into knowledge_mark (unit_id, revision)
    select id, nextval('knowledge_revision') from unnest(${ids}::text[]) as given (id)
        on conflict (unit_id) do update set revision = excluded.revision`.execute(tx);
  await touchIndex(tx);
}

/** From now on only parts that are made later find these units. Call it with the units locked. */
export async function markMoved(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into knowledge_mark (unit_id, revision)
    select id, revision from knowledge_unit where id = any(${ids}::text[])
        on conflict (unit_id) do update set revision = excluded.revision`.execute(tx);
  await touchIndex(tx);
}

/** The part that is being made finds these units; none that was there does. */
export async function markIndexed(tx: Tx, rows: readonly UnitRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into knowledge_mark (unit_id, revision)
    select id, revision from unnest(${rows.map(({ unit }) => unit.id)}::text[], ${rows.map(({ revision }) => revision)}::bigint[])
             as given (id, revision)
        on conflict (unit_id) do update set revision = greatest(knowledge_mark.revision, excluded.revision)`.execute(
    tx,
  );
}

/** Tells every process that the index is another. */
export async function touchIndex(tx: Tx): Promise<void> {
  await sql`update knowledge_index set version = version + 1`.execute(tx);
}

export async function findIndexRow(
  tx: Tx,
): Promise<{ through: number; analysis: string; version: string } | undefined> {
  const { rows } = await sql<{ through: string; analysis: string; version: string }>`
    select through, analysis, version from knowledge_index`.execute(tx);
  const [row] = rows;
  return row && { ...row, through: Number(row.through) };
}

export async function setIndexed(tx: Tx, through: number): Promise<void> {
  await sql`
    insert into knowledge_index (version, through, analysis) values (1, ${through}, ${analysisVersion})
        on conflict (one) do update
       set version = knowledge_index.version + 1, through = excluded.through, analysis = excluded.analysis`.execute(tx);
}

export async function latestRevision(tx: Tx): Promise<number> {
  const { rows } = await sql<{ latest: string | null }>`select max(revision) as latest from knowledge_unit`.execute(tx);
  return Number(rows[0]?.latest ?? 0);
}

const toRow = (row: { unit: unknown; revision: string; first_revision: string }): UnitRow => ({
  unit: SearchUnit.parse(row.unit),
  revision: Number(row.revision),
  firstRevision: Number(row.first_revision),
});

/** Units that changed after a number, in the order of their changes. */
export async function listChanged(tx: Tx, after: number, most: number): Promise<UnitRow[]> {
  const { rows } = await sql<{ unit: unknown; revision: string; first_revision: string }>`
    select unit, revision, first_revision from knowledge_unit
     where revision > ${after} order by revision limit ${most}`.execute(tx);
  return rows.map(toRow);
}

export async function countChanged(tx: Tx, after: number): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from knowledge_unit where revision > ${after}`.execute(tx);
  return Number(rows[0]!.count);
}

/** Units of one class in the order of their ids, up to a number of change. */
export async function listOfClass(
  tx: Tx,
  access: AccessClass,
  afterId: string,
  through: number,
  most: number,
): Promise<SearchUnit[]> {
  const { rows } = await sql<{ unit: unknown }>`
    select unit from knowledge_unit
     where access = ${access} and id > ${afterId} and revision <= ${through} order by id limit ${most}`.execute(tx);
  return rows.map(({ unit }) => SearchUnit.parse(unit));
}

export async function listClasses(tx: Tx): Promise<{ access: AccessClass; units: number }[]> {
  const { rows } = await sql<{ access: AccessClass; units: string }>`
    select access, count(*) as units from knowledge_unit group by access order by access`.execute(tx);
  return rows.map(({ access, units }) => ({ access, units: Number(units) }));
}

export async function listByIds(
  tx: Tx,
  ids: readonly string[],
  access: AccessClass,
  through: number,
): Promise<SearchUnit[]> {
  const { rows } = await sql<{ unit: unknown }>`
    select unit from knowledge_unit
     where id = any(${ids}::text[]) and access = ${access} and revision <= ${through}`.execute(tx);
  return rows.map(({ unit }) => SearchUnit.parse(unit));
}

/** All units of a work in one language that a reader may see, in the order of the text. */
export async function listOfWork(
  tx: Tx,
  work: string,
  language: SearchLanguage,
  access: readonly AccessClass[],
): Promise<SearchUnit[]> {
  const { rows } = await sql<{ unit: unknown }>`
    select unit from knowledge_unit
     where work = ${work} and access = any(${access}::text[]) and unit ->> 'language' = ${language}
     order by (unit ->> 'place')::integer nulls first, id`.execute(tx);
  return rows.map(({ unit }) => SearchUnit.parse(unit));
}

export async function listParts(tx: Tx): Promise<PartRow[]> {
  const { rows } = await sql<PartRow & { through: string; bytes: string }>`
    select id::text, access, units, through, bytes, sha256 from knowledge_segment order by id`.execute(tx);
  return rows.map((row) => ({ ...row, through: Number(row.through), bytes: Number(row.bytes) }));
}

export async function deleteParts(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`delete from knowledge_segment where id = any(${ids}::bigint[])`.execute(tx);
}

/** Marks that no part is older than tell nobody anything. */
export async function dropOldMarks(tx: Tx): Promise<void> {
  await sql`
    delete from knowledge_mark
     where revision <= (select coalesce(min(through), 9223372036854775807) from knowledge_segment)`.execute(tx);
}

const atOnce = 4000;

export async function writePart(
  tx: Tx,
  part: BuiltSegment & { access: AccessClass; through: number; bytes: number; sha256: string },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into knowledge_segment (access, units, through, columns, bytes, sha256)
    values (${part.access}, ${part.units}, ${part.through}, ${part.columns}, ${part.bytes}, ${part.sha256})
    returning id::text`.execute(tx);
  const { id } = rows[0]!;
  for (let from = 0; from < part.terms.length; from += atOnce) {
    const some = part.terms.slice(from, from + atOnce);
    await sql`
      insert into knowledge_posting (segment, term, units, postings, positions)
      select ${id}::bigint, term, units, postings, positions
        from unnest(${some.map((one) => one.term)}::text[], ${some.map((one) => one.units)}::integer[],
                    ${some.map((one) => one.postings)}::bytea[], ${some.map((one) => one.positions)}::bytea[])
          as given (term, units, postings, positions)`.execute(tx);
  }
}

/** Postings of a part in the order of their terms, some at a time. */
export async function* walkPart(
  tx: Tx,
  id: string,
): AsyncGenerator<{ term: string; units: number; postings: Buffer; positions: Buffer }> {
  let after = '';
  for (;;) {
    const { rows } = await sql<{ term: string; units: number; postings: Buffer; positions: Buffer }>`
      select term, units, postings, positions from knowledge_posting
       where segment = ${id}::bigint and term > ${after} order by term limit ${atOnce}`.execute(tx);
    yield* rows;
    if (rows.length < atOnce) return;
    after = rows.at(-1)!.term;
  }
}

/** Ids of units that should be found, with their class. */
export async function* walkUnitIds(tx: Tx, through: number): AsyncGenerator<{ id: string; access: AccessClass }> {
  let after = '';
  for (;;) {
    const { rows } = await sql<{ id: string; access: AccessClass }>`
      select id, access from knowledge_unit where id > ${after} and revision <= ${through}
       order by id limit 20000`.execute(tx);
    yield* rows;
    if (rows.length < 20_000) return;
    after = rows.at(-1)!.id;
  }
}

/** Which of these units changed after a number: they wait to be indexed anew. */
export async function changedSince(tx: Tx, ids: readonly string[], through: number): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from knowledge_unit where id = any(${ids}::text[]) and revision > ${through}`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** Tables of a scratch index that hide the live ones from this transaction and end with it, however it ends. */
export async function makeScratch(tx: Tx): Promise<void> {
  for (const table of ['knowledge_unit', 'knowledge_index', 'knowledge_segment', 'knowledge_posting', 'knowledge_mark'])
    await sql`create temporary table ${sql.id(table)} (like ${sql.id('public', table)} including all) on commit drop`.execute(
      tx,
    );
}
