import type { Level } from '../words.ts';
import { itemMark } from './mark.ts';
import type { Patterns } from './patterns.ts';
import type { Reader } from './reader.ts';
import type { Named, Place } from './shape.ts';

const number = /\d{1,3}(?: ?(?:bis|ter|quater|quinquies)\b)?/iy;
/** Paragraphs counted in Roman numerals, as older instruments and scans have them: in capitals only. */
const roman = /(?:X{0,3})(?:IX|IV|V?I{1,3}|V|X)(?![\p{L}\p{N}])/uy;
const romanDigits: Record<string, number> = { I: 1, V: 5, X: 10 };

function readRoman(numeral: string): string {
  const values = [...numeral].map((digit) => romanDigits[digit] ?? 0);
  return String(values.reduce((sum, value, n) => sum + (value < (values[n + 1] ?? 0) ? -value : value), 0));
}

const bracketed = /\((\d{1,3}|[a-z]{1,2}|[ivx]{1,5}|[абвгдежзиклм]|[أابتثجحدهوزحطي])\)/iuy;
/** `a)` and `1)`, as French and older English write; not the end of a bracket that was opened before. */
const halfBracketed = /(\d{1,3}|[a-z]{1,2}|[ivx]{1,5})\)/iy;

function marker(reader: Reader): string | undefined {
  return reader.attempt(() => {
    reader.blank();
    const found = reader.take(bracketed) ?? reader.take(halfBracketed);
    return found === undefined ? undefined : itemMark(found.replace(/[()]/g, ''));
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
export function place(reader: Reader, level: Level, isFirst = false): Place | undefined {
  return reader.attempt(() => {
    reader.blank();
    const dotted = level === 'article' ? reader.take(/\d{1,3}\.\d{1,2}(?![\d.])/y) : undefined;
    if (dotted !== undefined) {
      const [article = '', paragraph = ''] = dotted.split('.');
      return { article, paragraph, items: markers(reader) };
    }
    const numeral = level === 'item' ? undefined : reader.take(roman);
    const head = numeral === undefined ? reader.take(number) : readRoman(numeral);
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

/**
 * One place or several: `1 and 2`, `16 to 18`, `(a), (b) and (c)`.
 * @param onlyOne the outer list goes on behind this place
 */
export function listOf(reader: Reader, level: Level, p: Patterns, onlyOne: boolean): Named[] | undefined {
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
