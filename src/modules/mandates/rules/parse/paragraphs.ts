import type { Act, Child, Footnote, FoundAt, Operative, ParsedCitation, Preambular, Span } from '../../schema.ts';
import { readAct, reportOf } from './acts.ts';
import { deadlineOf } from './deadlines.ts';
import { spanOf, type Paragraph } from './flow.ts';
import type { Actor, Language, Tables } from './language.ts';
import type { Own } from './acts.ts';
import { linesOf, sliced, spanIn, type Mapped } from './mapped.ts';
import { readLetter, readNumber } from './marks.ts';
import { markEnd, withoutMarks, type Block } from './read.ts';

/** A citation and where it stands in the text that was asked about. */
export interface CitedAt {
  citation: ParsedCitation;
  start: number;
  end: number;
}

/** Reads what the parts of one document cite, in their order: it remembers what the document defined before. */
export interface Citer {
  read(text: string): readonly CitedAt[];
  readNote(text: string): readonly CitedAt[];
}

/** What a paragraph is read with. */
export interface Reading {
  tables: Tables;
  language: Language;
  /** Who speaks, by id when a table knows it. */
  body: Own | null;
  /** Short names that the document may use for somebody it named in full. */
  shorts: ReadonlyMap<string, Actor>;
  citer: Citer;
}

/** Texts beyond this are kept and cited, and not looked through for acts: no paragraph of a resolution is longer. */
const longest = 30_000;

class Places {
  readonly list: FoundAt[] = [];
  add(field: FoundAt['field'], index: number, span: Span | null, act?: string): void {
    if (span) this.list.push({ field, index, span, ...(act === undefined ? {} : { act }) });
  }
}

/** Finds the values of an act again where they stand: each behind the one before, from the verb on. */
function placeAct(places: Places, source: Mapped, from: number, to: number, act: Act, number?: string): void {
  const { text } = source;
  const find = (field: FoundAt['field'], index: number, words: string, after: number): number => {
    const at = text.indexOf(words, after);
    if (words === '' || at < 0 || at + words.length > to) return after;
    places.add(field, index, spanIn(source, at, at + words.length), number);
    return at + words.length;
  };
  let at = act.opening === null ? from : find('opening', 0, act.opening, from);
  const behind = at;
  act.addressees.forEach((one, n) => {
    at = find('addressee', n, one.text, at);
  });
  act.beneficiaries.forEach((one, n) => {
    at = find('beneficiary', n, one.text, at);
  });
  at = behind;
  act.conditions.forEach((one, n) => {
    at = find('condition', n, one, at);
  });
  if (act.deadline) find('deadline', 0, act.deadline.text, behind);
  const about = act.reportTo?.subject ?? act.reportTo?.through;
  if (about) find('report', 0, about, behind);
}

function placeCitations(places: Places, source: Mapped, cited: readonly CitedAt[]): ParsedCitation[] {
  return cited.map(({ citation, start, end }, n) => {
    places.add('citation', n, spanIn(source, start, end));
    return citation;
  });
}

/** What a text cites, and the tools it names, in their order. */
function citedIn(text: string, { citer, tables }: Reading): CitedAt[] {
  const tools = tables.findTools(text).map(({ start, end, id }): CitedAt => {
    const words = text.slice(start, end);
    return { citation: { type: 'tool', target: id, article: null, date: null, title: null, text: words }, start, end };
  });
  return [...citer.read(text), ...tools].sort((a, b) => a.start - b.start);
}

/** Words in square brackets: what a draft leaves open. Brackets inside brackets belong to the outer ones. */
function variantsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1)
    if (text[at] === '[') {
      if (depth === 0) from = at + 1;
      depth += 1;
    } else if (text[at] === ']' && depth > 0) {
      depth -= 1;
      if (depth === 0 && at > from) found.push(text.slice(from, at).trim());
    }
  return found.filter((one) => one !== '');
}

/** Sub-paragraphs of a paragraph: lines inside it and the paragraphs that follow with letters or dashes. */
function childrenOf(lines: readonly Mapped[], places: Places, reading: Reading): Child[] {
  const children: Child[] = [];
  let count = 0;
  for (const line of lines) {
    const mark = readLetter(line.text) ?? readNumber(line.text);
    if (!mark) {
      // A line that goes on with the item before it.
      const last = children.at(-1);
      const into = last?.children.at(-1) ?? last;
      if (into) into.text = `${into.text} ${withoutMarks(line).text}`;
      continue;
    }
    const { text } = withoutMarks(sliced(line, mark.length));
    const child: Child = {
      number: mark.number,
      ...(mark.printed === mark.number ? {} : { numberText: mark.printed }),
      type: 'subparagraph',
      text,
      citations: citedIn(text, reading).map(({ citation }) => citation),
      children: [],
    };
    places.add('child', count, spanIn(line, 0, line.text.length));
    count += 1;
    const letter = /^\(([a-z\d]+)\)$/.exec(mark.number)?.[1];
    const parent = children.at(-1);
    // Numerals stand under the letter before them; (i) after (h) is a letter.
    const isNumeral = letter !== undefined && /^(?:[ivx]+|\d+)$/.test(letter);
    const isList = parent?.number === '(i)' && children.at(-2)?.number !== '(h)';
    if (
      isNumeral &&
      parent &&
      !isList &&
      /^\([a-z]\)$/.test(parent.number) &&
      !(letter === 'i' && parent.number === '(h)')
    )
      parent.children.push(child);
    else children.push(child);
  }
  return children;
}

/** Instruments named in some words of a paragraph, by id; the words when none is known. */
function named(words: string, text: string, from: number, cited: readonly CitedAt[]): string[] {
  const at = text.indexOf(words, from);
  const known = cited.flatMap(({ citation, start, end }) =>
    citation.type === 'instrument' && citation.target !== null && start >= at && end <= at + words.length
      ? [citation.target]
      : [],
  );
  return known.length > 0 ? [...new Set(known)] : [words];
}

/** The acts of one paragraph: its first, and those behind "and" with a verb of their own. */
function actsOf(source: Mapped, number: string, reading: Reading, places: Places, cited: readonly CitedAt[]) {
  const text = source.text.slice(0, longest);
  const { language } = reading;
  const begin = language.readVerb(text);
  if (!begin) return undefined;
  const pieces: { opening: string; verb: typeof begin.verb; rest: string; from: number; to: number }[] = [];
  let { opening, verb } = begin;
  let start = 0;
  let from = text.length - begin.rest.length;
  for (;;) {
    const next = language.findSecond(text, from);
    const to = next?.at ?? text.length;
    pieces.push({ opening, verb, rest: text.slice(from, to), from: start, to });
    if (!next) break;
    opening = next.opening;
    verb = next.verb;
    start = next.at;
    from = next.end;
  }
  let before: Act['addressees'] = [];
  const acts = pieces.map((piece, n) => {
    const around = { own: reading.body, shorts: reading.shorts, before };
    const read = readAct(piece.verb, piece.opening, piece.rest, reading.tables, language, around);
    if (read.act.addressees.length > 0) before = read.act.addressees;
    for (const to of read.act.addressees)
      if (to.instruments) to.instruments = to.instruments.flatMap((words) => named(words, text, piece.from, cited));
    placeAct(places, source, piece.from, piece.to, read.act, n === 0 ? undefined : `${number}/${String(n + 1)}`);
    return { ...read, text: `${piece.opening}${piece.rest}`.trim() };
  });
  const [first, ...others] = acts;
  const children = others.map((one, n): Child => ({
    number: `${number}/${String(n + 2)}`,
    type: 'act',
    text: one.text,
    act: one.act,
    citations: [],
    children: [],
  }));
  return first ? { ...first, children } : undefined;
}

const noAct: Omit<Act, 'opening'> = {
  verb: null,
  kind: null,
  addressees: [],
  beneficiaries: [],
  deadline: null,
  reportTo: null,
  conditions: [],
};

interface Parts {
  source: Mapped;
  lines: readonly Mapped[];
  marks: string[];
}

function partsOf(paragraph: Paragraph, more: readonly Mapped[]): Parts {
  const [first = paragraph.marked, ...inside] = linesOf(paragraph.marked);
  const lines = [...inside, ...more];
  const { marked, marks } = withoutMarks(first);
  return { source: marked, lines, marks: [...marks, ...lines.flatMap((line) => withoutMarks(line).marks)] };
}

/** A report that one of the points asks for is due from the paragraph. */
function withPoints(act: Act, points: readonly Child[], { language, tables, body }: Reading): void {
  if (act.kind !== 'mandate' && act.kind !== 'reporting') return;
  for (const { text } of points) {
    const report = reportOf(text, tables, language, body);
    if (!report && !language.grammar.reports.test(text)) continue;
    act.kind = 'reporting';
    act.reportTo ??= report;
    act.deadline ??= deadlineOf(text, language.grammar, body, true);
  }
}

export function readOperative(
  paragraph: Paragraph,
  more: readonly Mapped[],
  assigned: number,
  reading: Reading,
): Operative {
  const { source: whole, lines, marks } = partsOf(paragraph, more);
  const printed = readNumber(whole.text);
  const number = printed?.number ?? String(assigned);
  const source = sliced(whole, printed?.length ?? 0);
  const places = new Places();
  const cited = citedIn(source.text, reading);
  const read = actsOf(source, number, reading, places, cited);
  const opening = source.text.split(' ').slice(0, 2).join(' ') || null;
  const points = childrenOf(lines, places, reading);
  if (read) withPoints(read.act, points, reading);
  return {
    number,
    numbering: printed ? 'source' : 'assigned',
    ...(printed && printed.printed !== number ? { numberText: printed.printed } : {}),
    ...(read?.act ?? { ...noAct, opening }),
    citations: placeCitations(places, source, cited),
    footnotes: marks,
    text: source.text,
    spans: paragraph.spans,
    children: [...(read?.children ?? []), ...points],
    variants: variantsOf(source.text),
    found: places.list,
    confidence: read?.confidence ?? { verb: 0.2, addressees: 0.2, kind: 0.2 },
  };
}

export function readPreambular(
  paragraph: Paragraph,
  more: readonly Mapped[],
  index: number,
  reading: Reading,
): Preambular {
  const { source: whole, lines, marks } = partsOf(paragraph, more);
  const number = readNumber(whole.text);
  const source = sliced(whole, number?.length ?? 0);
  const { text } = source;
  const places = new Places();
  const opening = reading.language.readOpening(text) ?? null;
  const second = [
    ...text.matchAll(/,? (?:and|et) (\p{Lu}{4,}|\p{Ll}+(?:ing|ant))(?= (?:the|that|its|with|in|our|les?|la|que))/gu),
  ]
    .map(([, word = '']) => word)
    .filter((word) => reading.language.readOpening(word) !== undefined);
  if (opening !== null) places.add('opening', 0, spanIn(source, 0, opening.length));
  const cited = citedIn(text, reading);
  return {
    index,
    opening,
    openings: [...(opening === null ? [] : [opening]), ...second],
    text,
    spans: paragraph.spans,
    citations: placeCitations(places, source, cited),
    footnotes: marks,
    items: lines.map((line) => {
      const item = withoutMarks(line).text;
      return item.slice(readLetter(item)?.length ?? 0);
    }),
    variants: variantsOf(text),
    found: places.list,
  };
}

/** Notes of a document, in their order: "Ibid." is of the note before. */
export function readNotes(blocks: readonly Block[], reading: Reading): Footnote[] {
  return blocks.map((block) => {
    const end = block.text.indexOf(markEnd);
    const { marked, text } = withoutMarks(sliced(block.marked, end + 1));
    const places = new Places();
    return {
      marker: block.text.slice(1, end),
      text,
      spans: [spanOf(block)],
      citations: placeCitations(places, marked, reading.citer.readNote(text)),
      found: places.list,
    };
  });
}
