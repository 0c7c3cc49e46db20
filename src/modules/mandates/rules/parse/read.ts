import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { joined, keepGroup, mapped, rewrite, sliced, trimmed, type Mapped } from './mapped.ts';

/** A footnote mark inside the text: the marker between these two. Both are from the private use area and never in a source. */
export const markBegin = '\uE000';
export const markEnd = '\uE001';

/** A block of a source: a paragraph, a heading, a rule. Offsets are in the input as given; `to` reaches to the next block. */
export interface Block {
  /** Without markup, blanks single, footnote marks between `markBegin` and `markEnd`. Lines of a list stay lines. */
  marked: Mapped;
  text: string;
  from: number;
  to: number;
  isHeading: boolean;
  isRule: boolean;
  /** Begins with a footnote mark. */
  isNote: boolean;
  /** Something in it was struck out. */
  isStruck: boolean;
}

const mostBytes = 20 * 1_048_576;
const mostBlocks = 20_000;
/** Blanks before a line beyond which it counts as nested deeper than any resolution. */
const deepest = 6;

const superscripts: Record<string, string> = {
  '¹': '1', '²': '2', '³': '3', '⁰': '0', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9',
}; // prettier-ignore
const raised = /[¹²³⁰⁴-⁹]+/g;
const unwanted =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uE000\uE001\uFEFF]+/g;
const nothing = () => [];

/** Takes the markup off one line: emphasis, links, raised marks. */
function plainLine(line: Mapped): Mapped {
  let now = rewrite(line, unwanted, nothing);
  if (/[<>]/.test(now.text))
    now = rewrite(now, /<sup>\s{0,4}([^<>]{1,8})<\/sup>/gi, (found, index) => {
      const mark = (found[1] ?? '').trim();
      const start = index + found[0].indexOf(mark);
      return [markBegin, [start, start + mark.length], markEnd];
    });
  now = rewrite(now, raised, ([marks]) => [
    `${markBegin}${[...marks].map((one) => superscripts[one] ?? '').join('')}${markEnd}`,
  ]);
  if (now.text.includes('[')) {
    const note = (found: RegExpMatchArray, index: number): (string | readonly [number, number])[] => {
      const mark = found[1] ?? '';
      const start = index + found[0].indexOf(mark);
      return [markBegin, [start, start + mark.length], markEnd];
    };
    // `[1]` or `[^1]` right behind a word is a mark; at the beginning of a line it begins the note.
    now = rewrite(now, /(?<=[\p{L}\p{N},.;:)”"’»])\[\^?(\d{1,3})\](?!\()/gu, note);
    now = rewrite(now, /^\s*\[\^?(\d{1,3})\]:?(?=\s)/g, note);
  }
  if (now.text.includes('](')) now = rewrite(now, /\[([^\][]{0,400})\]\([^()]{0,1000}\)/g, keepGroup(1));
  if (now.text.includes('<')) now = rewrite(now, /(?<!\\)<\/?[a-z!][^<>]{0,200}>/gi, nothing);
  now = rewrite(now, /^#{1,6}\s+/g, nothing);
  now = rewrite(now, /(?<!\\)~~/g, nothing);
  now = rewrite(now, /(?<!\\)\*+|(?<![\p{L}\p{N}\\])_+|(?<!\\)_+(?![\p{L}\p{N}])/gu, nothing);
  if (now.text.includes('\\')) now = rewrite(now, /\\([*_#[\]()\\.<~])/g, keepGroup(1));
  now = rewrite(now, /[\s\u00A0\u202F]{2,}|[\t\u00A0\u202F]/g, () => [' ']);
  // Some extractions leave a blank before a comma.
  now = rewrite(now, / +(?=[,;](?:\s|$))/g, nothing);
  return trimmed(now);
}

const listLine = /^\s*(?:[-–•*]\s|\((?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2})\)\s|(?:[a-z]|[ivx]{1,5})\s?\)\s)/i;
const startsBlock =
  /^\s*(?:\d{1,3}\.\s|<sup>|[¹²³⁰⁴-⁹]|\[\^?\d{1,3}\]:?\s|[٠-٩]{1,3}\s?[-.]|[一二三四五六七八九十]{1,3}、)/;

/**
 * Cuts Markdown or plain text into blocks; every character of `[from, to)` lies in exactly one of them. Fails with
 * `mandates.too-large` or `mandates.unreadable`.
 */
export function readBlocks(input: string, start = 0, end = input.length): Result<Block[], Problem> {
  if (Buffer.byteLength(input) > mostBytes) return fail(problem('mandates.too-large', []));
  if (/\u0000/.test(input.slice(start, start + 4096)))
    return fail(problem('mandates.unreadable', [], { params: { why: 'binary' } }));
  const blocks: Block[] = [];
  let at = start;
  let open: { from: number; lines: Mapped[] } | undefined;
  const close = () => {
    if (open && open.lines.length > 0) blocks.push(toBlock(open.from, open.lines));
    open = undefined;
  };
  for (let next = start; next < end;) {
    const newline = input.indexOf('\n', next);
    const stop = newline < 0 || newline >= end ? end : newline + 1;
    const line = mapped(input, next, stop);
    next = stop;
    const isBlank = line.text.trim() === '';
    const isHeading = /^\s*#{1,6}\s/.test(line.text);
    const isRule = /^\s*(?:-{3,}|_{3,}|\*{3,})\s*$/.test(line.text);
    if (isBlank) close();
    else if (isHeading || isRule) {
      close();
      blocks.push({ ...toBlock(at, [line]), isHeading, isRule });
    } else if (open && !startsBlock.test(line.text)) open.lines.push(line);
    else {
      close();
      open = { from: at, lines: [line] };
    }
    at = stop;
    if (blocks.length > mostBlocks) return fail(problem('mandates.too-large', []));
  }
  close();
  if (blocks.length === 0) return fail(problem('mandates.unreadable', [], { params: { why: 'empty' } }));
  if (blocks.some(({ marked }) => isTooDeep(marked.text))) return fail(problem('mandates.too-large', []));
  // What lies between two blocks belongs to the one before; what lies before the first, to the first.
  return ok(
    blocks.map((block, n) => ({
      ...block,
      from: n === 0 ? start : block.from,
      to: blocks[n + 1]?.from ?? end,
    })),
  );
}

const stacked = /^(?:(?:[-–•>*]|\([a-z\d]{1,4}\)|\d{1,3}[.)])\s*)+/i;

/** Marks on marks, `(a) (i) (1) …`, beyond what any resolution has. */
function isTooDeep(text: string): boolean {
  return (stacked.exec(text)?.[0].match(/[-–•>*.)]/g)?.length ?? 0) > deepest;
}

/** A draft inside a resolution has a quotation mark before each paragraph, and one behind the last. */
function withoutOuterQuote(source: Mapped): Mapped {
  if (/^["“«„][^"”»“«„]*["”»]$/.test(source.text)) return trimmed(sliced(source, 1, source.text.length - 1));
  if (/^["“«„]/.test(source.text) && !/["”»]/.test(source.text.slice(1))) return trimmed(sliced(source, 1));
  if (/["”»]$/.test(source.text) && !/["“«„]/.test(source.text.slice(0, -1)))
    return trimmed(sliced(source, 0, source.text.length - 1));
  return source;
}

function toBlock(from: number, lines: readonly Mapped[]): Block {
  const plain = lines.map(plainLine);
  const kept = plain.flatMap((one, n) => (one.text === '' ? [] : [{ one, isItem: listLine.test(lines[n]!.text) }]));
  const marked = withoutOuterQuote(
    joined(
      kept.map(({ one }) => one),
      (n) => (kept[n]!.isItem ? '\n' : ' '),
    ),
  );
  const isBold = lines.every((line) => /^\s*\*\*[^*]+\*\*\s*$/.test(line.text));
  return {
    marked,
    text: marked.text,
    from,
    to: from,
    isHeading: isBold,
    isRule: false,
    isNote: marked.text.startsWith(markBegin),
    isStruck: lines.some(({ text }) => /~~\S[^~]*~~|<(?:s|del|strike)>/i.test(text)),
  };
}

const anyMark = new RegExp(`${markBegin}([^${markEnd}]*)${markEnd}`, 'g');

/** Text without footnote marks, with the marks in their order. */
export function withoutMarks(source: Mapped): { marked: Mapped; text: string; marks: string[] } {
  const marks = [...source.text.matchAll(anyMark)].map(([, mark = '']) => mark);
  let now = marks.length > 0 ? rewrite(source, anyMark, nothing) : source;
  now = rewrite(now, / +(?=[,.;:](?:\s|$))/g, nothing);
  now = trimmed(rewrite(now, / {2,}/g, () => [' ']));
  return { marked: now, text: now.text, marks };
}

/** The text alone. */
export function unmarked(text: string): string {
  return text
    .replace(anyMark, '')
    .replace(/ +(?=[,.;:](?:\s|$))/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}
