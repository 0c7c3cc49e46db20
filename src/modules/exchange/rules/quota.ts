import type { Instant } from '../../../platform/values/index.ts';
import { between, second } from './times.ts';

/** What one peer may hand over: so many a second in the long run, and a burst. */
export interface QuotaLimits {
  perSecond: number;
  burst: number;
}

export const quotaLimits: QuotaLimits = { perSecond: 50, burst: 500 };

/** What is left of a burst, and when that was true. */
export interface Quota {
  left: number;
  at: Instant;
}

/** Takes one message from a peer's quota. `after`: whole seconds until there is room again. A clock set back gives nothing. */
export function takeFromQuota(
  quota: Quota | null,
  now: Instant,
  limits: QuotaLimits = quotaLimits,
): { quota: Quota; taken: true } | { quota: Quota; taken: false; after: number } {
  const gained = quota ? (Math.max(0, between(quota.at, now)) / second) * limits.perSecond : limits.burst;
  const left = Math.min(limits.burst, (quota?.left ?? 0) + gained);
  if (left >= 1) return { quota: { left: left - 1, at: now }, taken: true };
  return { quota: { left, at: now }, taken: false, after: Math.max(1, Math.ceil((1 - left) / limits.perSecond)) };
}
