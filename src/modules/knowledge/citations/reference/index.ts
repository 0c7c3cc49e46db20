import { chineseReferences } from './chinese.ts';
import { readOne } from './one.ts';
import { patterns, type Patterns } from './patterns.ts';
import type { Reference } from './shape.ts';

export { readChineseNumber } from './chinese.ts';
export type { Named, Place, Reference } from './shape.ts';

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
