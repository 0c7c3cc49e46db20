import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { connect } from '../../src/platform/db/connect.ts';
import { listMigrations, migrate, schemaHash } from '../../src/platform/db/migrate.ts';
import { prepareServer } from '../../src/platform/db/open.ts';
import { openPostgres } from '../../src/platform/db/postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's PostgreSQL as a role that may create databases. */
    testServer: string;
    /** Migrated, empty database that each test database is copied from. */
    testTemplate: string;
    /** Why there is no database; tests that need one fail with it. */
    testDatabaseFault: string;
  }
}

/** One PostgreSQL for the run, or the server of `TEST_DATABASE_URL`, with a migrated template in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    const template = await makeTemplate(given);
    provide(project, given, template);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'comity-test-'));
  // Nothing here outlives the run, so this one server need not wait for the disk.
  const server = await openPostgres({
    folder,
    settings: ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200'],
  });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = server.url('comity_super', 'postgres');
    provide(project, url, await makeTemplate(url));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function provide(project: TestProject, url: string, made: { template: string; fault: string }): void {
  project.provide('testServer', url);
  project.provide('testTemplate', made.template);
  project.provide('testDatabaseFault', made.fault);
}

function inDatabase(url: string, database: string): string {
  return url.replace(/(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}

async function makeTemplate(url: string): Promise<{ template: string; fault: string }> {
  const migrations = listMigrations();
  const template = `comity_template_${schemaHash(migrations).slice(0, 20)}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount) return { template, fault: '' };
    const fresh = `${template}_new`;
    await admin.query(`DROP DATABASE IF EXISTS ${fresh} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${fresh} TEMPLATE template0 ENCODING 'UTF8'`);
    await prepareServer(inDatabase(url, fresh));
    const owner = connect({ url: inDatabase(url, fresh), role: 'comity_owner', size: 1 });
    const client = await owner.client();
    try {
      await migrate(client, migrations);
    } catch (error) {
      // A half-written migration of one module must not stop the tests that need no database.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
      return { template: '', fault: `${String(error)} ${cause} ${JSON.stringify(error)}` };
    } finally {
      await client.end();
      await owner.close();
    }
    await admin.query(`ALTER DATABASE ${fresh} RENAME TO ${template}`);
    return { template, fault: '' };
  } finally {
    await admin.end();
  }
}
