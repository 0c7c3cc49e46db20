import { describe, expect, test } from 'vitest';
import type { Invariant } from './checker.ts';
import { plants, type Plant } from './plants.ts';
import { run } from './world.ts';

/** A seed whose schedule shows the fault; where it no longer does, others are tried. */
const shownBy: Partial<Record<Plant, number>> = {
  'acknowledge-before-commit': 3,
  'skip-flush': 2,
  'skip-sequence-check': 2,
  'ignore-revocation': 3,
  'verify-parsed-not-raw': 5,
  'alg-none': 64,
  'expiry-by-sender-clock': 4,
  'held-applied-twice': 2,
  'held-never-released': 2,
  'breaker-never-closes': 2,
  'effect-outside-transaction': 9,
  'outbox-outside-transaction': 5,
  'wrong-recipient-taken': 17,
  'refused-number-not-used': 10,
  'reissue-forgotten': 3,
  'late-receipt-ignored': 13,
  'lease-not-checked': 10,
  'sending-never-resumes': 4,
  'two-in-flight': 3,
  'final-refusal-forgotten': 51,
  'handler-failure-dropped': 2,
  'clock-skew-refused-for-good': 2,
};
const mostSeeds = 150;

async function find(plant: Plant): Promise<{ seed: number; invariants: Invariant[] } | undefined> {
  for (let turn = 0; turn <= mostSeeds; turn += 1) {
    const seed = turn === 0 ? shownBy[plant] : turn;
    if (seed === undefined) continue;
    const { violations } = await run({ seed, plant });
    const invariants = [...new Set(violations.map((one) => one.invariant))];
    if (invariants.length > 0) return { seed, invariants };
  }
  return undefined;
}

describe('each fault planted on purpose is found', () => {
  test('there are more than twenty', () => {
    expect(plants.length).toBeGreaterThanOrEqual(20);
  });

  test.each(plants)('%s', { timeout: 600_000 }, async (plant) => {
    const found = await find(plant);
    expect(found, `${plant} was not found`).toBeDefined();
    // The report names which invariant found it.
    expect(`${plant}: ${found?.invariants.join(', ')} (seed ${found?.seed})`).toContain(plant);
  });
});
