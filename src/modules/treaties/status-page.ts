import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { plainDate, PlainDate } from '../../platform/values/index.ts';
import type { ActKind } from './schema/index.ts';

type Node = DefaultTreeAdapterTypes.Node;

/** One row of the depositary's table of participants. */
export interface StatusRow {
  name: string;
  signature: PlainDate | null;
  definitive: boolean;
  action: PlainDate | null;
  kind: ActKind | null;
  /** Footnote marks beside name or dates. */
  marks: string;
}

export interface StatusPage {
  rows: StatusRow[];
  /** Cells that hold something other than a date and a letter. */
  unread: { name: string; cell: string }[];
}

function* nodesOf(node: Node, tag: string): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node && node.tagName === tag) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* nodesOf(child, tag);
}

function textOf(node: Node, skip: ReadonlySet<string> = new Set()): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value;
  if (skip.has(node.nodeName) || !('childNodes' in node)) return '';
  return node.childNodes.map((child) => textOf(child, skip)).join(' ');
}

const superscript: ReadonlySet<string> = new Set(['sup']);

function clean(node: Node, skip?: ReadonlySet<string>): string {
  return textOf(node, skip)
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Letters of the table; none is a ratification. @source UNTOC art. 36 */
const letters: Readonly<Record<string, ActKind>> = {
  '': 'ratification',
  A: 'acceptance',
  AA: 'approval',
  a: 'accession',
  c: 'formal-confirmation',
  d: 'succession',
  P: 'participation-by-protocol',
};

interface Cell {
  day: PlainDate;
  letter: string;
}

function readCell(text: string): Cell | null | undefined {
  if (text === '') return null;
  const match = /^(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s*([A-Za-z]{0,2})$/.exec(text);
  const month = match ? months.indexOf(match[2]!.toLowerCase()) : -1;
  if (!match || month < 0) return undefined;
  const day = PlainDate.safeParse(`${match[3]!}-${String(month + 1).padStart(2, '0')}-${match[1]!.padStart(2, '0')}`);
  return day.success ? { day: day.data, letter: match[4]! } : undefined;
}

/**
 * Reads the table whose first heading is "Participant" of a saved status page. Dates are written `12 Dec 2000`,
 * with `s` after a definitive signature and a letter after the day of deposit.
 */
export function readStatusPage(html: string): StatusPage | undefined {
  for (const table of nodesOf(parse(html), 'table')) {
    const lines = [...nodesOf(table, 'tr')].map((row) =>
      [...row.childNodes].filter((cell) => cell.nodeName === 'td' || cell.nodeName === 'th'),
    );
    const start = lines.findIndex((cells) => cells[0] !== undefined && /^participant/i.test(clean(cells[0])));
    if (start < 0) continue;
    const headings = lines[start]!.map((cell) => clean(cell).toLowerCase());
    const signature = headings.findIndex((heading) => heading.startsWith('signature'));
    const action = headings.findIndex((heading) => /ratification|accession/.test(heading));
    if (action < 0) continue;
    const page: StatusPage = { rows: [], unread: [] };
    for (const cells of lines.slice(start + 1)) {
      const name = cells[0] ? clean(cells[0], superscript).replace(/\s*\d+(\s*,\s*\d+)*$/, '') : '';
      if (name === '') continue;
      const [signed, done] = [signature, action].map((index) =>
        index >= 0 && cells[index] ? clean(cells[index], superscript) : '',
      );
      const [first, second] = [readCell(signed!), readCell(done!)];
      const kind = second ? letters[second.letter] : null;
      if (first === undefined || second === undefined || kind === undefined) {
        page.unread.push({ name, cell: [signed, done].filter((text) => text !== '').join(' | ') });
        continue;
      }
      const marks = cells.flatMap((cell) => [...nodesOf(cell, 'sup')].map((mark) => clean(mark))).join(' ');
      page.rows.push({
        name,
        signature: first?.day ?? null,
        definitive: first?.letter === 's',
        action: second?.day ?? null,
        kind,
        marks,
      });
    }
    return page;
  }
  return undefined;
}

export const earliestDay = plainDate('1945-01-01');
