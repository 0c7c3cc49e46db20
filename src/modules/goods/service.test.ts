import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { openFileKeyStore } from '../../platform/crypto/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { stateCode } from '../../platform/values/index.ts';
import { createContext, type Context, type Role } from '../identity/index.ts';
import { namedSubject } from './compare.ts';
import { screen } from './rules/index.ts';
import type { JudgementInput, ListEntry } from './schema/index.ts';
import { createGoods, type Goods } from './service.ts';
import { altered, nameMaker, sequence } from './testing/generated.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-goods-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
let database: TestDatabase;
let goods: Goods;
let analyst: Context;
let stranger: Context;

function person(id: string, roles: Role[]): Context {
  return createContext({
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    actor: { kind: 'person', id, name: 'Sample', officeId: 'office-1', authority: null, roles },
  });
}

beforeAll(async () => {
  database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(base, 'keys'),
    passphraseFile: join(base, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  goods = createGoods({ keys, random: systemRandom });
  analyst = person('analyst-1', ['analyst']);
  stranger = person('prosecutor-1', ['prosecutor']);
});
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

const make = nameMaker(5);
const generated: ListEntry[] = Array.from({ length: 400 }, (_, n) => {
  const { name, schema } = make();
  const more = n % 7 === 0 ? { birthDates: [`19${50 + (n % 40)}-03-09`] } : {};
  return { id: `g-${n}`, ...namedSubject(name, schema, more) };
});
const judged = (leftId: string, rightId: string, verdict: JudgementInput['verdict']): JudgementInput => ({
  leftId,
  rightId,
  verdict,
  why: 'Same photograph',
});

test('the table of keys finds what the index in memory finds, with the same scores', async () => {
  await goods.loadList(analyst, { id: 'generated', version: '2026-05' }, generated);
  const { list, loaded } = await goods.openList(analyst, 'generated');
  expect(loaded).toMatchObject({ id: 'generated', entries: 400, loadedBy: 'analyst-1' });
  const next = sequence(9);
  for (let n = 0; n < 40; n += 1) {
    const subject = namedSubject(altered(generated[next(400)]!.names[0]!, next), n % 2 ? 'Thing' : 'Person');
    const inMemory = screen(list, subject, { limit: 20 });
    expect(await goods.screen(analyst, 'generated', subject, 20)).toEqual(inMemory);
    expect(inMemory.found.length).toBeGreaterThan(0);
  }
});

test('a newer version takes the place of the older one; the same version is not loaded twice', async () => {
  clock.advance(60_000);
  const entry = { id: 'only', ...namedSubject('Chidi Okafor', 'Person') };
  await goods.loadList(analyst, { id: 'small', version: '1' }, generated.slice(0, 3));
  clock.advance(60_000);
  await goods.loadList(analyst, { id: 'small', version: '2' }, [entry]);
  const { found } = await goods.screen(analyst, 'small', namedSubject('Okafor, Chidi', 'Person'), 5);
  expect(found.map((one) => one.entry.id)).toEqual(['only']);
  await expect(goods.loadList(analyst, { id: 'small', version: '2' }, [entry])).rejects.toMatchObject({
    code: 'goods.list-version-known',
  });
  await expect(goods.screen(analyst, 'none', namedSubject('Chidi', 'Person'), 5)).rejects.toMatchObject({
    code: 'goods.list-unknown',
  });
});

test('no name and no reason stands in a row in clear', async () => {
  const judgement = await goods.judge(analyst, { ...judged('s-1', 's-2', 'UNSURE'), why: 'Zanzibar ferry' });
  expect(judgement.ok).toBe(true);
  const tables = ['goods_lists', 'goods_list_entries', 'goods_match_keys', 'goods_judgements', 'goods_secret'];
  for (const table of tables) {
    const rows = await sql<{ text: string }>`SELECT row_to_json(t)::text AS text FROM ${sql.table(table)} t`.execute(
      database.owner,
    );
    const all = rows.rows.map(({ text }) => text.toLowerCase()).join('\n');
    expect(all.length).toBeGreaterThan(0);
    const hidden = ['okafor', 'zanzibar', generated[0]!.names[0]!.toLowerCase()];
    for (const word of hidden) {
      expect(all).not.toContain(word);
      expect(all).not.toContain(Buffer.from(word).toString('hex'));
    }
  }
});

test('yes joins, no keeps apart, and a judgement taken back leaves what was before', async () => {
  const first = await goods.judge(analyst, judged('e-2', 'e-3', 'POSITIVE'));
  await goods.judge(analyst, judged('e-1', 'e-2', 'POSITIVE'));
  expect(await goods.whoIs(analyst, 'e-3')).toEqual({ canonicalId: 'e-1', members: ['e-1', 'e-2', 'e-3'] });
  clock.advance(1000);
  await goods.judge(analyst, judged('e-3', 'e-4', 'NEGATIVE'));
  const contradicting = await goods.judge(analyst, judged('e-4', 'e-1', 'POSITIVE'));
  expect(!contradicting.ok && contradicting.error[0]?.code).toBe('goods.merge-contradicts-negative');
  if (!first.ok) throw new Error('refused');
  const withdrawn = await goods.withdraw(analyst, first.value.id, 'Another person on the photograph');
  expect(withdrawn.withdrawn).toMatchObject({ by: 'analyst-1', why: 'Another person on the photograph' });
  expect(await goods.whoIs(analyst, 'e-3')).toEqual({ canonicalId: 'e-3', members: ['e-3'] });
  expect((await goods.judge(analyst, judged('e-4', 'e-1', 'POSITIVE'))).ok).toBe(true);
  await expect(goods.withdraw(analyst, first.value.id, 'Again')).rejects.toMatchObject({
    code: 'goods.judgement-withdrawn-already',
  });
  const all = await goods.listJudgements(analyst, 'e-3');
  expect(all.map(({ verdict, withdrawn: back }) => [verdict, back !== null])).toEqual([
    ['POSITIVE', true],
    ['NEGATIVE', false],
  ]);
});

test('the ledger cannot be rewritten, and only those with the role use it', async () => {
  for (const change of [
    sql`UPDATE goods_judgements SET verdict = 'NEGATIVE'`,
    sql`DELETE FROM goods_judgements`,
    sql`DELETE FROM goods_judgement_withdrawals`,
  ])
    await expect(change.execute(database.db)).rejects.toThrow(/permission denied/);
  await expect(goods.judge(stranger, judged('e-1', 'e-9', 'POSITIVE'))).rejects.toMatchObject({ name: 'NotAllowed' });
  await expect(goods.listJudgements(stranger)).rejects.toMatchObject({ name: 'NotAllowed' });
  await expect(goods.screen(stranger, 'small', namedSubject('Chidi', 'Person'), 5)).rejects.toMatchObject({
    name: 'NotAllowed',
  });
});
