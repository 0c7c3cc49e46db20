import { analyse, exactTerm, stemTerm } from './analysis/index.ts';
import type { Field, SearchUnit, Snippet } from './schema.ts';

const most = 240;
const mostSnippets = 2;
const sentenceEnd = /[.!?;:。！？；؟]\s+|\n/g;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

interface Found {
  from: number;
  to: number;
  term: string;
  rarity: number;
}

/** Words of a text that were searched, with how rare they are. `rarity` answers 0 for what was not searched. */
function findWords(text: string, unit: SearchUnit, rarity: (term: string) => number): Found[] {
  return analyse(text, unit.language).flatMap((token) => {
    const terms = [exactTerm(unit.language, token.exact)];
    if (token.stem !== undefined) terms.push(stemTerm(unit.language, token.stem));
    const [best] = terms
      .map((term) => ({ from: token.from, to: token.to, term, rarity: rarity(term) }))
      .sort((one, other) => other.rarity - one.rarity);
    return best && best.rarity > 0 ? [best] : [];
  });
}

/** Stretches of a text no longer than the limit, from sentence starts or the first word found, best first. */
function windows(text: string, found: readonly Found[]): { from: number; to: number; worth: number }[] {
  const starts = new Set([0]);
  for (const end of text.matchAll(sentenceEnd)) starts.add(end.index + end[0].length);
  for (const { from } of found) starts.add(wordStart(text, Math.max(0, from - 60)));
  return [...starts]
    .map((from) => {
      const to = windowEnd(text, from);
      const inside = found.filter((one) => one.from >= from && one.to <= to);
      const different = new Map(inside.map((one) => [one.term, one.rarity]));
      const sum = [...different.values()].reduce((all, one) => all + one, 0);
      const span = inside.length > 1 ? inside.at(-1)!.to - inside[0]!.from : most;
      // Words close to each other are worth more; more places of the same word a little.
      return { from, to, worth: sum * (1 + 0.2 * (1 - span / most)) + 0.01 * inside.length };
    })
    .filter(({ worth }) => worth > 0)
    .sort((one, other) => other.worth - one.worth || one.from - other.from);
}

function wordStart(text: string, near: number): number {
  if (near === 0) return 0;
  const blank = text.indexOf(' ', near);
  return blank < 0 || blank - near > 30 ? near : blank + 1;
}

function windowEnd(text: string, from: number): number {
  if (text.length - from <= most) return text.length;
  const cut = text.slice(from, from + most);
  const ends = [...cut.matchAll(sentenceEnd)].map((one) => one.index + 1);
  const sentence = ends.at(-1);
  if (sentence !== undefined && sentence > most / 2) return from + sentence;
  const blank = cut.lastIndexOf(' ');
  return from + (blank > most / 2 ? blank : safeCut(cut));
}

/** Never between the halves of one character. */
function safeCut(cut: string): number {
  const last = cut.charCodeAt(cut.length - 1);
  return last >= 0xd800 && last < 0xdc00 ? cut.length - 1 : cut.length;
}

function toSnippet(
  field: Field,
  text: string,
  { from, to }: { from: number; to: number },
  found: readonly Found[],
): Snippet {
  const before = from > 0 ? '… ' : '';
  const after = to < text.length ? ' …' : '';
  const marks: [number, number][] = [];
  for (const one of found) {
    if (one.from < from || one.to > to) continue;
    const last = marks.at(-1);
    // Pairs of Chinese characters overlap.
    if (last && one.from <= last[1]) last[1] = Math.max(last[1], one.to);
    else marks.push([one.from, one.to]);
  }
  let html = escapeHtml(before);
  let at = from;
  for (const [start, end] of marks) {
    html += `${escapeHtml(text.slice(at, start))}<mark>${escapeHtml(text.slice(start, end))}</mark>`;
    at = end;
  }
  html += escapeHtml(text.slice(at, to) + after);
  return {
    field,
    html,
    text: before + text.slice(from, to) + after,
    marks: marks.map(([start, end]) => [start - from + before.length, end - from + before.length]),
  };
}

/** At most two stretches of a unit with the words that were searched; its beginning when they stand elsewhere. */
export function makeSnippets(unit: SearchUnit, rarity: (term: string) => number): Snippet[] {
  const candidates = (['text', 'notes', 'context'] as const).flatMap((field) => {
    const text = unit[field];
    if (!text) return [];
    const found = findWords(text, unit, rarity);
    return windows(text, found).map((window) => ({ field, text, window, found }));
  });
  const chosen: typeof candidates = [];
  for (const one of candidates) {
    if (chosen.length === mostSnippets) break;
    const overlaps = chosen.some(
      (other) => other.field === one.field && one.window.from < other.window.to && other.window.from < one.window.to,
    );
    if (!overlaps && (chosen.length === 0 || one.window.worth > chosen[0]!.window.worth / 2)) chosen.push(one);
  }
  if (chosen.length === 0) {
    const text = unit.text || unit.title;
    return [toSnippet(unit.text ? 'text' : 'title', text, { from: 0, to: windowEnd(text, 0) }, [])];
  }
  return chosen.map(({ field, text, window, found }) => toSnippet(field, text, window, found));
}
