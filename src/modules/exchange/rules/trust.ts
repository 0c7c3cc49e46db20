import type { Instant } from '../../../platform/values/index.ts';
import type { Message } from '../schema.ts';
import { between, day } from './times.ts';

/** Directory and revocations of a State older than this are stale. */
export const freshFor = day;

export function isStale(freshAt: Instant | null, now: Instant): boolean {
  return freshAt === null || between(freshAt, now) > freshFor;
}

/** Whether content of this marking may cross on what is known of the other side; on stale data only what may go round anyway. */
export function mayCross(tlp: Message['tlp'], freshAt: Instant | null, now: Instant): boolean {
  return tlp === 'CLEAR' || tlp === 'GREEN' || !isStale(freshAt, now);
}
