import { z } from 'zod';

export const citationTypes = [
  'resolution',
  'document',
  'treaty-series',
  'instrument',
  'article',
  'statute',
  'case',
  'goal',
] as const;
export const CitationType = z.enum(citationTypes);
export type CitationType = z.infer<typeof CitationType>;

/**
 * What a citation points to. `id` names the work: a depositary's number (`XVIII-12`), a symbol (`A/RES/55/25`), a
 * goal (`sdg-16.4`); `article` is the place in it as `treaties` writes it, `18(15)(a)`.
 */
export const CitationTarget = z.strictObject({ id: z.string(), article: z.string().optional() });
export type CitationTarget = z.infer<typeof CitationTarget>;

export const unresolvedReasons = [
  'no-such-unit',
  'unknown-instrument',
  'no-outline',
  'not-in-register',
  'unknown-body',
  'no-context',
  'footnote-missing',
  'not-defined-here',
  'cites-later-work',
] as const;

/** One place of a text that cites something. Spans are offsets into the text as given, end exclusive. */
export const Citation = z.strictObject({
  type: CitationType,
  span: z.tuple([z.int(), z.int()]),
  found: z.string(),
  target: z.array(CitationTarget),
  method: z.enum(['grammar', 'alias', 'defined', 'ibid', 'relative']),
  ruleId: z.string(),
  confidence: z.number().min(0).max(1),
  status: z.enum(['resolved', 'ambiguous', 'unresolved']),
  reason: z.enum(unresolvedReasons).optional(),
});
export type Citation = z.infer<typeof Citation>;

/** One unit of an instrument: what a reference may point to. `path` is `['18', '15', 'a']`. */
export interface Unit {
  path: readonly string[];
}

/** Which units an instrument has. */
export interface UnitTree {
  instrument: string;
  has(path: readonly string[]): boolean;
  /** Paths directly below, in the order of the text. */
  children(path: readonly string[]): readonly (readonly string[])[];
}

/** Where the text stands that is read: relative references ("this article") start from here. */
export interface Standing {
  instrument?: string;
  /** Path of the unit the text belongs to. */
  path?: readonly string[];
}
