import { fields, type Field } from '../schema.ts';

/** BM25F: fields are weighted before saturation. Starting values of the design; no value was tuned to a collection. */
export const ranking = {
  k1: 1.2,
  fields: {
    title: { weight: 2, b: 0.3 },
    heading: { weight: 2, b: 0.3 },
    text: { weight: 1, b: 0.75 },
    context: { weight: 0.4, b: 0.75 },
    keywords: { weight: 1.2, b: 0 },
    notes: { weight: 0.5, b: 0.75 },
  } satisfies Record<Field, { weight: number; b: number }>,
  /** A unit with the highest prior scores this much more. */
  prior: 0.1,
};

export const fieldWeights: readonly number[] = fields.map((field) => ranking.fields[field].weight);
export const fieldB: readonly number[] = fields.map((field) => ranking.fields[field].b);

/** Units that all words must find before the match set is narrowed to them, and how many concepts at most. */
export const autoMatch = { concepts: 4, units: 20 };
/** Units whose results are paged; beyond, the question is refined. */
export const deepest = 10_000;
export const mostExpansions = 500;

/** Weight of rarity of what `documents` of `all` hold. */
export function idf(all: number, documents: number): number {
  return Math.log(1 + (all - documents + 0.5) / (documents + 0.5));
}

export function saturate(frequency: number): number {
  return ((ranking.k1 + 1) * frequency) / (ranking.k1 + frequency);
}

/** Scores are compared as whole millionths: what differs by less is a tie. */
export const toMillionths = (score: number): number => Math.round(score * 1e6);
export const roundScore = (score: number): number => toMillionths(score) / 1e6;
/** Scores further apart are surely no tie. */
export const noTie = 2e-6;
