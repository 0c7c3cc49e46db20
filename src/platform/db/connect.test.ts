import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { sqlState, withTransaction } from './connect.ts';
import type { Tx } from './index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await sql`create table pair (id int primary key, n int not null)`.execute(database.owner);
  await sql`grant select, insert, update on pair to comity_app`.execute(database.owner);
  await sql`insert into pair values (1, 0), (2, 0)`.execute(database.owner);
});
afterAll(() => database.close());

test('who asks is known inside the transaction and forgotten after it, on the same connection', async () => {
  const asked = (tx: Tx) =>
    sql<{ who: string | null }>`select nullif(current_setting('comity.actor', true), '') as who`
      .execute(tx)
      .then(({ rows }) => rows[0]?.who);
  for (let n = 0; n < 20; n += 1) expect(await withTransaction(database.db, `person-${n}`, asked)).toBe(`person-${n}`);
  for (let n = 0; n < 20; n += 1) expect(await database.db.transaction().execute(asked)).toBeNull();
});

test('a name that looks like SQL is a name', async () => {
  const name = "x', true); drop table pair; --";
  const { rows } = await withTransaction(database.db, name, (tx) =>
    sql<{ who: string }>`select current_setting('comity.actor') as who`.execute(tx),
  );
  expect(rows[0]?.who).toBe(name);
});

/** Two transactions that each hold what the other wants next. */
function crossing(retry: boolean): Promise<PromiseSettledResult<void>[]> {
  let first: (() => void) | undefined;
  let second: (() => void) | undefined;
  const met = Promise.all([
    new Promise<void>((resolve) => (first = resolve)),
    new Promise<void>((resolve) => (second = resolve)),
  ]);
  const run = (one: number, other: number, arrived: () => void) =>
    withTransaction(
      database.db,
      'system:test',
      async (tx) => {
        await sql`update pair set n = n + 1 where id = ${one}`.execute(tx);
        arrived();
        await met;
        await sql`update pair set n = n + 1 where id = ${other}`.execute(tx);
      },
      { retry },
    );
  return Promise.allSettled([run(1, 2, () => first?.()), run(2, 1, () => second?.())]);
}

test('a deadlock fails one of two, unless the work may safely be run again', async () => {
  const without = await crossing(false);
  expect(without.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(sqlState(without.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))[0])).toBe('40P01');
  const again = await crossing(true);
  expect(again.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled']);
  const { rows } = await sql<{ n: number }>`select n from pair order by id`.execute(database.db);
  expect(rows).toEqual([{ n: 3 }, { n: 3 }]);
});

test(
  'connections ended 200 times by the server: each write is there or its caller was told',
  { timeout: 120_000 },
  async () => {
    await sql`create table written (key text primary key); grant select, insert on written to comity_app`.execute(
      database.owner,
    );
    let running = true;
    const acknowledged: string[] = [];
    let refused = 0;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let n = 0; running; n += 1) {
        try {
          await withTransaction(database.db, 'system:test', async (tx) => {
            await sql`insert into written values (${`${writer}-${n}`})`.execute(tx);
            await sql`insert into written values (${`${writer}-${n}-half`})`.execute(tx);
          });
          acknowledged.push(`${writer}-${n}`);
        } catch {
          refused += 1;
        }
      }
    });
    for (let ended = 0; ended < 200;) {
      const { rows } = await sql<{ done: boolean }>`select pg_terminate_backend(pid) as done from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and usename is not null order by random() limit 1`.execute(
        database.admin,
      );
      ended += rows.length;
    }
    running = false;
    await Promise.all(writers);
    const { rows } = await sql<{ key: string }>`select key from written`.execute(database.owner);
    const present = new Set(rows.map((row) => row.key));
    expect(acknowledged.filter((key) => !present.has(key) || !present.has(`${key}-half`))).toEqual([]);
    expect([...present].filter((key) => !key.endsWith('-half') && !present.has(`${key}-half`))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  },
);
