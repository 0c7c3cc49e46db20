import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyAscii from 'any-ascii';
import pg from 'pg';
import { openPostgres } from '../../../platform/db/index.ts';
import type { Scorer } from './row.ts';

/** The peers of pure text, on lower-case letters as their makers advise. */
export async function textPeers(): Promise<Record<string, Scorer>> {
  const fuzz = await import('fuzzball');
  const plain = (text: string) => anyAscii(text).toLowerCase();
  return {
    'fuzzball WRatio': (one, other) => fuzz.WRatio(one, other) / 100,
    'fuzzball token_set': (one, other) => fuzz.token_set_ratio(one, other) / 100,
    'fuzzball token_sort': (one, other) => fuzz.token_sort_ratio(one, other) / 100,
    'Levenshtein on any-ascii': (one, other) => fuzz.ratio(plain(one), plain(other)) / 100,
  };
}

/** Nearest names by trigrams, by an index in a PostgreSQL of its own. */
export async function withTrigrams<T>(
  names: readonly { id: string; name: string }[],
  work: (nearest: (query: string) => Promise<string[]>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-trigrams-'));
  const server = await openPostgres({ folder, settings: ['fsync=off'] });
  const client = new pg.Client({ connectionString: server.url('comity_super', 'postgres') });
  try {
    await client.connect();
    await client.query('CREATE EXTENSION pg_trgm; CREATE TABLE names (id text, name text)');
    await client.query('INSERT INTO names SELECT * FROM unnest($1::text[], $2::text[])', [
      names.map(({ id }) => id),
      names.map(({ name }) => name),
    ]);
    await client.query('CREATE INDEX ON names USING gist (name gist_trgm_ops); ANALYZE names');
    return await work(async (query) => {
      const found = await client.query<{ id: string }>('SELECT id FROM names ORDER BY name <-> $1 LIMIT 50', [query]);
      return found.rows.map(({ id }) => id);
    });
  } finally {
    await client.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
