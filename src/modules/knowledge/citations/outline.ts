import type { UnitTree } from './schema.ts';

/** Answers which units an instrument has, from the paths of all of them in the order of its text. */
export function treeOf(instrument: string, paths: readonly (readonly string[])[]): UnitTree {
  const key = (path: readonly string[]) => path.join('/');
  const known = new Set(paths.map(key));
  for (const [article = ''] of paths) known.add(article);
  const below = new Map<string, (readonly string[])[]>();
  below.set(
    '',
    [...new Set(paths.map(([article = '']) => article))].map((one) => [one]),
  );
  for (const path of paths) {
    if (path.length < 2) continue;
    const parent = key(path.slice(0, -1));
    below.set(parent, [...(below.get(parent) ?? []), path]);
  }
  return { instrument, has: (path) => known.has(key(path)), children: (path) => below.get(key(path)) ?? [] };
}

/** Reads what an article holds, `1 2 3(a b(i ii))` or `(a b)`, as paths below it. */
export function readOutline(article: string, units: string): string[][] {
  const paths: string[][] = [[article]];
  const outer: string[][] = [];
  let base = [article];
  let last = base;
  for (const token of units.match(/[()]|[^()\s]+/g) ?? []) {
    if (token === '(') {
      outer.push(base);
      base = last;
    } else if (token === ')') base = outer.pop() ?? [article];
    else {
      last = [...base, token];
      paths.push(last);
    }
  }
  return paths;
}

/**
 * The address of a place in the naming convention of Akoma Ntoso: `['18', '15', 'a']` is
 * `art_18__para_15__list_1__point_a`, `['2', 'b']` of an article without paragraphs `art_2__list_1__point_b`.
 */
export function toEId(path: readonly string[]): string {
  return path
    .map((step, depth) => {
      const plain = step.replace(/\s+/g, '');
      if (depth === 0) return `art_${plain}`;
      return depth === 1 && /^\d/.test(step) ? `para_${plain}` : `list_1__point_${plain}`;
    })
    .join('__');
}

/** The path of an eId as `toEId` writes it; undefined for any other address. */
export function fromEId(eId: string): string[] | undefined {
  const match = /^art_(\d+[a-z]*)(?:__para_(\d+[a-z]*))?((?:__list_\d+__point_[a-z0-9]+)*)$/.exec(eId.toLowerCase());
  if (!match) return undefined;
  const spaced = (number: string) => number.replace(/^(\d+)([a-z]+)$/, '$1 $2');
  return [
    spaced(match[1] ?? ''),
    ...(match[2] === undefined ? [] : [spaced(match[2])]),
    ...[...(match[3] ?? '').matchAll(/point_([a-z0-9]+)/g)].map((one) => one[1] ?? ''),
  ];
}
