import { expect, test } from 'vitest';
import { benchTable } from './table.ts';

test('a figure stands beside its goal and its peer, and a goal that is missed is said to be', () => {
  const text = benchTable([
    { area: 'web', name: 'small page', figure: '812/s', goal: '300/s or more', peer: 'bare, 9,000/s', ratio: '11 times slower', met: true },
    { area: 'web', name: 'sheet', figure: '31 KB', goal: '≤ 30 KB', met: false },
  ]); // prettier-ignore
  const lines = text.split('\n');
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toMatch(/\| met +\|$/);
  expect(lines[3]).toMatch(/\| not met +\|$/);
});
