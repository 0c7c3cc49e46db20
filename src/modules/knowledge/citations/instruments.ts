import type { CitationTarget } from './schema.ts';

/** An instrument as citations may name it. */
export interface NamedInstrument {
  id: string;
  title: string;
  /** Names that hold in any document, in any language: `UNTOC`, `Convention de Palerme`. A `~` is an ending that changes. */
  aliases: readonly string[];
  /** Convention that a protocol supplements. */
  parent?: string;
}

export type Noun = 'convention' | 'protocol' | 'treaty' | 'agreement' | 'statute' | 'charter' | 'covenant';

export interface InstrumentNames {
  /** Instruments by a name as written, in any case and spacing; several when the name is shared. */
  find(name: string): readonly string[];
  parentOf(id: string): string | undefined;
  /** Protocols to an instrument. */
  protocolsOf(id: string): readonly string[];
  /** What an instrument calls itself: `convention`, `protocol`. */
  nounOf(id: string): Noun | undefined;
  /** Every known name in a text, the longest at each place; no ids where the name is of an instrument without an id here. */
  scan(text: string): { start: number; end: number; ids: readonly string[] }[];
}

/** Case, accents and forms of Arabic letters folded, one character for one: offsets stay. */
export function foldName(text: string): string {
  let folded = '';
  for (const char of text) {
    const [base = char] = char.normalize('NFD');
    const plain = /\p{Script=Latin}/u.test(base)
      ? base
      : (arabicForms[char] ?? (char === 'ё' || char === 'Ё' ? 'е' : char));
    const lower = plain.toLowerCase();
    folded += lower.length === char.length ? lower : char;
  }
  return folded.replaceAll('organis', 'organiz');
}

const arabicForms: Record<string, string> = { أ: 'ا', إ: 'ا', آ: 'ا', ة: 'ه', ى: 'ي' };

const key = (name: string) => foldName(name).replace(/\s+/g, ' ').trim();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

// Chinese writes without blanks: UNTOC第18条.
const edgeBefore = '(?<!(?!\\p{Script=Han})[\\p{L}\\p{N}])';
const edgeBehind = '(?!(?!\\p{Script=Han})[\\p{L}\\p{N}])';

/** A name as a pattern over folded text: whole words; Arabic with the small words written before it; Chinese anywhere. */
function patternOf(name: string): string {
  const body = escaped(name).replaceAll('~', '\\p{L}{0,3}');
  if (/\p{Script=Han}/u.test(name)) return body;
  const before = /\p{Script=Arabic}/u.test(name) ? `${edgeBefore}(?:[وف]?[بلك]?)` : edgeBefore;
  return `${before}${body}${edgeBehind}`;
}

function nounOfTitle(title: string): Noun {
  const head = title.split(/,| against| to | on /)[0] ?? '';
  const nouns: Noun[] = ['protocol', 'statute', 'charter', 'covenant', 'agreement', 'treaty'];
  return nouns.find((noun) => new RegExp(noun, 'i').test(head)) ?? 'convention';
}

const beginningLength = 3;
const beginningOf = (name: string) => name.slice(0, Math.min(beginningLength, (name + '~').indexOf('~')));

/** Where the longest name that begins at a place ends. */
function endOfName(
  folded: string,
  at: number,
  byBeginning: ReadonlyMap<string, readonly RegExp[]>,
): number | undefined {
  // Arabic writes small words before a name without a blank; the name begins behind them.
  const behind = /[وفبلك]/u.test(folded[at] ?? '') ? [0, 1, 2] : [0];
  for (const skip of behind)
    for (const pattern of byBeginning.get(folded.slice(at + skip, at + skip + beginningLength)) ?? []) {
      pattern.lastIndex = at;
      const found = pattern.exec(folded);
      if (found) return at + found[0].length;
    }
  return undefined;
}

/** @param others names of instruments that have no id here: they are seen, so that they are not taken for another */
export function createInstrumentNames(
  instruments: readonly NamedInstrument[],
  others: readonly string[] = [],
): InstrumentNames {
  const byName = new Map<string, Set<string>>(others.map((name) => [key(name), new Set<string>()]));
  for (const { id, title, aliases } of instruments)
    for (const name of [title, ...aliases]) byName.set(key(name), (byName.get(key(name)) ?? new Set()).add(id));
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  const changing = names
    .filter((name) => name.includes('~'))
    .map((name) => [new RegExp(`^(?:${patternOf(name)})$`, 'u'), byName.get(name)!] as const);
  const withoutPrefix = (name: string) => name.replace(/^[وف]?[بلك](?=\p{Script=Arabic})/u, '');
  const find = (name: string): readonly string[] => {
    const plain = key(name);
    const ids =
      byName.get(plain) ?? byName.get(withoutPrefix(plain)) ?? changing.find(([pattern]) => pattern.test(plain))?.[1];
    return [...(ids ?? [])];
  };
  // Names by how they begin: at most places of a text none does, and no pattern is tried.
  const byBeginning = new Map<string, RegExp[]>();
  for (const name of names) {
    const beginning = beginningOf(name);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), new RegExp(patternOf(name), 'uy')]);
  }
  const parents = new Map(instruments.flatMap(({ id, parent }) => (parent ? [[id, parent] as const] : [])));
  const nouns = new Map(instruments.map(({ id, title }) => [id, nounOfTitle(title)]));
  return {
    find,
    parentOf: (id) => parents.get(id),
    protocolsOf: (id) =>
      [...parents].filter(([one, parent]) => parent === id && nouns.get(one) === 'protocol').map(([one]) => one),
    nounOf: (id) => nouns.get(id),
    scan(text) {
      const folded = foldName(text);
      const found: { start: number; end: number; ids: readonly string[] }[] = [];
      for (let at = 0; at < folded.length; at += 1) {
        const end = endOfName(folded, at, byBeginning);
        if (end === undefined) continue;
        found.push({ start: at, end, ids: find(folded.slice(at, end)) });
        at = end - 1;
      }
      return found;
    },
  };
}

export function instrumentTargets(ids: readonly string[]): CitationTarget[] {
  return ids.map((id) => ({ id }));
}
