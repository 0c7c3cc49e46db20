import type { Comparison, ListEntry, NamedSchema, Subject } from '../../schema/index.ts';
import { bestNames, decideComparison, namedAs, readAs, readSubject, type ReadSubject } from './decide.ts';
import { checkIdentifier, plainIdentifier } from './identifiers.ts';
import { keyOf, keysOf, slipKeys, type NameKey } from './keys.ts';
import { parseName, type NamedAs, type ParsedName } from './parse.ts';
import { defaultBudget, IndexBuilder, rarity, type Candidate, type NameIndex } from './retrieve.ts';

/** A list made ready for screening. Entries are read again when they are candidates, so they may be kept anywhere. */
export interface ScreeningList {
  index: NameIndex;
  size: number;
  entry(n: number): ListEntry;
}

export interface Found {
  entry: ListEntry;
  name: string;
  comparison: Comparison;
}

export interface Screened {
  found: Found[];
  truncated: boolean;
}

/** How many entries of a list a query is expected to be, before anything is known of it. */
const expectedMatches = 0.5;
const orderByRetrieval = 0.3;

function sizeOf(name: ParsedName): number {
  return name.ways[0]?.length ?? 0;
}

/** As what the names of a schema are read; a thing may be anything. */
function ways(schema: NamedSchema): NamedAs[] {
  return schema === 'Thing' ? ['person', 'body'] : [namedAs(schema)];
}

/** A person is no body and no ship; what is not known to be one of them may be either. */
function mayBe(left: NamedSchema, right: NamedSchema): boolean {
  const open = new Set<NamedSchema>(['Thing', 'LegalEntity']);
  return open.has(left) || open.has(right) || namedAs(left) === namedAs(right);
}

/** Keys of everything but the name under which a subject is found. */
export function factKeys(subject: Subject): NameKey[] {
  const keys: NameKey[] = [];
  for (const one of subject.identifiers)
    if (checkIdentifier(one) !== 'wrong')
      keys.push({ kind: 'identifier', key: keyOf('identifier', `${one.kind} ${plainIdentifier(one.value)}`) });
  for (const date of subject.birthDates)
    if (date.length === 10) keys.push({ kind: 'birthDate', key: keyOf('birthDate', date) });
  return keys;
}

/** Every way to read every name of an entry, with the keys under which it is found. */
export function entryNames(entry: ListEntry): { keys: NameKey[]; size: number }[] {
  const facts = factKeys(entry);
  return [...entry.names, ...entry.weakNames].flatMap((raw) =>
    ways(entry.schema).flatMap((as) => {
      const parsed = parseName(raw, as);
      return parsed.ok ? [{ keys: [...keysOf(parsed.name), ...facts], size: sizeOf(parsed.name) }] : [];
    }),
  );
}

/** Takes entries in one by one, in their order. */
export function listBuilder(): { add(entry: ListEntry): void; finish(entry: (n: number) => ListEntry): ScreeningList } {
  const builder = new IndexBuilder();
  let size = 0;
  return {
    add(entry) {
      for (const { keys, size: parts } of entryNames(entry)) builder.add(size, keys, parts);
      size += 1;
    },
    finish: (entry) => ({ index: builder.build(), size, entry }),
  };
}

/** Makes a list of entries ready. */
export function prepareList(entries: readonly ListEntry[]): ScreeningList {
  const builder = listBuilder();
  for (const entry of entries) builder.add(entry);
  return builder.finish((n) => entries[n]!);
}

/** Keys of a name that tell by being rare in the list: its sounds alone, so that nothing counts twice. */
function rarityKeys(name: ParsedName): NameKey[] {
  const framed = name.ways[0]?.[0]?.forms[0]?.frame ?? false;
  return keysOf(name).filter(({ kind }) => kind === 'sound' || (kind === 'skeleton' && framed));
}

/** A subject made ready to be looked for. */
export interface OpenedQuery {
  subject: Subject;
  keys: NameKey[];
  /** Parts of its longest name. */
  size: number;
  /** Per name, the keys whose rarity counts. */
  rarityKeys: NameKey[][];
  readAs(as: NamedAs): ReadSubject;
}

export function openQuery(subject: Subject): OpenedQuery {
  const read = new Map<NamedAs, ReadSubject>();
  const queryAs = (as: NamedAs) => {
    const known = read.get(as) ?? readSubject(subject, as);
    read.set(as, known);
    return known;
  };
  const names = ways(subject.schema).flatMap((as) => [...queryAs(as).names, ...queryAs(as).weak]);
  const keys = new Map<number, NameKey>();
  for (const name of names) for (const one of keysOf(name)) keys.set(one.key, one);
  for (const name of names) for (const one of slipKeys(name)) if (!keys.has(one.key)) keys.set(one.key, one);
  for (const one of factKeys(subject)) keys.set(one.key, one);
  return {
    subject,
    keys: [...keys.values()],
    size: Math.max(1, ...names.map(sizeOf)),
    rarityKeys: names.map(rarityKeys),
    readAs: queryAs,
  };
}

/** What the list says of itself to a comparison. */
export interface ListFacts {
  /** Names in it, each way of reading counted. */
  names: number;
  size: number;
  frequency(key: number): number;
  entry(n: number): ListEntry;
}

/** Compares candidates with the query one by one; the most probable come first. */
export function compareCandidates(
  query: OpenedQuery,
  candidates: readonly Candidate[],
  list: ListFacts,
  { limit, alertFrom }: { limit: number; alertFrom?: number | undefined },
): Found[] {
  const { subject } = query;
  const rarityOf = (keys: readonly NameKey[]) =>
    keys.reduce((sum, { key }) => sum + rarity(list.names, Math.max(1, list.frequency(key))), 0);
  const rare = Math.max(0, ...query.rarityKeys.map(rarityOf));
  const prior = Math.min(0.5, expectedMatches / Math.max(1, list.size));
  const first = candidates[0]?.score ?? 1;
  const found: (Found & { order: number })[] = [];
  for (const candidate of candidates) {
    const entry = list.entry(candidate.entry);
    if (!mayBe(subject.schema, entry.schema)) continue;
    const as = readAs(entry, subject);
    const left = query.readAs(as);
    const right = readSubject(entry, as);
    const names = bestNames(left, right);
    const surroundings = { prior, rarity: rare, ...(alertFrom === undefined ? {} : { alertFrom }) };
    const comparison = decideComparison(left, right, surroundings, names);
    if (!comparison || !names) continue;
    const fromFacts = comparison.explanation
      .filter(({ feature }) => feature !== 'name' && feature !== 'rarity')
      .reduce((sum, { points }) => sum + points, 0);
    const order = names.similarity + orderByRetrieval * (candidate.score / first) + fromFacts / 10;
    found.push({ entry, name: names.right, comparison, order });
  }
  found.sort((one, other) => other.order - one.order);
  return found.slice(0, limit).map(({ order: _, ...one }) => one);
}

export const defaultConsidered = 200;

/**
 * Screens a subject against a list: candidates by shared rare keys, then compared.
 * @param limit candidates answered
 * @param consider candidates compared, at least `limit`
 */
export function screen(
  list: ScreeningList,
  subject: Subject,
  {
    limit,
    consider = defaultConsidered,
    budget = defaultBudget,
    alertFrom,
  }: { limit: number; consider?: number; budget?: number; alertFrom?: number | undefined },
): Screened {
  const { index } = list;
  const query = openQuery(subject);
  const { candidates, truncated } = index.retrieve(query.keys, query.size, Math.max(limit, consider), budget);
  const facts: ListFacts = {
    names: index.names,
    size: list.size,
    frequency: (key) => index.frequency(key),
    entry: (n) => list.entry(n),
  };
  return { found: compareCandidates(query, candidates, facts, { limit, alertFrom }), truncated };
}
