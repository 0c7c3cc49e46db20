import { sql } from 'kysely';
import type { Db, Tx } from '../../../../platform/db/index.ts';
import { SearchUnit, type AccessClass } from '../schema.ts';
import { analysisVersion } from '../analysis/index.ts';
import type { IndexState, IndexStorage, TermRow } from './storage.ts';

/** The index in the database of the node: every process sees what is committed. SQL and nothing else. */
export function databaseStorage(db: Db | Tx): IndexStorage {
  return {
    async state(): Promise<IndexState | undefined> {
      const { rows } = await sql<{
        version: string;
        segments: { id: string; access: AccessClass; units: number; through: number }[] | null;
        marks: { unit: string; revision: number }[] | null;
      }>`
        select i.version,
               (select json_agg(json_build_object('id', s.id::text, 'access', s.access, 'units', s.units, 'through', s.through) order by s.id)
                  from knowledge_segment s) as segments,
               (select json_agg(json_build_object('unit', m.unit_id, 'revision', m.revision)) from knowledge_mark m) as marks
          from knowledge_index i where i.analysis = ${analysisVersion}`.execute(db);
      const [row] = rows;
      return row && { version: row.version, segments: row.segments ?? [], marks: row.marks ?? [] };
    },

    async columns(segments): Promise<Map<string, Buffer>> {
      const found = new Map<string, Buffer>();
      // One by one: together they may be larger than a message may be.
      for (const id of segments) {
        const { rows } = await sql<{ columns: Buffer }>`
          select columns from knowledge_segment where id = ${id}::bigint`.execute(db);
        if (rows[0]) found.set(id, rows[0].columns);
      }
      return found;
    },

    async terms(segments, terms, phrases) {
      if (terms.length === 0) {
        const { rows } = await sql<{ version: string }>`
          select version from knowledge_index where analysis = ${analysisVersion}`.execute(db);
        return { version: rows[0]?.version, rows: [] };
      }
      const { rows } = await sql<{ version: string } & { [K in keyof TermRow]: TermRow[K] | null }>`
        select i.version, p.segment, p.term, p.units, p.postings, p.positions
          from knowledge_index i
          left join lateral (
            select segment::text, term, units, postings,
                   case when term = any(${phrases}::text[]) then positions end as positions
              from knowledge_posting
             where segment = any(${segments}::bigint[]) and term = any(${terms}::text[])
          ) p on true
         where i.analysis = ${analysisVersion}`.execute(db);
      return { version: rows[0]?.version, rows: rows.filter((row) => row.segment !== null) as TermRow[] };
    },

    async expand(segments, prefix, limit): Promise<string[]> {
      const { rows } = await sql<{ term: string }>`
        select distinct term from knowledge_posting
         where segment = any(${segments}::bigint[]) and term >= ${prefix} and term < ${after(prefix)}
         order by term limit ${limit}`.execute(db);
      return rows.map((row) => row.term);
    },

    async vocabulary(segments, prefix, shortest, longest): Promise<{ term: string; units: number }[]> {
      const { rows } = await sql<{ term: string; units: number }>`
        select term, sum(units)::integer as units from knowledge_posting
         where segment = any(${segments}::bigint[]) and term >= ${prefix} and term < ${after(prefix)}
           and length(term) between ${shortest} and ${longest}
         group by term`.execute(db);
      return rows;
    },

    async units(ids, access): Promise<SearchUnit[]> {
      const { rows } = await sql<{ unit: unknown }>`
        select unit from knowledge_unit where id = any(${ids}::text[]) and access = any(${access}::text[])`.execute(db);
      return rows.map((row) => SearchUnit.parse(row.unit));
    },
  };
}

/** The first text that no longer begins so. */
function after(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
