import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNightly } from '../../../../tests/support/nightly.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { memoryEngine } from './engines.ts';
import { evaluate, measure, ndcg10, readCollection, recall100, trecRun } from './evaluate.ts';
import { referenceBm25, knownReference } from './reference.ts';

const folder = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'ir');
const clock = () => performance.now();
const product = () => memoryEngine({ language: 'en', match: 'auto', thesaurus: undefined });

function open(name: string) {
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8');
  return readCollection(read('corpus.jsonl'), read('queries.jsonl'), read('qrels.tsv'));
}

describe.skipIf(!existsSync(folder))(
  'on judged collections (left out when ../shared/data/knowledge/ir is absent)',
  () => {
    // The second one takes half a minute: it is asked at night and in the bench.
    test.each(isNightly ? ['cranfield', 'obliqa-dev'] : ['cranfield'])(
      'the ranking on %s is at least that of a plain BM25, which gives what it is known to give',
      async (name) => {
        const collection = open(name);
        const reference = await evaluate(collection, referenceBm25(), clock);
        const known = knownReference(collection)!;
        expect(Math.abs(reference.evaluation.ndcg10 - known.ndcg10)).toBeLessThan(0.005);
        expect(Math.abs(reference.evaluation.recall100 - known.recall100)).toBeLessThan(0.005);
        const own = await evaluate(collection, product(), clock);
        expect(own.evaluation.ndcg10).toBeGreaterThanOrEqual(reference.evaluation.ndcg10);
      },
      600_000,
    );
  },
);

describe('the measure', () => {
  const grades = new Map([
    ['a', 2],
    ['b', 1],
    ['c', 0],
  ]);
  test('gains are linear, discounted by place, and set against the best order', () => {
    expect(ndcg10(['a', 'b'], grades)).toBe(1);
    expect(ndcg10(['b', 'a'], grades)).toBeCloseTo((1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3)), 10);
    expect(ndcg10(['c'], grades)).toBe(0);
    expect(recall100(['c', 'b'], grades)).toBe(0.5);
  });

  test('lines that cannot be used are listed, a pair judged twice keeps the higher grade, an empty text finds nothing', async () => {
    const collection = readCollection(
      [
        '{"_id":"1","title":"","text":"seizure of goods"}',
        '{"_id":"1","text":"again"}',
        'broken',
        '{"_id":"2","text":""}',
      ].join('\n'),
      ['{"_id":"q","text":"seizures"}', '{"text":"no id"}'].join('\n'),
      ['query-id\tcorpus-id\tscore', 'q\t1\t1', 'q\t1\t3', 'q\t9\t1', 'z\t1\t1', 'q\t2'].join('\n'),
    );
    expect(collection.rejected.map(({ file, line, reason }) => `${file} ${String(line)} ${reason}`)).toEqual([
      'docs 2 duplicate-id',
      'docs 3 not-json',
      'queries 2 wrong-shape',
      'qrels 4 unknown-document',
      'qrels 5 unknown-query',
      'qrels 6 wrong-shape',
    ]);
    expect(collection.grades.get('q')).toEqual(new Map([['1', 3]]));
    const { evaluation, rankings } = await evaluate(collection, product(), clock);
    expect(rankings.get('q')).toEqual(['1']);
    expect(evaluation).toMatchObject({ docs: 2, queries: 1, judgedQueries: 1, ndcg10: 1, recall100: 1 });
    expect(measure(collection, new Map())).toEqual({ ndcg10: 0, recall100: 0 });
    expect(trecRun(rankings, 'x')).toBe('q Q0 1 1 1000 x\n');
  });
});
