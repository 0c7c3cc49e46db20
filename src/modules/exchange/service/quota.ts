import type { Clock } from '../../../platform/clock.ts';
import { takeFromQuota, type Quota as Bucket } from '../rules/index.ts';

/** How much each peer may send. */
export interface Quota {
  /** Takes one; answers 0, or the seconds to wait. */
  take(peer: string): number;
}

export function createQuota(clock: Clock, perSecond: number): Quota {
  const limits = { perSecond, burst: perSecond * 10 };
  const buckets = new Map<string, Bucket>();
  return {
    take(peer) {
      const taken = takeFromQuota(buckets.get(peer) ?? null, clock.now(), limits);
      buckets.set(peer, taken.quota);
      return taken.taken ? 0 : taken.after;
    },
  };
}
