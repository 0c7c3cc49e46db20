import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { connect, withTransaction, type Connection } from './connect.ts';
import type { Tx } from './index.ts';
import { createPlans } from './prepared.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await testDatabase();
  await sql`create table own_row (owner text not null, n int not null)`.execute(database.owner);
  await sql`alter table own_row enable row level security`.execute(database.owner);
  await sql`create policy own on own_row to comity_app using (owner = current_setting('comity.actor'))`.execute(
    database.owner,
  );
  await sql`grant select, insert on own_row to comity_app`.execute(database.owner);
  await sql`insert into own_row select 'person-' || n % 3, n from generate_series(1, 90) as n`.execute(database.owner);
  connection = connect({ url: database.url, role: 'comity_app', size: 2, planned: /own_row/ });
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

const plansOf = (tx: Tx) =>
  sql<{ count: string }>`select count(*) as count from pg_prepared_statements where name like 'comity_%'`
    .execute(tx)
    .then(({ rows }) => Number(rows[0]?.count));

test('a statement that keeps its plan still shows each asker their own rows', async () => {
  const owners = (who: string) =>
    withTransaction(connection.db, who, async (tx) => {
      const { rows } = await sql<{ owner: string }>`select distinct owner from own_row where n > ${0}`.execute(tx);
      return { owners: rows.map((row) => row.owner), plans: await plansOf(tx) };
    });
  let plans = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    const who = `person-${turn % 4}`;
    const found = await owners(who);
    expect(found.owners).toEqual(turn % 4 === 3 ? [] : [who]);
    ({ plans } = found);
  }
  expect(plans).toBe(1);
});

test('after an error the same statement works again, and a changed table is planned anew', async () => {
  const divide = (by: number) =>
    withTransaction(connection.db, 'person-1', (tx) =>
      sql<{ n: number }>`select min(n / ${by}::int) as n from own_row`.execute(tx).then(({ rows }) => rows[0]?.n),
    );
  for (let turn = 0; turn < 30; turn += 1) expect(await divide(1)).toBe(1);
  await expect(divide(0)).rejects.toThrow('division by zero');
  expect(await divide(1)).toBe(1);
  await sql`create index own_row_n on own_row (n)`.execute(database.owner);
  expect(await divide(1)).toBe(1);
});

test('however many statements there are, few are named and few are counted', () => {
  const plans = createPlans(/outbox/);
  for (let text = 0; text < 5_000; text += 1) plans.nameOf(`select ${text} from outbox`);
  expect(plans.size().counted).toBeLessThanOrEqual(1_000);
  for (let text = 0; text < 300; text += 1)
    for (let turn = 0; turn < 25; turn += 1) plans.nameOf(`select ${text} from outbox`);
  expect(plans.size().named).toBe(100);
  for (let turn = 0; turn < 25; turn += 1) expect(plans.nameOf('select * from search')).toBeUndefined();
  expect(plans.nameOf(`select 1 from outbox ${' '.repeat(4_000)}`)).toBeUndefined();
});
