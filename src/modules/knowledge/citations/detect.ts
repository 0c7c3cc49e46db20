import { clean } from './clean.ts';
import {
  findDefinedNames,
  instrumentTargets,
  readQualifier,
  type DefinedName,
  type InstrumentNames,
} from './instruments.ts';
import { findReferences, type Reference } from './reference/index.ts';
import { resolveReference, type Resolved } from './resolve.ts';
import type { Citation, Standing, UnitTree } from './schema.ts';
import { findDocuments, findGoals, findResolutions, findTreatySeries, type Body, type Found } from './symbols.ts';

export interface DetectContext {
  names: InstrumentNames;
  /** Units of an instrument, when its text or outline is here. */
  tree(instrument: string): UnitTree | undefined;
  /** Where the text stands: inside an instrument, in one of its units. */
  standing?: Standing;
  /** Whose resolution the text is, for "its resolution 10/4". */
  ownBody?: Body;
  /** Short forms that the document defined before this text. */
  defined?: readonly DefinedName[];
  /** Read with the words of one language only; all of them unless told. */
  language?: string;
}

interface Antecedent {
  instrument: string;
  path: readonly string[];
}

/** `18(15)(a)` as a path. */
function pathOf(article: string): string[] {
  return article.split(/[()]+/).filter((one) => one !== '');
}

/** Rank by place, then the longer; what lies inside another citation of the same kind goes. */
function withoutInner(found: Found[]): Found[] {
  const order = found.sort((a, b) => a.start - b.start || b.end - a.end);
  return order.filter(
    (one, n) =>
      !order
        .slice(0, n)
        .some((before) => before.start <= one.start && one.end <= before.end && before.type !== 'instrument'),
  );
}

/** Finds articles, paragraphs and items, each in the instrument that the text says. */
function findArticles(text: string, context: DetectContext, defined: readonly DefinedName[]): Found[] {
  const { names, standing = {} } = context;
  const found: Found[] = [];
  let last: Antecedent | undefined;
  let lastNamed: readonly string[] | undefined;
  let lastEnd = 0;
  for (const reference of findReferences(text, context.language)) {
    const qualifier = readQualifier(text, reference.end, names, {
      defined,
      ...(standing.instrument === undefined ? {} : { instrument: standing.instrument }),
      ...(lastNamed ? { lastNamed } : {}),
    });
    const ids =
      qualifier?.kind === 'named'
        ? qualifier.ids
        : qualifier?.kind === 'unknown'
          ? []
          : standing.instrument === undefined
            ? []
            : [standing.instrument];
    if (qualifier?.kind === 'named') lastNamed = qualifier.ids;
    const outcome = resolveIn(
      reference,
      ids,
      context,
      qualifier === undefined || qualifier.kind === 'own' ? last : undefined,
      text.slice(lastEnd, reference.start),
    );
    const end = qualifier?.end ?? reference.end;
    const shared = { type: 'article', start: reference.start, end, ruleId: `C5.${reference.language}` } as const;
    if (outcome.status === 'resolved') {
      const [first] = outcome.targets;
      if (first?.article !== undefined) last = { instrument: first.id, path: pathOf(first.article) };
      found.push({
        ...shared,
        target: outcome.targets,
        method: qualifier?.kind === 'named' ? qualifier.method : outcome.method,
        confidence: qualifier ? 0.99 : outcome.method === 'relative' ? 0.97 : 0.95,
        status: ids.length > 1 ? 'ambiguous' : 'resolved',
      });
    } else {
      found.push({
        ...shared,
        target: [],
        method: 'grammar',
        confidence: 0.3,
        status: 'unresolved',
        reason: ids.length === 0 && qualifier?.kind !== 'unknown' ? 'no-context' : outcome.reason,
      });
    }
    lastEnd = end;
  }
  return found;
}

const conjunction = /^,?;? ?(?:and|or|and\/or|as well as|except|et|ou|y|o|и|или|و|أو)? ?(?:in |of |under |to |by )?$/iu;

function resolveIn(
  reference: Reference,
  ids: readonly string[],
  context: DetectContext,
  last: Antecedent | undefined,
  between: string,
): Resolved {
  const outcomes = ids.map((id) => {
    const tree = context.tree(id);
    const here = context.standing ?? {};
    const { relative } = reference;
    // "That article": the one named last in this text.
    if (relative?.how === 'that' && last?.instrument === id) {
      const depth = relative.level === 'article' ? 1 : 2;
      const base = { instrument: id, path: last.path.slice(0, depth) };
      return resolveReference({ ...reference, relative: { ...relative, how: 'this' } }, tree, base);
    }
    const stands = resolveReference(reference, tree, here);
    // "Article 7, paragraph 1, or paragraph 2": the second is of the article named before it.
    const follows = last?.instrument === id && conjunction.test(between) && !relative;
    const lacksArticle =
      reference.places.length > 0 && reference.places.every(({ from }) => from.article === undefined);
    if (!lacksArticle || !last || last.instrument !== id) return stands;
    if (!follows && stands.status === 'resolved') return stands;
    const inherited = resolveReference(reference, tree, { instrument: id, path: last.path });
    return inherited.status === 'resolved' ? inherited : stands;
  });
  const right = outcomes.filter((one) => one.status === 'resolved');
  if (right.length > 0)
    return { status: 'resolved', targets: right.flatMap((one) => one.targets), method: right[0]!.method };
  return outcomes[0] ?? { status: 'unresolved', targets: [], reason: 'unknown-instrument' };
}

/**
 * Everything a text cites, in its order. Never throws, never guesses: what cannot be placed is `unresolved` with the
 * reason, what could be several is `ambiguous` with all of them.
 */
export function detectCitations(given: string, context: DetectContext): Citation[] {
  const { text, toGiven } = clean(given);
  const defined = [...(context.defined ?? []), ...findDefinedNames(text, context.names)];
  const articles = findArticles(text, context, defined);
  const instruments = context.names.scan(text).map(({ start, end, ids }): Found => ({
    type: 'instrument',
    start,
    end,
    target: instrumentTargets(ids),
    method: 'alias',
    ruleId: 'C4.name',
    confidence: ids.length === 1 ? 0.99 : 0.5,
    status: ids.length === 1 ? 'resolved' : 'ambiguous',
  }));
  const all = withoutInner([
    ...articles,
    ...instruments,
    ...findResolutions(text, context.ownBody),
    ...findDocuments(text),
    ...findTreatySeries(text),
    ...findGoals(text),
  ]);
  return all.map(({ start, end, ...rest }) => {
    const span: [number, number] = [toGiven(start), toGiven(end)];
    return { ...rest, span, found: given.slice(span[0], span[1]) };
  });
}
