import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isNightly } from '../support/nightly.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import type { Tx } from '../../src/platform/db/index.ts';
import { checkLog } from '../../src/modules/audit/check.ts';
import { inclusionPath, rootAt } from '../../src/modules/audit/log.ts';
import { verifyInclusion } from '../../src/modules/audit/rules/index.ts';
import { getHead, listLeaves, nameLog } from '../../src/modules/audit/store/index.ts';

const size = isNightly ? 1_000_000 : 3_000;
const trials = isNightly ? 1_000 : 40;

let database: TestDatabase;
const inside = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction().execute(work);

beforeAll(async () => {
  database = await testDatabase();
  await inside((tx) => nameLog(tx, 'XA'));
  for (let done = 0; done < size; done += 10_000) {
    const count = Math.min(10_000, size - done);
    await sql`select count(*) from log_append(
      array(select '{"at":"2026-05-14T12:00:00.000Z","n":' || n || '}' from generate_series(${done}::int, ${done + count - 1}::int) n),
      array(select substring(sha256(n::text::bytea) for 16) from generate_series(${done}::int, ${done + count - 1}::int) n))`.execute(
      database.db,
    );
  }
}, 900_000);
afterAll(() => database.close());

describe(`a log of ${size} entries`, () => {
  test('A9: is recomputed whole, in little memory', async () => {
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const report = await inside((tx) => checkLog(tx, 'exchange'));
    const seconds = (performance.now() - began) / 1000;
    expect(report).toMatchObject({ whole: true, size, checked: size });
    if (isNightly) console.info(`A9: ${size} entries in ${seconds.toFixed(1)} s`);
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1_048_576);
  }, 300_000);

  test('gives proofs that read a few hundred rows', async () => {
    const { root } = await inside((tx) => getHead(tx, 'exchange'));
    const times: number[] = [];
    for (let n = 0; n < 50; n += 1) {
      const index = Math.floor((size / 50) * n);
      const began = performance.now();
      const path = await inside((tx) => inclusionPath(tx, 'exchange', index, size));
      times.push(performance.now() - began);
      const [leaf] = await inside((tx) => listLeaves(tx, index, 1, 'exchange'));
      expect(verifyInclusion(leaf!.d, index, size, path, root)).toBe(true);
    }
    if (isNightly) console.info(`G8: median ${times.sort((a, b) => a - b)[25]!.toFixed(1)} ms at ${size} entries`);
    expect(await inside((tx) => rootAt(tx, 'exchange', size))).toEqual(root);
  }, 120_000);
});

describe('a row changed past the application', () => {
  const pick = (seed: number, below: number) => (seed * 7919 + 13) % below;
  const as = async (statement: string) => {
    await database.owner.transaction().execute(async (tx) => {
      for (const table of ['log_leaves', 'log_nodes', 'log_heads'])
        await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
      await sql.raw(statement).execute(tx);
      for (const table of ['log_leaves', 'log_nodes', 'log_heads'])
        await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
    });
  };
  const check = () => inside((tx) => checkLog(tx, 'exchange'));
  const kinds = ['entry', 'leaf', 'both', 'removed', 'swapped', 'cut', 'subtree'] as const;

  test(`A1: ${trials} times, one of seven ways each: found, and its place named`, async () => {
    // Small enough that each trial checks the whole of it.
    const few = Math.min(size, 600);
    await as(`delete from log_leaves where index >= ${few}`);
    await as(`delete from log_nodes where log = 'exchange'`);
    await as(`update log_heads set size = 0, frontier = '', chain = decode(repeat('00', 32), 'hex')`);
    await as(`create temp table kept on commit drop as select index, entry, salt from log_leaves order by index;
      delete from log_leaves;
      select count(*) from log_append(array(select entry from kept order by index), array(select salt from kept order by index))`);
    expect(await check()).toMatchObject({ whole: true, size: few });
    let found = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const at = pick(trial, few - 2);
      const kind = kinds[trial % kinds.length]!;
      const place = kind === 'cut' ? few - 1 : kind === 'subtree' ? 256 * (trial % 2) : at;
      const row = `where index = ${place}`;
      await as(`create table if not exists spare_leaves as select * from log_leaves limit 0;
        create table if not exists spare_nodes as select * from log_nodes limit 0;
        insert into spare_leaves select * from log_leaves ${row} or index = ${place + 1};
        insert into spare_nodes select * from log_nodes where log = 'exchange'`);
      await as(
        {
          entry: `update log_leaves set entry = entry || ' ' ${row}`,
          leaf: `update log_leaves set d = sha256(d) ${row}`,
          both: `update log_leaves set entry = '{}', d = sha256(salt || sha256('{}')) ${row}`,
          removed: `delete from log_leaves ${row}`,
          swapped: `update log_leaves l set d = s.d, entry = s.entry, salt = s.salt from spare_leaves s
            where l.index in (${place}, ${place + 1}) and s.index = ${2 * place + 1} - l.index`,
          cut: `delete from log_leaves ${row}`,
          subtree: `update log_nodes set hash = sha256(hash) where log = 'exchange' and level = 8 and index = ${place / 256}`,
        }[kind],
      );
      const report = await check();
      if (!report.whole && report.firstBreak?.index === place) found += 1;
      await as(`delete from log_leaves where index in (select index from spare_leaves);
        insert into log_leaves select * from spare_leaves; delete from log_nodes where log = 'exchange';
        insert into log_nodes select * from spare_nodes; delete from spare_leaves; delete from spare_nodes`);
    }
    expect(found).toBe(trials);
    expect(await check()).toMatchObject({ whole: true });
  }, 900_000);
});
