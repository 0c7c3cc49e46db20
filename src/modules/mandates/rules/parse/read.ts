import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';

/** A footnote mark inside the text: the marker between these two. Both are from the private use area and never in a source. */
export const markBegin = '\uE000';
export const markEnd = '\uE001';

/** A block of a source: a paragraph, a heading, a rule. Offsets are in the input as given; `to` reaches to the next block. */
export interface Block {
  /** Without markup, blanks single, footnote marks between `markBegin` and `markEnd`. Lines of a list stay lines. */
  text: string;
  from: number;
  to: number;
  isHeading: boolean;
  isRule: boolean;
  /** Begins with a footnote mark. */
  isNote: boolean;
}

const mostBytes = 20 * 1_048_576;
const mostBlocks = 20_000;

const superscripts: Record<string, string> = {
  '¹': '1', '²': '2', '³': '3', '⁰': '0', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9',
}; // prettier-ignore
const raised = /[¹²³⁰⁴-⁹]+/g;
const unwanted =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uE000\uE001\uFEFF]/g;

/** Takes the markup off one line: emphasis, links, raised marks. */
function plainLine(line: string): string {
  return line
    .replace(unwanted, '')
    .replace(/<sup>\s*([^<]{1,8})\s*<\/sup>/gi, (_whole, mark: string) => `${markBegin}${mark.trim()}${markEnd}`)
    .replace(raised, (marks) => `${markBegin}${[...marks].map((one) => superscripts[one] ?? '').join('')}${markEnd}`)
    .replace(/\[([^\][]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^<>]{1,200}>/g, '')
    .replace(/^#{1,6}\s+/, '')
    .replace(/\\([*_#[\]()\\])/g, '$1')
    .replace(/\*+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/[\s\u00A0\u202F]+/g, ' ')
    .trim();
}

const listLine = /^\s*(?:[-–•*]\s|\((?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2})\)\s|[a-z]\)\s)/i;

/**
 * Cuts Markdown or plain text into blocks; every character of the input lies in exactly one of them. Fails with
 * `mandates.too-large` or `mandates.unreadable`.
 */
export function readBlocks(input: string): Result<Block[], Problem> {
  if (Buffer.byteLength(input) > mostBytes) return fail(problem('mandates.too-large', []));
  if (/\u0000/.test(input.slice(0, 4096)))
    return fail(problem('mandates.unreadable', [], { params: { why: 'binary' } }));
  const blocks: Block[] = [];
  let at = 0;
  let open: { from: number; lines: string[] } | undefined;
  const close = () => {
    if (open && open.lines.length > 0) blocks.push(toBlock(open.from, open.lines));
    open = undefined;
  };
  for (const line of input.split(/(?<=\n)/)) {
    const isBlank = line.trim() === '';
    const isHeading = /^\s*#{1,6}\s/.test(line);
    const isRule = /^\s*(?:-{3,}|_{3,}|\*{3,})\s*$/.test(line);
    if (isBlank) close();
    else if (isHeading || isRule) {
      close();
      blocks.push({ ...toBlock(at, [line]), isHeading, isRule });
    } else if (open && !/^\s*(?:\d{1,3}\.\s|<sup>|[¹²³⁰⁴-⁹])/.test(line)) open.lines.push(line);
    else {
      close();
      open = { from: at, lines: [line] };
    }
    at += line.length;
    if (blocks.length > mostBlocks) return fail(problem('mandates.too-large', []));
  }
  close();
  if (blocks.length === 0) return fail(problem('mandates.unreadable', [], { params: { why: 'empty' } }));
  // What lies between two blocks belongs to the one before; what lies before the first, to the first.
  return ok(
    blocks.map((block, n) => ({
      ...block,
      from: n === 0 ? 0 : block.from,
      to: blocks[n + 1]?.from ?? input.length,
    })),
  );
}

function toBlock(from: number, lines: readonly string[]): Block {
  const text = lines.reduce((sum, line) => {
    const plain = plainLine(line);
    return sum === '' ? plain : `${sum}${listLine.test(line) ? '\n' : ' '}${plain}`;
  }, '');
  const isBold = lines.every((line) => /^\s*\*\*[^*]+\*\*\s*$/.test(line));
  return { text, from, to: from, isHeading: isBold, isRule: false, isNote: text.startsWith(markBegin) };
}

/** Text without footnote marks, with the marks in their order. */
export function withoutMarks(text: string): { text: string; marks: string[] } {
  const marks: string[] = [];
  const plain = text.replace(new RegExp(`${markBegin}([^${markEnd}]*)${markEnd}`, 'g'), (_whole, mark: string) => {
    marks.push(mark);
    return '';
  });
  return {
    text: plain
      .replace(/ +([,.;:])/g, '$1')
      .replace(/ {2,}/g, ' ')
      .trim(),
    marks,
  };
}
