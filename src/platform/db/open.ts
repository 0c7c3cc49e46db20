import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Unavailable } from '../errors.ts';
import { type Connection, connect } from './connect.ts';
import { migrate, refuseToMigrate } from './migrate.ts';
import { openPostgres, type PostgresServer } from './postgres.ts';

/** How long a stop waits for connections in use. */
const releaseWithinMs = 3_000;

/** A node's database, migrated and open as the application's role. */
export interface NodeDatabase extends Connection {
  /** Address as `comity_owner`: migrations, backup, restore. */
  ownerUrl: string;
  ownerRole: string | undefined;
  /** A connection of its own as the owner, for backup and restore. End it yourself. */
  ownerClient(): Promise<pg.Client>;
  /** The node's own PostgreSQL; absent with `DATABASE_URL`. */
  server: PostgresServer | undefined;
  /** Closes the pool and ends the own PostgreSQL. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The node's data folder. */
  folder: string;
  /** A server to use instead of the own one; empty means none. */
  databaseUrl?: string;
  /** Use the running PostgreSQL of another process on this folder: for commands beside a running node. */
  share?: boolean;
  /** `none`: leaves the schema as it is, for a restore. */
  migrations?: 'all' | 'none';
  size?: number;
  /** Statements whose plans each connection keeps; none unless told. */
  planned?: RegExp;
  onError?(error: Error): void;
}

/**
 * Starts or reaches PostgreSQL, migrates, and opens a pool as `comity_app`.
 * @throws Conflict `db.folder-in-use`, `db.newer-than-build`, `db.migration-edited`
 * @throws Unavailable `db.not-starting`, `db.server-too-old`, `db.no-role`
 */
export async function openNodeDatabase(options: OpenOptions): Promise<NodeDatabase> {
  if (options.databaseUrl) return openServerDatabase(options.databaseUrl, options);
  const server = await openPostgres({ folder: options.folder, share: options.share });
  try {
    const ownerUrl = server.url('comity_owner');
    // A command beside a running node never changes the schema under it; it only checks that the builds agree.
    if (options.migrations !== 'none') await migrateAs(ownerUrl, undefined, server.shared ? refuseToMigrate : migrate);
    const { size, planned, onError } = options;
    const connection = connect({ url: server.url('comity_app'), size, planned, onError });
    const close = async () => {
      // Who still holds a connection loses it when the server ends: a stop never waits for a statement that hangs.
      const released = connection.close();
      await Promise.race([released, pause(releaseWithinMs, undefined, { ref: false })]);
      await server.stop();
      await released.catch(() => {});
    };
    return { ...connection, ownerUrl, ownerRole: undefined, ownerClient: () => ownerClient(ownerUrl), server, close };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openServerDatabase(url: string, options: OpenOptions): Promise<NodeDatabase> {
  await prepareServer(url);
  if (options.migrations !== 'none') await migrateAs(url, 'comity_owner');
  const { size, planned, onError } = options;
  const connection = connect({ url, role: 'comity_app', size, planned, onError });
  return {
    ...connection,
    ownerUrl: url,
    ownerRole: 'comity_owner',
    ownerClient: () => ownerClient(url, 'comity_owner'),
    server: undefined,
  };
}

async function ownerClient(url: string, role?: string): Promise<pg.Client> {
  const { client, close } = connect({ url, role, size: 1 });
  return client().finally(close);
}

async function migrateAs(
  url: string,
  role?: string,
  bring: (client: pg.Client) => Promise<unknown> = migrate,
): Promise<void> {
  const client = await ownerClient(url, role);
  await bring(client).finally(() => client.end());
}

/**
 * Makes the three roles on a server that `url` may administer, and lets its user act as them.
 * The user needs CREATEROLE the first time, or the roles made beforehand (docs/guides/operators).
 */
export async function prepareServer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
  } catch (cause) {
    throw new Unavailable('db.server-not-reached', {
      params: { detail: cause instanceof Error ? cause.message : String(cause) },
      cause,
    });
  }
  try {
    const { rows } = await client.query<{ version: number; me: string; database: string }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS version, current_user AS me, current_database() AS database",
    );
    const { version, me, database } = rows[0] ?? { version: 0, me: '', database: '' };
    if (version < 15) throw new Unavailable('db.server-too-old', { params: { version } });
    for (const role of ['comity_owner', 'comity_app', 'comity_reader']) {
      await client.query(
        `DO $$ BEGIN
           IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
      const { rows: member } = await client.query<{ is: boolean }>('SELECT pg_has_role(current_user, $1, $2) AS is', [
        role,
        version >= 16 ? 'SET' : 'MEMBER',
      ]);
      if (!member[0]?.is) await client.query(`GRANT ${role} TO ${client.escapeIdentifier(me)}`);
    }
    // Backup reads every row past row-level security; where the server forbids this, backup says so and does not run.
    await client.query(`DO $$ BEGIN
      IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'comity_owner') THEN ALTER ROLE comity_owner BYPASSRLS; END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL; WHEN internal_error THEN NULL; END $$`);
    await client.query(`GRANT CREATE, CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO comity_owner`);
    await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO comity_app, comity_reader`);
    const { rows: schema } = await client.query<{ has: boolean }>(
      "SELECT has_schema_privilege('comity_owner', 'public', 'CREATE WITH GRANT OPTION') AND has_schema_privilege('comity_owner', 'public', 'USAGE WITH GRANT OPTION') AS has",
    );
    if (!schema[0]?.has) await client.query('GRANT ALL ON SCHEMA public TO comity_owner WITH GRANT OPTION');
  } catch (cause) {
    if (cause instanceof Unavailable) throw cause;
    throw new Unavailable('db.no-role', {
      params: { detail: cause instanceof Error ? cause.message : String(cause) },
      cause,
    });
  } finally {
    await client.end();
  }
}
