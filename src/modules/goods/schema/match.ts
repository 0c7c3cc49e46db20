import { z } from 'zod';
import { Instant } from '../../../platform/values/index.ts';
import { NamedSchema } from './subject.ts';

/** How far a comparison carries; `name-only` is never a match, only a name to look at. */
export const bands = ['identifier', 'strong', 'likely', 'possible', 'name-only', 'weak', 'contradicted'] as const;
export const Band = z.enum(bands);
export type Band = z.infer<typeof Band>;

export const decisions = ['alert', 'review', 'none'] as const;
export const Decision = z.enum(decisions);
export type Decision = z.infer<typeof Decision>;

export const features = ['name', 'birth-date', 'country', 'gender', 'identifier', 'rarity'] as const;
export const Feature = z.enum(features);
export type Feature = z.infer<typeof Feature>;

export const rules = [
  'equal',
  'spelling',
  'sound',
  'transliteration',
  'consonants',
  'other-form',
  'initial',
  'joined',
  'different',
  'left-out',
  'added',
  'conflict',
  'numeral',
  'generation',
  'legal-form',
  'patronymic',
  'same-day',
  'same-month',
  'same-year',
  'day-and-month-exchanged',
  'near-year',
  'shared',
  'differs',
  'checked',
  'unchecked',
  'rare',
  'common',
] as const;
export const Rule = z.enum(rules);
export type Rule = z.infer<typeof Rule>;

/** One step of the waterfall. Name rows sum to the similarity; all other rows are natural logarithms of odds. */
export const Reason = z.object({
  feature: Feature,
  rule: Rule,
  left: z.string().nullable(),
  right: z.string().nullable(),
  points: z.number(),
});
export type Reason = z.infer<typeof Reason>;

/** Two numbers, never one: how alike the names are written or heard, and how probable it is that both are the same. */
export const Comparison = z.object({
  model: z.string(),
  similarity: z.number().min(0).max(1),
  probability: z.number().min(0).max(1),
  prior: z.number().min(0).max(1).describe('Stated probability before anything was compared'),
  comparable: z.array(Feature).describe('What both sides had'),
  band: Band,
  decision: Decision,
  explanation: z.array(Reason),
});
export type Comparison = z.infer<typeof Comparison>;

/** A row that could not be read; the others go on. */
export const RejectedRow = z.object({
  row: z.int(),
  code: z.string(),
  column: z.string().nullable(),
  message: z.string(),
  byteOffset: z.int().optional(),
});
export type RejectedRow = z.infer<typeof RejectedRow>;

export const NamePairResult = z.object({
  row: z.int(),
  id: z.string().nullable(),
  name1: z.string(),
  name2: z.string(),
  schema: NamedSchema,
  similarity: z.number(),
  probability: z.number(),
  comparable: z.array(Feature),
  band: Band,
  decision: Decision,
  explanation: z.array(Reason).optional(),
});
export type NamePairResult = z.infer<typeof NamePairResult>;

/** How well scores tell equal from different; `n` rows had a truth. */
export const PairEvaluation = z.object({
  n: z.int(),
  matches: z.int(),
  auc: z.number().nullable(),
  aucInterval: z.tuple([z.number(), z.number()]).nullable().describe('95 %, by the bootstrap over rows'),
  bestF1: z.number(),
  bestF1Interval: z.tuple([z.number(), z.number()]),
  bestThreshold: z.number(),
  f1At70: z.number(),
  calibrationError: z.number().describe('Expected calibration error of the probability in ten bins'),
  byGroup: z.record(z.string(), z.object({ n: z.int(), auc: z.number().nullable(), f1At70: z.number() })),
});
export type PairEvaluation = z.infer<typeof PairEvaluation>;

export const ScreeningCandidate = z.object({
  rank: z.int(),
  entryId: z.string(),
  name: z.string().describe('The entry name that was most alike'),
  similarity: z.number(),
  probability: z.number(),
  comparable: z.array(Feature),
  band: Band,
  decision: Decision,
  explanation: z.array(Reason).optional(),
});
export type ScreeningCandidate = z.infer<typeof ScreeningCandidate>;

export const ScreeningEvaluation = z.object({
  expected: z.int().describe('Queries that name the true entry'),
  notInList: z.int().describe('Of them those whose entry the list lacks; they count as missed'),
  recallAt1: z.number(),
  recallAt10: z.number(),
  recallAt50: z.number(),
  recallAt50Interval: z.tuple([z.number(), z.number()]).describe('95 %, Wilson'),
});
export type ScreeningEvaluation = z.infer<typeof ScreeningEvaluation>;

export const ScreeningResult = z.object({
  row: z.int(),
  query: z.string(),
  candidates: z.array(ScreeningCandidate),
  truncated: z.boolean().describe('Keys that very many entries share were left aside'),
  tookMs: z.number(),
});
export type ScreeningResult = z.infer<typeof ScreeningResult>;

/** A version of a list that was loaded. */
export const LoadedList = z.object({
  id: z.string(),
  version: z.string(),
  entries: z.int(),
  names: z.int().describe('Names in it, each way of reading counted'),
  loadedBy: z.string(),
  loadedAt: Instant,
});
export type LoadedList = z.infer<typeof LoadedList>;
