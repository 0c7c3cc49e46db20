import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { JudgedEngine } from './evaluate.ts';

const atOnce = 2000;

/** PostgreSQL's own ranking, measured beside ours: any word of the question, English, in a table that ends with the transaction. */
export function postgresRank(tx: Tx): JudgedEngine {
  return {
    name: 'ts_rank',
    version: 'postgresql',
    settings: { configuration: 'english' },
    async index(docs) {
      await sql`create temporary table if not exists judged (id text primary key, words tsvector) on commit drop`.execute(
        tx,
      );
      for (let from = 0; from < docs.length; from += atOnce) {
        const some = docs.slice(from, from + atOnce);
        await sql`
          insert into judged (id, words)
          select id, to_tsvector('english', content)
            from unnest(${some.map(({ id }) => id)}::text[], ${some.map(({ title, text }) => `${title} ${text}`)}::text[]) as given (id, content)`.execute(
          tx,
        );
      }
    },
    finish: async () => void (await sql`create index on judged using gin (words)`.execute(tx)),
    async search(text) {
      const { rows } = await sql<{ id: string }>`
        with asked as (select replace(plainto_tsquery('english', ${text})::text, '&', '|')::tsquery as query)
        select id from judged, asked where words @@ query order by ts_rank(words, query) desc, id limit 100`.execute(
        tx,
      );
      return rows.map(({ id }) => id);
    },
    close: async () => void (await sql`drop table judged`.execute(tx)),
  };
}
