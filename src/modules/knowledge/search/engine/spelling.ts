import { analyse, exactTerm } from '../analysis/index.ts';
import type { SearchLanguage } from '../schema.ts';
import type { Found, Prepared } from './answer.ts';
import { decodePostings } from './segment.ts';
import type { IndexStorage } from './storage.ts';

/** Changes of one letter, or two neighbours swapped, that lead from one word to another; `most + 1` when more. */
export function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return row[other.length]!;
}

const shortest = 4;
const longWord = 8;

/** Words of a question that hardly stand in the public texts, set right by words that do; undefined when nothing is better. */
export async function spellBetter(
  storage: IndexStorage,
  { request }: Prepared,
  { opened }: Found,
): Promise<string | undefined> {
  const { language } = request;
  const { text } = request;
  const segments = opened.common.map(({ id }) => id);
  let corrected = text;
  let shift = 0;
  for (const token of analyse(text, language)) {
    if (token.exact.length < shortest || token.stem === undefined || /\d/.test(token.exact)) continue;
    const better = await betterWord(storage, segments, token.exact, language, opened);
    if (better === undefined) continue;
    corrected = corrected.slice(0, token.from + shift) + better + corrected.slice(token.to + shift);
    shift += better.length - (token.to - token.from);
  }
  return corrected === text ? undefined : corrected;
}

async function betterWord(
  storage: IndexStorage,
  segments: readonly string[],
  word: string,
  language: SearchLanguage,
  { common }: Found['opened'],
): Promise<string | undefined> {
  const prefix = exactTerm(language, '');
  const most = word.length >= longWord ? 2 : 1;
  const terms = await storage.vocabulary(
    segments,
    prefix,
    prefix.length + word.length - most,
    prefix.length + word.length + most,
  );
  const own = terms.find(({ term }) => term === prefix + word)?.units ?? 0;
  const near = terms
    .filter(({ units }) => units > own)
    .map(({ term, units }) => ({ term, units, distance: editDistance(word, term.slice(prefix.length), most) }))
    .filter(({ distance }) => distance > 0 && distance <= most)
    .sort((one, other) => one.distance - other.distance || other.units - one.units || (one.term < other.term ? -1 : 1));
  // A word that stands in the texts is only doubted when another is far more usual.
  const [best] = near;
  if (!best || (own > 0 && best.units < 20 * own)) return undefined;
  // Words of withdrawn texts are still in the parts of the index that are not joined yet: none of them is named.
  const rows = await storage.terms(segments, [best.term], []);
  const lives = rows.rows.some((row) => {
    const segment = common.find(({ id }) => id === row.segment);
    return segment !== undefined && (segment.dead === undefined || hasLiving(segment, row));
  });
  return lives ? best.term.slice(prefix.length) : undefined;
}

function hasLiving(segment: Found['opened']['common'][number], row: { postings: Buffer; units: number }): boolean {
  return decodePostings(segment, row.postings, row.units).units.length > 0;
}
