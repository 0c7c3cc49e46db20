import { z } from 'zod';
import { StateCode, TextIn, UnknownReason } from '../../../platform/values/index.ts';

/** Largest sizes that are taken in; more is refused with the limit named. */
export const limits = { text: 200_000, persons: 500, annexes: 2_000, items: 2_000, line: 2_000 } as const;

export const Line = z.string().max(limits.line, 'requests.line-too-long');

/** Words in one or more languages; the request's original language comes first in print. */
export const FreeText = TextIn;
export type FreeText = z.infer<typeof FreeText>;

/** A field left blank on purpose, with why. */
export const Blank = z.strictObject({ unknown: UnknownReason, reason: Line.optional() });
export type Blank = z.infer<typeof Blank>;

/** A field that may be left blank with a reason. `Blank` is tried first: its keys could pass for language tags. */
export function orBlank<T extends z.ZodType>(schema: T): z.ZodUnion<[typeof Blank, T]> {
  return z.union([Blank, schema]);
}

/** Id of an item inside one request: a letter or two and a number, `p1`, `f12`. */
export const ItemId = z.string().regex(/^[a-z]{1,3}\d{1,6}$/, 'requests.bad-item-id');
export type ItemId = z.infer<typeof ItemId>;

export const Place = z.strictObject({
  state: StateCode.optional(),
  territory: Line.nullish().describe('ISO 3166-2 code'),
  place: FreeText.optional(),
});
export type Place = z.infer<typeof Place>;

/** A list with a limit of its own. */
export function listOf<T extends z.ZodType>(item: T, most: number = limits.items, code = 'requests.too-many-items') {
  return z.array(item).max(most, code);
}
