import { cleanName, type Cleaned, type NameNote } from './normalise.ts';
import { otherSpellings } from './scripts/romanized.ts';
import { readWord, scriptOf, unmix, type Place, type Reading, type Script } from './scripts/index.ts';
import { skeletonOf, soundOf, soundOfFrame } from './sound.ts';
import { foreignForms, legalForms, longestLegalForm, runForms, type LegalClass } from './tables/legal-forms.ts';
import { groupsOf } from './tables/names.ts';
import { englishOf, partRun } from './tables/own-words.ts';
import {
  beginnings,
  generations,
  honorifics,
  honorificsBefore,
  ordinals,
  particles,
  romans,
  shortened,
  tiedArticles,
  trade,
} from './tables/words.ts';

/** What bears the name. A vessel's name is read like a body's; a person's like a person's. */
export type NamedAs = 'person' | 'body' | 'vessel';
export type PartTag =
  'core' | 'family' | 'given' | 'patronymic' | 'particle' | 'beginning' | 'honorific' | 'initial' | 'trade';

/** One way a part is written and heard. */
export interface Form {
  latin: string;
  sound: string;
  skeleton: string;
  /** Vowels are missing in it. */
  frame: boolean;
}

export interface Part {
  /** As the name has it, in lower case. */
  word: string;
  script: Script;
  forms: Form[];
  /** Groups of equal names in which it stands, when it is a known name. */
  groups?: ReadonlySet<number> | undefined;
  tag: PartTag;
  weight: number;
}

export interface ParsedName {
  text: string;
  as: NamedAs;
  /** Ways to part the name; most names have one. */
  ways: Part[][];
  numerals: string[];
  generation?: string;
  legal?: LegalClass;
  notes: NameNote[];
}

export type Parsed = { ok: true; name: ParsedName } | Extract<Cleaned, { ok: false }>;

interface Word {
  text: string;
  script: Script;
  /** A hyphen ties it to the next. */
  tied: boolean;
  beforeComma: boolean;
}

const weights: Record<PartTag, number> = {
  core: 1,
  family: 1.3,
  given: 1,
  patronymic: 1,
  particle: 0.1,
  beginning: 0.35,
  honorific: 0.05,
  initial: 0.5,
  trade: 0.6,
};
const mostWords = 120;
const mostWays = 4;
/** Given names that are borne beside another so often that many papers leave them out. */
const oftenLeftOut = new Set(['mohammed', 'maria', 'khan', 'shah', 'singh', 'kumar', 'jose']);
const leftOutWeight = 0.7;

const formCache = new Map<string, Form>();
const mostForms = 24_000;

/** A reading with its sound; each spelling is read once. */
export function formOf({ latin, frame }: Reading): Form {
  const key = frame ? `*${latin}` : latin;
  let form = formCache.get(key);
  if (!form) {
    const sound = frame ? soundOfFrame(latin) : soundOf(latin);
    form = { latin, sound, skeleton: skeletonOf(sound), frame };
    if (formCache.size >= mostForms) formCache.clear();
    formCache.set(key, form);
  }
  return form;
}

const wordPattern = /([\p{L}\p{M}\p{N}]+)([^\p{L}\p{M}\p{N}]*)/gu;
const plainPattern = /([a-z0-9]+)([^a-z0-9]*)/g;
/** What stands before a ship's name, or after it, and is no part of it. */
const shipPrefix = /^(?:m[/.]?\s?[vtys]\.?|s[/.]?[sv]\.?|[fr][/.]?v\.?|f[/.]?b\.?|hms|uss|msv|mts?|lng(?:\/c)?|lpg(?:\/c)?|vlcc|мв|т\/?х)\s+(?=\S)/; // prettier-ignore
const shipSuffix = /(?<=[\uac00-\ud7af]{2})호$|(?<=[\u4e00-\u9fff]{2})[号號轮輪]$/;
/** Son and daughter of, as Malaysia and Singapore write it; what tells a name of before marriage. */
const filiation = /(?<!\p{L})(?:[sd]\/o|a\/[lp])(?!\p{L})/gu;
const formerName = /(?<!\p{L})(?:n[ée]e|geb\.?|geborene?|born|formerly|f\/k\/a)(?!\p{L})/gu;
const isPlain = /^[\x20-\x7e]*$/;

function splitWords(text: string, as: NamedAs): Word[] {
  let lower = text.toLowerCase();
  if (as === 'vessel')
    lower = lower
      .replace(shipPrefix, '')
      .replace(shipSuffix, '')
      .replace(/(?<!\p{L})no\.?\s*(?=\d)/u, '');
  if (as === 'person') lower = lower.replace(filiation, ' bin ').replace(formerName, ' ').replace(honorificsBefore, '');
  // Dotted letters are one word.
  if (as !== 'person') lower = lower.replace(/(?<![\p{L}\p{M}\p{N}])(?:\p{L}\.){2,}\p{L}?(?![\p{L}\p{M}])|(?<![\p{L}\p{M}\p{N}])(?:\p{L}\.)+\p{L}(?![\p{L}\p{M}])/gu, (dotted) => dotted.replace(/\./g, '')); // prettier-ignore
  lower = lower
    .replace(/&|\+/g, ' and ')
    .replace(/(?<=\p{L})"(?=\p{L})|['’‘`´ʻʼʿʾ‛]/gu, '')
    .replace(/\u200c|\u200d/g, '');
  const comma = as === 'person' ? lower.search(/[,،、]/) : -1;
  const words: Word[] = [];
  const plain = isPlain.test(lower);
  for (const found of lower.matchAll(plain ? plainPattern : wordPattern)) {
    const raw = found[1]!;
    const after = found[2]!;
    const about = { tied: after === '-' || after === '‐' || after === '–', beforeComma: found.index < comma };
    if (plain) words.push({ text: raw, script: /\d/.test(raw[0]!) ? 'Zyyy' : 'Latn', ...about });
    else
      for (const run of runsOf(unmix(raw).word)) {
        const isRun = as !== 'person' && (run.script === 'Hani' || run.script === 'Hang');
        for (const text of isRun ? partRun(run.text) : [run.text]) words.push({ ...run, text, ...about });
      }
    if (words.length >= mostWords) break;
  }
  return words;
}

/** Parts a word where its script changes; marks and digits stay with what stands before them. */
function runsOf(word: string): { text: string; script: Script }[] {
  const runs: { text: string; script: Script }[] = [];
  for (const letter of word) {
    const code = letter.codePointAt(0) ?? 0;
    const script = /\p{M}/u.test(letter) || letter === 'ー' ? 'Zyyy' : scriptOf(code);
    const last = runs.at(-1);
    if (last && (script === 'Zyyy' || script === last.script)) last.text += letter;
    else if (last?.script === 'Zyyy') Object.assign(last, { text: last.text + letter, script });
    else runs.push({ text: letter, script });
  }
  return runs;
}

function bareLatin(text: string): string {
  return isPlain.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '');
}

/** Takes legal forms off both ends of a body's name; never the whole name. */
function takeLegal(words: Word[]): { words: Word[]; legal?: LegalClass } {
  let kept = words;
  let legal: LegalClass | undefined;
  const last = kept.at(-1);
  const first = kept[0];
  for (const [form, name] of runForms) {
    if (last && last.text.length > form.length && last.text.endsWith(form))
      kept = [...kept.slice(0, -1), { ...last, text: last.text.slice(0, -form.length) }];
    else if (first && first.text.length > form.length && first.text.startsWith(form))
      kept = [{ ...first, text: first.text.slice(form.length) }, ...kept.slice(1)];
    else continue;
    legal = name;
    break;
  }
  const bare = kept.map((word) => bareLatin(word.text));
  let [from, to] = [0, bare.length];
  for (let again = true; again;) {
    again = false;
    for (let length = Math.min(longestLegalForm, to - from - 1); length >= 1; length -= 1) {
      const end = bare.slice(to - length, to).join(' ');
      const start = bare.slice(from, from + length).join(' ');
      const atEnd = legalForms.get(end) ?? foreignForms.get(end);
      const atStart = legalForms.get(start) ?? foreignForms.get(start);
      if (atEnd) to -= length;
      else if (atStart && start.length > 1) from += length;
      else continue;
      legal ??= atEnd ?? atStart;
      again = true;
      break;
    }
  }
  return { words: kept.slice(from, to), legal };
}

function isOftenLeftOut(latin: string): boolean {
  if (oftenLeftOut.has(latin)) return true;
  const groups = groupsOf(latin, true);
  const known = groupsOf('mohammed', true);
  return groups !== undefined && known !== undefined && [...known].some((one) => groups.has(one));
}

const sonOf = new Set(['bin', 'ibn', 'ben', 'bint', 'binti', 'ould', 'wuld', 'بن', 'ابن', 'بنت', 'ولد', 'ибн', 'бин']);

interface Tagged {
  word: Word;
  tag: PartTag;
}

function tagPerson(words: readonly Word[], singles: ReadonlySet<string>): { tagged: Tagged[]; generation?: string } {
  const bare = words.map((word) => bareLatin(word.text));
  const hasComma = words.some((word) => word.beforeComma);
  let generation: string | undefined;
  const tagged: Tagged[] = [];
  for (const [n, word] of words.entries()) {
    const text = bare[n]!;
    const isLast = n === words.length - 1;
    if (n > 0 && generations.has(text) && (isLast || words[n + 1]?.beforeComma !== word.beforeComma)) {
      generation = generations.get(text);
      continue;
    }
    const before = bare[n - 1];
    let tag: PartTag = hasComma ? (word.beforeComma ? 'family' : 'given') : 'core';
    if (text.length === 1 && word.script === 'Latn' && (text === 'a' || singles.has(text))) tag = 'initial';
    else if (word.tied && !isLast && tiedArticles.has(text)) tag = 'particle';
    else if (particles.has(text) && (n > 0 || ['al', 'el'].includes(text)) && !isLast) tag = 'particle';
    else if (honorifics.has(text) && words.length > 2 && (n === 0 || word.beforeComma !== words[n - 1]!.beforeComma))
      tag = 'honorific';
    else if (beginnings.has(text) && !isLast) tag = 'beginning';
    else if (word.script === 'Latn' && text.length === 1) tag = 'initial';
    else if (before !== undefined && sonOf.has(before) && n > 1) tag = 'patronymic';
    tagged.push({ word, tag });
  }
  return { tagged, generation };
}

function tagBody(words: readonly Word[]): { tagged: Tagged[]; numerals: string[] } {
  const tagged: Tagged[] = [];
  const numerals: string[] = [];
  for (const [n, word] of words.entries()) {
    const text = bareLatin(word.text);
    const numeral =
      /^\d/.test(text) || (/\d/.test(text) && text.length > 1)
        ? (ordinals.get(text) ?? text.replace(/^0+(?=\d)/, ''))
        : n > 0
          ? (romans.get(text) ?? ordinals.get(text))
          : undefined;
    if (numeral !== undefined && words.length > 1) {
      if (!(romans.has(text) && text.length === 1 && text !== 'i' && text !== 'v' && text !== 'x'))
        numerals.push(numeral);
      continue;
    }
    const long = shortened.get(text);
    if (long !== undefined && words.length > 1) {
      for (const one of long.split(' '))
        tagged.push({ word: { ...word, text: one }, tag: trade.has(one) ? 'trade' : 'core' });
      continue;
    }
    const english = word.script === 'Latn' ? text : englishOf(word.text);
    const isTrade = english !== undefined && english.split(' ').every((one) => trade.has(one));
    const tag: PartTag = particles.has(text) && words.length > 1 ? 'particle' : isTrade ? 'trade' : 'core';
    tagged.push({ word, tag });
  }
  return { tagged, numerals };
}

function toWays(tagged: readonly Tagged[], as: NamedAs): Part[][] {
  const alone = tagged.length === 1;
  const further = as === 'person' ? furtherSpellings(tagged) : undefined;
  let ways: Part[][] = [[]];
  for (const [at, { word, tag }] of tagged.entries()) {
    const place: Place = alone || (as !== 'person' && word.script === 'Hani') ? 'alone' : at === 0 ? 'family' : 'given';
    const read =
      as !== 'person' && word.script === 'Hani'
        ? [[wholeHan(word.text)]]
        : readWord(word.text, word.script, alone && as !== 'person' ? 'given' : place);
    const english = as === 'person' || word.script === 'Latn' ? undefined : englishOf(word.text);
    if (english !== undefined) read[0]?.[0]?.unshift({ latin: english.replace(/ /g, ''), frame: false });
    const spelled = further?.[at];
    if (spelled) read[0]?.[0]?.push(...spelled.map((latin) => ({ latin, frame: false })));
    const options = read.map((parts) =>
      parts.map((forms, n): Part => {
        const known = forms.map(formOf).filter((form) => form.sound !== '' || form.latin !== '');
        const isFamily = parts.length > 1 && n === 0;
        const partTag = tag === 'core' && parts.length > 1 ? (isFamily ? 'family' : 'given') : tag;
        const leftOut = as === 'person' && known.some((form) => isOftenLeftOut(form.latin));
        return {
          word: word.text,
          script: word.script,
          forms: known,
          groups: knownGroups(word, known, as === 'person'),
          tag: partTag,
          weight: leftOut ? Math.min(leftOutWeight, weights[partTag]) : weights[partTag],
        };
      }),
    );
    ways = ways.flatMap((way) => options.map((parts) => [...way, ...parts])).slice(0, mostWays);
  }
  return ways.map((way) => stripArticle(way).filter((part) => part.forms.length > 0)).filter((way) => way.length > 0);
}

/** The groups of a known name, by its letters or as it is read; frames and characters with many readings tell nothing. */
function knownGroups(word: Word, forms: readonly Form[], isPerson: boolean): ReadonlySet<number> | undefined {
  const own = groupsOf(word.text, isPerson);
  if (own || forms.length > 3 || word.script === 'Hang') return own;
  for (const { latin, frame } of forms) {
    const groups = frame ? undefined : groupsOf(latin, isPerson);
    if (groups) return groups;
  }
  return undefined;
}

/** Names of East Asia by another system of writing them in Latin letters. */
function furtherSpellings(tagged: readonly Tagged[]): string[][] | undefined {
  if (tagged.some(({ word, tag }) => word.script !== 'Latn' || tag === 'initial')) return undefined;
  return otherSpellings(tagged.map(({ word }) => bareLatin(word.text)));
}

/** A word of a body's name in Han is read in one piece, each way of reading its characters. */
function wholeHan(text: string): Reading[] {
  return readWord(text, 'Hani', 'given').flat(2);
}

/** The Arabic article is written on the word it belongs to: it is taken off where more than two letters stay. */
function stripArticle(way: Part[]): Part[] {
  return way.map((part) => {
    if (part.script !== 'Arab' || !/^ال.{3,}/u.test(part.word) || part.word === 'الله') return part;
    const bare = readWord(part.word.slice(2), 'Arab', 'given').flat(2).map(formOf);
    return { ...part, forms: [...bare, ...part.forms] };
  });
}

const parsedCache = new Map<string, Parsed>();
const mostParsed = 4000;

/** Reads a name: words, tags and sounds. The same text is read once; what is returned must not be changed. */
export function parseName(raw: string, as: NamedAs): Parsed {
  const key = `${as} ${raw}`;
  let parsed = parsedCache.get(key);
  if (!parsed) {
    parsed = readName(raw, as);
    if (parsedCache.size >= mostParsed) parsedCache.clear();
    parsedCache.set(key, parsed);
  }
  return parsed;
}

/** Letters that stand alone as initials: with a dot, or large where not all letters are. */
function initialsIn(text: string): Set<string> {
  const pattern =
    text === text.toUpperCase() ? /(?<!\p{L})\p{Lu}(?=\.)/gu : /(?<!\p{L})(?:\p{Lu}(?!\p{L})|\p{Ll}(?=\.))/gu;
  return new Set(Array.from(text.matchAll(pattern), ([letter]) => letter.toLowerCase()));
}

function readName(raw: string, as: NamedAs): Parsed {
  const cleaned = cleanName(raw);
  if (!cleaned.ok) return cleaned;
  const notes = [...cleaned.notes];
  const words = splitWords(cleaned.text, as);
  if (
    !isPlain.test(cleaned.text) &&
    [...cleaned.text.toLowerCase().matchAll(wordPattern)].some((one) => unmix(one[1]!).mixed)
  )
    notes.push('mixed-scripts');
  if (as === 'person') {
    const { tagged, generation } = tagPerson(words, initialsIn(cleaned.text));
    return finish(cleaned.text, as, tagged, notes, { numerals: [], generation });
  }
  const { words: kept, legal } = takeLegal(words);
  const { tagged, numerals } = tagBody(kept);
  return finish(cleaned.text, as, tagged, notes, { numerals, legal });
}

function finish(
  text: string,
  as: NamedAs,
  tagged: Tagged[],
  notes: NameNote[],
  rest: Pick<ParsedName, 'numerals' | 'generation' | 'legal'>,
): Parsed {
  // A name of nothing but weak parts is compared by them.
  const strong = tagged.some(({ tag }) => tag !== 'particle' && tag !== 'honorific');
  const ways = toWays(strong ? tagged : tagged.map(({ word }) => ({ word, tag: 'core' as const })), as);
  if (ways.length === 0 && rest.numerals.length === 0) return { ok: false, problem: 'empty' };
  return { ok: true, name: { text, as, ways: ways.length > 0 ? ways : [[]], notes, ...rest } };
}
