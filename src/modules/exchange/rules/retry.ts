import type { Instant } from '../../../platform/values/index.ts';
import type { Priority } from '../schema.ts';
import { after, hour, minute, second } from './times.ts';

/** What an attempt may take. */
export const timeouts = { connect: 5 * second, answer: 30 * second };

const base = 5 * second;
const caps: Record<Priority, number> = { routine: hour, urgent: 5 * minute, immediate: minute };

/** Longest that a peer may ask us to wait. */
export const longestRetryAfter = hour;

/**
 * Moment of the next attempt: anywhere between now and 5 s, 10 s, 20 s … up to the cap of the priority, so that many do not
 * come at once, and never before the peer asked for.
 * @param attempts made so far, at least 1
 * @param share between 0 and 1, by chance
 * @param retryAfter seconds that the peer asked for
 */
export function nextAttempt(
  now: Instant,
  priority: Priority,
  attempts: number,
  share: number,
  retryAfter?: number,
): Instant {
  const most = Math.min(caps[priority], base * 2 ** Math.min(30, attempts - 1));
  const asked = Math.min(longestRetryAfter, Math.max(0, retryAfter ?? 0) * second);
  return after(now, Math.round(Math.max(asked, most * share)));
}

const ranks: Record<Priority, number> = { immediate: 0, urgent: 1, routine: 2 };

/** 0 goes first. */
export function rankOf(priority: Priority): number {
  return ranks[priority];
}
