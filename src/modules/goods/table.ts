import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { Invalid } from '../../platform/errors.ts';

/** One row of a table: its cells by column, or why it could not be read. Rows are counted from 1 without the header. */
export type TableRow =
  | { row: number; cells: Cells; list: string[] }
  | {
      row: number;
      code: 'goods.row-wrong-column-count' | 'goods.encoding' | 'goods.rest-unreadable';
      column: string | null;
      byteOffset?: number;
    };

/** Cells by the name of their column, and by the same without spaces, dashes and underscores. */
export type Cells = Readonly<Record<string, string>>;

export interface Table {
  /** Lower-case names of the columns; empty when the first row is no known header. */
  columns: string[];
  rows: AsyncIterable<TableRow>;
  /** It holds no row at all, not even a header. */
  isEmpty: boolean;
  /** Codes of what the reader of the answer must know. */
  notes: string[];
}

const sniffed = 65_536;

interface Start {
  text: string;
  /** Bytes of the mark before the first row. */
  marked: number;
  /** What the bytes are read as; UTF-8 is checked cell by cell, all others are decoded on the way. */
  encoding: string;
}

const marks: [bytes: number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** UTF-16 without a mark: every other byte of a header in Latin letters is nought. */
function unmarked(bytes: Buffer): string {
  const some = bytes.subarray(0, 64);
  const noughts = (from: number) => some.filter((byte, n) => n % 2 === from && byte === 0).length;
  if (some.length >= 4 && noughts(1) > some.length / 4) return 'utf-16le';
  if (some.length >= 4 && noughts(0) > some.length / 4) return 'utf-16be';
  return 'utf-8';
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new Invalid('goods.encoding-unknown', { params: { encoding }, cause });
  }
}

async function readStart(path: string, told: string | undefined): Promise<Start> {
  const unreadable = (cause: unknown) => {
    throw new Invalid('goods.file-unreadable', { params: { file: path }, cause });
  };
  const file = await open(path).catch(unreadable);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffed), 0, sniffed, 0).catch(unreadable);
    const bytes = buffer.subarray(0, bytesRead);
    const mark = marks.find(([start]) => start.every((byte, n) => bytes[n] === byte));
    const encoding = decoderOf(mark?.[1] ?? told ?? unmarked(bytes)).encoding;
    const marked = mark?.[0].length ?? 0;
    return { text: decoderOf(encoding).decode(bytes.subarray(marked)), marked, encoding };
  } finally {
    await file.close();
  }
}

/** Bytes of another encoding as UTF-8. */
function recoded(encoding: string): Transform {
  const decoder = decoderOf(encoding);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(decoder.decode(chunk, { stream: true })));
    },
    flush(done) {
      done(null, Buffer.from(decoder.decode()));
    },
  });
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

/** The name of a column without what people write between its words: `Name_1`, `name 1` and `name1` are one. */
export function plainColumn(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

export interface TableOptions {
  /** Whether these lower-case words are a header; otherwise the first row is data. */
  isHeader(words: string[]): boolean;
  /** Encoding of a file without a mark that is not UTF-8, by the names of the Encoding Standard. */
  encoding?: string | undefined;
}

/**
 * Reads a CSV or TSV file as a stream: comma, semicolon, tab or bar, byte order mark, UTF-16, quoted line breaks, comment
 * lines, the line `sep=;`. Of two columns with one name the first counts.
 * @throws Invalid `goods.file-unreadable`, `goods.file-not-a-table`, `goods.encoding-unknown`
 */
export async function openTable(path: string, { isHeader, encoding: told }: TableOptions): Promise<Table> {
  const { text, marked, encoding } = await readStart(path, told);
  const lines = text.split(/\r\n|\r|\n/);
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const stated = /^sep=(.)$/i.exec(first)?.[1];
  const isOwn = encoding === 'utf-8';
  const bytes = createReadStream(path, { start: marked });
  const parser = (isOwn ? bytes : bytes.pipe(recoded(encoding))).pipe(
    parse({
      delimiter: stated ?? delimiterOf(first),
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
  const records = readRecords(parser, isOwn ? marked : undefined);
  let opening = await records.next();
  if (stated !== undefined) opening = await records.next();
  if (opening.done) return { columns: [], rows: none(), isEmpty: true, notes: [] };
  if (!opening.value.cells) throw new Invalid('goods.file-not-a-table');
  const words = opening.value.cells.map((cell) => cell.toString('utf8').trim().toLowerCase());
  const columns = isHeader(words) ? words : [];
  const notes = isOwn ? [] : ['goods.note-recoded'];
  if (new Set(columns).size < columns.length) notes.push('goods.note-column-twice');
  const rows = toRows(records, columns, columns.length > 0 ? undefined : opening.value);
  return { columns, rows, isEmpty: false, notes };
}

async function* none(): AsyncGenerator<TableRow> {
  // A file without rows is a table without rows.
}

interface Row {
  /** Absent when the file cannot be read from here on. */
  cells?: Buffer[];
  /** Byte where the row begins, when the bytes are the file's own. */
  from: number | undefined;
}

async function* readRecords(
  parser: AsyncIterable<unknown>,
  marked: number | undefined,
): AsyncGenerator<Row, undefined> {
  let from = marked;
  try {
    for await (const one of parser) {
      const { record, info } = one as { record: Buffer[]; info: { bytes: number } };
      yield { cells: record, from };
      from = marked === undefined ? undefined : marked + info.bytes;
    }
  } catch {
    yield { from };
  }
  return undefined;
}

async function* toRows(
  records: AsyncGenerator<Row>,
  columns: readonly string[],
  opening: Row | undefined,
): AsyncGenerator<TableRow> {
  let row = 0;
  let width = columns.length;
  const keys = columns.map((name) => [name, plainColumn(name)] as const);
  const next = ({ cells, from }: Row): TableRow => {
    row += 1;
    const at = from === undefined ? {} : { byteOffset: from };
    if (!cells) return { row, code: 'goods.rest-unreadable', column: null, ...at };
    width ||= cells.length;
    let offset = from ?? 0;
    for (const [n, cell] of cells.entries()) {
      if (!isUtf8(cell))
        return { row, code: 'goods.encoding', column: columns[n] ?? null, byteOffset: offset + brokenAt(cell) };
      offset += cell.length + 1;
    }
    if (cells.length !== width) return { row, code: 'goods.row-wrong-column-count', column: null };
    const list = cells.map((cell) => cell.toString('utf8'));
    const named: Record<string, string> = {};
    for (const [n, [name, plain]] of keys.entries()) {
      named[name] ??= list[n] ?? '';
      named[plain] ??= list[n] ?? '';
    }
    return { row, list, cells: named };
  };
  if (opening) yield next(opening);
  for await (const one of records) yield next(one);
}
