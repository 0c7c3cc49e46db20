import { describe, expect, test } from 'vitest';
import { isNightly } from '../../support/nightly.ts';
import { run } from './world.ts';

const seeds = isNightly ? 1000 : 200;
const groups = 4;

/** What to type to see one schedule again. */
function replay(seed: number): string {
  return `npm run simulate -- --seed ${seed}`;
}

describe(`P1, P2: ${seeds} schedules of two to five nodes end with nothing lost, doubled, out of order or forged`, () => {
  test.each(Array.from({ length: groups }, (_, group) => group))('part %i', { timeout: 600_000 }, async (group) => {
    const failed: string[] = [];
    let posts = 0;
    let crashes = 0;
    for (let seed = 1 + group; seed <= seeds; seed += groups) {
      const report = await run({ seed });
      posts += report.posts;
      crashes += report.crashes;
      for (const { invariant, about } of report.violations.slice(0, 3))
        failed.push(`${invariant}: ${about} (${replay(seed)})`);
    }
    expect(failed).toEqual([]);
    // A world in which nothing happens proves nothing.
    expect(posts).toBeGreaterThan(seeds * 5);
    expect(crashes).toBeGreaterThan(seeds / 10);
  });
});

test('the same seed gives the same run', { timeout: 120_000 }, async () => {
  for (const seed of [3, 17, 40]) expect(await run({ seed })).toEqual(await run({ seed }));
});

test('L11: fifty nodes, all to all, each message takes effect once', { timeout: 600_000 }, async () => {
  const report = await run({ seed: 50, nodes: 50, messages: isNightly ? 50_000 : 150 });
  expect(report.violations).toEqual([]);
  expect(report.nodes).toBe(50);
});
