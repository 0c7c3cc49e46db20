import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNightly } from '../../../../tests/support/nightly.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { memoryEngine } from './engines.ts';
import { fileLines, readCollection } from './collection.ts';
import { evaluate, measure, ndcg10, recall100, trecRun, withoutOperators } from './evaluate.ts';
import { referenceBm25, knownReference } from './reference.ts';

const folder = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'ir');
const clock = () => performance.now();
const product = () => memoryEngine({ language: 'en', match: 'some', operators: false, thesaurus: undefined });

function open(name: string) {
  const lines = (file: string) => fileLines(join(folder, name, file));
  return readCollection({ docs: lines('corpus.jsonl'), queries: lines('queries.jsonl'), qrels: lines('qrels.tsv') });
}

describe.skipIf(!existsSync(folder))(
  'on judged collections (left out when ../shared/data/knowledge/ir is absent)',
  () => {
    // The second one takes half a minute: it is asked at night and in the bench.
    test.each(isNightly ? ['cranfield', 'obliqa-dev'] : ['cranfield'])(
      'the ranking on %s is at least that of a plain BM25, which gives what it is known to give',
      async (name) => {
        const [own, reference] = await evaluate(open(name), [product(), referenceBm25()], clock);
        const known = knownReference(reference!.evaluation)!;
        expect(Math.abs(reference!.evaluation.ndcg10 - known.ndcg10)).toBeLessThan(0.005);
        expect(Math.abs(reference!.evaluation.recall100 - known.recall100)).toBeLessThan(0.005);
        expect(own!.evaluation.ndcg10).toBeGreaterThanOrEqual(reference!.evaluation.ndcg10);
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

  const read = (docs: string, queries: string, qrels: string) =>
    readCollection({ docs: docs.split('\n'), queries: queries.split('\n'), qrels: qrels.split('\n') });

  test('lines that cannot be used are listed, a pair judged twice keeps the higher grade, an empty text finds nothing', async () => {
    const collection = read(
      [
        '{"_id":"1","title":"","text":"seizure of goods"}',
        '{"_id":"1","text":"again"}',
        'broken',
        '{"_id":"2","text":""}',
        '{"_id":"3"}',
      ].join('\n'),
      ['{"_id":"q","text":"seizures"}', '{"text":"no id"}'].join('\n'),
      ['query-id\tcorpus-id\tscore', 'q\t1\t1', 'q\t1\t3', 'q\t9\t1', 'z\t1\t1', 'q\t2'].join('\n'),
    );
    const [{ evaluation, rankings } = { evaluation: undefined, rankings: new Map() }] = await evaluate(
      collection,
      [product()],
      clock,
    );
    expect(collection.rejected.map(({ file, line, reason }) => `${file} ${String(line)} ${reason}`)).toEqual([
      'docs 2 duplicate-id',
      'docs 3 not-json',
      'docs 5 wrong-shape',
      'queries 2 wrong-shape',
      'qrels 4 unknown-document',
      'qrels 5 unknown-query',
      'qrels 6 wrong-shape',
    ]);
    expect(collection.grades.get('q')).toEqual(new Map([['1', 3]]));
    expect(rankings.get('q')).toEqual(['1']);
    expect(evaluation).toMatchObject({ docs: 2, queries: 1, judgedQueries: 1, ndcg10: 1, recall100: 1 });
    expect(evaluation?.notes).toEqual(['judged-twice: 1 pairs, the higher grade counts', 'empty-documents: 1']);
    expect(measure({ queries: [], grades: new Map() }, new Map())).toEqual({ ndcg10: 0, recall100: 0 });
    expect(trecRun(rankings, 'x')).toBe('q Q0 1 1 1000 x\n');
  });

  const docs =
    '\uFEFF{"_id":7,"title":null,"text":"seizure of goods and much else"}\r\n{"id":"a b","text":"seizure, seizures"}';
  const queries = '{"_id":"q 1","text":"seizure"}\n{"_id":"q2","text":"?!"}';
  test.each([
    ['with tabs and a heading', 'query-id\tcorpus-id\tscore\nq 1\ta b\t2\nq2\t7\t1\n'],
    ['with tabs and another heading', 'qid\tdocid\trel\r\nq 1\ta b\t2\r\nq2\t7\t1'],
    ['with tabs alone', 'q 1\ta b\t2\nq2\t7\t1'],
    ['of TREC with tabs', 'q 1\t0\ta b\t2\nq2\tQ0\t7\t1.0\n'],
  ])('judgements %s are read, ids with blanks among them', async (_, qrels) => {
    const [one] = await evaluate(read(docs, queries, qrels), [product()], clock);
    expect(one!.evaluation).toMatchObject({ docs: 2, queries: 2, judgedQueries: 2, rejected: [], ndcg10: 0.5 });
    expect(one!.rankings.get('q2')).toEqual([]);
  });

  test('judgements of TREC with blanks are read, and questions and texts in columns', async () => {
    const collection = read('d1\tA title\tof seizure\nd2\tgoods', 'q1\tseizure', 'q1 0 d1 1\nq1  0  d2  0\n');
    const [one] = await evaluate(collection, [product()], clock);
    expect(one!.evaluation).toMatchObject({ docs: 2, judgedQueries: 1, rejected: [], ndcg10: 1 });
  });

  test('what looks like an operator in a question of a collection is read as words', () => {
    expect(withoutOperators('Is "good faith" (NOT bad) -ever article:5 AND on*?')).toBe(
      'Is  good faith   not bad  ever article 5 and on ?',
    );
    expect(withoutOperators('money-laundering at 10:30, NATO')).toBe('money-laundering at 10:30, NATO');
  });
});
