import { definedAs, nounOfWord, type DefinedName } from './defined.ts';
import { chineseWords, instrumentWords, titleGoesOn } from './instrument-words.ts';
import type { InstrumentNames, Noun } from './instruments.ts';
import type { Citation } from './schema.ts';

/** What a document has said so far; short forms, "those instruments" and Ibid. are read with it. */
export interface Memory {
  defined: DefinedName[];
  /** The first instrument of its kind that was named. */
  firstNamed: Map<Noun, readonly string[]>;
  /** Instruments named last, those of one list together. */
  lastSet: readonly string[];
  /** The last series, document or resolution that was cited, for Ibid. */
  lastCited?: Citation['target'];
  seriesNamed: boolean;
  lastResolution?: Citation['target'];
}

export function newMemory(defined: readonly DefinedName[] = []): Memory {
  return { defined: [...defined], firstNamed: new Map(), lastSet: [], seriesNamed: false };
}

/** A place where a text names instruments. */
export interface Mention {
  start: number;
  end: number;
  ids: readonly string[];
  method: Citation['method'];
  ruleId: string;
  confidence: number;
  /** Set for names that could not be placed. */
  reason?: NonNullable<Citation['reason']>;
}

const edge = '(?<![\\p{L}\\p{N}])';
const shortForms = instrumentWords.map((one) => ({
  noun: new RegExp(`${edge}${one.the}(${Object.values(one.nouns).join('|')})(?![\\p{L}])`, 'giu'),
  protocols: new RegExp(`${edge}(?:${one.protocolsThereto})(?![\\p{L}])`, 'giu'),
  those: new RegExp(`${edge}(?:${one.thoseInstruments})(?![\\p{L}])`, 'giu'),
}));
const chineseShort = new RegExp(
  `(?:${chineseWords.that}|[《“"])(${Object.values(chineseWords.nouns).join('|')})[》”"]?`,
  'gu',
);

/** Whether two mentions stand in one list: only commas, joining words, years and marks of notes between them. */
function isOneList(between: string): boolean {
  const rest = between
    .replace(/[\d,;.()<>/"'¹²³⁰⁴-⁹*_-]+/g, ' ')
    .replace(
      /(?<!\p{L})(?:and|the|as well as|sup|et|ainsi que|la|le|les|de|y|el|и|а также|و|和|及|of|to|its)(?!\p{L})/giu,
      ' ',
    );
  return between.length <= 60 && rest.trim() === '';
}

/**
 * Every name and short form of an instrument, in the order of the text; what the memory knows changes on the way.
 * @param own instrument the text itself belongs to: its own noun is no citation
 */
export function readMentions(text: string, names: InstrumentNames, memory: Memory, own?: string): Mention[] {
  const named = names.scan(text);
  const inside = (from: number, to: number) =>
    named.some((one) => one.start < to && from < one.end) ||
    memory.defined.some((one) => one.at && one.at[0] < to && from < one.at[1]);
  type Short = { start: number; end: number; kind: 'noun' | 'protocols' | 'those' | 'defined' | 'name'; word: string };
  const found: Short[] = named.map(({ start, end }) => ({ start, end, kind: 'name', word: text.slice(start, end) }));
  const add = (pattern: RegExp, kind: Short['kind']) => {
    for (const one of text.matchAll(pattern)) {
      if (inside(one.index, one.index + one[0].length)) continue;
      const word = one[1] ?? one[0];
      // A noun in small letters is a word like any other.
      if (kind === 'noun' && (/^\p{Ll}/u.test(word) || titleGoesOn(text, one.index + one[0].length))) continue;
      found.push({ start: one.index, end: one.index + one[0].length, kind, word });
    }
  };
  for (const { noun, protocols, those } of shortForms) {
    add(protocols, 'protocols');
    add(those, 'those');
    add(noun, 'noun');
  }
  add(chineseShort, 'noun');
  for (const one of memory.defined)
    if (nounOfWord(one.name) === undefined && names.find(one.name).length === 0)
      add(new RegExp(`${edge}${one.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu'), 'defined');
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const mentions: Mention[] = [];
  let listEnd = -1;
  for (const one of found) {
    if (mentions.some((before) => before.start <= one.start && one.start < before.end)) continue;
    const mention = placeMention(one, names, memory, own);
    if (!mention) continue;
    mentions.push(mention);
    const [only] = mention.ids;
    if (only === undefined) continue;
    const noun = names.nounOf(only);
    if (mention.ids.length === 1 && noun && !memory.firstNamed.has(noun)) memory.firstNamed.set(noun, mention.ids);
    if (one.kind === 'those') continue;
    const goesOnList = listEnd >= 0 && isOneList(text.slice(listEnd, one.start));
    memory.lastSet = goesOnList ? [...new Set([...memory.lastSet, ...mention.ids])] : mention.ids;
    listEnd = one.end;
  }
  return mentions;
}

function placeMention(
  one: { start: number; end: number; kind: string; word: string },
  names: InstrumentNames,
  memory: Memory,
  own: string | undefined,
): Mention | undefined {
  const at = { start: one.start, end: one.end };
  if (one.kind === 'name') {
    const ids = names.find(one.word);
    return ids.length === 0
      ? { ...at, ids, method: 'alias', ruleId: 'C4.name', confidence: 0.9, reason: 'unknown-instrument' }
      : { ...at, ids, method: 'alias', ruleId: 'C4.name', confidence: ids.length === 1 ? 0.99 : 0.5 };
  }
  if (one.kind === 'those') {
    return memory.lastSet.length === 0
      ? undefined
      : { ...at, ids: memory.lastSet, method: 'relative', ruleId: 'C4.set', confidence: 0.8 };
  }
  if (one.kind === 'protocols') {
    const parent = memory.lastSet.at(-1) ?? memory.firstNamed.get('convention')?.[0];
    const ids = parent === undefined ? [] : names.protocolsOf(parent);
    return ids.length === 0 ? undefined : { ...at, ids, method: 'relative', ruleId: 'C4.protocols', confidence: 0.9 };
  }
  const defined = definedAs(one.word, one.start, memory.defined);
  if (defined) return { ...at, ids: defined.ids, method: 'defined', ruleId: 'C4.defined', confidence: 0.95 };
  const noun = nounOfWord(one.word);
  if (noun === undefined) return undefined;
  if (own !== undefined) {
    const parent = names.parentOf(own);
    return parent !== undefined && names.nounOf(parent) === noun && names.nounOf(own) !== noun
      ? { ...at, ids: [parent], method: 'defined', ruleId: 'C4.parent', confidence: 0.95 }
      : undefined;
  }
  const first = memory.firstNamed.get(noun);
  return first
    ? { ...at, ids: first, method: 'defined', ruleId: 'C4.first', confidence: 0.85 }
    : { ...at, ids: [], method: 'grammar', ruleId: 'C4.noun', confidence: 0.3, reason: 'not-defined-here' };
}
