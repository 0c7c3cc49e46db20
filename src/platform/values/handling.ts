import { z } from 'zod';
import { PlainDate } from './dates.ts';

const tlp = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
const pap = ['CLEAR', 'GREEN', 'AMBER', 'RED'] as const;
const judicialUse = ['free', 'on-consent', 'never'] as const;
const onward = ['free', 'on-request', 'no'] as const;

/** Who may read, what may be done with it, and for how long. Every stored object with content has one. */
export const Handling = z.strictObject({
  tlp: z.enum(tlp),
  pap: z.enum(pap).optional(),
  europol: z.array(z.enum(['H0', 'H1', 'H2', 'H3'])).optional(),
  /** A national marking; joined handlings name each, with ` / ` between them. */
  national: z.string().max(300).optional(),
  originator: z.string(),
  groups: z.array(z.string()).default([]),
  purposes: z.array(z.string()).default([]),
  judicialUse: z.enum(judicialUse).default('free'),
  onward: z.enum(onward).default('on-request'),
  reviewOn: PlainDate.optional(),
  retainUntil: PlainDate.optional(),
});
export type Handling = z.infer<typeof Handling>;

function stricter<T extends string>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** Stands alone in a list that shares nothing with another: no group and no purpose is left, which empty cannot say. */
export const noneInCommon = 'none-in-common';

/** What two lists allow together, sorted. An empty list limits nothing. */
function both(a: readonly string[], b: readonly string[]): string[] {
  const shared = a.length === 0 ? b : b.length === 0 ? a : a.filter((item) => b.includes(item));
  return a.length + b.length > 0 && shared.length === 0 ? [noneInCommon] : [...new Set(shared)].sort();
}

/** Marks of two sides, each once and sorted, so that the order of joining leaves no trace. */
function marks(separator: string, ...sides: (string | undefined)[]): string {
  const parts = sides.flatMap((side) => (side === undefined ? [] : side.split(separator)));
  return [...new Set(parts)].sort().join(separator);
}

function earlier<T extends string>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** Handling of something made from two: the strictest part by part. An empty list of groups or purposes limits nothing. */
export function joinHandling(a: Handling, b: Handling): Handling {
  return withoutAbsent({
    tlp: stricter(tlp, a.tlp, b.tlp),
    pap: a.pap && b.pap ? stricter(pap, a.pap, b.pap) : (a.pap ?? b.pap),
    europol: a.europol || b.europol ? [...new Set([...(a.europol ?? []), ...(b.europol ?? [])])].sort() : undefined,
    national: marks(' / ', a.national, b.national) || undefined,
    originator: marks(' + ', a.originator, b.originator),
    groups: both(a.groups, b.groups),
    purposes: both(a.purposes, b.purposes),
    judicialUse: stricter(judicialUse, a.judicialUse, b.judicialUse),
    onward: stricter(onward, a.onward, b.onward),
    reviewOn: earlier(a.reviewOn, b.reviewOn),
    retainUntil: earlier(a.retainUntil, b.retainUntil),
  });
}
