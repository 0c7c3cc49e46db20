import type { Random } from '../random.ts';
import { toInstant, type Instant } from '../values/index.ts';

export const mostTries = 8;
/** Longest wait before a job is tried again. */
export const longestTryMillis = 3_600_000;

/** Moment of the next try: 2 s, 4 s, 8 s … to an hour, each between half and whole, so that many do not come at once. */
export function nextTry(now: Instant, tries: number, random: Random): Instant {
  const most = Math.min(longestTryMillis, 1000 * 2 ** tries);
  const share = Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
  return toInstant(new Date(Date.parse(now) + Math.round(most / 2 + (most / 2) * share)));
}

export function later(now: Instant, millis: number): Instant {
  return toInstant(new Date(Date.parse(now) + millis));
}

/** What may be written about a failure: a code, never a message. */
export function failureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code.slice(0, 100) : error instanceof Error ? error.name : 'unknown';
}
