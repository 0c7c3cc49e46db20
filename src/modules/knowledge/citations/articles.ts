import type { Found } from './found.ts';
import type { InstrumentNames } from './instruments.ts';
import type { Memory, Mention } from './memory.ts';
import { readQualifier, type Qualifier } from './qualifier.ts';
import { findReferences, type Reference } from './reference/index.ts';
import { resolveReference, type Resolved } from './resolve.ts';
import type { CitationTarget, Standing, UnitTree } from './schema.ts';

export interface ArticleContext {
  names: InstrumentNames;
  tree(instrument: string): UnitTree | undefined;
  standing: Standing;
  language?: string | undefined;
}

interface Antecedent {
  instrument: string;
  path: readonly string[];
  /** All that was named together: what "those paragraphs" means. */
  all: readonly CitationTarget[];
}

/** `18(15)(a)` as a path. */
function pathOf(article: string): string[] {
  return article.split(/[()]+/).filter((one) => one !== '');
}

/** Instruments a reference may be of. */
function instrumentsOf(qualifier: Qualifier | undefined, standing: Standing): readonly string[] {
  if (qualifier?.kind === 'named') return qualifier.ids;
  return qualifier?.kind === 'unknown' || standing.instrument === undefined ? [] : [standing.instrument];
}

/** C5: articles, paragraphs and items, each in the instrument that the text says. */
export function findArticles(
  text: string,
  context: ArticleContext,
  memory: Memory,
  mentions: readonly Mention[],
): Found[] {
  const { names, standing } = context;
  const found: Found[] = [];
  let last: Antecedent | undefined;
  let lastEnd = 0;
  const references = findReferences(text, context.language);
  const qualifiers = references.map((reference) =>
    readQualifier(text, reference, names, {
      defined: memory.defined,
      ...(standing.instrument === undefined ? {} : { instrument: standing.instrument }),
      ...lastNamed(text, mentions, reference.start),
      firstNamed: memory.firstNamed,
    }),
  );
  references.forEach((reference, n) => {
    // "Article 5 and article 6 of the Convention": the name at the end holds for both.
    const qualifier = qualifiers[n] ?? sharedQualifier(text, references, qualifiers, n);
    const ids = instrumentsOf(qualifier, standing);
    const outcome = resolveIn(
      reference,
      ids,
      context,
      qualifier === undefined || qualifier.kind === 'own' || qualifiers[n] === undefined ? last : undefined,
      text.slice(lastEnd, reference.start),
    );
    const start = Math.min(reference.start, qualifiers[n]?.start ?? reference.start);
    const end = qualifiers[n]?.end ?? reference.end;
    const shared = { type: 'article', start, end, ruleId: `C5.${reference.language}` } as const;
    lastEnd = end;
    if (outcome.status === 'resolved') {
      const first = outcome.targets.at(-1);
      if (first?.article !== undefined)
        last = { instrument: first.id, path: pathOf(first.article), all: outcome.targets };
      found.push({
        ...shared,
        target: outcome.targets,
        method: qualifier?.kind === 'named' ? qualifier.method : outcome.method,
        confidence: qualifier ? 0.99 : outcome.method === 'relative' ? 0.97 : 0.95,
        status: ids.length > 1 ? 'ambiguous' : 'resolved',
      });
    } else
      found.push({
        ...shared,
        // The work is known, its units are not: it is named without the place.
        target: outcome.reason === 'no-outline' ? ids.map((id) => ({ id })) : [],
        method: 'grammar',
        confidence: 0.3,
        status: 'unresolved',
        reason: ids.length === 0 && qualifier?.kind !== 'unknown' ? 'no-context' : outcome.reason,
      });
  });
  return found;
}

/** Instruments the same sentence named last before a place. */
function lastNamed(text: string, mentions: readonly Mention[], at: number): { lastNamed?: readonly string[] } {
  const before = mentions.findLast((one) => one.end <= at && one.ids.length > 0);
  return before && !/[.;:] /.test(text.slice(before.end, at)) ? { lastNamed: before.ids } : {};
}

const conjunction =
  /^,?;? ?(?:and|or|and\/or|as well as|except|et|ou|y|o|и|или|و|أو)? ?(?:in |of |under |to |by |with )?$/iu;
const listed =
  /^(?:,|,? ?(?:and|or|and\/or|as well as|et|ou|ainsi que|y|o|и|или|و|أو|和|及|、))? ?(?:the |l'|la |el |ال)?$/iu;

/** The qualifier of the next reference when only "and" stands between; none of its own was said. */
function sharedQualifier(
  text: string,
  references: readonly Reference[],
  qualifiers: readonly (Qualifier | undefined)[],
  n: number,
): Qualifier | undefined {
  const [one, next] = [references[n], references[n + 1]];
  if (!one || !next || one.relative || one.outermost !== 'article' || one.language === 'zh') return undefined;
  if (!listed.test(text.slice(one.end, next.start))) return undefined;
  return qualifiers[n + 1] ?? sharedQualifier(text, references, qualifiers, n + 1);
}

function resolveIn(
  reference: Reference,
  ids: readonly string[],
  context: ArticleContext,
  last: Antecedent | undefined,
  between: string,
): Resolved {
  const outcomes = ids.map((id) => {
    const tree = context.tree(id);
    const here = context.standing;
    const { relative } = reference;
    // "That article": the one named last in this text.
    if (relative?.how === 'that' && last?.instrument === id) {
      const depth = relative.level === 'article' ? 1 : 2;
      const isSame = last.all.every(({ article = '' }) => pathOf(article).length === depth);
      if (relative.isPlural && reference.places.length === 0)
        return isSame
          ? { status: 'resolved' as const, targets: [...last.all], method: 'relative' as const }
          : resolveReference(reference, tree, here);
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
  const [first] = outcomes;
  return first ?? { status: 'unresolved', targets: [], reason: 'unknown-instrument' };
}
