import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, expect, inject, test } from 'vitest';
import { sha256 } from '../values/index.ts';
import { connect } from './connect.ts';
import { listMigrations, migrate, refuseToMigrate, schemaHash, type Migration } from './migrate.ts';
import { openNodeDatabase, prepareServer } from './open.ts';

const step = (name: string, sql: string): Migration => ({ name, sql, sha256: sha256(sql) });
const one = step('sample/0001-one', 'CREATE TABLE one (id int)');
const two = step('sample/0002-two', 'CREATE TABLE two (id int)');

let url: string;
let clients: pg.Client[] = [];
const databases: string[] = [];

async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('testServer') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function owner(): Promise<pg.Client> {
  const connection = connect({ url, role: 'comity_owner', size: 1 });
  const client = await connection.client();
  await connection.close();
  clients.push(client);
  return client;
}

beforeEach(async () => {
  const name = `comity_migrate_${randomBytes(8).toString('hex')}`;
  databases.push(name);
  await admin(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  url = inject('testServer').replace(/(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  await prepareServer(url);
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  clients = [];
});
afterAll(async () => {
  for (const name of databases) await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const tables = async (client: pg.Client) =>
  (
    await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    )
  ).rows.map((row) => row.name);

test('each step runs once, and new ones follow', async () => {
  const client = await owner();
  expect(await migrate(client, [one])).toEqual([one.name]);
  expect(await migrate(client, [one])).toEqual([]);
  expect(await migrate(client, [one, two])).toEqual([two.name]);
});

test('a step that fails half-way is undone whole, and the steps before it stay', async () => {
  const client = await owner();
  const broken = step('sample/0002-two', 'CREATE TABLE two (id int); SELECT 1/0');
  await expect(migrate(client, [one, broken])).rejects.toMatchObject({
    code: 'db.migration-failed',
    params: { migration: broken.name },
  });
  expect(await tables(client)).toEqual(['migrations', 'one']);
  expect(await migrate(client, [one, two])).toEqual([two.name]);
});

test('a build that does not know what a later one did refuses the database', async () => {
  const client = await owner();
  await migrate(client, [one, two]);
  await expect(migrate(client, [one])).rejects.toMatchObject({
    name: 'Conflict',
    code: 'db.newer-than-build',
    params: { migrations: two.name },
  });
});

test('an edited step is refused', async () => {
  const client = await owner();
  await migrate(client, [one]);
  const edited = step(one.name, 'CREATE TABLE one (id bigint)');
  await expect(migrate(client, [edited])).rejects.toMatchObject({ code: 'db.migration-edited' });
});

test('two processes starting at once run each step once', async () => {
  const [first, second] = await Promise.all([owner(), owner()]);
  const ran = await Promise.all([migrate(first, [one, two]), migrate(second, [one, two])]);
  expect(ran.flat().sort()).toEqual([one.name, two.name]);
});

test('killed between any two steps, the next start finishes', async () => {
  for (let after = 0; after < 3; after += 1) {
    const victim = await owner();
    victim.on('error', () => {});
    const killed = [one, two].slice(0, after);
    const last = step(
      `sample/${String(after + 1).padStart(4, '0')}-killed`,
      'SELECT pg_terminate_backend(pg_backend_pid())',
    );
    await expect(migrate(victim, [...killed, last])).rejects.toThrow();
  }
  expect((await migrate(await owner(), [one, two])).length).toBe(0);
  expect(await tables(await owner())).toEqual(['migrations', 'one', 'two']);
});

test('a command beside a running node changes no schema', async () => {
  const client = await owner();
  await migrate(client, listMigrations().slice(0, -1));
  await expect(refuseToMigrate(client)).rejects.toMatchObject({ code: 'db.older-than-build' });
  await migrate(client);
  await refuseToMigrate(client);
});

test('a node opens on a server given by address, in the role of the application', async () => {
  const node = await openNodeDatabase({ folder: '/nonexistent', databaseUrl: url });
  const { rows } = await node.pool.query('SELECT current_user AS who, current_setting($1) AS zone', ['timezone']);
  expect(rows).toEqual([{ who: 'comity_app', zone: 'UTC' }]);
  await expect(node.pool.query('CREATE TABLE intruder (id int)')).rejects.toThrow(/permission denied/);
  await node.close();
  const again = await openNodeDatabase({ folder: '/nonexistent', databaseUrl: url });
  await again.close();
  await expect(
    openNodeDatabase({ folder: '/nonexistent', databaseUrl: 'postgres://nobody@127.0.0.1:1/x' }),
  ).rejects.toMatchObject({ code: 'db.server-not-reached' });
});

test('every table and column of this build says what it holds', async () => {
  const client = await owner();
  await migrate(client);
  const { rows } = await client.query<{ missing: string }>(`
    SELECT c.relname || coalesce('.' || a.attname, '') AS missing
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)
     ORDER BY 1`);
  expect(rows.map((row) => row.missing)).toEqual([]);
});

test('every table that names a case file has row-level security, forced', async () => {
  const client = await owner();
  await migrate(client);
  const { rows } = await client.query<{ open: string }>(`
    SELECT c.relname AS open FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'case_file_id' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`);
  expect(rows.map((row) => row.open)).toEqual([]);
});

test('the shape of a database changes with any migration', () => {
  expect(schemaHash([one, two])).not.toBe(schemaHash([two, one]));
  expect(schemaHash([one])).not.toBe(schemaHash([step(one.name, `${one.sql} `)]));
});
