import type { Comparison, ListEntry, NamedSchema, Subject } from '../../schema/index.ts';
import { bestNames, decideComparison, namedAs, readAs, readSubject, type ReadSubject } from './decide.ts';
import { checkIdentifier, plainIdentifier } from './identifiers.ts';
import { keyOf, keysOf, type NameKey } from './keys.ts';
import { parseName, type NamedAs, type ParsedName } from './parse.ts';
import { defaultBudget, IndexBuilder, rarity, type NameIndex } from './retrieve.ts';

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

/** Takes entries in one by one, in their order. */
export function listBuilder(): { add(entry: ListEntry): void; finish(entry: (n: number) => ListEntry): ScreeningList } {
  const builder = new IndexBuilder();
  let size = 0;
  return {
    add(entry) {
      const facts = factKeys(entry);
      for (const raw of [...entry.names, ...entry.weakNames])
        for (const as of ways(entry.schema)) {
          const parsed = parseName(raw, as);
          if (parsed.ok) builder.add(size, [...keysOf(parsed.name), ...facts], sizeOf(parsed.name));
        }
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

/** What the keys of a name tell by being rare in the list: its sounds alone, so that nothing counts twice. */
function rarityOf(index: NameIndex, name: ParsedName): number {
  let sum = 0;
  for (const { key, kind } of keysOf(name))
    if (kind === 'sound' || (kind === 'skeleton' && name.ways[0]?.[0]?.forms[0]?.frame))
      sum += rarity(index.names, Math.max(1, index.frequency(key)));
  return sum;
}

/**
 * Screens a subject against a list: candidates by shared rare keys, compared one by one, the most probable first.
 * @param limit candidates answered
 * @param consider candidates compared, at least `limit`
 */
export function screen(
  list: ScreeningList,
  subject: Subject,
  {
    limit,
    consider = 200,
    budget = defaultBudget,
    alertFrom,
  }: { limit: number; consider?: number; budget?: number; alertFrom?: number | undefined },
): Screened {
  const read = new Map<NamedAs, ReadSubject>();
  const queryAs = (as: NamedAs) => {
    const known = read.get(as) ?? readSubject(subject, as);
    read.set(as, known);
    return known;
  };
  const names = ways(subject.schema).flatMap((as) => [...queryAs(as).names, ...queryAs(as).weak]);
  const keys = new Map<number, NameKey>();
  for (const name of names) for (const one of keysOf(name)) keys.set(one.key, one);
  for (const one of factKeys(subject)) keys.set(one.key, one);
  const size = Math.max(1, ...names.map(sizeOf));
  const { candidates, truncated } = list.index.retrieve([...keys.values()], size, Math.max(limit, consider), budget);
  const rare = Math.max(0, ...names.map((name) => rarityOf(list.index, name)));
  const prior = Math.min(0.5, expectedMatches / Math.max(1, list.size));
  const first = candidates[0]?.score ?? 1;
  const found: (Found & { order: number })[] = [];
  for (const candidate of candidates) {
    const entry = list.entry(candidate.entry);
    if (!mayBe(subject.schema, entry.schema)) continue;
    const as = readAs(entry.schema, subject.schema);
    const query = queryAs(as);
    const other = readSubject(entry, as);
    const best = bestNames(query, other);
    const comparison = decideComparison(
      query,
      other,
      { prior, rarity: rare, ...(alertFrom === undefined ? {} : { alertFrom }) },
      best,
    );
    if (!comparison || !best) continue;
    const fromFacts = comparison.explanation
      .filter(({ feature }) => feature !== 'name' && feature !== 'rarity')
      .reduce((sum, { points }) => sum + points, 0);
    const order = best.similarity + orderByRetrieval * (candidate.score / first) + fromFacts / 10;
    found.push({ entry, name: best.right, comparison, order });
  }
  found.sort((one, other) => other.order - one.order);
  return { found: found.slice(0, limit).map(({ order: _, ...one }) => one), truncated };
}
