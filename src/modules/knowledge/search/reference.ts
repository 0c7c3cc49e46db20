import { newStemmer } from 'snowball-stemmers';
import { ByteWriter } from './engine/bytes.ts';
import { firstOf } from './engine/order.ts';
import type { Doc } from './collection.ts';
import type { JudgedEngine } from './evaluate.ts';

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
  // Steps to the next text and frequencies, as bytes: a million texts have fifty million of them.
  const postings = new Map<string, { bytes: ByteWriter; texts: number; last: number }>();
  const lengths: number[] = [];
  const ids: string[] = [];
  let scores = new Float64Array(0);
  let average = 0;
  return {
    name: 'reference-bm25',
    version: '1',
    settings: { k1, b },
    index: async (docs: readonly Doc[]) => {
      for (const { id, title, text } of docs) {
        const doc = ids.push(id) - 1;
        const words = tokens(`${title} ${text}`);
        lengths.push(words.length);
        const counts = new Map<string, number>();
        for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
        for (const [word, frequency] of counts) {
          let list = postings.get(word);
          if (!list) postings.set(word, (list = { bytes: new ByteWriter(), texts: 0, last: 0 }));
          list.bytes.number(doc - list.last);
          list.bytes.number(frequency);
          list.last = doc;
          list.texts += 1;
        }
      }
    },
    finish: async () => {
      scores = new Float64Array(ids.length);
      average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    },
    search: async (text) => {
      scores.fill(0);
      for (const word of tokens(text)) {
        const list = postings.get(word);
        if (!list) continue;
        const idf = Math.log(1 + (lengths.length - list.texts + 0.5) / (list.texts + 0.5));
        let doc = 0;
        let at = 0;
        const bytes = list.bytes.done();
        const next = (): number => {
          let value = 0;
          for (let shift = 0; ; shift += 7) {
            const byte = bytes[at++]!;
            value |= (byte & 0x7f) << shift;
            if (byte < 0x80) return value;
          }
        };
        while (at < bytes.length) {
          doc += next();
          const frequency = next();
          const norm = k1 * (1 - b + (b * lengths[doc]!) / average);
          scores[doc]! += (idf * frequency * (k1 + 1)) / (frequency + norm);
        }
      }
      const found = [...scores.keys()].filter((doc) => scores[doc]! > 0);
      return firstOf(
        found,
        100,
        (one, other) => scores[other]! - scores[one]! || (ids[one]! < ids[other]! ? -1 : 1),
      ).map((doc) => ids[doc]!);
    },
    close: () => Promise.resolve(),
  };
}

/** Figures of the reference on collections that are known by their size; undefined for any other. */
export function knownReference({
  docs,
  queries,
}: {
  docs: number;
  queries: number;
}): { ndcg10: number; recall100: number } | undefined {
  if (docs === 1400 && queries === 225) return { ndcg10: 0.369, recall100: 0.736 };
  if (docs === 13_012 && queries === 800) return { ndcg10: 0.675, recall100: 0.888 };
  return undefined;
}
