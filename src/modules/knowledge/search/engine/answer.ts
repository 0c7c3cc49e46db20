import type { FacetName, SearchLanguage, SearchRequest, UsedConcept } from '../schema.ts';
import { compileQuery, type CompiledQuery } from '../query/compile.ts';
import { parseQuery, type ParsedQuery } from '../query/parse.ts';
import type { LabelFinder } from '../query/thesaurus.ts';
import { searchLanguages } from '../schema.ts';
import { citesTerm } from './build.ts';
import { failedFilters, type Filter } from './filters.ts';
import { findByLists, type Documents } from './matching.ts';
import type { Ranked } from './order.ts';
import { scratchOf } from './scratch.ts';
import { decodePostings, findOrdinal, type Segment } from './segment.ts';
import { autoMatch, ranking } from './settings.ts';
import { findSideBySide, readSideBySide } from './side-by-side.ts';
import type { IndexView, Needs, Opened } from './view.ts';

/** A question made ready: what it looks for, under which filters. */
export interface Prepared {
  request: SearchRequest;
  parsed: ParsedQuery;
  query: CompiledQuery;
  filters: Filter[];
}

/** The interface language first: its words decide what a question of few words is. */
export function languagesOf(request: Pick<SearchRequest, 'language' | 'languages'>): SearchLanguage[] {
  return [request.language, ...(request.languages ?? searchLanguages).filter((one) => one !== request.language)];
}

export function prepare(request: SearchRequest, labels: LabelFinder | undefined): Prepared {
  const parsed = parseQuery(request.text);
  const query = compileQuery(parsed, {
    languages: languagesOf(request),
    ...(labels && request.expand !== false ? { labels } : {}),
    ...(request.narrower === undefined ? {} : { narrower: request.narrower }),
    ...(request.dropped ? { dropped: request.dropped } : {}),
  });
  const chosen = new Map<FacetName, readonly string[]>();
  for (const part of [request.filters ?? {}, parsed.filters])
    for (const [facet, values] of Object.entries(part) as [FacetName, readonly string[]][])
      if (values.length > 0) chosen.set(facet, [...(chosen.get(facet) ?? []), ...values]);
  const articles = parsed.articles.filter((one) => one.includes('#'));
  if (articles.length > 0) chosen.set('article', [...(chosen.get('article') ?? []), ...articles]);
  const filters: Filter[] = [...chosen].map(([facet, values]) => ({ facet, values }));
  const on = request.on ?? parsed.on;
  if (on !== undefined) filters.push({ facet: 'on', values: [on] });
  return { request, parsed, query, filters };
}

/** Everything to be read for it, so that it is read at once. */
export function needsOf({ query, request }: Prepared): Needs {
  const terms = new Set<string>();
  const phrases = new Set<string>();
  const prefixes = new Set<string>();
  for (const { lookups } of query.leaves)
    for (const lookup of Object.values(lookups).flat()) {
      if (lookup.kind === 'term') terms.add(lookup.term);
      else if (lookup.kind === 'prefix') prefixes.add(lookup.term);
      else
        for (const { term } of lookup.parts) {
          terms.add(term);
          phrases.add(term);
        }
    }
  for (const key of request.pinned ?? []) terms.add(citesTerm(key));
  return { terms, phrases, prefixes };
}

/** What was found, before it is put in order. Its arrays are written over by the next question: await nothing. */
export interface Found {
  opened: Opened;
  ranked: Ranked[];
  documents: Documents;
  match: 'all' | 'some';
  /** Units of the other match set, before filters, when it was not the only one. */
  other: number | undefined;
  concepts: UsedConcept[];
}

/** Reads what a question needs: the parts of the reader's classes, and those that are public. */
export function openFor(index: IndexView, prepared: Prepared): Promise<Opened> {
  return index.open(prepared.request.access, needsOf(prepared));
}

/** Finds and scores in the parts of the reader's classes only; rarity and lengths come from what is public. */
export function findUnits(opened: Opened, prepared: Prepared): Found {
  const { request, query, filters } = prepared;
  const { view, own, postings } = opened;
  const sideBySide = readSideBySide(query);
  const {
    documents,
    flags,
    counts,
    scores: scoresOf,
  } = sideBySide
    ? findSideBySide(query, sideBySide, opened, postings, view.stats)
    : findByLists(query, opened, postings, view.stats);
  const tiers = pinnedTiers(opened, request);
  const isBrowsing = query.match.matches.length === 0;
  const match = chooseMatch(prepared, counts.all);
  const ranked = own.map((segment, place): Ranked => {
    const tier = tiers?.[place];
    const flag = isBrowsing ? (tier ? undefined : 0) : match === 'all' ? 2 : 1;
    const units = matchedUnits(segment, flags[place]!, flag, tier);
    const scores = scoresOf(place);
    addPrior(segment, units, scores);
    return {
      segment,
      units,
      scores,
      failed: failedFilters(segment, filters),
      works: view.works.get(segment)!,
      ...(tier ? { tiers: tier } : {}),
    };
  });
  const other = match === 'all' ? counts.some : counts.all;
  return {
    opened,
    ranked,
    documents,
    match,
    other: isBrowsing || counts.all === counts.some ? undefined : other,
    concepts: query.concepts,
  };
}

const priors = new WeakMap<Segment, boolean>();

/** Adds the prior; most segments know of none. */
function addPrior(segment: Segment, units: Uint32Array, scores: Float64Array): void {
  const { prior } = segment;
  let hasAny = priors.get(segment);
  if (hasAny === undefined) priors.set(segment, (hasAny = prior.some((one) => one > 0)));
  if (!hasAny) return;
  for (let index = 0; index < units.length; index += 1) {
    const unit = units[index]!;
    scores[unit]! *= 1 + ranking.prior * prior[unit]!;
  }
}

function chooseMatch({ request, query }: Prepared, inAll: number): 'all' | 'some' {
  if (request.match === 'all' || request.match === 'some') return request.match;
  const asked = query.match.matches.filter((one) => one.kind !== 'not').length;
  return asked <= autoMatch.concepts && inAll >= autoMatch.units ? 'all' : 'some';
}

/** Units with that flag, or all where none is asked for; and those that are pinned. */
function matchedUnits(
  segment: Segment,
  flags: Uint8Array,
  flag: 0 | 1 | 2 | undefined,
  tiers: Uint8Array | undefined,
): Uint32Array {
  const { units } = scratchOf(segment);
  const { dead } = segment;
  let count = 0;
  if (tiers === undefined && flag !== undefined && flag !== 0) {
    const shift = flag - 1;
    for (let unit = 0; unit < segment.units; unit += 1) {
      // Written over by the next one unless this one counts: no branch to guess.
      units[count] = unit;
      count += (flags[unit]! >> shift) & 1;
    }
    return units.subarray(0, count);
  }
  for (let unit = 0; unit < segment.units; unit += 1) {
    const holds = flag === 0 || (flag !== undefined && (flags[unit]! & flag) !== 0);
    if ((holds || (tiers?.[unit] ?? 0) > 0) && dead?.[unit] !== 1) units[count++] = unit;
  }
  return units.subarray(0, count);
}

const firstTier = 255;

/** What was asked for by name stands first, in one language; what cites it stands next. */
function pinnedTiers({ own, postings }: Opened, request: SearchRequest): Uint8Array[] | undefined {
  const pinned = request.pinned ?? [];
  if (pinned.length === 0) return undefined;
  const tiers = own.map((segment) => new Uint8Array(segment.units));
  const languages = languagesOf(request);
  for (const key of pinned)
    own.forEach((segment, place) => {
      const stored = postings.find(segment, citesTerm(key));
      if (!stored) return;
      for (const unit of decodePostings(segment, stored.postings, stored.units).units) tiers[place]![unit] = 1;
    });
  pinned.slice(0, firstTier - 1).forEach((key, order) => {
    const inOrder = [...new Set<SearchLanguage>([request.language, 'en', ...languages])];
    for (const language of inOrder) {
      const places = own.map((segment) => findOrdinal(segment, `${key}@${language}`));
      const isThere = places.map((unit, place) => unit >= 0 && own[place]!.dead?.[unit] !== 1);
      places.forEach((unit, place) => isThere[place] && (tiers[place]![unit] = firstTier - order));
      if (isThere.includes(true)) return;
    }
  });
  return tiers;
}
