import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { Conflict, Unavailable } from '../errors.ts';
import { packageRoot } from '../paths.ts';
import { sha256 } from '../values/index.ts';

export interface Migration {
  /** `evidence/0001-create-case-files`. */
  name: string;
  sql: string;
  sha256: string;
}

/** Downhill: a folder may refer to tables of those before it. Folders not named come last, by name. */
const order = [
  'platform/outbox',
  'platform/jobs',
  'platform/http',
  'modules/audit',
  'modules/identity',
  'modules/packs',
  'modules/treaties',
  'modules/evidence',
  'modules/authorities',
  'modules/knowledge',
  'modules/exchange',
  'modules/goods',
  'modules/requests',
  'modules/assets',
  'modules/review',
  'modules/mandates',
];

function foldersWithMigrations(): string[] {
  const found: string[] = [];
  for (const layer of ['platform', 'modules']) {
    const base = join(packageRoot, 'src', layer);
    if (!existsSync(base)) continue;
    for (const name of readdirSync(base).sort()) {
      if (existsSync(join(base, name, 'migrations'))) found.push(`${layer}/${name}`);
    }
  }
  const rank = (folder: string) => (order.includes(folder) ? order.indexOf(folder) : order.length);
  return found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Every migration of this build, in the order in which they run. */
export function listMigrations(): Migration[] {
  return foldersWithMigrations().flatMap((folder) => {
    const base = join(packageRoot, 'src', folder, 'migrations');
    const files = readdirSync(base)
      .filter((file) => file.endsWith('.sql'))
      .sort();
    const numbers = files.map((file) => Number(file.slice(0, 4)));
    files.forEach((file, index) => {
      if (!(numbers[index]! > (numbers[index - 1] ?? 0)))
        throw new Error(`${folder}/migrations/${file}: its number must be its own, and higher than the one before`);
    });
    return files.map((file) => {
      const text = readFileSync(join(base, file), 'utf8');
      return {
        name: `${folder.split('/')[1] ?? folder}/${file.replace(/\.sql$/, '')}`,
        sql: text,
        sha256: sha256(text),
      };
    });
  });
}

/** One hash over all migrations: the shape of a database made by this build. */
export function schemaHash(migrations: readonly Migration[] = listMigrations()): string {
  return sha256(migrations.map((one) => `${one.name} ${one.sha256}\n`).join(''));
}

// "comity" in ASCII: any other program of the same server uses another number.
const lockKey = '109260897941625';

const ledger = `
CREATE TABLE IF NOT EXISTS migrations (
  name text PRIMARY KEY,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE migrations IS 'Which changes of the schema this database has seen.';
COMMENT ON COLUMN migrations.name IS 'Module, number and name.';
COMMENT ON COLUMN migrations.sha256 IS 'Hash of the file as it ran: a merged migration is never edited.';
COMMENT ON COLUMN migrations.applied_at IS 'When it ran.';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO comity_app, comity_reader;
GRANT SELECT ON migrations TO comity_app, comity_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO comity_app;
`;

/**
 * Brings the database to this build, each step in its own transaction. `client` acts as `comity_owner`.
 * Two processes at once: the second waits and then finds nothing to do.
 * @throws Conflict `db.newer-than-build` when a later build has been here, `db.migration-edited` when a merged file changed
 * @returns names of the steps that ran
 */
export async function migrate(
  client: pg.Client,
  migrations: readonly Migration[] = listMigrations(),
): Promise<string[]> {
  await client.query(`SELECT pg_advisory_lock(${lockKey})`);
  try {
    const { rows: found } = await client.query<{ there: boolean }>(
      "SELECT to_regclass('public.migrations') IS NOT NULL AS there",
    );
    if (!found[0]?.there) await inTransaction(client, 'migrations', async () => void (await client.query(ledger)));
    const { rows } = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migrations');
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    const known = new Map(migrations.map((one) => [one.name, one]));
    const unknown = [...applied.keys()].filter((name) => !known.has(name)).sort();
    if (unknown.length > 0) throw new Conflict('db.newer-than-build', { params: { migrations: unknown.join(', ') } });
    const edited = migrations.filter((one) => applied.has(one.name) && applied.get(one.name) !== one.sha256);
    if (edited.length > 0)
      throw new Conflict('db.migration-edited', { params: { migrations: edited.map((one) => one.name).join(', ') } });
    const ran: string[] = [];
    for (const one of migrations) {
      if (applied.has(one.name)) continue;
      await inTransaction(client, one.name, async () => {
        await client.query(one.sql);
        await client.query('INSERT INTO migrations (name, sha256) VALUES ($1, $2)', [one.name, one.sha256]);
      });
      ran.push(one.name);
    }
    return ran;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${lockKey})`).catch(() => {});
  }
}

/**
 * Checks that a running node's database is of this build, without changing it.
 * @throws Conflict `db.older-than-build`, `db.newer-than-build`
 */
export async function refuseToMigrate(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  const applied = new Set(rows.map((row) => row.name));
  const known = listMigrations().map((one) => one.name);
  const missing = known.filter((name) => !applied.has(name));
  const later = [...applied].filter((name) => !known.includes(name));
  if (later.length > 0) throw new Conflict('db.newer-than-build', { params: { migrations: later.sort().join(', ') } });
  if (missing.length > 0) throw new Conflict('db.older-than-build', { params: { migrations: missing.join(', ') } });
}

async function inTransaction(client: pg.Client, name: string, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Unavailable('db.migration-failed', {
      params: { migration: name, detail: cause instanceof Error ? cause.message : String(cause) },
      cause,
    });
  }
}
