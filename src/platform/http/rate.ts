import type { Clock } from '../clock.ts';

export interface RateLimit {
  /** Takes one turn of an address. Answers 0, or the seconds until the next turn. */
  take(address: string): number;
}

const mostAddresses = 20_000;

/**
 * A bucket of turns per address: full at first, refilled evenly over a minute. `perMinute` 0 limits nothing.
 * Kept in this process: a node of several processes allows as many times more, and a restart fills every bucket. It is
 * there to slow a copying machine, not to keep a secret.
 */
export function createRateLimit(clock: Clock, perMinute: number): RateLimit {
  const buckets = new Map<string, { turns: number; at: number }>();
  const perMillisecond = perMinute / 60_000;
  return {
    take(address) {
      if (perMinute === 0) return 0;
      const now = Date.parse(clock.now());
      const known = buckets.get(address) ?? { turns: perMinute, at: now };
      const turns = Math.min(perMinute, known.turns + Math.max(0, now - known.at) * perMillisecond);
      buckets.delete(address);
      // The oldest goes: it has had the longest time to fill again.
      if (buckets.size >= mostAddresses) buckets.delete(buckets.keys().next().value ?? '');
      if (turns < 1) {
        buckets.set(address, { turns, at: now });
        return Math.max(1, Math.ceil((1 - turns) / perMillisecond / 1000));
      }
      buckets.set(address, { turns: turns - 1, at: now });
      return 0;
    },
  };
}
