import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { createSearchIndex, type SearchIndex, type SearchRequest, type SearchUnit } from './index.ts';

let database: TestDatabase;
let index: SearchIndex;
beforeAll(async () => {
  database = await testDatabase();
  index = createSearchIndex({ db: database.db });
}, 120_000);
afterAll(() => database.close());

const write = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(database.db, 'system:test', work);

function unit(work: string, place: number, text: string, more: Partial<SearchUnit> = {}): SearchUnit {
  return {
    id: `${work}#art_${String(place)}@${more.language ?? 'en'}`,
    work,
    eId: `art_${String(place)}`,
    kind: 'law',
    language: 'en',
    access: 'public',
    title: `Act of ${work}`,
    text,
    place,
    ...more,
  };
}

const ask = (text: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
  text,
  access: ['public'],
  language: 'en',
  ...more,
});
const ids = async (request: SearchRequest, from = index) =>
  (await from.search(request)).groups.flatMap(({ hits }) => hits.map((hit) => hit.unit.id));

describe('the index in the database', () => {
  test('there is none before the first work, and the refusal says so', async () => {
    await expect(index.search(ask('confiscation'))).rejects.toThrow('knowledge.index-missing');
    expect(await index.work()).toBe(0);
    expect(await ids(ask('confiscation'))).toEqual([]);
  });

  test('what is put is found after the next work, by every holder of the index; the same content again costs nothing', async () => {
    const other = createSearchIndex({ db: database.db });
    const units = [
      unit('one', 1, 'Confiscation of proceeds of crime.', { facets: { state: ['XA'] } }),
      unit('one', 2, 'Extradition of nationals.', { facets: { state: ['XA'] } }),
      unit('two', 1, 'Proceeds may be confiscated by a court.', { facets: { state: ['XB'] } }),
    ];
    expect(await write((tx) => index.replaceSource(tx, 'laws', units))).toEqual({ put: 3, removed: 0 });
    expect(await ids(ask('confiscating'))).toEqual([]);
    expect(await index.work()).toBe(3);
    for (const one of [index, other]) expect(await ids(ask('confiscating'), one)).toHaveLength(2);
    expect(await write((tx) => index.replaceSource(tx, 'laws', units))).toEqual({ put: 0, removed: 0 });
    expect(await index.work()).toBe(0);
  });

  test('a unit that is withdrawn is not found after the commit, before any work', async () => {
    await write((tx) => index.remove(tx, ['two#art_1@en']));
    expect(await ids(ask('confiscating'))).toEqual(['one#art_1@en']);
    const { facets } = await index.search(ask('', { facets: ['state'] }));
    expect(facets.state).toEqual([{ value: 'XA', count: 2, chosen: false }]);
  });

  test('a unit that is no longer public is not found by the public after the commit', async () => {
    await write((tx) =>
      index.put(tx, 'laws', [
        unit('one', 2, 'Extradition of nationals.', { access: 'state', facets: { state: ['XA'] } }),
      ]),
    );
    expect(await ids(ask('extradition'))).toEqual([]);
    await index.work();
    expect(await ids(ask('extradition'))).toEqual([]);
    expect(await ids(ask('extradition', { access: ['public', 'state'] }))).toEqual(['one#art_2@en']);
  });

  test('a changed text replaces the one before; a withdrawn one may come back', async () => {
    await write((tx) =>
      index.put(tx, 'laws', [
        unit('one', 1, 'Forfeiture of instrumentalities.'),
        unit('two', 1, 'Proceeds may be confiscated by a court.'),
      ]),
    );
    await index.work();
    expect(await ids(ask('confiscation'))).toEqual(['two#art_1@en']);
    expect(await ids(ask('forfeiture'))).toEqual(['one#art_1@en']);
    expect((await index.verify()).faults).toEqual([]);
  });

  test('many small writes are joined, and a rebuild gives the same digest and the same answers', async () => {
    for (let round = 0; round < 20; round += 1) {
      await write((tx) =>
        index.put(tx, 'laws', [
          unit('many', round, `Seizure number ${String(round)} of goods`),
          unit('again', round % 3, `Freezing of accounts, round ${String(round)}`),
        ]),
      );
      if (round === 11) await write((tx) => index.remove(tx, ['many#art_4@en']));
      await index.work();
    }
    const before = await index.verify();
    const status = await index.status();
    expect(before).toMatchObject({ ok: true, checkedUnits: 25 });
    expect(status.segments).toBeLessThan(16);
    const answer = await index.search(ask('seizure freezing', { limit: 50 }));
    const rebuilt = await index.rebuild();
    expect(rebuilt.segments).toBe(2);
    const after = await index.verify();
    expect(after).toEqual(before);
    expect({ ...(await index.search(ask('seizure freezing', { limit: 50 }))), version: '' }).toEqual({
      ...answer,
      version: '',
    });
  });

  test('damage is found', async () => {
    await sql`update knowledge_posting set postings = '\\x0004' where term = 'en:seizur'`.execute(database.owner);
    expect((await index.verify()).faults).toContainEqual({
      code: 'knowledge.part-damaged',
      id: expect.any(String) as string,
    });
    await index.rebuild();
    expect((await index.verify()).ok).toBe(true);
  });

  test('a cursor goes through all results once, and is refused after a change', async () => {
    const request = ask('of', { limit: 7, grouped: false });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await index.search({ ...request, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.groups.map(({ hits }) => hits[0]!.unit.id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toHaveLength((await index.search(request)).units);
    const first = await index.search(request);
    await write((tx) => index.remove(tx, ['many#art_1@en']));
    await expect(index.search({ ...request, cursor: first.cursor! })).rejects.toThrow('knowledge.cursor-expired');
  });

  test('text that no page could show is refused', async () => {
    for (const text of ['a\u0000b', 'half \ud800 a character'])
      await expect(write((tx) => index.put(tx, 'laws', [unit('bad', 1, text)]))).rejects.toThrow(
        'knowledge.text-unclean',
      );
  });
});
