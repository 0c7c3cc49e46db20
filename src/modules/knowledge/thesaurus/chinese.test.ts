import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { withTransaction } from '../../../platform/db/index.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { createSearchIndex, unitId, type SearchIndex, type SearchUnit } from '../search/index.ts';
import { shippedThesaurus } from './index.ts';

// A translation that is no authentic text: for this test alone, never in a pack.
const file = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'treaties', 'uncac.zh-Hant.json');
interface Aligned {
  title_en: string;
  title_zh: string;
  content_zh: string;
}

let database: TestDatabase;
let index: SearchIndex;
beforeAll(async () => {
  database = await testDatabase();
  index = createSearchIndex({ db: database.db });
}, 120_000);
afterAll(() => database.close());

test('an English term of a convention finds the article in the Chinese text by the labels of the thesaurus alone', async (test) => {
  if (!existsSync(file)) return test.skip('the Chinese text for tests is not beside the project');
  const { articles } = JSON.parse(readFileSync(file, 'utf8')) as { articles: Aligned[] };
  expect(articles).toHaveLength(71);
  const units = articles.map((article, n): SearchUnit => {
    const unit = { work: 'XVIII-14', eId: `art_${String(n + 1)}`, language: 'zh' as const };
    return {
      ...unit,
      id: unitId(unit),
      kind: 'treaty',
      access: 'public',
      title: '',
      heading: article.title_zh,
      text: article.content_zh,
      place: n,
    };
  });
  await withTransaction(database.db, 'system:test', (tx) => index.replaceSource(tx, 'chinese', units));
  await index.work();
  const recallAt10 = async () => {
    const missed: string[] = [];
    for (const [n, { title_en: text }] of articles.entries()) {
      const asked = { text, access: ['public' as const], language: 'en' as const, grouped: false, limit: 10 };
      const hits = (await index.search(asked)).groups.flatMap((group) => group.hits.map((hit) => hit.unit.eId));
      if (!hits.slice(0, 10).includes(`art_${String(n + 1)}`)) missed.push(text);
    }
    return { recall: 1 - missed.length / articles.length, missed };
  };
  const without = await recallAt10();
  index.useThesaurus(shippedThesaurus());
  const found = await recallAt10();
  expect(without.recall).toBeLessThan(0.1);
  expect(found.recall).toBeGreaterThanOrEqual(0.8);
}, 60_000);
