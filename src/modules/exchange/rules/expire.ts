import type { Instant } from '../../../platform/values/index.ts';
import { after, between, day, minute } from './times.ts';

/** How far ahead of the receiver's clock a message may be dated. */
export const mostSkew = 5 * minute;
/** How long after expiry a sender waits for a receipt before it states that none came. */
const grace = 5 * minute;
const lastCall = minute;

/** By the receiver's own clock. */
export function isExpired(expiresAt: Instant, now: Instant): boolean {
  return now >= expiresAt;
}

export function isAhead(signedAt: Instant, now: Instant): boolean {
  return between(now, signedAt) > mostSkew;
}

/**
 * What a sender does about a message without receipt: nothing; ask once more for the receipt (from five minutes after
 * expiry); state that none was obtained by expiry (a minute later). It never says that nothing arrived.
 */
export function decideExpiry(expiresAt: Instant, now: Instant): 'wait' | 'ask' | 'fail' {
  if (now < after(expiresAt, grace)) return 'wait';
  return now < after(expiresAt, grace + lastCall) ? 'ask' : 'fail';
}

/** Ask for what is missing after a minute and every ten minutes again, tell officers after a day, give up after thirty. */
export const gapTimes = { ask: minute, askAgain: 10 * minute, tell: day, giveUp: 30 * day };

/** What a receiver does about a message that waits for one before it. */
export function decideGap(receivedAt: Instant, now: Instant): 'wait' | 'ask' | 'tell' | 'give-up' {
  const waited = between(receivedAt, now);
  if (waited >= gapTimes.giveUp) return 'give-up';
  if (waited >= gapTimes.tell) return 'tell';
  return waited >= gapTimes.ask ? 'ask' : 'wait';
}
