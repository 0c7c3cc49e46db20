import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isNightly } from '../../../tests/support/nightly.ts';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { packageRoot } from '../../platform/paths.ts';
import { loadTreaties, readTexts, type InstrumentId } from '../treaties/index.ts';
import { loadCitationFacts, readCitationQuery, type CitationFacts } from './citations/index.ts';
import { resolveAsking } from './pinned.ts';
import { createSearchIndex, type SearchIndex } from './search/index.ts';
import type { TextOrigin } from './sources/schema.ts';
import { treatyUnits } from './sources/treaties.ts';

const folder = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'treaties');
const origin: TextOrigin = {
  pack: 'development',
  packVersion: '1',
  packTitle: 'Development texts',
  asOf: '2024-05-04',
  licence: 'Official texts',
  sources: [],
};

let database: TestDatabase;
let index: SearchIndex;
let citations: CitationFacts;
/** Every article of the nine treaties, with six ways of writing its reference. */
const asked: { unit: string; ways: string[] }[] = [];

beforeAll(async () => {
  if (!existsSync(folder)) return;
  database = await testDatabase();
  index = createSearchIndex({ db: database.db });
  const treaties = loadTreaties();
  citations = loadCitationFacts({ treaties });
  const texts = readTexts([folder]);
  const units = [...treaties.instruments.values()].flatMap((instrument) => {
    const text = texts.get(instrument.textId ?? '');
    if (!text) return [];
    const name = treaties.names.print(instrument.id as InstrumentId);
    for (const { number } of text.articles)
      asked.push({
        unit: `${instrument.id}#art_${number.toLowerCase().replaceAll(' ', '')}@en`,
        ways: [
          `${name} ${number}`,
          `art. ${number} ${name}`,
          `${number} ${name.toLowerCase()}`,
          `article ${number} of the ${instrument.title.split(',')[0] === instrument.title ? instrument.title : name}`,
          `${instrument.id} art ${number}`,
          `${name} 第${number}条`,
        ],
      });
    return treatyUnits({ origin, instrument: instrument.id, text }, instrument, [name]);
  });
  await withTransaction(database.db, 'system:test', (tx) => index.replaceSource(tx, 'treaties', units));
  await index.work();
}, 120_000);
afterAll(() => database?.close());

test('every article of the nine treaties is what six ways of writing its reference ask for, in at least 99 of 100', async (test) => {
  if (asked.length === 0) return test.skip('the treaty texts are not beside the project');
  expect(asked.length).toBeGreaterThan(300);
  const missed: string[] = [];
  let ways = 0;
  for (const { unit, ways: writings } of asked) {
    const wanted = new Map<string, string | undefined>();
    for (const writing of writings) {
      ways += 1;
      const query = readCitationQuery(writing, 'en', citations);
      const target = query?.targets[0];
      const key = JSON.stringify([target?.work, target?.eId]);
      // What one target leads to is looked up once.
      if (!wanted.has(key)) wanted.set(key, query && (await resolveAsking(query, index, ['public'], ['en']))?.unit?.id);
      if (wanted.get(key) !== unit) missed.push(`${writing} → ${wanted.get(key) ?? 'nothing'}, not ${unit}`);
    }
  }
  expect(1 - missed.length / ways).toBeGreaterThanOrEqual(0.99);
}, 120_000);

test('what a reference asks for stands first in the results', async (test) => {
  if (asked.length === 0) return test.skip('the treaty texts are not beside the project');
  for (const { unit, ways } of isNightly ? asked : asked.filter((_, n) => n % 25 === 0)) {
    const request = {
      text: ways[0]!,
      access: ['public' as const],
      language: 'en' as const,
      pinned: [unit.split('@')[0]!],
    };
    const [first] = (await index.search(request)).groups.flatMap(({ hits }) => hits);
    expect(first?.unit.id, ways[0]).toBe(unit);
  }
}, 120_000);
