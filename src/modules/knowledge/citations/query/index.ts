import { bodyOfQuery, type Body } from '../bodies.ts';
import { clean } from '../clean.ts';
import { detectCitations } from '../detect.ts';
import type { CitationFacts } from '../facts.ts';
import { foldName } from '../instruments.ts';
import { fromEId, toEId } from '../outline.ts';
import { printPath } from '../resolve.ts';
import type { CitationType } from '../schema.ts';
import { placeOf } from './place.ts';
import { tokensOf } from './words.ts';

/** One thing a query may mean. */
export interface QueryTarget {
  /** Id of the work: `XVIII-12`, `A/RES/55/25`, `/akn/xa/act/2011-06-03/14`. */
  work: string;
  /** Place in it, `18(15)(a)`. */
  article?: string;
  eId?: string;
  /** Whether the place exists; `unknown` where the work's outline is not known. */
  exists: boolean | 'unknown';
  /** Where the place does not exist: the nearest that does. */
  nearest?: { article: string; eId: string };
  /** As it is printed in the reader's language: `UNTOC art. 18(15)`. */
  label: string;
}

export interface CitationQuery {
  type: CitationType;
  /** Best first. More than one when the words may mean several. */
  targets: QueryTarget[];
  /** Not in a form of its own: the words may mean something else as well. */
  loose: boolean;
}

export interface QueryOptions {
  /** Whether a work is at hand; those come first. */
  knows?(work: string): boolean;
}

const longest = 200;
const articleWord: Record<string, string> = { en: 'art.', fr: 'art.', es: 'art.', ru: 'ст.', ar: 'المادة', zh: '第' };

function labelOf(facts: CitationFacts, work: string, article: string | undefined, locale: string): string {
  const name = facts.printName(work);
  if (article === undefined) return name;
  return locale === 'zh' ? `${name} 第${article}条` : `${name} ${articleWord[locale] ?? 'art.'} ${article}`;
}

/** The nearest place that exists: the longest beginning of the path, or the article with the nearest number. */
function nearestOf(facts: CitationFacts, instrument: string, path: readonly string[]): readonly string[] | undefined {
  const tree = facts.tree(instrument);
  if (!tree) return undefined;
  for (let length = path.length - 1; length > 0; length -= 1)
    if (tree.has(path.slice(0, length))) return path.slice(0, length);
  const wanted = Number.parseInt(path[0] ?? '', 10);
  const articles = tree.children([]).map(([article = '']) => article);
  const [nearest] = articles.sort(
    (a, b) =>
      Math.abs(Number.parseInt(a, 10) - wanted) - Math.abs(Number.parseInt(b, 10) - wanted) || a.length - b.length,
  );
  return nearest === undefined ? undefined : [nearest];
}

/** A place in an instrument; of an article with one unnumbered or one numbered paragraph the number may be left out. */
function targetIn(
  facts: CitationFacts,
  instrument: string,
  path: readonly string[] | undefined,
  locale: string,
): QueryTarget {
  if (path === undefined)
    return { work: instrument, exists: true, label: labelOf(facts, instrument, undefined, locale) };
  const tree = facts.tree(instrument);
  const printed = (one: readonly string[]) => ({ article: printPath(one), eId: toEId(one) });
  const at = (one: readonly string[], exists: QueryTarget['exists']): QueryTarget => ({
    work: instrument,
    ...printed(one),
    exists,
    label: labelOf(facts, instrument, printPath(one), locale),
  });
  if (!tree) return at(path, 'unknown');
  if (tree.has(path)) return at(path, true);
  const only = tree.children(path.slice(0, 1));
  const below = only.length === 1 && only[0] ? [...only[0], ...path.slice(1)] : undefined;
  if (below && tree.has(below)) return at(below, true);
  const nearest = nearestOf(facts, instrument, path);
  return { ...at(path, false), ...(nearest ? { nearest: printed(nearest) } : {}) };
}

/** A treaty whose own text is not known and its later text is: the Single Convention is read as amended, so that comes first. */
function withLaterText(facts: CitationFacts, ids: readonly string[], place: readonly string[] | undefined): string[] {
  if (place === undefined) return [...ids];
  const all = ids.flatMap((id) => {
    const later = facts.outlined.filter(
      (one) => facts.names.parentOf(one) === id && facts.names.nounOf(one) === facts.names.nounOf(id),
    );
    return facts.tree(id) ? [id] : [...later, id];
  });
  return [...new Set(all)];
}

/** A query for an instrument and perhaps a place in it, in any order: `18.15 untoc`, `art. 46 UNCAC`. */
function readInstrumentQuery(text: string, locale: string, facts: CitationFacts): CitationQuery | undefined {
  const number = /(?<![\p{L}\p{N}-])([IVX]{1,6}-\d{1,2}(?:-[a-d])?)(?![\p{L}\p{N}-])/iu.exec(text);
  const byNumber = number && facts.names.nounOf(numberOf(number[1] ?? '')) ? number : undefined;
  const named = byNumber
    ? { start: byNumber.index, end: byNumber.index + byNumber[0].length, ids: [numberOf(byNumber[1] ?? '')] }
    : facts.names.scan(text).toSorted((a, b) => b.end - b.start - (a.end - a.start))[0];
  if (named?.ids.length === 0) return undefined;
  const rest = named ? `${text.slice(0, named.start)} , ${text.slice(named.end)}` : text;
  const eId = /(?<!\S)(art_[\w]+)(?!\S)/i.exec(rest.replace(/[#,~]/g, ' '));
  const path = eId ? fromEId(eId[1] ?? '') : undefined;
  if (eId && (path === undefined || /\p{L}/u.test(rest.replace(eId[1] ?? '', '')))) return undefined;
  const tokens = path ? [] : tokensOf(foldName(rest));
  if (tokens === undefined) return undefined;
  const place = path ?? (tokens.length === 0 ? undefined : placeOf(tokens));
  if (!path && tokens.length > 0 && place === undefined) return readList(rest, named?.ids[0], locale, facts);
  if (named)
    return {
      type: place ? 'article' : 'instrument',
      targets: withLaterText(facts, named.ids, place).map((id) => targetIn(facts, id, place, locale)),
      loose: named.ids.length > 1,
    };
  // A place without an instrument: every instrument that has it, when a word or an eId says that it is one.
  if (!place || !(path || tokens.some(({ kind }) => kind === 'level'))) return undefined;
  const having = facts.outlined.map((id) => targetIn(facts, id, place, locale)).filter(({ exists }) => exists === true);
  return having.length === 0 ? undefined : { type: 'article', targets: having, loose: true };
}

/** `xviii-12-A` as the depositary writes it. */
const numberOf = (given: string) =>
  given.replace(/^[ivx]+/i, (one) => one.toUpperCase()).replace(/-[A-D]$/, (one) => one.toLowerCase());

/** Several places: `articles 5, 6, 8 and 23 of the Convention`. Read by the grammar of running text, the whole query. */
function readList(
  rest: string,
  instrument: string | undefined,
  locale: string,
  facts: CitationFacts,
): CitationQuery | undefined {
  if (instrument === undefined) return undefined;
  const worded = /^[\s\d,–-]+$/.test(rest) ? `articles ${rest.replace(/ , /g, ' ').trim()}` : rest;
  const found = detectCitations(worded, { ...facts, standing: { instrument } });
  const [one, ...more] = found.filter(({ type }) => type === 'article');
  if (!one || more.length > 0 || one.status === 'unresolved') return undefined;
  const outside = `${worded.slice(0, one.span[0])} ${worded.slice(one.span[1])}`;
  if (tokensOf(foldName(outside))?.length !== 0) return undefined;
  const steps = (article: string) => article.split(/[()]+/).filter((step) => step !== '');
  return {
    type: 'article',
    targets: one.target.map(({ id, article = '' }) => targetIn(facts, id, steps(article), locale)),
    loose: one.status === 'ambiguous',
  };
}

const resolutionNumber = /(?<![\d/])(\d{1,4}\/\d{1,4}|\d{1,4} ?(?:[a-z] )?\([ivxlc]+\)|\d{1,4} ?\(\d{4}\))(?![\d/])/iu;
const resolutionWord =
  /(?:^|[^\p{L}])(?:res|resolutions?|résolutions?|resoluci(?:o|ó)n(?:es)?|рез|резолюци\p{L}{1,3}|(?:ال)?قرار(?:ها)?|决议|決議|号决议)(?:$|[^\p{L}]|号)/iu;

/** `res 55/25`, `GA res. 55/25`, `قرار 55/25`, `第55/25号决议`. A bare `55/25` is read too, as a guess. */
function readResolutionQuery(text: string, { knows }: QueryOptions): CitationQuery | undefined {
  const number = resolutionNumber.exec(text);
  if (!number) return undefined;
  const rest = ` ${text.slice(0, number.index)} ${text.slice(number.index + number[0].length)} `;
  const word = resolutionWord.exec(rest);
  const words = rest
    .replace(resolutionWord, ' ')
    .replace(/(?<!\p{L})(?:de l'|(?:of|the|no|nr|de la|de|la|第|号|n)(?!\p{L}))/giu, ' ')
    .replace(/[第号.,°'#]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const given = number[0].toUpperCase();
  const council = /\(\d{4}\)$/.test(given) ? ('S' as const) : undefined;
  const stated = words === '' ? council : bodyOfQuery(words);
  if (words !== '' && stated === undefined) return undefined;
  if (!word && !stated) {
    if (!/^\d{1,3}\/\d{1,3}$/.test(given)) return undefined;
  }
  const bodies: Body[] = stated ? [stated] : likelyBodies(given);
  const works = bodies.map((body) => `${body}/RES/${given.replace(/ ?\(/, ' (')}`);
  const ranked = works.toSorted((a, b) => Number(knows?.(b) ?? false) - Number(knows?.(a) ?? false));
  return {
    type: 'resolution',
    targets: ranked.map((work) => ({ work, exists: knows ? knows(work) : 'unknown', label: work })),
    loose: !word || bodies.length > 1,
  };
}

/** Bodies that number so: sessions of the General Assembly passed 31 in 1976; a year leads with the Council. */
function likelyBodies(given: string): Body[] {
  if (/\([IVXLC]+\)$/.test(given)) return ['A', 'E'];
  const session = Number.parseInt(given, 10);
  if (session > 1900) return ['E'];
  return session >= 31 ? ['A', 'CND', 'A/HRC'] : ['CTOC/COP', 'CCPCJ', 'CAC/COSP', 'A/HRC'];
}

const iri = /^\/?(akn\/[a-z]{2}\/[^\s#~!]+)(?:[#~](\S+))?$/i;

/**
 * Reads a query that is a citation from its beginning to its end; undefined when it is not. Case, punctuation and order
 * are free; a place that does not exist comes with the nearest that does.
 * @param locale language of the reader, for the label
 */
export function readCitationQuery(
  query: string,
  locale: string,
  facts: CitationFacts,
  options: QueryOptions = {},
): CitationQuery | undefined {
  const text = clean(query)
    .text.trim()
    .replace(/[\s.,;:?!]+$/u, '');
  if (text === '' || text.length > longest || !/[\p{L}\d]/u.test(text)) return undefined;
  const { knows } = options;
  const address = iri.exec(text);
  if (address) {
    const work = `/${address[1] ?? ''}`;
    const path = fromEId(address[2] ?? '');
    return {
      type: 'article',
      targets: [
        {
          work,
          ...(address[2] === undefined ? {} : { eId: address[2] }),
          ...(path ? { article: printPath(path) } : {}),
          exists: knows ? knows(work) : 'unknown',
          label: text,
        },
      ],
      loose: false,
    };
  }
  return (
    readWhole(text, facts, options) ?? readResolutionQuery(text, options) ?? readInstrumentQuery(text, locale, facts)
  );
}

/** What only symbols, cases and statutes have: a stroke, a bracket, or their word. */
const ownForm =
  /[/[]|ecli:|series|recueil|(?<!\p{L})(?:act|law|decree|ordinance|code|loi|décret|ley|decreto|case|affaire|asunto)(?!\p{L})|закон|дело|قانون|مرسوم|قضية/iu;

/** A symbol, a place in the Treaty Series, a statute or a case that is the whole query. */
function readWhole(text: string, facts: CitationFacts, { knows }: QueryOptions): CitationQuery | undefined {
  if (!ownForm.test(text)) return undefined;
  const upper = text.toUpperCase();
  for (const given of text === upper || !text.includes('/') ? [text] : [text, upper]) {
    const whole = detectCitations(given, facts).find(
      ({ type, span }) =>
        ['resolution', 'document', 'treaty-series', 'statute', 'case'].includes(type) &&
        span[0] === 0 &&
        span[1] === given.length,
    );
    if (!whole || whole.target.length === 0) continue;
    if (whole.ruleId === 'C1.number') continue;
    return {
      type: whole.type,
      targets: whole.target.map(({ id, article }) => ({
        work: id,
        ...(article === undefined ? {} : { article }),
        exists: knows ? knows(id) : 'unknown',
        label: article === undefined ? id : `${id}, ${article}`,
      })),
      loose: whole.status === 'ambiguous',
    };
  }
  return undefined;
}
