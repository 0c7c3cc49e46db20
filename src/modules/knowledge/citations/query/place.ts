import { itemByCount, itemMark } from '../reference/mark.ts';
import { readChineseNumber } from '../reference/index.ts';
import { levels, type Level } from '../words.ts';
import type { Token } from './words.ts';

interface Group {
  level: Level;
  values: string[];
}

const valueOf = (token: Token): string | undefined =>
  token.kind === 'number'
    ? /^\d/.test(token.value)
      ? token.value
      : readChineseNumber(token.value)
    : token.kind === 'mark'
      ? itemMark(token.value)
      : undefined;

/**
 * The place a query names, as a path: words of level may stand before or, in Chinese, behind their number, from the
 * outside in or from the inside out; numbers without words go from the article in. Undefined when it is no one place.
 */
export function placeOf(tokens: readonly Token[]): string[] | undefined {
  if (tokens.some(({ kind }) => kind === 'join')) return undefined;
  const first = tokens.findIndex(({ kind }) => kind !== 'level');
  if (first < 0) return undefined;
  const isBehind = tokens[0]?.kind !== 'level' && tokens.some(({ kind }) => kind === 'level');
  const groups: Group[] = [];
  let open: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const value = valueOf(token);
    if (value !== undefined) {
      if (isBehind && groups.length > 0 && tokens.slice(at).every(({ kind }) => kind !== 'level'))
        groups.at(-1)!.values.push(value);
      else if (isBehind) open.push(value);
      else if (groups.length === 0) groups.push({ level: 'article', values: [value] });
      else groups.at(-1)!.values.push(value);
    } else if (token.kind === 'level') {
      if (isBehind) {
        const counted = token.level === 'item' && open.length === 1 && /^\d+$/.test(open[0] ?? '');
        groups.push({ level: token.level, values: counted ? [itemByCount(Number(open[0]))] : open });
        open = [];
      } else groups.push({ level: token.level, values: [] });
    }
  }
  if (open.length > 0 || groups.some(({ values }) => values.length === 0)) return undefined;
  if (new Set(groups.map(({ level }) => level)).size < groups.length) {
    // A level said twice is a list or a chain of items: only items may repeat.
    if (groups.some(({ level }, n) => level !== 'item' && groups.findIndex((one) => one.level === level) !== n))
      return undefined;
  }
  const [article] = groups.filter(({ level }) => level === 'article');
  if (!article || !/^\d/.test(article.values[0] ?? '')) return undefined;
  const outsideIn = [...groups].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  return outsideIn.flatMap(({ values }) => values);
}
