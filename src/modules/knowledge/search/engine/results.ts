import { createHash } from 'node:crypto';
import { Invalid } from '../../../../platform/errors.ts';
import type { AccessClass, Hit, HitGroup, QueryNote, SearchRequest, SearchResults, SearchUnit } from '../schema.ts';
import type { LabelFinder } from '../query/thesaurus.ts';
import { makeSnippets } from '../snippets.ts';
import { findUnits, prepare, type Found, type Prepared } from './answer.ts';
import { countFacet } from './facets.ts';
import { pageOfGroups, passing, type Group } from './groups.ts';
import { leafIdf } from './matching.ts';
import { compareBy, firstOf, type Place } from './order.ts';
import { idAt } from './segment.ts';
import { deepest } from './settings.ts';
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

/** Answers a question: one page of results with counts, facets and snippets. */
export async function searchIndex(parts: SearchParts, request: SearchRequest): Promise<SearchResults> {
  const prepared = prepare(request, parts.labels);
  const found = await findUnits(parts.index, prepared);
  const { ranked, opened } = found;
  const { version } = opened.view;
  const compare = compareBy(ranked, request.sort ?? 'relevance');
  const from = readCursor(prepared, version);
  const count = Math.max(0, Math.min(request.limit ?? perPage.usual, perPage.most, deepest - from));
  const page = pageOfGroups(ranked, compare, opened.view.allWorks, {
    from,
    count: request.grouped === false ? 0 : count,
    byScore: (request.sort ?? 'relevance') === 'relevance',
  });
  const groups =
    request.grouped === false
      ? firstOf(passing(ranked), from + count, compare)
          .slice(from)
          .map((place): Group => ({ best: place, shown: [place], units: 1 }))
      : page.groups;
  const shown = await loadUnits(parts, request.access, found, groups);
  const of = request.grouped === false ? page.units : page.works;
  const facets = Object.fromEntries(
    (request.facets ?? []).map((facet) => [
      facet,
      countFacet(ranked, facet, prepared.filters, request.countBy ?? 'unit', opened.view.allWorks),
    ]),
  );
  const better = page.units < fewUnits ? await spellBetter(parts.storage, prepared, found) : undefined;
  return {
    version,
    match: found.match,
    units: page.units,
    works: page.works,
    ...(found.other === undefined
      ? {}
      : { other: { match: found.match === 'all' ? 'some' : 'all', units: found.other } }),
    groups: groups.map((group) => toGroup(prepared, found, group, shown)),
    facets,
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

function notesOf({ query }: Prepared, { opened }: Found): QueryNote[] {
  return [...new Set([...query.notes, ...(opened.tooBroad.length > 0 ? (['wildcard-too-broad'] as const) : [])])];
}

const placeId = ({ ranked }: Found, { segment, unit }: Place): string => idAt(ranked[segment]!.segment, unit);

async function loadUnits(
  { storage }: SearchParts,
  access: readonly AccessClass[],
  found: Found,
  groups: readonly Group[],
): Promise<Map<string, SearchUnit>> {
  const ids = groups.flatMap(({ shown }) => shown.map((place) => placeId(found, place)));
  const units = ids.length === 0 ? [] : await storage.units(ids, access);
  return new Map(units.map((unit) => [unit.id, unit]));
}

function toGroup(prepared: Prepared, found: Found, group: Group, units: ReadonlyMap<string, SearchUnit>): HitGroup {
  const rarity = rarityOf(prepared, found);
  const hits = group.shown.flatMap((place): Hit[] => {
    const unit = units.get(placeId(found, place));
    // Withdrawn since: it is not shown, and the next question does not count it.
    if (!unit) return [];
    const { scores, tiers } = found.ranked[place.segment]!;
    const tier = tiers?.[place.unit] ?? 0;
    return [
      {
        unit,
        score: scores[place.unit]!,
        ...(tier > 1 ? { pinned: true } : {}),
        ...(tier === 1 ? { citing: true } : {}),
        snippets: prepared.request.snippets === false ? [] : makeSnippets(unit, rarity),
      },
    ];
  });
  const { segment } = found.ranked[group.best.segment]!;
  return {
    work: segment.works[segment.work[group.best.unit]!]!,
    hits,
    more: group.units - group.shown.length,
  };
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
