import { ok, sha256, type PlainDate, type Problem, type Result } from '../../../../platform/values/index.ts';
import type {
  Child,
  Footnote,
  Operative,
  ParsedCitation,
  ParseProblem,
  Preambular,
  Resolution,
  Span,
} from '../../schema.ts';
import { readAct, readOrdinal } from './acts.ts';
import type { Body, Language, Tables } from './language.ts';
import { markBegin, readBlocks, withoutMarks, type Block } from './read.ts';

export interface ParseSetting {
  tables: Tables;
  /** What a text cites; `knowledge` gives it, with the body that speaks. */
  cite(text: string, body: Body | null): ParsedCitation[];
  language?: string;
}

/** A paragraph put together again: one or more blocks, a break of page between them. */
interface Paragraph {
  text: string;
  spans: Span[];
  isHeading: boolean;
}

const ends = new RegExp(`[,;.:?!”"»)](?:${markBegin}[^\\uE001]*\\uE001)*(?: and| or| et| ou)?$`, 'u');
const numbered = /^(\d{1,3})\s?[.)°]\s+/;
const lettered = /^(?:\(([a-z]{1,2}|[ivx]{1,5})\)|([a-z])\)|[-–•])\s+/i;

function spanOf(block: Block): Span {
  return [block.from, block.to];
}

/** Notes leave the flow of the text: marked blocks, and unmarked ones that go on with a note. */
function splitNotes(blocks: readonly Block[]): { flow: Block[]; notes: Block[]; furniture: Block[] } {
  const flow: Block[] = [];
  const notes: Block[] = [];
  const furniture: Block[] = [];
  for (const block of blocks) {
    if (block.isRule || isFurniture(block.text)) furniture.push(block);
    else if (block.isNote) notes.push(block);
    else flow.push(block);
  }
  return { flow, notes, furniture };
}

function isFurniture(text: string): boolean {
  return (
    /^(?:\d{1,4}|\d{1,3}\/\d{1,3}|page \d+.*|V\.\d{2}-\d+.*|GE\.\d{2}-\d+.*|\d{2}-\d{5}.*)$/i.test(text) ||
    /^(?:Distr\.|Original:)/i.test(text) ||
    /^(?:A|E|S|A\/HRC)\/RES\/[\w()/.]+$/.test(text)
  );
}

/** "The Commission on Crime Prevention and Criminal Justice," on a line of its own. */
function isBodyText(text: string, tables: Tables, language: Language): boolean {
  const found = tables.findBody(text);
  const plain = withoutMarks(text).text;
  if (found === undefined || found.start >= 12 || !/[,:]$/.test(plain)) return false;
  return language.readOpening(plain) === undefined && !numbered.test(plain);
}

/** Joins what a page break cut: no end of a sentence before, no new opening after. */
function join(blocks: readonly Block[], language: Language, tables: Tables): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (const block of blocks) {
    const last = paragraphs.at(-1);
    const begins =
      numbered.test(block.text) || lettered.test(block.text) || block.isHeading || /^\p{Lu}{4,}/u.test(block.text);
    const isBody = isBodyText(block.text, tables, language);
    const opens = language.readOpening(block.text) !== undefined || language.readVerb(block.text) !== undefined;
    const goesOn =
      last !== undefined &&
      !last.isHeading &&
      !begins &&
      !isBody &&
      !ends.test(last.text) &&
      (!opens || /^\p{Ll}/u.test(block.text));
    if (goesOn) {
      last.text = `${last.text} ${block.text}`;
      last.spans.push(spanOf(block));
    } else paragraphs.push({ text: block.text, spans: [spanOf(block)], isHeading: block.isHeading });
  }
  return paragraphs;
}

interface Head {
  title: string | null;
  number: string | null;
  symbol: string | null;
  body: Body | null;
  session: number | null;
  date: PlainDate | null;
  dateTo: PlainDate | null;
  place: string | null;
  style: Resolution['document']['style'];
  /** Place of the body line, or -1. */
  bodyLine: number;
}

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function dayOf(day: string, month: string, year: string): PlainDate | null {
  const at = months.indexOf(month.toLowerCase());
  return at < 0 ? null : (`${year}-${String(at + 1).padStart(2, '0')}-${day.padStart(2, '0')}` as PlainDate);
}

function readHead(paragraphs: readonly Paragraph[], tables: Tables, language: Language): Head {
  const isBodyLine = ({ text }: Paragraph) => isBodyText(text, tables, language);
  const bodyLine = paragraphs.slice(0, 40).findIndex(isBodyLine);
  const before = paragraphs.slice(0, bodyLine < 0 ? 0 : bodyLine).map((one) => withoutMarks(one.text).text);
  const line = bodyLine < 0 ? '' : withoutMarks(paragraphs[bodyLine]!.text).text;
  const body = tables.findBody(line)?.body ?? null;
  const all = before.join('\n');
  const number = /(?:resolution|résolution|decision|décision)\s+(\d{1,3}\/\d{1,3})/i.exec(all)?.[1] ?? null;
  const symbol =
    /(?:A|S|E|A\/HRC)\/RES\/[\d/]+(?: ?\(\d{4}\))?|AG-\d{4}-RES-\d+|AGN\/\d+\/RES\/\d+/.exec(all)?.[0] ?? null;
  const titles = before
    .filter((one) => !/^(?:resolution|résolution)(?:\s+\d{1,3}\/\d{1,3})?$/i.test(one))
    .map((one) => one.replace(/^(?:subject|objet)\s*:\s*/i, ''));
  const meeting =
    /meeting in ([^,]+(?:, [A-Z]\w+)?), from (\d{1,2})(?: (\w+))? to (\d{1,2}) (\w+) (\d{4}) at its (\S+) session/i.exec(
      line,
    );
  return {
    title: titles.at(-1) ?? null,
    number,
    symbol,
    body,
    session: meeting ? readOrdinal(meeting[7] ?? '') : number ? Number(number.split('/')[0]) : null,
    date: meeting ? dayOf(meeting[2] ?? '', meeting[3] ?? meeting[5] ?? '', meeting[6] ?? '') : null,
    dateTo: meeting ? dayOf(meeting[4] ?? '', meeting[5] ?? '', meeting[6] ?? '') : null,
    place: meeting?.[1] ?? null,
    style:
      body?.style ??
      (/^(?:URGES|REQUESTS|NOTING)/m.test(paragraphs.map((one) => one.text).join('\n')) ? 'interpol' : 'un'),
    bodyLine,
  };
}

const closing =
  /^(?:approved|adopted|adopté|approuvé)[.\s]*$|^adopted (?:without a vote|by)|^\d+(?:st|nd|rd|th) (?:plenary )?meeting$/i;
const annexHead = /^(?:annex|annexe|appendix)(?:\s+[IVX\d]+)?\b(?!.*[,;]$)/i;

function isOperative(text: string, language: Language): boolean {
  const plain = withoutMarks(text).text;
  const number = numbered.exec(plain);
  return language.readVerb(plain.slice(number?.[0].length ?? 0)) !== undefined;
}

/** Sub-paragraphs of a paragraph: lines inside it and the paragraphs that follow with letters or dashes. */
function childrenOf(lines: readonly string[]): Child[] {
  const children: Child[] = [];
  for (const line of lines) {
    const mark = lettered.exec(line);
    if (!mark) continue;
    const letter = mark[1] ?? mark[2];
    const child: Child = {
      number: letter === undefined ? '-' : `(${letter.toLowerCase()})`,
      type: 'subparagraph',
      text: withoutMarks(line.slice(mark[0].length)).text,
      children: [],
    };
    const parent = children.at(-1);
    // Numerals stand under the letter before them; (i) after (h) is a letter.
    if (letter && /^[ivx]+$/i.test(letter) && parent && !(letter === 'i' && parent.number === '(h)'))
      parent.children.push(child);
    else children.push(child);
  }
  return children;
}

/** The acts of one paragraph: its first, and those behind "and" with a verb of their own. */
function actsOf(text: string, number: string, setting: ParseSetting, language: Language, own: Body | null) {
  const begin = language.readVerb(text);
  if (!begin) return undefined;
  const pieces: { opening: string; verb: typeof begin.verb; rest: string }[] = [];
  let opening = begin.opening;
  let verb = begin.verb;
  let from = text.length - begin.rest.length;
  for (;;) {
    const next = language.findSecond(text, from);
    pieces.push({ opening, verb, rest: text.slice(from, next?.at ?? text.length) });
    if (!next) break;
    opening = next.opening;
    verb = next.verb;
    from = next.end;
  }
  const acts = pieces.map((piece) => ({
    ...readAct(piece.verb, piece.opening, piece.rest, setting.tables, language, own),
    text: `${piece.opening}${piece.rest}`.trim(),
  }));
  const [first, ...others] = acts;
  const children = others.map((one, n): Child => ({
    number: `${number}/${String(n + 2)}`,
    type: 'act',
    text: one.text,
    act: one.act,
    children: [],
  }));
  return first ? { ...first, children } : undefined;
}

function readOperative(paragraph: Paragraph, more: readonly string[], assigned: number, setting: ParseSetting, language: Language, body: Body | null): Operative {
  const [firstLine = '', ...lines] = paragraph.text.split('\n');
  const { text: whole, marks } = withoutMarks(firstLine);
  const printed = numbered.exec(whole);
  const number = printed?.[1] ?? String(assigned);
  const text = whole.slice(printed?.[0].length ?? 0);
  const read = actsOf(text, number, setting, language, body);
  const notes = [...marks, ...[...lines, ...more].flatMap((line) => withoutMarks(line).marks)];
  return {
    number,
    numbering: printed ? 'source' : 'assigned',
    ...(read?.act ?? {
      verb: null, opening: text.split(' ').slice(0, 2).join(' ') || null, kind: null, addressees: [], beneficiaries: [], deadline: null, reportTo: null, conditions: [],
    }),
    citations: setting.cite(text, body),
    footnotes: notes,
    text,
    spans: paragraph.spans,
    children: [...(read?.children ?? []), ...childrenOf([...lines, ...more])],
    confidence: read?.confidence ?? { verb: 0.2, addressees: 0.2, kind: 0.2 },
  };
} // prettier-ignore

function readPreambular(paragraph: Paragraph, more: readonly string[], index: number, setting: ParseSetting, language: Language, body: Body | null): Preambular {
  const [firstLine = '', ...lines] = paragraph.text.split('\n');
  const { text, marks } = withoutMarks(firstLine);
  const opening = language.readOpening(text) ?? null;
  const second = [...text.matchAll(/,? and (\p{Lu}{4,}|\p{Ll}+ing)(?= (?:the|that|its|with|in|our))/gu)].map(([, word = '']) => word).filter((word) => language.readOpening(word) !== undefined);
  return {
    index,
    opening,
    openings: [...(opening === null ? [] : [opening]), ...second],
    text,
    spans: paragraph.spans,
    citations: setting.cite(text, body),
    footnotes: [...marks, ...[...lines, ...more].flatMap((line) => withoutMarks(line).marks)],
    items: [...lines, ...more].map((line) => withoutMarks(line).text.replace(lettered, '')),
  };
} // prettier-ignore

function readNotes(blocks: readonly Block[], setting: ParseSetting, body: Body | null): Footnote[] {
  return blocks.map((block) => {
    const end = block.text.indexOf('\uE001');
    const text = withoutMarks(block.text.slice(end + 1)).text;
    return { marker: block.text.slice(1, end), text, spans: [spanOf(block)], citations: setting.cite(text, body) };
  });
}

function problemsOf(preambular: readonly Preambular[], operative: readonly Operative[], notes: readonly Footnote[], head: Head): ParseProblem[] {
  const known = new Set(notes.map((note) => note.marker));
  const used = new Set([...preambular, ...operative].flatMap((one) => one.footnotes));
  const lost = (where: 'preambular' | 'operative', list: readonly { footnotes: string[] }[]) =>
    list.flatMap((one, n) =>
      one.footnotes.filter((marker) => !known.has(marker)).map((marker): ParseProblem => ({ code: 'mandates.footnote-without-text', path: [where, n], marker })),
    );
  const numbers = operative.map((one) => Number(one.number));
  return [
    ...(head.bodyLine < 0 ? [{ code: 'mandates.no-body' as const, path: [] }] : []),
    ...(preambular.length === 0 ? [{ code: 'mandates.no-preamble' as const, path: [] }] : []),
    ...(operative.length === 0 ? [{ code: 'mandates.no-operative' as const, path: [] }] : []),
    ...lost('preambular', preambular),
    ...lost('operative', operative),
    ...notes.flatMap((note, n): ParseProblem[] => (used.has(note.marker) ? [] : [{ code: 'mandates.footnote-without-mark', path: ['footnotes', n], marker: note.marker }])),
    ...operative.flatMap((one, n): ParseProblem[] => [
      ...(one.verb === null ? [{ code: 'mandates.unknown-verb' as const, path: ['operative', n], text: one.opening ?? '' }] : []),
      ...(numbers.indexOf(numbers[n]!) < n ? [{ code: 'mandates.number-twice' as const, path: ['operative', n] }] : []),
      ...(n > 0 && numbers[n]! < numbers[n - 1]! ? [{ code: 'mandates.number-out-of-order' as const, path: ['operative', n] }] : []),
    ]),
  ];
} // prettier-ignore

function chooseLanguage(blocks: readonly Block[], setting: ParseSetting): { language: Language; isSure: boolean } {
  const all = setting.tables.languages;
  const wanted = all.find((one) => one.language === setting.language);
  if (wanted) return { language: wanted, isSure: true };
  const score = (language: Language) =>
    blocks.filter(({ text }) => {
      const plain = withoutMarks(text).text.replace(numbered, '');
      return language.readOpening(plain) !== undefined || language.readVerb(plain) !== undefined;
    }).length;
  const ranked = all.map((language) => ({ language, hits: score(language) })).sort((a, b) => b.hits - a.hits);
  return { language: ranked[0]!.language, isSure: ranked[0]!.hits >= 3 };
}

/**
 * Reads a resolution from Markdown or plain text. Never guesses: what cannot be read stands in `problems`. Every character of the
 * input lies in exactly one of head, preambular, operative, footnote, annex and furniture. Fails with `mandates.unreadable` or
 * `mandates.too-large`.
 */
export function parseResolution(input: string, setting: ParseSetting): Result<Resolution, Problem> {
  const read = readBlocks(input);
  if (!read.ok) return read;
  const blocks = read.value;
  const { language, isSure } = chooseLanguage(blocks, setting);
  const { flow, notes, furniture } = splitNotes(blocks);
  const paragraphs = join(flow, language, setting.tables);
  const head = readHead(paragraphs, setting.tables, language);
  const { body } = head;
  const preambular: Preambular[] = [];
  const operative: Operative[] = [];
  const annexes: Resolution['annexes'] = [];
  const heads: Resolution['head'] = [];
  const rest = paragraphs.slice(head.bodyLine + 1);
  for (const one of paragraphs.slice(0, head.bodyLine + 1))
    heads.push({ text: withoutMarks(one.text).text, spans: one.spans });
  let at = 0;
  const items = (): { lines: string[]; spans: Span[] } => {
    const lines: string[] = [];
    const spans: Span[] = [];
    for (; at < rest.length && lettered.test(rest[at]!.text); at += 1) {
      lines.push(...rest[at]!.text.split('\n'));
      spans.push(...rest[at]!.spans);
    }
    return { lines, spans };
  };
  let isOpen = false;
  while (at < rest.length) {
    const one = rest[at]!;
    const plain = withoutMarks(one.text).text;
    at += 1;
    if (annexes.length > 0 || (annexHead.test(plain) && operative.length > 0)) {
      if (annexHead.test(plain) || annexes.length === 0)
        annexes.push({ title: plain, text: '', spans: [...one.spans] });
      else {
        const last = annexes.at(-1)!;
        last.text = last.text === '' ? plain : `${last.text}\n${plain}`;
        last.spans.push(...one.spans);
      }
      continue;
    }
    if (closing.test(plain)) {
      heads.push({ text: plain, spans: one.spans });
      continue;
    }
    if (one.isHeading && !numbered.test(plain)) {
      heads.push({ text: plain, spans: one.spans });
      continue;
    }
    isOpen = isOpen || isOperative(one.text, language) || (numbered.test(plain) && preambular.length > 0);
    const { lines, spans } = items();
    const paragraph = { ...one, spans: [...one.spans, ...spans] };
    if (isOpen) operative.push(readOperative(paragraph, lines, operative.length + 1, setting, language, body));
    else preambular.push(readPreambular(paragraph, lines, preambular.length + 1, setting, language, body));
  }
  const footnotes = readNotes(notes, setting, body);
  const problems = problemsOf(preambular, operative, footnotes, head);
  return ok({
    kind: 'resolution',
    version: 1,
    document: {
      body: body?.name ?? null,
      bodyId: body?.id ?? null,
      number: head.number,
      symbol: head.symbol,
      title: head.title,
      session: head.session,
      date: head.date,
      dateTo: head.dateTo,
      place: head.place,
      language: isSure ? language.language : 'und',
      style: head.style,
      draft: /\[[^\]]{3,}\]|\bdraft resolution\b/i.test(input.slice(0, 20_000).replace(/\[[^\]]*\]\([^)]*\)/g, '')),
      sha256: sha256(input),
    },
    preambular,
    operative,
    footnotes,
    annexes,
    furniture: furniture.map((one) => ({ text: one.text, spans: [spanOf(one)] })),
    head: heads,
    problems: isSure ? problems : [{ code: 'mandates.unknown-language', path: [] }, ...problems],
  });
}
