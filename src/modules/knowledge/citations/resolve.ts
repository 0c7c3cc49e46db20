import type { Named, Place, Reference } from './reference/index.ts';
import type { CitationTarget, Standing, UnitTree, unresolvedReasons } from './schema.ts';

/** What a reference comes to once it is known which units there are. */
export type Resolved =
  | { status: 'resolved'; targets: CitationTarget[]; method: 'grammar' | 'relative' }
  | { status: 'unresolved'; targets: CitationTarget[]; reason: (typeof unresolvedReasons)[number] };

/** `['18', '15', 'a']` as provisions are written: `18(15)(a)`. */
export function printPath(path: readonly string[]): string {
  const [article = '', ...rest] = path;
  return `${article}${rest.map((one) => `(${one})`).join('')}`;
}

function pathOf(place: Place): string[] {
  return [
    ...(place.article === undefined ? [] : [place.article]),
    ...(place.paragraph === undefined ? [] : [place.paragraph]),
    ...place.items.map((one) => one.toLowerCase()),
  ];
}

/** Fills what the text leaves out from where it stands: a paragraph without article is one of the same article. */
function placed(place: Place, standing: readonly string[]): Place | undefined {
  if (place.article !== undefined) return place;
  const [article, ...below] = standing;
  if (article === undefined) return undefined;
  if (place.paragraph !== undefined) return { ...place, article };
  // Items alone belong to the unit they are said in, without its own items.
  const paragraph = below.find((one) => /^\d/.test(one));
  return { ...place, article, ...(paragraph === undefined ? {} : { paragraph }) };
}

function between(tree: UnitTree, from: readonly string[], to: readonly string[]): (readonly string[])[] | undefined {
  const siblings = tree.children(from.slice(0, -1));
  const first = siblings.findIndex((one) => one.at(-1) === from.at(-1));
  const last = siblings.findIndex((one) => one.at(-1) === to.at(-1));
  return first < 0 || last < first || from.length !== to.length ? undefined : siblings.slice(first, last + 1);
}

function targetsOf(tree: UnitTree, named: Named, standing: readonly string[]): (readonly string[])[] | undefined {
  const from = placed(named.from, standing);
  if (!from) return undefined;
  const path = pathOf(from);
  if (named.to === undefined) {
    if (tree.has(path)) return [path];
    // An article of one numbered paragraph, or of none: `article 2 (a)`.
    const only = from.paragraph === undefined ? tree.children(path.slice(0, 1)) : [];
    const below = only.length === 1 && only[0] ? [...only[0], ...path.slice(1)] : undefined;
    if (below && tree.has(below)) return [below];
    // `article 44 (c)` where one paragraph alone has items: its item (c).
    if (from.paragraph !== undefined || path.length < 2) return undefined;
    const having = tree.children(path.slice(0, 1)).filter((one) => tree.has([...one, ...path.slice(1)]));
    return having.length === 1 && having[0] ? [[...having[0], ...path.slice(1)]] : undefined;
  }
  const to = placed(named.to, standing);
  return to && between(tree, path, pathOf(to));
}

/** Units a relative reference means: this one, the one before it, or all before it when the text says several. */
function relativeTargets(
  tree: UnitTree,
  reference: Reference,
  standing: readonly string[],
): (readonly string[])[] | undefined {
  const { relative } = reference;
  if (!relative) return undefined;
  const depth = relative.level === 'article' ? 1 : relative.level === 'paragraph' ? 2 : standing.length;
  const here = standing.slice(0, depth);
  if (here.length < depth) return undefined;
  if (relative.how === 'this') return [here];
  if (relative.how === 'that') return undefined;
  const siblings = tree.children(here.slice(0, -1));
  const at = siblings.findIndex((one) => one.at(-1) === here.at(-1));
  if (at < 0) return undefined;
  const there = relative.how === 'preceding' ? siblings.slice(0, at) : siblings.slice(at + 1);
  if (relative.isPlural) return there.length === 0 ? undefined : there;
  const next = relative.how === 'preceding' ? there.at(-1) : there[0];
  return next && [next];
}

/**
 * Finds the units a reference names. Everything it names must exist; a reference of which one part does not is
 * unresolved and links to none.
 */
export function resolveReference(reference: Reference, tree: UnitTree | undefined, standing: Standing): Resolved {
  if (!tree) return { status: 'unresolved', targets: [], reason: 'no-outline' };
  const here = standing.instrument === tree.instrument ? (standing.path ?? []) : [];
  const target = (path: readonly string[]): CitationTarget => ({ id: tree.instrument, article: printPath(path) });
  if (reference.places.length === 0) {
    if (reference.relative?.how === 'that') return { status: 'unresolved', targets: [], reason: 'no-context' };
    const paths = relativeTargets(tree, reference, here);
    return paths?.every((path) => tree.has(path))
      ? { status: 'resolved', targets: paths.map(target), method: 'relative' }
      : { status: 'unresolved', targets: [], reason: here.length === 0 ? 'no-context' : 'no-such-unit' };
  }
  const base = reference.relative ? (relativeTargets(tree, reference, here)?.at(-1) ?? here) : here;
  const found = reference.places.map((named) => targetsOf(tree, named, base));
  if (found.every((one) => one !== undefined)) {
    const targets = found.flat().map(target);
    return { status: 'resolved', targets, method: reference.relative ? 'relative' : 'grammar' };
  }
  const needsHere = reference.places.some(({ from }) => from.article === undefined) && base.length === 0;
  return { status: 'unresolved', targets: [], reason: needsHere ? 'no-context' : 'no-such-unit' };
}
