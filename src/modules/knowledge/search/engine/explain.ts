import { fields, type Explanation, type SearchLanguage, type SearchRequest } from '../schema.ts';
import type { Lookup } from '../query/compile.ts';
import { findUnits, openFor, prepare, type Found, type Prepared } from './answer.ts';
import { findLeaf } from './lists.ts';
import { leafIdf, planScores } from './matching.ts';
import type { SearchParts } from './results.ts';
import { decodePostings, findOrdinal, languageAt, type Segment } from './segment.ts';
import { fieldWeights, ranking, roundScore, saturate } from './settings.ts';

type Contribution = Explanation['contributions'][number];

/** Says why a unit stands where it stands; undefined when the reader's answer does not hold it. */
export async function explainUnit(
  parts: SearchParts,
  request: SearchRequest,
  id: string,
): Promise<Explanation | undefined> {
  const prepared = prepare(request, parts.labels);
  const found = findUnits(await openFor(parts.index, prepared), prepared);
  const place = found.ranked.findIndex(({ segment, units, failed }) => {
    const unit = findOrdinal(segment, id);
    return unit >= 0 && segment.dead?.[unit] !== 1 && units.includes(unit) && failed[unit] === 0;
  });
  if (place < 0) return undefined;
  const { segment, scores } = found.ranked[place]!;
  const unit = findOrdinal(segment, id);
  const contributions = contributionsOf(prepared, found, place, unit);
  const sum = contributions.reduce((all, one) => all + one.contribution, 0);
  const prior = segment.prior[unit]!;
  if (prior > 0)
    contributions.push({
      kind: 'prior',
      words: '',
      found: [],
      documents: 0,
      idf: 0,
      queryFrequency: 1,
      weight: ranking.prior,
      contribution: sum * ranking.prior * prior,
    });
  return {
    unit: id,
    score: roundScore(scores[unit] ?? sum),
    match: found.match,
    contributions,
    filters: Object.fromEntries(prepared.filters.map(({ facet, values }) => [facet, values])),
  };
}

function contributionsOf(prepared: Prepared, found: Found, place: number, unit: number): Contribution[] {
  const { query } = prepared;
  const language = languageAt(found.ranked[place]!.segment, unit);
  const plan = planScores(query);
  const one = (leaf: number) => leafContribution(prepared, found, place, unit, language, leaf);
  const told = plan.alone.map(one);
  for (const { words, labels } of plan.concepts) {
    const byWords = words.map(one).filter((part) => part !== undefined);
    const byLabels = one(labels);
    const sum = byWords.reduce((all, part) => all + part.contribution, 0);
    if (sum >= (byLabels?.contribution ?? 0)) told.push(...byWords);
    else told.push(byLabels);
  }
  return told.filter((part) => part !== undefined).sort((a, b) => b.contribution - a.contribution);
}

function leafContribution(
  { query }: Prepared,
  found: Found,
  place: number,
  unit: number,
  language: SearchLanguage,
  leaf: number,
): Contribution | undefined {
  const { view, postings } = found.opened;
  const lists = findLeaf(found.ranked[place]!.segment, query.leaves[leaf]!, postings, view.stats);
  const list = lists.find((one) => one.language === language);
  const at = list?.units.indexOf(unit) ?? -1;
  if (!list || at < 0) return undefined;
  const { kind, words, times, weight, lookups } = query.leaves[leaf]!;
  const rarity = leafIdf(view.stats, found.documents, leaf, language);
  return {
    kind,
    words,
    found: (lookups[language] ?? []).flatMap((lookup) => placesOf(found, found.ranked[place]!.segment, unit, lookup)),
    documents: found.documents[leaf]![language] ?? 0,
    idf: rarity,
    queryFrequency: times,
    weight,
    contribution: times * rarity * saturate(list.weights[at]!),
  };
}

/** Fields of a unit with the words of a lookup; of a phrase, with its first word. */
function placesOf({ opened }: Found, segment: Segment, unit: number, lookup: Lookup): Contribution['found'] {
  const terms =
    lookup.kind === 'prefix'
      ? opened.postings.expand(lookup.term)
      : lookup.kind === 'term'
        ? [lookup.term]
        : lookup.parts.map(({ term }) => term);
  return terms.flatMap((term) => {
    const stored = opened.postings.find(segment, term);
    if (!stored) return [];
    const { units, frequencies } = decodePostings(segment, stored.postings, stored.units);
    const at = units.indexOf(unit);
    if (at < 0) return [];
    return fields.flatMap((field, number) => {
      const frequency = frequencies[at * fields.length + number]!;
      return frequency === 0 || fieldWeights[number] === 0
        ? []
        : [{ term: term.slice(3), field, frequency, length: segment.lengths[number]![unit]! }];
    });
  });
}
