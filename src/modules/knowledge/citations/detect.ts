import { findArticles } from './articles.ts';
import type { Body } from './bodies.ts';
import { findCases } from './cases.ts';
import { clean } from './clean.ts';
import { findDefinedNames, type DefinedName } from './defined.ts';
import type { CitationFacts } from './facts.ts';
import type { Found } from './found.ts';
import { instrumentTargets } from './instruments.ts';
import { newMemory, readMentions, type Memory, type Mention } from './memory.ts';
import { findResolutions } from './resolutions.ts';
import type { Citation, Standing } from './schema.ts';
import { findStatutes, type CitingPlace } from './statutes.ts';
import { findDocuments, findGoals, findIbid, findTreatySeries } from './symbols.ts';

/** What stands beside the text: the facts, and who speaks where. Of the facts only names and trees are needed. */
export interface DetectContext
  extends
    Pick<CitationFacts, 'names' | 'tree' | 'statutes' | 'cases'>,
    Partial<Pick<CitationFacts, 'inSeries'>>,
    CitingPlace {
  /** Where the text stands: inside an instrument, in one of its units. */
  standing?: Standing;
  /** Whose resolution the text is, for "its resolution 10/4". */
  ownBody?: Body;
  /** Short forms that the document defined before this text. */
  defined?: readonly DefinedName[];
  /** Read with the words of one language only; all of them unless told. */
  language?: string;
}

/** Rank by place, then the longer; what lies inside another citation goes, unless that is only a name. */
function withoutInner(found: Found[]): Found[] {
  const order = found.sort((a, b) => a.start - b.start || b.end - a.end);
  return order.filter(
    (one, n) =>
      !order.some(
        (other, m) =>
          m !== n &&
          other.start <= one.start &&
          one.end <= other.end &&
          (other.type !== 'instrument' || one.type === 'instrument') &&
          (m < n || other.start < one.start || other.end > one.end),
      ),
  );
}

function toInstrument({ start, end, ids, reason, ...rest }: Mention): Found {
  return {
    type: 'instrument',
    start,
    end,
    target: instrumentTargets(ids),
    ...rest,
    ...(reason
      ? { status: 'unresolved', reason }
      : { status: ids.length === 1 || rest.method !== 'alias' ? 'resolved' : 'ambiguous' }),
  };
}

const ofResolution =
  /^,? ?(?:of|to|de|del|в|من) (?:[^.;()\d]{0,90} )?(?:resolution|résolution|resolución|резолюци\p{L}{1,2}|قرار\p{L}{0,3}) $/iu;

/** "Paragraph 5 of its resolution 10/4" is one citation: a paragraph of the resolution. */
function joinParagraphs(text: string, articles: readonly Found[], resolutions: readonly Found[]): Found[] {
  const joined = new Map<Found, Found>();
  for (const one of articles) {
    if (one.status === 'resolved' && one.method !== 'relative') continue;
    const resolution = resolutions.find(
      (other) => other.start >= one.end && ofResolution.test(text.slice(one.end, other.start)),
    );
    const [target] = resolution?.target ?? [];
    if (!resolution || !target) continue;
    joined.set(one, {
      ...resolution,
      start: one.start,
      target: [{ id: target.id, article: text.slice(one.start, one.end) }],
    });
  }
  return articles.map((one) => joined.get(one) ?? one);
}

function detectWith(given: string, context: DetectContext, memory: Memory): Citation[] {
  const { text, toGiven } = clean(given);
  const { names, standing = {} } = context;
  memory.defined.push(...findDefinedNames(text, names));
  const mentions = readMentions(text, names, memory, standing.instrument);
  const resolutions = findResolutions(text, context.ownBody, memory);
  const articles = findArticles(
    text,
    { names, standing, tree: (id) => context.tree(id), language: context.language },
    memory,
    mentions,
  );
  const documents = findDocuments(text);
  const series = findTreatySeries(text, context.inSeries ?? (() => []), memory);
  const all = withoutInner([
    ...joinParagraphs(text, articles, resolutions),
    ...mentions.map(toInstrument),
    ...resolutions,
    ...documents,
    ...series,
    ...findIbid(text, memory),
    ...findGoals(text),
    ...findStatutes(text, context.statutes ?? { statutes: [], states: new Map() }, context),
    ...findCases(text, context.cases ?? { cases: [] }),
  ]);
  const cited = all.findLast((one) => ['resolution', 'document', 'treaty-series'].includes(one.type));
  if (cited) memory.lastCited = cited.target;
  // What this text defined holds in all that follow.
  memory.defined = memory.defined.map(({ name, ids }) => ({ name, ids, from: 0 }));
  return all.map(({ start, end, ...rest }) => {
    const span: [number, number] = [toGiven(start), toGiven(end)];
    return { ...rest, span, found: given.slice(span[0], span[1]) };
  });
}

/**
 * Everything a text cites, in its order. Never throws, never guesses: what cannot be placed is `unresolved` with the
 * reason, what could be several is `ambiguous` with all of them.
 */
export function detectCitations(given: string, context: DetectContext): Citation[] {
  return detectWith(given, context, newMemory(context.defined));
}

/** Reads one document, text by text in its order. */
export interface CitationReader {
  read(text: string, standing?: Standing): Citation[];
  /** A note, in the order of the marks: notes have their own Ibid., and share the document's short forms. */
  readNote(text: string): Citation[];
}

/**
 * A reader for one document: what it defined or named before holds in what follows, "the Convention", "those
 * instruments", "the said resolution" and Ibid. included.
 */
export function createCitationReader(context: DetectContext): CitationReader {
  const memory = newMemory(context.defined);
  const notes = newMemory(context.defined);
  return {
    read: (text, standing) => detectWith(text, standing ? { ...context, standing } : context, memory),
    readNote(text) {
      notes.defined = memory.defined;
      notes.firstNamed = memory.firstNamed;
      const found = detectWith(text, context, notes);
      memory.defined = notes.defined;
      return found;
    },
  };
}
