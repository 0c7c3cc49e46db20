import { createHash } from 'node:crypto';
import { Invalid } from '../../../../platform/errors.ts';
import type { AccessClass, Hit, QueryNote, SearchRequest, SearchResults, SearchUnit } from '../schema.ts';
import type { LabelFinder } from '../query/thesaurus.ts';
import { makeSnippets } from '../snippets.ts';
import { findUnits, openFor, prepare, type Found, type Prepared } from './answer.ts';
import { countFacet, type FoundBits } from './facets.ts';
import { firstUnits, pageOfGroups, type Group } from './groups.ts';
import { leafIdf } from './matching.ts';
import { compareBy } from './order.ts';
import { idAt } from './segment.ts';
import { deepest, roundScore } from './settings.ts';
import { spellBetter } from './spelling.ts';
import type { IndexStorage } from './storage.ts';
import type { IndexView } from './view.ts';

export interface SearchParts {
  storage: IndexStorage;
  index: IndexView;
  labels: LabelFinder | undefined;
}

const perPage = { usual: 20, most: 100 };
const fewUnits = 5;

/** What a cursor belongs to: the same question of the same reader. */
function questionHash({ request }: Prepared): string {
  const asked = { ...request, cursor: undefined, access: [...request.access].sort(), facets: undefined };
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);
}

function readCursor(prepared: Prepared, version: string): number {
  const { cursor } = prepared.request;
  if (cursor === undefined) return 0;
  const [of, question, from] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const place = Number(from);
  if (of !== version || question !== questionHash(prepared) || !Number.isInteger(place) || place < 0)
    throw new Invalid('knowledge.cursor-expired');
  return place;
}

const makeCursor = (prepared: Prepared, version: string, from: number): string =>
  Buffer.from(`${version} ${questionHash(prepared)} ${String(from)}`).toString('base64url');

/** A unit of the page, before its text is read. */
interface Shown {
  id: string;
  hit: Omit<Hit, 'unit' | 'snippets'>;
}

interface Page {
  groups: { work: string; shown: Shown[]; more: number }[];
  units: number;
  works: number;
  facets: SearchResults['facets'];
  from: number;
}

/** Answers a question: one page of results with counts, facets and snippets. */
export async function searchIndex(parts: SearchParts, request: SearchRequest): Promise<SearchResults> {
  const prepared = prepare(request, parts.labels);
  const found = findUnits(await openFor(parts.index, prepared), prepared);
  const { version } = found.opened.view;
  // From here on nothing looks into the arrays of what was found.
  const page = takePage(prepared, found);
  const texts = await loadUnits(parts, request.access, page);
  const better = page.units < fewUnits ? await spellBetter(parts.storage, prepared, found) : undefined;
  const { from, groups } = page;
  const of = request.grouped === false ? page.units : page.works;
  const rarity = rarityOf(prepared, found);
  return {
    version,
    match: found.match,
    units: page.units,
    works: page.works,
    ...(found.other === undefined
      ? {}
      : { other: { match: found.match === 'all' ? 'some' : 'all', units: found.other } }),
    groups: groups.map(({ work, shown, more }) => ({
      work,
      more,
      hits: shown.flatMap(({ id, hit }): Hit[] => {
        const unit = texts.get(id);
        // Withdrawn since: it is not shown, and the next question does not count it.
        return unit ? [{ unit, ...hit, snippets: request.snippets === false ? [] : makeSnippets(unit, rarity) }] : [];
      }),
    })),
    facets: page.facets,
    concepts: found.concepts,
    notes: notesOf(prepared, found),
    understood: {
      ...prepared.parsed.filters,
      ...(prepared.parsed.on === undefined ? {} : { on: [prepared.parsed.on] }),
      ...(prepared.parsed.articles.length === 0 ? {} : { 'article-reference': prepared.parsed.articles }),
    },
    ...(better === undefined ? {} : { didYouMean: better }),
    ...(from + groups.length < of && from + groups.length < deepest && groups.length > 0
      ? { cursor: makeCursor(prepared, version, from + groups.length) }
      : {}),
  };
}

/** Puts what was found in order, counts it, and takes what a page shows out of it. */
function takePage(prepared: Prepared, found: Found): Page {
  const { request, filters } = prepared;
  const { ranked, opened } = found;
  const { allWorks, version } = opened.view;
  const compare = compareBy(ranked, request.sort ?? 'relevance');
  const from = readCursor(prepared, version);
  const count = Math.max(0, Math.min(request.limit ?? perPage.usual, perPage.most, deepest - from));
  const isGrouped = request.grouped !== false;
  const bits: FoundBits = new Map();
  const byScore = (request.sort ?? 'relevance') === 'relevance';
  const { groups, works, units } = pageOfGroups(ranked, compare, allWorks, {
    from,
    count: isGrouped ? count : 0,
    byScore,
  });
  const chosen = isGrouped
    ? groups
    : firstUnits(ranked, compare, { from, count, byScore }).map((place): Group => ({
        best: place,
        shown: [place],
        units: 1,
      }));
  return {
    groups: chosen.map((group) => toShown(found, group)),
    units,
    works,
    facets: Object.fromEntries(
      (request.facets ?? []).map((facet) => [
        facet,
        countFacet(ranked, facet, filters, request.countBy ?? 'unit', allWorks, bits),
      ]),
    ),
    from,
  };
}

function toShown({ ranked }: Found, { best, shown, units }: Group): Page['groups'][number] {
  const { segment } = ranked[best.segment]!;
  return {
    work: segment.works[segment.work[best.unit]!]!,
    shown: shown.map((place) => {
      const { scores, tiers, segment: own } = ranked[place.segment]!;
      const tier = tiers?.[place.unit] ?? 0;
      return {
        id: idAt(own, place.unit),
        hit: {
          score: roundScore(scores[place.unit]!),
          ...(tier > 1 ? { pinned: true } : {}),
          ...(tier === 1 ? { citing: true } : {}),
        },
      };
    }),
    more: units - shown.length,
  };
}

function notesOf({ query }: Prepared, { opened }: Found): QueryNote[] {
  return [...new Set([...query.notes, ...(opened.tooBroad.length > 0 ? (['wildcard-too-broad'] as const) : [])])];
}

async function loadUnits(
  { storage }: SearchParts,
  access: readonly AccessClass[],
  { groups }: Page,
): Promise<Map<string, SearchUnit>> {
  const ids = groups.flatMap(({ shown }) => shown.map(({ id }) => id));
  const units = ids.length === 0 ? [] : await storage.units(ids, access);
  return new Map(units.map((unit) => [unit.id, unit]));
}

/** How rare each term of the question is; endings of a wildcard count like any other. */
function rarityOf({ query }: Prepared, { opened, documents }: Found): (term: string) => number {
  const rarities = new Map<string, number>();
  const prefixes: [string, number][] = [];
  query.leaves.forEach((leaf, index) => {
    for (const [language, lookups] of Object.entries(leaf.lookups) as [
      keyof typeof leaf.lookups,
      typeof leaf.lookups.en,
    ][])
      for (const lookup of lookups ?? []) {
        const rarity = Math.max(0.01, leafIdf(opened.view.stats, documents, index, language));
        if (lookup.kind === 'prefix') prefixes.push([lookup.term, rarity]);
        else
          for (const term of lookup.kind === 'term' ? [lookup.term] : lookup.parts.map((part) => part.term))
            rarities.set(term, Math.max(rarities.get(term) ?? 0, rarity));
      }
  });
  return (term) => rarities.get(term) ?? prefixes.find(([prefix]) => term.startsWith(prefix))?.[1] ?? 0;
}
