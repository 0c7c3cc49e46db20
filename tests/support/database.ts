import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Connection, connect } from '../../src/platform/db/connect.ts';
import type { Db } from '../../src/platform/db/index.ts';

export interface TestDatabase {
  /** As the application's role: no superuser, no owner; row-level security and grants hold. */
  db: Db;
  connection: Connection;
  /** As `comity_owner`, past row-level security: to look at what the application may not. */
  owner: Db;
  /** As the role that runs the server, for tests that disturb it. */
  admin: Db;
  /** Address of the application's connections; add the role `comity_app`. */
  url: string;
  /** Drops the database. */
  close(): Promise<void>;
}

/** A migrated, empty database of the run's PostgreSQL, copied from the template in about 0.1 s. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('testServer');
  const template = inject('testTemplate');
  if (!template) throw new Error(`No test database: ${inject('testDatabaseFault')}`);
  const name = `comity_test_${randomBytes(8).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = server.replace(/(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  const connection = connect({ url, role: 'comity_app', size: 8 });
  const owner = connect({ url, role: 'comity_owner', size: 2 });
  // A connection that is never asked for is never made.
  const admin = connect({ url, size: 1 });
  return {
    db: connection.db,
    connection,
    owner: owner.db,
    admin: admin.db,
    url,
    async close() {
      await connection.close();
      await owner.close();
      await admin.close();
      await asAdmin(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        await admin.query(statement);
        return;
      } catch (error) {
        // Another copy of the template may hold it for a moment.
        if (tries >= 20 || !(error instanceof pg.DatabaseError) || error.code !== '55006') throw error;
        await admin.query('SELECT pg_sleep(0.1)');
      }
    }
  } finally {
    await admin.end();
  }
}
