import { searchLanguages, type SearchLanguage } from '../schema.ts';
import type { CompiledQuery, Leaf, Match } from '../query/compile.ts';
import { findLeaf, type FoundList, type Postings, type Stats } from './lists.ts';
import type { Segment } from './segment.ts';
import { idf, saturate } from './settings.ts';

/** Where each leaf of a question was found in one segment. */
export interface FoundIn {
  segment: Segment;
  lists: readonly (readonly FoundList[])[];
}

function findLeaves(segment: Segment, query: CompiledQuery, postings: Postings, stats: Stats): FoundIn {
  return { segment, lists: query.leaves.map((leaf) => findLeaf(segment, leaf, postings, stats)) };
}

/** Public units of each language that hold a leaf: the same for every reader. */
export type Documents = readonly Partial<Record<SearchLanguage, number>>[];

function countDocuments(leaves: readonly Leaf[], inPublic: readonly FoundIn[]): Documents {
  return leaves.map((_, leaf) => {
    const counts: Partial<Record<SearchLanguage, number>> = {};
    for (const { lists } of inPublic)
      for (const { language, units } of lists[leaf]!) counts[language] = (counts[language] ?? 0) + units.length;
    return counts;
  });
}

/** What a leaf adds to a unit in which its weighted frequency is one; see `saturate`. */
export function leafIdf(stats: Stats, documents: Documents, leaf: number, language: SearchLanguage): number {
  return idf(stats[language]?.units ?? 0, documents[leaf]![language] ?? 0);
}

/** What a question finds in each of the reader's segments. */
export interface Finding {
  documents: Documents;
  /** Of each unit of a segment: 0, 1 where some of the question holds, 3 where all of it does. */
  flags: readonly Uint8Array[];
  /** How many units, of those that are not gone, hold all of it, and some. */
  counts: { all: number; some: number };
  /** Of each unit of a segment, before the prior and before rounding. */
  scores(place: number): Float64Array;
}

/** Finds and scores by the lists of every leaf: for questions with operators. */
export function findByLists(
  query: CompiledQuery,
  { own, common }: { own: readonly Segment[]; common: readonly Segment[] },
  postings: Postings,
  stats: Stats,
): Finding & { foundIn: readonly FoundIn[] } {
  const inCommon = new Map(common.map((segment) => [segment, findLeaves(segment, query, postings, stats)]));
  const documents = countDocuments(query.leaves, [...inCommon.values()]);
  const foundIn = own.map((segment) => inCommon.get(segment) ?? findLeaves(segment, query, postings, stats));
  const plan = planScores(query);
  const flags = foundIn.map((found) => {
    const { all, some } = matchUnits(found, query, query.match);
    return all.map((flag, unit) => (found.segment.dead?.[unit] === 1 ? 0 : flag === 1 ? 3 : some[unit]!));
  });
  const counts = { all: 0, some: 0 };
  for (const of of flags)
    for (const flag of of) {
      counts.some += flag & 1;
      counts.all += flag >> 1;
    }
  return {
    documents,
    foundIn,
    flags,
    counts,
    scores: (place) => scoreUnits(foundIn[place]!, query, plan, stats, documents),
  };
}

/** What is scored: leaves each for itself, and concepts by the better of their words and their other labels. */
export interface ScorePlan {
  alone: number[];
  concepts: { words: readonly number[]; labels: number }[];
}

export function planScores(query: CompiledQuery): ScorePlan {
  const alone = new Set<number>();
  const concepts: ScorePlan['concepts'] = [];
  const walk = (match: Match): void => {
    switch (match.kind) {
      case 'leaf':
        alone.add(match.leaf);
        break;
      case 'concept':
        concepts.push(match);
        break;
      case 'not':
        break;
      default:
        match.matches.forEach(walk);
    }
  };
  walk(query.match);
  const inConcepts = new Set(concepts.flatMap(({ words }) => words));
  return { alone: [...alone].filter((leaf) => !inConcepts.has(leaf)).sort((a, b) => a - b), concepts };
}

/** Scores of all units of a segment. */
function scoreUnits(
  found: FoundIn,
  query: CompiledQuery,
  plan: ScorePlan,
  stats: Stats,
  documents: Documents,
): Float64Array {
  const { segment } = found;
  const scores = new Float64Array(segment.units);
  const add = (leaf: number, into: Float64Array): void => {
    const { times } = query.leaves[leaf]!;
    for (const { language, units, weights } of found.lists[leaf]!) {
      const factor = times * leafIdf(stats, documents, leaf, language);
      for (let index = 0; index < units.length; index += 1) into[units[index]!]! += factor * saturate(weights[index]!);
    }
  };
  for (const leaf of plan.alone) add(leaf, scores);
  for (const { words, labels } of plan.concepts) {
    const byWords = new Float64Array(segment.units);
    const byLabels = new Float64Array(segment.units);
    for (const leaf of words) add(leaf, byWords);
    add(labels, byLabels);
    for (let unit = 0; unit < segment.units; unit += 1) scores[unit]! += Math.max(byWords[unit]!, byLabels[unit]!);
  }
  return scores;
}

/** Units in which a question holds: with all its words, and with some. */
export interface Flags {
  all: Uint8Array;
  some: Uint8Array;
  /** 1 for languages in which it asks for something at all. */
  needed: Uint8Array;
}

const languageCount = searchLanguages.length;

function leafFlags(found: FoundIn, leaves: readonly Leaf[], leaf: number): Flags {
  const flags = new Uint8Array(found.segment.units);
  for (const { units } of found.lists[leaf]!) for (const unit of units) flags[unit] = 1;
  const needed = Uint8Array.from(searchLanguages, (language) => (leaves[leaf]!.lookups[language] ? 1 : 0));
  return { all: flags, some: flags, needed };
}

/** Joins parts: all of those that ask for something in the unit's language, or any. */
function join(found: FoundIn, leaves: readonly Leaf[], parts: readonly (number | Flags)[]): Flags {
  const { units, language } = found.segment;
  const allCount = new Uint16Array(units);
  const some = new Uint8Array(units);
  const wanted = new Uint16Array(languageCount);
  for (const part of parts) {
    if (typeof part === 'number') {
      // A word: only the units that hold it are looked at.
      for (const list of found.lists[part]!)
        for (let index = 0; index < list.units.length; index += 1) {
          const unit = list.units[index]!;
          allCount[unit]! += 1;
          some[unit] = 1;
        }
      searchLanguages.forEach((one, number) => (wanted[number]! += leaves[part]!.lookups[one] ? 1 : 0));
      continue;
    }
    for (let unit = 0; unit < units; unit += 1) {
      allCount[unit]! += part.all[unit]!;
      some[unit]! |= part.some[unit]!;
    }
    for (let number = 0; number < languageCount; number += 1) wanted[number]! += part.needed[number]!;
  }
  const all = new Uint8Array(units);
  for (let unit = 0; unit < units; unit += 1) {
    const needed = wanted[language[unit]!]!;
    all[unit] = needed > 0 && allCount[unit] === needed ? 1 : 0;
  }
  return { all, some, needed: Uint8Array.from(wanted, (count) => (count > 0 ? 1 : 0)) };
}

function matchUnits(found: FoundIn, query: CompiledQuery, match: Match): Flags {
  const { segment } = found;
  const joinAll = (matches: readonly Match[]) =>
    join(
      found,
      query.leaves,
      matches.map((one) => (one.kind === 'leaf' ? one.leaf : matchUnits(found, query, one))),
    );
  switch (match.kind) {
    case 'leaf':
      return leafFlags(found, query.leaves, match.leaf);
    case 'concept':
      return either([join(found, query.leaves, match.words), leafFlags(found, query.leaves, match.labels)]);
    case 'not': {
      const inner = matchUnits(found, query, match.match);
      // What must not be there is not there in part either.
      const all = inner.some.map((flag) => 1 - flag);
      return { all, some: all, needed: new Uint8Array(languageCount).fill(1) };
    }
    case 'or':
      return either(match.matches.map((one) => matchUnits(found, query, one)));
    case 'and': {
      const joined = joinAll(match.matches);
      return { ...joined, some: joined.all };
    }
    case 'soft': {
      const positive = match.matches.filter((one) => one.kind !== 'not');
      const negative = match.matches.filter((one) => one.kind === 'not');
      const joined = positive.length === 0 ? everything(segment) : joinAll(positive);
      for (const one of negative) {
        const { all } = matchUnits(found, query, one);
        for (let unit = 0; unit < segment.units; unit += 1) {
          joined.all[unit]! &= all[unit]!;
          joined.some[unit]! &= all[unit]!;
        }
      }
      return joined;
    }
  }
}

function either(parts: readonly Flags[]): Flags {
  const [first, ...others] = parts;
  const all = first!.all.slice();
  const some = first!.some.slice();
  const needed = first!.needed.slice();
  for (const part of others) {
    for (let unit = 0; unit < all.length; unit += 1) {
      all[unit]! |= part.all[unit]!;
      some[unit]! |= part.some[unit]!;
    }
    part.needed.forEach((flag, number) => (needed[number]! |= flag));
  }
  return { all, some, needed };
}

function everything(segment: Segment): Flags {
  const all = new Uint8Array(segment.units).fill(1);
  return { all, some: all.slice(), needed: new Uint8Array(languageCount).fill(1) };
}
