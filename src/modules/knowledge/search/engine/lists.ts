import { fields, searchLanguages, type SearchLanguage } from '../schema.ts';
import type { Leaf, Lookup } from '../query/compile.ts';
import { decodePostings, type Segment, type StoredTerm } from './segment.ts';
import { findPhrase } from './phrase.ts';
import { fieldB, fieldWeights } from './settings.ts';

export interface Postings {
  find(segment: Segment, term: string): StoredTerm | undefined;
  /** Terms of the reader's segments that begin so. */
  expand(prefix: string): readonly string[];
  /** Lists of usual words as they were weighed for an earlier question on the same version. */
  weighed: WeighedLists;
}

/** Keeps lists of words up to a size; forgets all of them when it is reached. */
export class WeighedLists {
  readonly #lists = new Map<string, Weighed>();
  readonly #mostPostings: number;
  #postings = 0;

  constructor(mostPostings = 2_000_000) {
    this.#mostPostings = mostPostings;
  }

  get(key: string): Weighed | undefined {
    return this.#lists.get(key);
  }

  set(key: string, list: Weighed): void {
    if (this.#postings + list.units.length > this.#mostPostings) {
      this.#lists.clear();
      this.#postings = 0;
    }
    this.#lists.set(key, list);
    this.#postings += list.units.length;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#postings * 12;
  }
}

/** How much is public of a language: the same for every reader. */
export interface LanguageStats {
  units: number;
  /** Mean length of each field over all public units of the language. */
  averages: readonly number[];
}
export type Stats = Partial<Record<SearchLanguage, LanguageStats>>;

/** Units of a segment in which a leaf was found in one language, with weighted frequencies. */
export interface FoundList {
  language: SearchLanguage;
  units: Uint32Array;
  weights: Float64Array;
}

const width = fields.length;

/** What a frequency is divided by for the length of its field; a usual length changes nothing. */
export function normOf(field: number, length: number, average: number): number {
  const b = fieldB[field]!;
  return average === 0 ? 1 : 1 - b + (b * length) / average;
}

/** Frequency of a unit over all fields, each weighted and set against its usual length. */
export function weigh(
  segment: Segment,
  unit: number,
  frequencies: ArrayLike<number>,
  base: number,
  bits: number,
  averages: readonly number[],
): number {
  let sum = 0;
  for (let field = 0; field < width; field += 1) {
    const frequency = frequencies[base + field]!;
    if (frequency === 0 || (bits & (1 << field)) === 0) continue;
    sum += (fieldWeights[field]! * frequency) / normOf(field, segment.lengths[field]![unit]!, averages[field]!);
  }
  return sum;
}

/** Lengths against nothing public to compare with count as usual ones. */
export const noAverages: readonly number[] = fields.map(() => 0);

function frequenciesOf(
  segment: Segment,
  lookup: Lookup,
  postings: Postings,
): { units: Uint32Array; frequencies: Uint16Array }[] {
  switch (lookup.kind) {
    case 'term': {
      const stored = postings.find(segment, lookup.term);
      return stored ? [decodePostings(segment, stored.postings, stored.units)] : [];
    }
    case 'phrase': {
      const parts = lookup.parts.map(({ term, offset }) => ({ stored: postings.find(segment, term), offset }));
      if (parts.some(({ stored }) => stored === undefined)) return [];
      return [
        findPhrase(
          segment,
          parts.map(({ stored, offset }) => ({ stored: stored!, offset })),
        ),
      ];
    }
    case 'prefix':
      return postings.expand(lookup.term).flatMap((term) => frequenciesOf(segment, { kind: 'term', term }, postings));
  }
}

/** Where a leaf is found in a segment, language by language; a unit has one language, so lists do not overlap. */
export function findLeaf(segment: Segment, leaf: Leaf, postings: Postings, stats: Stats): FoundList[] {
  const lists: FoundList[] = [];
  for (const language of searchLanguages) {
    const lookups = leaf.lookups[language];
    if (!lookups) continue;
    const averages = stats[language]?.averages ?? noAverages;
    const [only] = lookups;
    if (lookups.length === 1 && only?.kind === 'term') {
      const stored = postings.find(segment, only.term);
      const key = `${segment.id} ${String(leaf.fields)} ${String(leaf.weight)} ${only.term}`;
      let list = stored && postings.weighed.get(key);
      if (stored && !list) {
        list = weighTerm(segment, leaf, stored, averages);
        if (list.units.length >= worthKeeping) postings.weighed.set(key, list);
      }
      if (list && list.units.length > 0) lists.push({ language, ...list });
      continue;
    }
    const found = lookups
      .flatMap((lookup) => frequenciesOf(segment, lookup, postings))
      .filter(({ units }) => units.length > 0);
    if (found.length === 0) continue;
    const list =
      found.length === 1 ? weighOne(segment, leaf, found[0]!, averages) : weighAll(segment, leaf, found, averages);
    if (list.units.length > 0) lists.push({ language, ...list });
  }
  return lists;
}

interface Weighed {
  units: Uint32Array;
  weights: Float64Array;
}

const allOnce = 64;
/** Lists that are quickly weighed are not kept. */
const worthKeeping = 500;

/** Decodes and weighs in one go: most of the time of a question is spent here. The same sums as `weigh`, in the same order. */
function weighTerm(
  segment: Segment,
  leaf: Leaf,
  { postings, units: count }: StoredTerm,
  averages: readonly number[],
): Weighed {
  const units = new Uint32Array(count);
  const weights = new Float64Array(count);
  const { dead, lengths } = segment;
  const { fields: bits, weight: leafWeight } = leaf;
  const plain = averages.map((average, field) => (average === 0 ? 1 : 1 - fieldB[field]!));
  const slope = averages.map((average, field) => (average === 0 ? 0 : fieldB[field]!));
  const end = postings.length;
  let at = 0;
  let unit = -1;
  let filled = 0;
  while (at < end) {
    let step = postings[at++]!;
    if (step >= 0x80) {
      step &= 0x7f;
      let shift = 7;
      for (;;) {
        const byte = postings[at++]!;
        step |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
        shift += 7;
      }
    }
    unit += step + 1;
    const code = postings[at++]!;
    let sum = 0;
    let mask = code & (allOnce - 1);
    while (mask !== 0) {
      const field = 31 - Math.clz32(mask & -mask);
      mask &= mask - 1;
      let frequency = 1;
      if (code < allOnce) {
        frequency = postings[at++]!;
        if (frequency >= 0x80) {
          frequency &= 0x7f;
          let shift = 7;
          for (;;) {
            const byte = postings[at++]!;
            frequency |= (byte & 0x7f) << shift;
            if (byte < 0x80) break;
            shift += 7;
          }
        }
      }
      if ((bits & (1 << field)) === 0) continue;
      const average = averages[field]!;
      const norm = average === 0 ? 1 : plain[field]! + (slope[field]! * lengths[field]![unit]!) / average;
      sum += (fieldWeights[field]! * frequency) / norm;
    }
    if (sum === 0 || (dead !== undefined && dead[unit] === 1)) continue;
    units[filled] = unit;
    weights[filled++] = leafWeight * sum;
  }
  return { units: units.subarray(0, filled), weights: weights.subarray(0, filled) };
}

function weighOne(
  segment: Segment,
  leaf: Leaf,
  { units, frequencies }: { units: Uint32Array; frequencies: Uint16Array },
  averages: readonly number[],
): Weighed {
  const kept = new Uint32Array(units.length);
  const weights = new Float64Array(units.length);
  let count = 0;
  for (let index = 0; index < units.length; index += 1) {
    const unit = units[index]!;
    const weight = weigh(segment, unit, frequencies, index * width, leaf.fields, averages);
    if (weight === 0) continue;
    kept[count] = unit;
    weights[count++] = leaf.weight * weight;
  }
  return { units: kept.subarray(0, count), weights: weights.subarray(0, count) };
}

/** Several labels or endings count as one word: their frequencies are added. */
function weighAll(
  segment: Segment,
  leaf: Leaf,
  found: readonly { units: Uint32Array; frequencies: Uint16Array }[],
  averages: readonly number[],
): Weighed {
  const sums = new Map<number, number>();
  for (const { units, frequencies } of found)
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      const weight = weigh(segment, unit, frequencies, index * width, leaf.fields, averages);
      if (weight > 0) sums.set(unit, (sums.get(unit) ?? 0) + leaf.weight * weight);
    }
  const units = Uint32Array.from(sums.keys()).sort();
  return { units, weights: Float64Array.from(units, (unit) => sums.get(unit)!) };
}

/** What is public, counted over what is there now. */
export function statsOf(segments: readonly Segment[]): Stats {
  const stats: Stats = {};
  searchLanguages.forEach((language, number) => {
    let units = 0;
    const sums = fields.map(() => 0);
    for (const segment of segments) {
      const counted = segmentSums(segment)[number]!;
      units += counted.units;
      counted.sums.forEach((sum, field) => (sums[field]! += sum));
    }
    if (units > 0) stats[language] = { units, averages: sums.map((sum) => sum / units) };
  });
  return stats;
}

const summed = new WeakMap<Segment, { dead: number; sums: { units: number; sums: number[] }[] }>();

function segmentSums(segment: Segment): { units: number; sums: number[] }[] {
  const known = summed.get(segment);
  if (known?.dead === segment.deadCount) return known.sums;
  const sums = searchLanguages.map(() => ({ units: 0, sums: fields.map(() => 0) }));
  for (let unit = 0; unit < segment.units; unit += 1) {
    if (segment.dead?.[unit] === 1) continue;
    const of = sums[segment.language[unit]!]!;
    of.units += 1;
    for (let field = 0; field < width; field += 1) of.sums[field]! += segment.lengths[field]![unit]!;
  }
  summed.set(segment, { dead: segment.deadCount, sums });
  return sums;
}
