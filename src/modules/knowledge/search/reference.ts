import { newStemmer } from 'snowball-stemmers';
import type { Collection, Doc, JudgedEngine } from './evaluate.ts';

// A plain BM25 as the textbooks write it, and nothing of the product's own analysis or ranking: what it must at least reach.

const k1 = 1.2;
const b = 0.75;
const stop = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
);

/** Builds the reference; `_id`s of equal score stand in their own order. */
export function referenceBm25(): JudgedEngine {
  const stemmer = newStemmer('english');
  const stems = new Map<string, string>();
  const tokens = (text: string): string[] =>
    (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
      .filter((word) => !stop.has(word))
      .map((word) => {
        const known = stems.get(word) ?? stemmer.stem(word);
        stems.set(word, known);
        return known;
      });
  const postings = new Map<string, { doc: number; frequency: number }[]>();
  const lengths: number[] = [];
  let ids: string[] = [];
  let average = 0;
  return {
    name: 'reference-bm25',
    version: '1',
    settings: { k1, b },
    index: async (docs: readonly Doc[]) => {
      ids = docs.map(({ id }) => id);
      docs.forEach(({ title, text }, doc) => {
        const words = tokens(`${title} ${text}`);
        lengths.push(words.length);
        const counts = new Map<string, number>();
        for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
        for (const [word, frequency] of counts) {
          const list = postings.get(word);
          if (list) list.push({ doc, frequency });
          else postings.set(word, [{ doc, frequency }]);
        }
      });
      average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    },
    search: async (text) => {
      const scores = new Map<number, number>();
      for (const word of tokens(text)) {
        const list = postings.get(word) ?? [];
        const idf = Math.log(1 + (lengths.length - list.length + 0.5) / (list.length + 0.5));
        for (const { doc, frequency } of list) {
          const norm = k1 * (1 - b + (b * lengths[doc]!) / average);
          scores.set(doc, (scores.get(doc) ?? 0) + (idf * frequency * (k1 + 1)) / (frequency + norm));
        }
      }
      return [...scores]
        .sort(([one, mine], [other, theirs]) => theirs - mine || (ids[one]! < ids[other]! ? -1 : 1))
        .slice(0, 100)
        .map(([doc]) => ids[doc]!);
    },
    close: () => Promise.resolve(),
  };
}

/** Figures of the reference on collections that are known by their size; undefined for any other. */
export function knownReference(collection: Collection): { ndcg10: number; recall100: number } | undefined {
  const { docs, queries } = collection;
  if (docs.length === 1400 && queries.length === 225) return { ndcg10: 0.369, recall100: 0.736 };
  if (docs.length === 13_012 && queries.length === 800) return { ndcg10: 0.675, recall100: 0.888 };
  return undefined;
}
