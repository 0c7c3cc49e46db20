import { z } from 'zod';

/**
 * Why a fact is not there: the source is silent; the question does not arise; the holder keeps it;
 * nobody has looked; looked and not found. Unknown is never zero, no, or absent.
 */
export const UnknownReason = z.enum(['not-stated', 'not-applicable', 'withheld', 'not-coded', 'not-known']);
export type UnknownReason = z.infer<typeof UnknownReason>;

export const Unknown = z.strictObject({ unknown: UnknownReason });
export type Unknown = z.infer<typeof Unknown>;

/** A schema that takes the value or an unknown with its reason. */
export function orUnknown<T extends z.ZodType>(schema: T): z.ZodUnion<[T, typeof Unknown]> {
  return z.union([schema, Unknown]);
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && 'unknown' in value;
}

export function unknown(reason: UnknownReason): Unknown {
  return { unknown: reason };
}
