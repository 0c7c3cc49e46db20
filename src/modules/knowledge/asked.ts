import { comparisonKey, PlainDate, problem, type Problem } from '../../platform/values/index.ts';
import { nearStates, parseInstrument, parseState, type TreatyFacts } from '../treaties/index.ts';
import { readCitationQuery, type CitationFacts } from './citations/index.ts';
import {
  type AccessClass,
  facetNames,
  MatchMode,
  type SearchLanguage,
  searchLanguages,
  SortOrder,
  UnitKind,
  type FacetName,
  type SearchRequest,
} from './search/schema.ts';
import type { ShippedThesaurus } from './thesaurus/index.ts';

export const longestQuery = 1000;
export const mostTerms = 64;
const yearsAhead = 5;
const firstDay = '1800-01-01';

/** Facets a reader may choose from on the page, in the order shown. */
export const shownFacets = ['kind', 'instrument', 'article', 'body', 'language', 'year'] as const satisfies FacetName[];

/** A question as an address or a command asks it, read and checked. */
export interface Asked {
  text: string;
  filters: Partial<Record<FacetName, string[]>>;
  match: MatchMode;
  sort: SortOrder;
  on?: PlainDate;
  dropped: string[];
  narrower: boolean;
  limit?: number;
  cursor?: string;
  /** Every provision on its own instead of three of each text. */
  isListed: boolean;
}

export interface AskedParts {
  treaties: TreatyFacts;
  citations: CitationFacts;
  thesaurus: ShippedThesaurus;
  today: PlainDate;
  /** Works whose texts are here. */
  holds(work: string): boolean;
}

/** `none` where nothing is near: the words choose by it. */
const nearWords = (words: readonly string[]) => (words.length === 0 ? 'none' : words.slice(0, 3).join(', '));

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The words nearest to what was given, three at most. */
export function nearest(given: string, words: readonly string[]): string[] {
  const key = comparisonKey(given);
  return words
    .map((word) => ({ word, far: distance(key, comparisonKey(word)) }))
    .filter(({ word, far }) => far <= Math.max(1, Math.floor(word.length / 3)) || comparisonKey(word).startsWith(key))
    .sort((a, b) => a.far - b.far || (a.word < b.word ? -1 : 1))
    .slice(0, 3)
    .map(({ word }) => word);
}

const unknown = (code: string, field: string, given: string, near: readonly string[]) =>
  problem(code, [field], { params: { given, near: nearWords(near) } });

/** One value of a facet as the index writes it, or what is wrong with it. */
function readFacet(name: FacetName, given: string, parts: AskedParts): string | Problem {
  if (name === 'kind' || name === 'language') {
    const options: readonly string[] = name === 'kind' ? UnitKind.options : searchLanguages;
    return options.includes(given) ? given : unknown('knowledge.unknown-value', name, given, nearest(given, options));
  }
  if (name === 'state') {
    const read = parseState(parts.treaties.states, given);
    if (read.ok) return read.value;
    const near = nearStates(parts.treaties.states, given).map((one) => one.name);
    return unknown('knowledge.unknown-state', name, given, near);
  }
  if (name === 'instrument') {
    if (parts.holds(given)) return given;
    const read = parseInstrument(parts.treaties, given);
    if (read.ok) return read.value;
    const words = [...parts.treaties.instruments.values()].flatMap((one) =>
      one.alias === '' ? [one.id] : [one.alias],
    );
    return unknown('knowledge.unknown-instrument', name, given, nearest(given, words));
  }
  if (name === 'article') {
    const [, work = '', eId = ''] = /^([^#]+)#art_(\d+[a-z]*)$/.exec(given) ?? [];
    const asked = work === '' ? given : `${parts.citations.printName(work)} ${eId}`;
    const target = readCitationQuery(asked, 'en', parts.citations)?.targets[0];
    if (target?.exists === true && target.eId) return `${target.work}#${target.eId.split('__')[0] ?? ''}`;
    return unknown(
      'knowledge.unknown-eid',
      name,
      given,
      target?.nearest ? [`${asked.split(' ')[0] ?? ''} ${target.nearest.article}`] : [],
    );
  }
  if (name === 'crime-type' || name === 'issue') {
    const ids = parts.thesaurus.concepts.map((one) => one.id);
    return ids.includes(given) ? given : unknown('knowledge.unknown-concept', name, given, nearest(given, ids));
  }
  if (name === 'year' && !/^\d{4}$/.test(given)) return unknown('knowledge.unknown-value', name, given, []);
  return given;
}

function readDay(given: string, today: PlainDate): PlainDate | Problem {
  const read = PlainDate.safeParse(given);
  const last = `${Number(today.slice(0, 4)) + yearsAhead}${today.slice(4)}`;
  return read.success && read.data >= firstDay && read.data <= last
    ? read.data
    : problem('knowledge.bad-date', ['on'], { params: { given, first: firstDay, last } });
}

const isProblem = (value: unknown): value is Problem => typeof value === 'object';

/**
 * Reads the parameters of an address. What is wrong is left out of the question and listed, so that a page can show
 * both; a caller that takes no half answers refuses when the list is not empty.
 */
export function readAsked(
  given: Readonly<Record<string, readonly string[]>>,
  parts: AskedParts,
): { asked: Asked; problems: Problem[] } {
  const problems: Problem[] = [];
  const one = (name: string) => given[name]?.findLast((value) => value !== '');
  const text = (one('q') ?? '').trim();
  if (text.length > longestQuery)
    problems.push(problem('knowledge.query-too-long', ['q'], { params: { longest: longestQuery, terms: mostTerms } }));
  const filters: Asked['filters'] = {};
  for (const name of facetNames) {
    for (const value of given[name] ?? []) {
      if (value === '') continue;
      const read = readFacet(name, value.slice(0, 200), parts);
      if (isProblem(read)) problems.push(read);
      else filters[name] = [...new Set([...(filters[name] ?? []), read])];
    }
  }
  const concepts = new Set(parts.thesaurus.concepts.map(({ id }) => id));
  const dropped: string[] = [];
  for (const id of given.drop ?? []) {
    if (concepts.has(id)) dropped.push(id);
    else if (id !== '')
      problems.push(
        unknown('knowledge.unknown-concept', 'drop', id.slice(0, 200), nearest(id.slice(0, 60), [...concepts])),
      );
  }
  const option = <T extends string>(name: string, options: readonly T[], otherwise: T): T => {
    const value = one(name);
    const found = options.find((each) => each === value);
    if (value !== undefined && found === undefined)
      problems.push(
        unknown('knowledge.unknown-value', name, value.slice(0, 200), nearest(value.slice(0, 60), options)),
      );
    return found ?? otherwise;
  };
  const day = one('on');
  const on = day === undefined ? undefined : readDay(day, parts.today);
  if (isProblem(on)) problems.push(on);
  const limit = one('limit');
  const cursor = one('cursor');
  return {
    asked: {
      text: text.slice(0, longestQuery),
      filters,
      match: option('match', MatchMode.options, 'auto'),
      sort: option('sort', SortOrder.options, 'relevance'),
      dropped,
      narrower: one('narrower') === '1',
      isListed: one('list') === 'provisions',
      ...(on === undefined || isProblem(on) ? {} : { on }),
      ...(limit !== undefined && /^[1-9]\d?$|^100$/.test(limit) ? { limit: Number(limit) } : {}),
      ...(cursor === undefined ? {} : { cursor: cursor.slice(0, 2000) }),
    },
    problems,
  };
}

/** What the index is asked, for a reader of these classes. */
export function toRequest(asked: Asked, access: readonly AccessClass[], language: SearchLanguage): SearchRequest {
  const { text, filters, match, sort, on, dropped, narrower, limit, cursor, isListed } = asked;
  return {
    text,
    access,
    language,
    match,
    sort,
    filters,
    facets: [...shownFacets],
    dropped,
    narrower,
    snippets: true,
    grouped: !isListed,
    ...(on === undefined ? {} : { on }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
