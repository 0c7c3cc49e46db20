import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { matchPairs } from './pairs.ts';
import { openListFile, screenFile } from './screening.ts';
import { developmentFile } from './testing/development.ts';

const pairs = developmentFile('name-pairs.csv');
const cross = developmentFile('cross-script-pairs.csv');
const entities = developmentFile('ofac-sdn/entities.csv');
const aliases = developmentFile('ofac-sdn/alias-queries.csv');
const options = { prior: 0.5, explain: false, schema: 'Person' } as const;

// Real people: no name of theirs stands in a title or a message here.
describe.skipIf(!pairs || !cross || !entities || !aliases)(
  'on the development data (left out when ../shared/data/matching is absent)',
  () => {
    test('pairs: area under the curve at least 0.86, best F1 at least 0.76, above the published scores', async () => {
      const { evaluation, rejected } = await matchPairs(pairs!, options);
      expect(rejected).toEqual([]);
      expect(evaluation).toMatchObject({ n: 156, matches: 70 });
      expect(evaluation?.auc).toBeGreaterThanOrEqual(0.86);
      expect(evaluation?.bestF1).toBeGreaterThanOrEqual(0.76);
      expect(evaluation?.calibrationError).toBeLessThanOrEqual(0.08);
    });

    test('pairs labelled STRONG: none on the wrong side of 0.70', async () => {
      const { results } = await matchPairs(pairs!, options);
      const rows = parse(readFileSync(pairs!), { columns: true }) as { quality: string; is_match: string }[];
      const wrong = results.filter(({ row, similarity }) => {
        const { quality, is_match } = rows[row - 1]!;
        return quality === 'STRONG' && similarity >= 0.7 !== (is_match === 'true');
      });
      expect(rows.filter(({ quality }) => quality === 'STRONG').length).toBeGreaterThan(5);
      expect(wrong.length).toBe(0);
    });

    test('pairs across scripts: all 22 at 0.70 or more', async () => {
      const { results } = await matchPairs(cross!, options);
      expect(results).toHaveLength(22);
      expect(results.filter(({ similarity }) => similarity >= 0.7)).toHaveLength(22);
    });

    test('aliases against entry names alone: recall at 50 of persons at least 0.82, of all others at least 0.72', async () => {
      const opened = await openListFile(entities!, { name: 'name', id: 'ent_num' });
      const individuals = new Set<string>();
      for (let n = 0; n < opened.list.size; n += 1) {
        const entry = opened.list.entry(n);
        if (entry.schema === 'Person') individuals.add(entry.id);
        entry.weakNames = [];
      }
      const answer = await screenFile(
        opened,
        aliases!,
        { limit: 50, explain: false, queryColumn: 'query', expect: 'ent_num', schema: 'Thing' },
        () => 0,
      );
      const rows = parse(readFileSync(aliases!), { columns: true }) as { ent_num: string }[];
      const share = (wanted: boolean) => {
        const some = answer.results.filter(({ row }) => individuals.has(rows[row - 1]!.ent_num) === wanted);
        const hit = some.filter(({ row, candidates }) =>
          candidates.some((one) => one.entryId === rows[row - 1]!.ent_num),
        );
        return hit.length / some.length;
      };
      expect(answer.queries).toBe(2355);
      expect(share(true)).toBeGreaterThanOrEqual(0.82);
      expect(share(false)).toBeGreaterThanOrEqual(0.72);
      expect(answer.evaluation?.recallAt50).toBeGreaterThan(0.8);
    }, 120_000);
  },
);
