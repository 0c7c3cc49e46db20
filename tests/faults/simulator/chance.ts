import type { Random } from '../../../src/platform/random.ts';

/** Chance that a seed repeats: the whole of a run follows from it. */
export interface Chance extends Random {
  /** In [0, 1). */
  share(): number;
  happens(probability: number): boolean;
  between(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
}

export function chanceFrom(seed: number): Chance {
  let state = (seed * 2654435761 + 0x9e3779b9) >>> 0;
  // mulberry32: small, and good enough to choose faults with.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const share = () => next() / 2 ** 32;
  return {
    share,
    happens: (probability) => share() < probability,
    between: (from, to) => from + Math.floor(share() * (to - from + 1)),
    pick(items) {
      const found = items[Math.floor(share() * items.length)];
      if (found === undefined) throw new Error('Nothing to pick from');
      return found;
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}
