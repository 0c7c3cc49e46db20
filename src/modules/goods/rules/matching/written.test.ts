import { describe, expect, test } from 'vitest';
import { writtenPairs } from '../../testing/pairs.ts';
import { alertFrom } from './decide.ts';
import { auc } from './evaluate.ts';
import { similarityOf } from './score.ts';

const scored = writtenPairs().map((pair) => ({ ...pair, score: similarityOf(pair.left, pair.right, pair.as) ?? -1 }));

/** Of each kind of writing: pairs of one name found at least, and pairs of two names that are still looked at, at most. */
const held: Record<string, [found: number, looked: number]> = {
  russian: [36, 4],
  'cyrillic-other': [31, 3],
  greek: [30, 1],
  arabic: [34, 3],
  persian: [30, 1],
  hebrew: [29, 0],
  armenian: [29, 0],
  georgian: [30, 1],
  devanagari: [30, 1],
  indic: [28, 1],
  thai: [28, 0],
  'han-mandarin': [36, 7],
  'han-southern': [24, 0],
  japanese: [34, 7],
  korean: [38, 1],
  vietnamese: [14, 1],
  'latin-forms': [69, 4],
  'latin-typo': [24, 0],
  company: [53, 4],
  vessel: [19, 4],
};

describe('pairs written by hand, made up for each way of writing', () => {
  test.each(Object.entries(held))('%s', (group, [found, looked]) => {
    const some = scored.filter((pair) => pair.group === group);
    expect(some.filter(({ same, score }) => same && score >= alertFrom).length).toBeGreaterThanOrEqual(found);
    expect(some.filter(({ same, score }) => !same && score >= alertFrom).length).toBeLessThanOrEqual(looked);
  });

  test('every kind has its line, and one name scores above two names almost always', () => {
    expect(Object.keys(held).sort()).toEqual([...new Set(scored.map(({ group }) => group))].sort());
    expect(auc(scored.map(({ score, same }) => ({ score, isMatch: same })))).toBeGreaterThanOrEqual(0.95);
  });

  test('each is the same the other way round', () => {
    for (const { left, right, as, score } of scored) expect(similarityOf(right, left, as)).toBe(score);
  });
});
