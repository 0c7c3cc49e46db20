import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { Invalid } from '../../platform/errors.ts';

/** One row of a table: its cells by column, or why it could not be read. Rows are counted from 1 without the header. */
export type TableRow =
  | { row: number; cells: Record<string, string>; list: string[] }
  | {
      row: number;
      code: 'goods.row-wrong-column-count' | 'goods.encoding';
      column: string | null;
      byteOffset?: number;
    };

export interface Table {
  /** Lower-case names of the columns; empty when the first row is no known header. */
  columns: string[];
  rows: AsyncIterable<TableRow>;
}

const sniffed = 65_536;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

async function readStart(path: string): Promise<{ start: string; marked: number }> {
  const file = await open(path).catch((cause: unknown) => {
    throw new Invalid('goods.file-unreadable', { params: { file: path }, cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffed), 0, sniffed, 0);
    const marked = buffer.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    return { start: buffer.subarray(marked, bytesRead).toString('utf8'), marked };
  } finally {
    await file.close();
  }
}

function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (sign: string) => bare.split(sign).length;
  return [',', ';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Where a text stops being UTF-8. */
function brokenAt(bytes: Buffer): number {
  let at = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (; at < bytes.length; at += 1)
    try {
      decoder.decode(bytes.subarray(0, at + 1));
    } catch {
      // A sequence that is only unfinished becomes whole with a later byte.
      const rest = bytes.subarray(0, at + 4);
      if (!isUtf8(rest) && !isUtf8(bytes.subarray(0, at + 2)) && !isUtf8(bytes.subarray(0, at + 3))) return at;
    }
  return at;
}

/**
 * Reads a CSV or TSV file as a stream: comma, semicolon, tab or bar, byte order mark, quoted line breaks, comment lines.
 * @param isHeader whether these lower-case words are a header; otherwise the first row is data
 * @throws Invalid `goods.file-unreadable`, `goods.file-not-a-table`
 */
export async function openTable(path: string, isHeader: (words: string[]) => boolean): Promise<Table> {
  const { start, marked } = await readStart(path);
  const first = start.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const parser = createReadStream(path, { start: marked }).pipe(
    parse({
      delimiter: delimiterOf(first),
      comment: '#',
      comment_no_infix: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      encoding: null,
      info: true,
      max_record_size: 4_000_000,
    }),
  );
  const records = readRecords(parser, marked);
  const opening = await records.next();
  if (opening.done) return { columns: [], rows: none() };
  const words = opening.value.cells.map((cell) => cell.toString('utf8').trim().toLowerCase());
  const columns = isHeader(words) ? words : [];
  return { columns, rows: toRows(records, columns, columns.length > 0 ? undefined : opening.value) };
}

async function* none(): AsyncGenerator<TableRow> {
  // A file without rows is a table without rows.
}

interface Row {
  cells: Buffer[];
  from: number;
}

/** @param marked bytes of the mark before the first row */
async function* readRecords(parser: AsyncIterable<unknown>, marked: number): AsyncGenerator<Row> {
  let from = marked;
  try {
    for await (const one of parser) {
      const { record, info } = one as { record: Buffer[]; info: { bytes: number } };
      yield { cells: record, from };
      from = marked + info.bytes;
    }
  } catch (cause) {
    throw new Invalid('goods.file-not-a-table', { cause });
  }
}

async function* toRows(
  records: AsyncGenerator<Row>,
  columns: readonly string[],
  opening: Row | undefined,
): AsyncGenerator<TableRow> {
  let row = 0;
  let width = columns.length;
  const next = (one: Row): TableRow => {
    row += 1;
    width ||= one.cells.length;
    let offset = one.from;
    for (const [n, cell] of one.cells.entries()) {
      if (!isUtf8(cell))
        return { row, code: 'goods.encoding', column: columns[n] ?? null, byteOffset: offset + brokenAt(cell) };
      offset += cell.length + 1;
    }
    if (one.cells.length !== width) return { row, code: 'goods.row-wrong-column-count', column: null };
    const list = one.cells.map((cell) => cell.toString('utf8'));
    return { row, list, cells: Object.fromEntries(columns.map((name, n) => [name, list[n] ?? ''])) };
  };
  if (opening) yield next(opening);
  for await (const one of records) yield next(one);
}
