import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openNodeDatabase } from './open.ts';
import { isFolderInUse, openPostgres } from './postgres.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-pg-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('a node finds its rows again after a restart, and reads days, moments and large numbers as text', async () => {
  const folder = join(base, 'node');
  const first = await openNodeDatabase({ folder });
  const answer =
    await sql<object>`SELECT date '2003-09-29' AS d, timestamptz '2026-05-14 14:00:00.5678+02' AS t, 9007199254740993::int8 AS n,
    1.50::numeric AS m, ARRAY[date '2003-09-29', NULL] AS ds, ARRAY[timestamptz '2026-05-14 12:00+00'] AS ts, current_user AS who`.execute(
      first.db,
    );
  expect(answer.rows[0]).toEqual({
    d: '2003-09-29',
    t: '2026-05-14T12:00:00.567Z',
    n: '9007199254740993',
    m: '1.50',
    ds: ['2003-09-29', null],
    ts: ['2026-05-14T12:00:00.000Z'],
    who: 'comity_app',
  });
  const owner = await first.ownerClient();
  await owner.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
  await owner.end();
  expect(isFolderInUse(folder)).toBe(true);
  await expect(openNodeDatabase({ folder })).rejects.toMatchObject({ code: 'db.folder-in-use' });
  await first.close();
  expect(isFolderInUse(folder)).toBe(false);
  const again = await openPostgres({ folder });
  const client = new pg.Client({ connectionString: again.url('comity_owner') });
  await client.connect();
  expect((await client.query('SELECT id FROM kept')).rows).toEqual([{ id: 7 }]);
  await client.end();
  await again.stop();
});

test('the server is durable, checks its pages, listens on no network and asks a password of everybody', async () => {
  const server = await openPostgres({ folder: join(base, 'settings') });
  const client = new pg.Client({ connectionString: server.url('comity_super') });
  await client.connect();
  const show = async (name: string) =>
    (await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name])).rows[0]?.value;
  for (const [name, value] of [
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['full_page_writes', 'on'],
    ['data_checksums', 'on'],
    ['listen_addresses', ''],
    ['server_encoding', 'UTF8'],
  ] as const) {
    expect(await show(name)).toBe(value);
  }
  expect((await client.query("SELECT lower('ÉÑ') AS l")).rows[0]).toEqual({ l: 'éñ' });
  const { rows } = await client.query(
    'SELECT rolname AS name FROM pg_roles WHERE (rolsuper OR rolcreaterole) AND rolcanlogin',
  );
  expect(rows).toEqual([{ name: 'comity_super' }]);
  await client.end();
  const stranger = new pg.Client({ host: server.host, user: 'comity_super', password: 'guess', database: 'comity' });
  await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
  expect(statSync(join(base, 'settings', 'postgres', 'secrets.json')).mode & 0o077).toBe(0);
  await server.stop();
});

test('the log of the server names no values', async () => {
  const folder = join(base, 'log');
  const server = await openPostgres({ folder });
  const client = new pg.Client({ connectionString: server.url('comity_super') });
  await client.connect();
  await client.query('CREATE TABLE names (name text PRIMARY KEY)');
  await client.query('INSERT INTO names VALUES ($1)', ['canary-name']);
  await expect(client.query('INSERT INTO names VALUES ($1)', ['canary-name'])).rejects.toThrow(/duplicate key/);
  await expect(client.query("SELECT 'canary-name'::int")).rejects.toThrow();
  await client.end();
  await server.stop();
  const lines = readFileSync(join(folder, 'postgres', 'server.log'), 'utf8').split('\n');
  expect(lines.filter((line) => line.includes('duplicate key')).length).toBe(1);
  expect(lines.filter((line) => line.includes('DETAIL') || line.includes('INSERT INTO'))).toEqual([]);
});

test('a node works below a folder closed to everybody else', async () => {
  const home = join(base, 'home');
  mkdirSync(home);
  chmodSync(home, 0o700);
  const server = await openPostgres({ folder: join(home, 'var', 'node') });
  await server.stop();
});

test('what a broken first start or a power cut left behind does not stop the next start', async () => {
  const folder = join(base, 'leftovers');
  const home = join(folder, 'postgres');
  mkdirSync(join(home, 'data.new', 'base'), { recursive: true });
  writeFileSync(join(home, 'node.lock'), '999999 123');
  const first = await openPostgres({ folder });
  await first.stop();
  // The number of a process that lives, but is no PostgreSQL.
  writeFileSync(join(home, 'data', 'postmaster.pid'), `${process.pid}\n${join(home, 'data')}\n0\n5432\n\n\n`);
  writeFileSync(join(home, 'node.lock'), `${process.pid} 1`);
  const second = await openPostgres({ folder });
  await second.stop();
});

test('data of another PostgreSQL version are named, not touched', async () => {
  const folder = join(base, 'version');
  const first = await openPostgres({ folder });
  await first.stop();
  writeFileSync(join(folder, 'postgres', 'data', 'PG_VERSION'), '14\n');
  await expect(openPostgres({ folder })).rejects.toMatchObject({
    code: 'db.other-postgres-version',
    params: { stored: 14, program: 18 },
  });
});

test('a server whose administrator is no superuser serves as well', async () => {
  const server = await openPostgres({ folder: join(base, 'managed') });
  const client = new pg.Client({ connectionString: server.url('comity_super', 'postgres') });
  await client.connect();
  await client.query('DROP DATABASE comity');
  for (const role of ['comity_owner', 'comity_app', 'comity_reader']) await client.query(`DROP ROLE ${role}`);
  await client.query("CREATE ROLE manager LOGIN CREATEROLE PASSWORD 'm'");
  await client.query('CREATE DATABASE managed OWNER manager');
  await client.end();
  const databaseUrl = `postgres://manager:m@/managed?host=${encodeURIComponent(server.host)}`;
  const node = await openNodeDatabase({ folder: base, databaseUrl });
  expect((await node.pool.query('SELECT current_user AS who')).rows).toEqual([{ who: 'comity_app' }]);
  await node.close();
  await (await openNodeDatabase({ folder: base, databaseUrl })).close();
  await server.stop();
});
