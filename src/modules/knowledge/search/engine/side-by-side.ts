import { fields, searchLanguages, type SearchLanguage } from '../schema.ts';
import type { CompiledQuery, Leaf } from '../query/compile.ts';
import { findLeaf, noAverages, normOf, type FoundList, type Postings, type Stats } from './lists.ts';
import { leafIdf, planScores, type Documents, type Finding } from './matching.ts';
import { scratchOf } from './scratch.ts';
import { decodePostings, type Segment, type StoredTerm } from './segment.ts';
import { fieldWeights, saturate } from './settings.ts';

// Nearly every question is words and concepts side by side. Such a question is found and scored in one reading of its
// postings, without a list for each word: of a million provisions a usual word stands in most.

/** Words and concepts side by side, by numbers of leaves. */
export interface SideBySide {
  words: readonly number[];
  concepts: readonly { words: readonly number[]; labels: number }[];
}

/** Undefined for a question with operators: it is put together from the lists of its parts. */
export function readSideBySide({ match }: CompiledQuery): SideBySide | undefined {
  const words = new Set<number>();
  const concepts: SideBySide['concepts'][number][] = [];
  for (const one of match.matches) {
    if (one.kind === 'leaf') words.add(one.leaf);
    else if (one.kind === 'concept') concepts.push(one);
    else return undefined;
  }
  return { words: [...words], concepts };
}

const textField = fields.indexOf('text');
const allOnce = 64;
/** A posting of a word that stands once in the text and in no other field: most of them are such. */
const onceInText = allOnce | (1 << textField);
const anyField = (1 << fields.length) - 1;
/** Lengths up to which it is written down what a length does to a frequency. */
const tabled = 1024;

/** What one occurrence in each field weighs by the length of the field, and what one in the text alone adds. */
interface Tables {
  weights: readonly Float64Array[];
  once: Float64Array;
}

const tables = new WeakMap<readonly number[], Tables>();

function tablesOf(averages: readonly number[]): Tables {
  let found = tables.get(averages);
  if (!found) {
    const weights = averages.map((average, field) =>
      Float64Array.from({ length: tabled }, (_, length) => fieldWeights[field]! / normOf(field, length, average)),
    );
    found = { weights, once: weights[textField]!.map((weight) => saturate(weight)) };
    tables.set(averages, found);
  }
  return found;
}

/** Adds what a term gives to each unit that holds it, and counts it there. The innermost loop of the search. */
function addTerm(
  { dead, lengths }: Segment,
  { postings }: StoredTerm,
  averages: readonly number[],
  factor: number,
  scores: Float64Array,
  counts: Uint16Array,
): void {
  const { weights, once } = tablesOf(averages);
  const textLengths = lengths[textField]!;
  const end = postings.length;
  let at = 0;
  let unit = -1;
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
    let added: number;
    if (code === onceInText && textLengths[unit]! < tabled) added = once[textLengths[unit]!]!;
    else {
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
        const length = lengths[field]![unit]!;
        sum +=
          frequency *
          (length < tabled ? weights[field]![length]! : fieldWeights[field]! / normOf(field, length, averages[field]!));
      }
      added = saturate(sum);
    }
    if (dead !== undefined && dead[unit] === 1) continue;
    scores[unit]! += factor * added;
    counts[unit]! += 1;
  }
}

/** One term in each language, in any field: what `addTerm` reads. */
function isPlain({ weight, fields: bits, lookups }: Leaf): boolean {
  return (
    weight === 1 &&
    bits === anyField &&
    Object.values(lookups).every((some) => some.length === 1 && some[0]!.kind === 'term')
  );
}

class Reading {
  readonly documents: Documents;
  readonly #query: CompiledQuery;
  readonly #postings: Postings;
  readonly #stats: Stats;
  readonly #plain: readonly boolean[];
  readonly #lists = new Map<Segment, Map<number, FoundList[]>>();

  constructor(query: CompiledQuery, common: readonly Segment[], postings: Postings, stats: Stats) {
    this.#query = query;
    this.#postings = postings;
    this.#stats = stats;
    this.#plain = query.leaves.map(isPlain);
    this.documents = query.leaves.map((_, leaf) => this.#count(leaf, common));
  }

  #listsOf(segment: Segment, leaf: number): FoundList[] {
    let own = this.#lists.get(segment);
    if (!own) this.#lists.set(segment, (own = new Map()));
    let lists = own.get(leaf);
    if (!lists) own.set(leaf, (lists = findLeaf(segment, this.#query.leaves[leaf]!, this.#postings, this.#stats)));
    return lists;
  }

  #terms(leaf: number): [SearchLanguage, string][] {
    return Object.entries(this.#query.leaves[leaf]!.lookups).flatMap(([language, [only]]) =>
      only?.kind === 'term' ? [[language as SearchLanguage, only.term]] : [],
    );
  }

  #count(leaf: number, common: readonly Segment[]): Documents[number] {
    const counts: Partial<Record<SearchLanguage, number>> = {};
    for (const segment of common)
      if (this.#plain[leaf])
        for (const [language, term] of this.#terms(leaf)) {
          const stored = this.#postings.find(segment, term);
          if (stored) counts[language] = (counts[language] ?? 0) + countLiving(segment, stored);
        }
      else
        for (const { language, units } of this.#listsOf(segment, leaf))
          counts[language] = (counts[language] ?? 0) + units.length;
    return counts;
  }

  /** Adds a leaf to the units of a segment that hold it. */
  add(segment: Segment, leaf: number, share: number, scores: Float64Array, counts: Uint16Array): void {
    const factor = (language: SearchLanguage) =>
      share * this.#query.leaves[leaf]!.times * leafIdf(this.#stats, this.documents, leaf, language);
    if (this.#plain[leaf]) {
      for (const [language, term] of this.#terms(leaf)) {
        const stored = this.#postings.find(segment, term);
        const averages = this.#stats[language]?.averages ?? noAverages;
        if (stored) addTerm(segment, stored, averages, factor(language), scores, counts);
      }
      return;
    }
    for (const { language, units, weights } of this.#listsOf(segment, leaf)) {
      const by = factor(language);
      for (let index = 0; index < units.length; index += 1) {
        const unit = units[index]!;
        scores[unit]! += by * saturate(weights[index]!);
        counts[unit]! += 1;
      }
    }
  }
}

function countLiving(segment: Segment, stored: StoredTerm): number {
  return segment.deadCount === 0 ? stored.units : decodePostings(segment, stored.postings, stored.units).units.length;
}

/** Finds and scores the units of the reader's segments; rarity is counted over the common ones. */
export function findSideBySide(
  query: CompiledQuery,
  asked: SideBySide,
  segments: { own: readonly Segment[]; common: readonly Segment[] },
  postings: Postings,
  stats: Stats,
): Finding {
  const reading = new Reading(query, segments.common, postings, stats);
  const alone = planScores(query).alone;
  const scoresAlone = new Set(alone);
  const needed = new Uint16Array(searchLanguages.length);
  const need = (leaf: number) => Uint8Array.from(searchLanguages, (one) => (query.leaves[leaf]!.lookups[one] ? 1 : 0));
  for (const leaf of asked.words) need(leaf).forEach((one, language) => (needed[language]! += one));
  const concepts = asked.concepts.map((concept) => {
    const inWords = new Uint16Array(searchLanguages.length);
    for (const leaf of concept.words) need(leaf).forEach((one, language) => (inWords[language]! += one));
    const labels = need(concept.labels);
    inWords.forEach((count, language) => (needed[language]! += count > 0 || labels[language] === 1 ? 1 : 0));
    return { ...concept, inWords };
  });
  let all = 0;
  let some = 0;
  const flags = segments.own.map((segment) => {
    const { flags: found, counts, scores, first, second, firstCounts, secondCounts } = scratchOf(segment);
    counts.fill(0);
    scores.fill(0);
    found.fill(0);
    for (const leaf of alone) reading.add(segment, leaf, 1, scores, counts);
    for (const leaf of asked.words) if (!scoresAlone.has(leaf)) reading.add(segment, leaf, 0, scores, counts);
    for (const { words, labels, inWords } of concepts) {
      for (const each of [first, second, firstCounts, secondCounts]) each.fill(0);
      for (const leaf of words) reading.add(segment, leaf, 1, first, firstCounts);
      reading.add(segment, labels, 1, second, secondCounts);
      for (let unit = 0; unit < segment.units; unit += 1) {
        const byWords = firstCounts[unit]!;
        const byLabels = secondCounts[unit]!;
        if (byWords === 0 && byLabels === 0) continue;
        scores[unit]! += Math.max(first[unit]!, second[unit]!);
        found[unit] = 1;
        if (byLabels > 0 || byWords === inWords[segment.language[unit]!]) counts[unit]! += 1;
      }
    }
    // What so many words mean in each language: without a branch, which would be guessed wrong half the time.
    const most = Math.max(...needed) + 1;
    const means = new Uint8Array(searchLanguages.length * most);
    needed.forEach((wanted, language) => {
      for (let count = 1; count < most; count += 1) means[language * most + count] = count === wanted ? 3 : 1;
    });
    const { language, units } = segment;
    let inAll = 0;
    let inSome = 0;
    for (let unit = 0; unit < units; unit += 1) {
      const flag = found[unit]! | means[language[unit]! * most + counts[unit]!]!;
      found[unit] = flag;
      inSome += flag & 1;
      inAll += flag >> 1;
    }
    all += inAll;
    some += inSome;
    return found;
  });
  return {
    documents: reading.documents,
    flags,
    counts: { all, some },
    scores: (place) => scratchOf(segments.own[place]!).scores,
  };
}
