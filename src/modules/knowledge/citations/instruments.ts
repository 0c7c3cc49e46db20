import type { Citation, CitationTarget } from './schema.ts';

/** An instrument as citations may name it. */
export interface NamedInstrument {
  id: string;
  title: string;
  /** Short forms that hold in any document: `UNTOC`, `Palermo Convention`. */
  aliases: readonly string[];
  /** Convention that a protocol supplements. */
  parent?: string;
}

export interface InstrumentNames {
  /** Instruments by a name as written, in any case and spacing; several when the name is shared. */
  find(name: string): readonly string[];
  parentOf(id: string): string | undefined;
  /** What an instrument calls itself: `convention`, `protocol`. */
  nounOf(id: string): string | undefined;
  /** Every known name in a text, the longest at each place. */
  scan(text: string): { start: number; end: number; ids: readonly string[] }[];
}

const folded = (name: string) => name.toLowerCase().replace(/\s+/g, ' ').trim();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

export function createInstrumentNames(instruments: readonly NamedInstrument[]): InstrumentNames {
  const byName = new Map<string, Set<string>>();
  for (const { id, title, aliases } of instruments)
    for (const name of [title, ...aliases]) {
      const key = folded(name);
      byName.set(key, (byName.get(key) ?? new Set()).add(id));
    }
  const parents = new Map(instruments.flatMap(({ id, parent }) => (parent ? [[id, parent] as const] : [])));
  const nouns = new Map(
    instruments.map(({ id, title }) => [
      id,
      /protocol/i.test(title.split(/,| against| to /)[0] ?? '') ? 'protocol' : 'convention',
    ]),
  );
  const longestFirst = [...byName.keys()].sort((a, b) => b.length - a.length);
  const any =
    longestFirst.length === 0
      ? undefined
      : new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return {
    find: (name) => [...(byName.get(folded(name)) ?? [])],
    parentOf: (id) => parents.get(id),
    nounOf: (id) => nouns.get(id),
    scan(text) {
      if (!any) return [];
      return [...text.matchAll(any)].map((found) => ({
        start: found.index,
        end: found.index + found[0].length,
        ids: [...(byName.get(folded(found[0])) ?? [])],
      }));
    },
  };
}

/** Short forms that a document defines for itself: (hereinafter "the Convention"), ("Firearms Protocol"). */
const definition = /\((?:hereinafter|hereafter|herein)?,? ?(?:referred to as|called)? ?"(?:the )?([^"()]{2,60})"\)/giu;

/** What the document itself calls an instrument from one place on. */
export interface DefinedName {
  name: string;
  ids: readonly string[];
  from: number;
}

/** Reads the definitions of a document: each names what stands right before it. */
export function findDefinedNames(text: string, names: InstrumentNames): DefinedName[] {
  const known = names.scan(text);
  return [...text.matchAll(definition)].flatMap(({ index, 1: name = '' }): DefinedName[] => {
    const before = known.findLast((one) => one.end <= index && index - one.end < 120);
    return before ? [{ name: folded(name), ids: before.ids, from: index }] : [];
  });
}

/** What stands behind a reference and says of which instrument it is. */
export type Qualifier =
  | { kind: 'own'; end: number }
  | { kind: 'named'; ids: readonly string[]; end: number; method: Citation['method'] }
  | { kind: 'unknown'; end: number };

const own =
  /^,? ?(?:of|to|in|under) (?:this|the present) (?:convention|protocol|treaty|agreement|statute|charter)(?![\p{L}])/iu;
const thatOne =
  /^,? ?(?:of|to|in|under) (?:that|the said|the same) (convention|protocol|treaty|agreement)(?![\p{L}])/iu;
const bare =
  /^,? ?(?:of|to|in|under) the (convention|protocol|treaty|agreement)(?! (?:on|against|for|relating|concerning|to|of [A-Z]))(?![\p{L}])/iu;
const foreign =
  /^,? ?(?:of|to|in|under) (?:the )?((?:[A-Z0-9][\p{L}\p{N}'.-]*)(?: (?:[A-Z0-9(][\p{L}\p{N}'.,)-]*|of|on|the|and|for|against|in|to|its|by|with|relating|concerning|certain|their))*)/u;
const frenchOwn = /^,? ?(?:de la présente|du présent) (?:convention|protocole|traité|accord)(?![\p{L}])/iu;

/** Of which instrument a reference that ends at `end` is, when the text says so. */
export function readQualifier(
  text: string,
  end: number,
  names: InstrumentNames,
  context: { instrument?: string; defined: readonly DefinedName[]; lastNamed?: readonly string[] },
): Qualifier | undefined {
  const rest = text.slice(end, end + 260);
  const mine = own.exec(rest) ?? frenchOwn.exec(rest);
  if (mine) return { kind: 'own', end: end + mine[0].length };
  const same = thatOne.exec(rest);
  if (same && context.lastNamed)
    return { kind: 'named', ids: context.lastNamed, end: end + same[0].length, method: 'defined' };
  const known = names.scan(rest).find((one) => /^,? ?(?:of|to|in|under) (?:the )?$/iu.test(rest.slice(0, one.start)));
  if (known) return { kind: 'named', ids: known.ids, end: end + known.end, method: 'alias' };
  const short = bare.exec(rest);
  if (short) {
    const noun = (short[1] ?? '').toLowerCase();
    const at = end + short[0].length;
    const defined = context.defined.findLast((one) => one.name === noun && one.from < end);
    if (defined) return { kind: 'named', ids: defined.ids, end: at, method: 'defined' };
    const { instrument } = context;
    const parent = instrument === undefined ? undefined : names.parentOf(instrument);
    if (parent !== undefined && names.nounOf(parent) === noun)
      return { kind: 'named', ids: [parent], end: at, method: 'defined' };
    return instrument !== undefined && names.nounOf(instrument) === noun
      ? { kind: 'own', end: at }
      : { kind: 'unknown', end: at };
  }
  const other = foreign.exec(rest);
  const title = (other?.[1] ?? '')
    .replace(/(?:[ ,](?:of|on|the|and|for|against|in|to|its|by|with|relating|concerning|certain|their))+,?$/u, '')
    .replace(/,$/, '');
  return /(?:Convention|Protocol|Treaty|Covenant|Charter|Agreement|Statute|Constitution|Act|Code|Law|Rules|Regulations?|Directive)\b/.test(
    title,
  )
    ? { kind: 'unknown', end: end + (other ? other[0].indexOf(title) : 0) + title.length }
    : undefined;
}

export function instrumentTargets(ids: readonly string[]): CitationTarget[] {
  return ids.map((id) => ({ id }));
}
