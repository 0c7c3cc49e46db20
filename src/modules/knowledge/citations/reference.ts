import { articleWords, levels, type ArticleWords, type Level } from './words.ts';

/** One place named by a reference; parts that the text leaves out are absent. */
export interface Place {
  article?: string;
  paragraph?: string;
  items: string[];
}

/** A place, or every unit from one to another at the same level. */
export type Named = { from: Place; to?: Place };

export type Outer = 'this' | 'that' | 'preceding' | 'following';

/** A reference as the text writes it, before it is known what exists. Spans are in the clean text. */
export interface Reference {
  start: number;
  end: number;
  places: Named[];
  /** Outermost level that the text names by number. */
  outermost: Level;
  /** The outermost level is named relative to where the text stands: this article, the preceding paragraph. */
  relative?: { level: Level; how: Outer; isPlural: boolean };
  language: string;
}

interface Patterns {
  words: ArticleWords;
  level: Record<Level, RegExp>;
  and: RegExp;
  to: RegExp;
  of: RegExp;
  this: RegExp;
  that: RegExp;
  preceding: RegExp;
  following: RegExp;
  anyLevel: RegExp;
}

const word = (pattern: string, flags = 'iyu') => new RegExp(`(?:${pattern})(?![\\p{L}\\p{N}])`, flags);

const patterns: readonly Patterns[] = articleWords.map((words) => ({
  words,
  level: {
    article: word(words.level.article),
    paragraph: word(words.level.paragraph),
    item: word(words.level.item),
  },
  and: word(`${words.and}|${words.or}`),
  to: word(words.to),
  of: words.of === '' ? /(?:)/y : new RegExp(`(?:${words.of})`, 'iyu'),
  this: word(words.this),
  that: word(words.that),
  preceding: word(words.preceding),
  following: word(words.following),
  anyLevel: new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${levels.map((level) => words.level[level]).join('|')})(?![\\p{L}])`,
    'giu',
  ),
}));

/** Reads forward over one text; every method moves on only when it has read something. */
class Reader {
  at: number;
  readonly text: string;
  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at += found[0].length;
    return found[0];
  }
  blank(): void {
    this.take(/ */y);
  }
  comma(): boolean {
    const begun = this.at;
    this.blank();
    if (this.take(/[,،、]/y) !== undefined) {
      this.blank();
      return true;
    }
    this.at = begun;
    return false;
  }
  /** Tries; goes back when nothing came of it. */
  attempt<T>(work: () => T | undefined): T | undefined {
    const begun = this.at;
    const result = work();
    if (result === undefined) this.at = begun;
    return result;
  }
}

const number = /\d{1,3}(?: ?(?:bis|ter|quater|quinquies)\b)?/iy;
const bracketed = /\((\d{1,3}|[a-z]{1,2}|[ivx]{1,5}|[абвгдежз]|[أابتثجحدهوزحطي])\)/iuy;
/** `a)` and `1)`, as French and older English write; not the end of a bracket that was opened before. */
const halfBracketed = /(\d{1,3}|[a-z]{1,2}|[ivx]{1,5})\)/iy;

function marker(reader: Reader): string | undefined {
  return reader.attempt(() => {
    reader.blank();
    const found = reader.take(bracketed) ?? reader.take(halfBracketed);
    return found?.replace(/[()]/g, '');
  });
}

/** Marks after a number: `(a) (ii)`, `a) ii)`, and `(15) (a)` after an article. */
function markers(reader: Reader): string[] {
  const found: string[] = [];
  for (let next = marker(reader); next !== undefined; next = marker(reader)) found.push(next);
  return found;
}

function placeOf(level: Level, head: string | undefined, marks: string[]): Place {
  if (level === 'item') return { items: head === undefined ? marks : [head, ...marks] };
  if (level === 'paragraph') return head === undefined ? { items: marks } : { paragraph: head, items: marks };
  const [first, ...rest] = marks;
  if (head !== undefined && first !== undefined && /^\d/.test(first))
    return { article: head, paragraph: first, items: rest };
  return { ...(head === undefined ? {} : { article: head }), items: marks };
}

function isBracketOpen(reader: Reader): boolean {
  const before = reader.text.slice(Math.max(0, reader.at - 120), reader.at);
  return before.lastIndexOf('(') > before.lastIndexOf(')');
}

/** A number with its marks, or marks alone: `1 (a)`, `18.15`, `(b)`. */
function place(reader: Reader, level: Level, isFirst = false): Place | undefined {
  return reader.attempt(() => {
    reader.blank();
    const dotted = level === 'article' ? reader.take(/\d{1,3}\.\d{1,2}(?![\d.])/y) : undefined;
    if (dotted !== undefined) {
      const [article = '', paragraph = ''] = dotted.split('.');
      return { article, paragraph, items: markers(reader) };
    }
    const head = reader.take(number);
    // A year, an amount or a percentage is no article.
    if (head !== undefined && reader.take(/\d|[.,]\d|%| ?per cent/y) !== undefined) return undefined;
    // `1)` as French writes it; not the end of a bracket around the reference.
    if (head !== undefined && level !== 'article' && !isBracketOpen(reader)) reader.take(/\)/y);
    const bare =
      head === undefined && level === 'item'
        ? reader
            .take(isFirst ? /[a-z](?![\p{L}\p{N}])\)?/iuy : /[a-z]\)/iy)
            ?.replace(')', '')
            .toLowerCase()
        : undefined;
    const marks = markers(reader);
    if (head === undefined && bare === undefined && marks.length === 0) return undefined;
    return placeOf(level, head === undefined ? bare : head.replace(/(\d) ?(?=[a-z])/i, '$1 ').toLowerCase(), marks);
  });
}

/** A mark that follows another at the same depth takes over what stood before it: `1 (a) and (b)`. */
function withHeadOf(before: Place, next: Place): Place {
  if (next.article !== undefined || next.paragraph !== undefined) return next;
  const first = next.items[0] ?? '';
  const depth = before.items.findLastIndex((one) => kindOf(one) === kindOf(first, before.items.length > 1));
  const kept = depth < 0 ? before.items.slice(0, -1) : before.items.slice(0, depth);
  return { ...before, items: [...kept, ...next.items] };
}

/** Letters and roman numerals stand at depths of their own; `i`, `v` and `x` are numerals where numerals were before. */
function kindOf(mark: string, amongNumerals = true): 'number' | 'numeral' | 'letter' {
  if (/^\d+$/.test(mark)) return 'number';
  return /^[ivx]+$/i.test(mark) && (mark.length > 1 || amongNumerals) ? 'numeral' : 'letter';
}

/** @param onlyOne the outer list goes on behind this place */
function listOf(reader: Reader, level: Level, p: Patterns, onlyOne: boolean): Named[] | undefined {
  const first = place(reader, level, true);
  if (!first) return undefined;
  const named: Named[] = [{ from: first }];
  for (; !onlyOne;) {
    const more = reader.attempt((): Named | undefined => {
      const comma = reader.comma();
      reader.blank();
      const joined = reader.take(p.and) !== undefined;
      const ranged = !joined && (reader.take(p.to) !== undefined || (!comma && reader.take(/[-–—]/y) !== undefined));
      if (!comma && !joined && !ranged) return undefined;
      const next = place(reader, level);
      if (!next) return undefined;
      // A bare number after a comma may begin something else: `article 5, 12 States`.
      if (comma && !joined && !ranged && next.items.length === 0 && /^ \p{L}{3,}/u.test(reader.text.slice(reader.at)))
        if (!/^ (?:and|or|et|ou|y|o|и|или|of|de|del|du|to) /iu.test(reader.text.slice(reader.at))) return undefined;
      const last = named.at(-1)!;
      const whole = withHeadOf(last.to ?? last.from, next);
      if (!ranged) return { from: whole };
      last.to = whole;
      return last;
    });
    if (!more) return named;
    if (more !== named.at(-1)) named.push(more);
  }
  return named;
}

interface Part {
  level: Level;
  named: Named[];
  relative?: Outer;
  /** `articles 31, paragraph 1, and 54`: more articles follow after the inner part. */
  isPlural: boolean;
}

const inner = (a: Level, b: Level) => levels.indexOf(a) > levels.indexOf(b);

/** `paragraphs 1 and 2`, `this article`, `the preceding paragraph`. */
function part(reader: Reader, p: Patterns, one?: boolean): Part | undefined {
  return reader.attempt((): Part | undefined => {
    const how = (['this', 'that', 'preceding', 'following'] as const).find((one) => {
      const found = reader.take(p[one]) !== undefined;
      if (found) reader.blank();
      return found;
    });
    let said = '';
    const level = levels.find((one) => {
      said = reader.take(p.level[one]) ?? '';
      return said !== '';
    });
    if (level === undefined) return undefined;
    const isPlural = /s\.?$/i.test(said);
    const named = listOf(reader, level, p, one ?? false);
    // `paragraph (d) of paragraph 1` speaks of an item.
    const isItem = level === 'paragraph' && named?.every(({ from }) => from.paragraph === undefined) === true;
    if (named) return { level: isItem ? 'item' : level, named, isPlural };
    if (how !== undefined) return { level, named: [], relative: how, isPlural };
    const after = reader.attempt(() => {
      reader.blank();
      return (['preceding', 'following'] as const).find((one) => reader.take(p[one]) !== undefined);
    });
    return after === undefined ? undefined : { level, named: [], relative: after, isPlural };
  });
}

function combine(outer: Place, within: Place): Place {
  return {
    ...(outer.article === undefined ? {} : { article: outer.article }),
    ...((within.paragraph ?? outer.paragraph) === undefined ? {} : { paragraph: within.paragraph ?? outer.paragraph }),
    items: within.paragraph === undefined ? [...outer.items, ...within.items] : within.items,
  };
}

function within(outer: readonly Named[], parts: readonly Named[]): Named[] {
  if (outer.length === 0) return [...parts];
  // The inner places belong to the last outer one: `articles 5 and 6, paragraph 1`.
  const last = outer.at(-1)!;
  const head = last.to ?? last.from;
  const joined = parts.map((one): Named => ({
    from: combine(head, one.from),
    ...(one.to ? { to: combine(head, one.to) } : {}),
  }));
  return last.to ? [...outer, ...joined] : [...outer.slice(0, -1), ...joined];
}

/** Reads one reference whose first word of level or `this` begins at `start`. */
function readOne(text: string, start: number, p: Patterns): Reference | undefined {
  const reader = new Reader(text, start);
  const first = part(reader, p);
  if (!first) return undefined;
  let { level } = first;
  let places = first.named;
  let relative: Reference['relative'] =
    first.relative === undefined ? undefined : { level, how: first.relative, isPlural: first.isPlural };
  let outermost = level;
  let openList = first.isPlural && first.level === 'article' && first.named.length === 1;
  /** The outer list goes on: `and 54, paragraph 1 (a)`. */
  const goOn = (comma: boolean): true | undefined => {
    if (!openList || level === 'article') return undefined;
    reader.blank();
    if (reader.take(p.and) === undefined && !comma) return undefined;
    const next = place(reader, 'article');
    if (next?.article === undefined) return undefined;
    places = [...places, { from: next }];
    level = 'article';
    openList = false;
    return true;
  };
  for (;;) {
    const grown = reader.attempt(() => {
      const comma = reader.comma();
      reader.blank();
      const of = reader.attempt(() => (p.words.of === '' ? undefined : reader.take(p.of)));
      reader.blank();
      const next = part(reader, p, openList && of === undefined);
      if (!next) return goOn(comma);
      const goesOut = inner(outermost, next.level);
      if (inner(next.level, level) && of === undefined && next.relative === undefined) {
        places = within(places, next.named);
        ({ level } = next);
        return true;
      }
      if (!goesOut || relative !== undefined) return undefined;
      if (of === undefined && p.words.of !== '' && !(comma && next.named.length === 1)) return undefined;
      if (next.relative !== undefined) relative = { level: next.level, how: next.relative, isPlural: next.isPlural };
      else places = next.named.length === 0 ? places : places.flatMap((one) => within(next.named, [one]));
      outermost = next.level;
      return true;
    });
    if (!grown) break;
  }
  return { start, end: reader.at, places, outermost, ...(relative ? { relative } : {}), language: p.words.language };
}

/** Chinese writes from the outside in, with the number before the word: 第十八条第十五款第(一)项. */
const chinese =
  /第([〇零一二三四五六七八九十百\d]+)[条條](?:第([〇零一二三四五六七八九十百\d]+)款)?(?:第?[(（]?([〇零一二三四五六七八九十百\d]+)[)）]?[项項])?/gu;

const chineseDigits = '零一二三四五六七八九';

/** 十八 is 18, 一百零二 is 102. */
export function readChineseNumber(text: string): string {
  if (/^\d+$/.test(text)) return text;
  let value = 0;
  let digit = 0;
  for (const char of text.replaceAll('〇', '零')) {
    const at = chineseDigits.indexOf(char);
    if (at >= 0) digit = at;
    else {
      const scale = char === '百' ? 100 : 10;
      value += (digit === 0 ? 1 : digit) * scale;
      digit = 0;
    }
  }
  return String(value + digit);
}

function chineseReferences(text: string): Reference[] {
  return [...text.matchAll(chinese)].map((found) => {
    const [whole, article = '', paragraph, item] = found;
    const letter = item === undefined ? [] : [readChineseNumber(item)];
    const from: Place = {
      article: readChineseNumber(article),
      ...(paragraph === undefined ? {} : { paragraph: readChineseNumber(paragraph) }),
      items: letter,
    };
    return {
      start: found.index,
      end: found.index + whole.length,
      places: [{ from }],
      outermost: 'article',
      language: 'zh',
    };
  });
}

/** Whether `this` or its like stands right before a word of level: the reference then begins there. */
function beginOf(text: string, at: number, p: Patterns): number {
  const before = text.slice(Math.max(0, at - 24), at);
  for (const one of ['this', 'that', 'preceding', 'following'] as const) {
    const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${p[one].source}) $`, 'iu').exec(before);
    if (found) return at - before.length + found.index;
  }
  return at;
}

/** `paragraph 1 and paragraph 2 of article 5`: the first has the article of the second. */
function shareOuter(text: string, references: Reference[], p: Patterns): void {
  for (let n = references.length - 2; n >= 0; n -= 1) {
    const [one, next] = [references[n]!, references[n + 1]!];
    if (one.outermost === 'article' || one.relative || next.language !== one.language) continue;
    const between = text.slice(one.end, next.start).trim();
    if (!new RegExp(`^,? ?(?:${p.words.and}|${p.words.or}|,|;)$`, 'iu').test(between)) continue;
    if (next.relative) one.relative = next.relative;
    const article = next.places[0]?.from.article;
    if (article === undefined) continue;
    one.places = one.places.map(({ from, to }) => ({
      from: { ...from, article },
      ...(to ? { to: { ...to, article } } : {}),
    }));
    one.outermost = 'article';
  }
}

/** Every reference to an article, paragraph or item, in the order of the text; the longest reading wins. */
export function findReferences(text: string, language?: string): Reference[] {
  const all: Reference[] = /[条條]/.test(text) ? chineseReferences(text) : [];
  for (const p of patterns) {
    if (language !== undefined && p.words.language !== language) continue;
    const found: Reference[] = [];
    for (const match of text.matchAll(p.anyLevel)) {
      const start = beginOf(text, match.index, p);
      if (found.some((one) => start < one.end)) continue;
      const reference = readOne(text, start, p);
      if (reference) found.push(reference);
    }
    shareOuter(text, found, p);
    all.push(...found);
  }
  const order = all.sort((a, b) => a.start - b.start || b.end - a.end);
  return order.filter(
    (one, n) => !order.slice(0, n).some((before) => before.start <= one.start && one.start < before.end),
  );
}
