import { z } from 'zod';
import { Instant, PlainDate } from './dates.ts';

/** A value with where it comes from. `asOf` is the day to which the source spoke. */
export function sourced<T extends z.ZodType>(value: T) {
  return z.strictObject({
    value,
    source: z.string(),
    locator: z.string().optional(),
    date: PlainDate.optional(),
    asOf: PlainDate,
    by: z.string().optional(),
    method: z.string().optional(),
    recordedAt: Instant,
  });
}

/** Sources that differ, all kept; `used` says which one a named rule or person prefers, and `why`. */
export function conflict<T extends z.ZodType>(value: T) {
  return z.strictObject({
    values: z.array(sourced(value)).min(2),
    used: z.number().int().nonnegative().optional(),
    why: z.string().optional(),
  });
}
