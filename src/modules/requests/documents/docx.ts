import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
  type IRunOptions,
} from 'docx';
import type { Instant } from '../../../platform/values/index.ts';
import type { PrintableLine, PrintableRequest, PrintableTable, PrintLanguage } from './printable/index.ts';
import { toRows, type FacingRow } from './rows.ts';
import { writeZip, zipEntries } from './zip.ts';

// A4 with margins of 17 mm, in twentieths of a point.
const sheetWidth = 9978;
const gutter = 700;
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const noBorders = { top: none, bottom: none, left: none, right: none };
const hair = { style: BorderStyle.SINGLE, size: 4, color: '14202B' };
const double = { style: BorderStyle.DOUBLE, size: 4, color: '6B7680' };

const serif = { ascii: 'Source Serif 4', hAnsi: 'Source Serif 4', cs: 'Amiri', eastAsia: 'Source Serif 4' };
const fixed = { ascii: 'IBM Plex Mono', hAnsi: 'IBM Plex Mono', cs: 'IBM Plex Mono', eastAsia: 'IBM Plex Mono' };

interface Piece {
  text: string;
  rtl: boolean;
}

const strongRtl = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/u;
const firstStrong = /[A-Za-z\u00C0-\u024F\u0370-\u052F\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/u;

/** Word processors know run directions better than isolates: each isolate becomes a run of its own direction. */
export function toPieces(text: string, rtl: boolean): Piece[] {
  const pieces: Piece[] = [];
  const directions = [rtl];
  let current = '';
  const flush = () => {
    if (current !== '') pieces.push({ text: current, rtl: directions.at(-1) ?? rtl });
    current = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\u2066' || character === '\u2068') {
      flush();
      const strong = firstStrong.exec(text.slice(at))?.[0];
      directions.push(
        character === '\u2068' && strong !== undefined ? strongRtl.test(strong) : character === '\u2068' && rtl,
      );
    } else if (character === '\u2069') {
      flush();
      if (directions.length > 1) directions.pop();
    } else {
      current += character;
    }
  }
  flush();
  return pieces;
}

function textRuns(text: string, lang: PrintLanguage, look: IRunOptions = {}): TextRun[] {
  return toPieces(text, lang === 'ar').flatMap((piece) =>
    piece.text.split('\n').map(
      (part, index) =>
        new TextRun({
          font: serif,
          ...look,
          text: part,
          ...(index > 0 ? { break: 1 } : {}),
          rightToLeft: piece.rtl,
          boldComplexScript: look.bold,
          language: piece.rtl ? { bidirectional: 'ar-SA' } : { value: 'en-GB' },
        }),
    ),
  );
}

interface Look {
  style?: string;
  heading?: (typeof HeadingLevel)[keyof typeof HeadingLevel];
  alignment?: (typeof AlignmentType)[keyof typeof AlignmentType];
  indent?: { start: number };
  keepNext?: boolean;
}

function paragraph(lang: PrintLanguage, children: (TextRun | Bookmark)[], look: Look = {}): Paragraph {
  return new Paragraph({ bidirectional: lang === 'ar', alignment: AlignmentType.START, children, ...look });
}

/** Names the place of free text, so that an edited file that comes back can be compared clause by clause. */
class Bookmarks {
  private last = 0;

  wrap(line: PrintableLine, lang: PrintLanguage, runs: TextRun[]): (TextRun | Bookmark)[] {
    if (line.path === undefined) return runs;
    const id = `${lang}_${++this.last}_${line.path.replaceAll(/\W/g, '_')}`.slice(0, 40);
    return [new Bookmark({ id, children: runs })];
  }
}

function lineParagraph(line: PrintableLine, lang: PrintLanguage, bookmarks: Bookmarks): Paragraph {
  const { label, runs, level = 0, mark } = line;
  const look: IRunOptions =
    mark === 'not-translated' ? { color: '4A5661' } : mark === 'machine' ? { underline: { type: 'dotted' } } : {};
  const body = runs.flatMap((run) =>
    textRuns(run.text, lang, run.style === 'mono' ? { ...look, font: fixed, size: 17 } : look),
  );
  const head = label === undefined ? [] : textRuns(runs.length === 0 ? label : `${label}: `, lang, { bold: true });
  return paragraph(lang, [...head, ...bookmarks.wrap(line, lang, body)], {
    style: lang === 'ar' ? 'ClauseArabic' : 'Clause',
    ...(level > 0 ? { indent: { start: level * 200 } } : {}),
    ...(runs.length === 0 ? { keepNext: true } : {}),
  });
}

function cell(width: number, children: Paragraph[], more: object = {}): TableCell {
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    borders: noBorders,
    margins: { top: 40, bottom: 40, left: 100, right: 100 },
    children: children.length > 0 ? children : [new Paragraph({})],
    ...more,
  });
}

function gutterCell(numbering: { reference: string } | null): TableCell {
  const number = numbering ? { numbering: { reference: numbering.reference, level: 0 } } : {};
  return cell(
    gutter,
    [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        style: numbering?.reference === 'parts' ? 'GutterPart' : 'Gutter',
        ...number,
      }),
    ],
    {
      borders: { top: none, bottom: none, left: double, right: double },
    },
  );
}

function facing(sides: TableCell[], middle: TableCell): TableRow {
  const [first, second] = sides;
  const cells = second ? [first, middle, second] : [middle, first];
  return new TableRow({ cantSplit: false, children: cells.filter((one) => one !== undefined) });
}

function rowsOf(row: FacingRow, request: PrintableRequest, bookmarks: Bookmarks): TableRow[] {
  const { languages } = request;
  const width = (sheetWidth - gutter) / languages.length;
  const rows: TableRow[] = [];
  if (row.heading) {
    const { words } = row.heading;
    const headings = languages.map((lang, index) =>
      cell(width, [
        paragraph(lang, textRuns(words[index] ?? '', lang, { bold: true }), {
          heading: HeadingLevel.HEADING_2,
          keepNext: true,
        }),
      ]),
    );
    rows.push(facing(headings, gutterCell({ reference: 'parts' })));
  }
  const sides = row.sides.map((side) => {
    const lines = side.lines.map((line) => lineParagraph(line, side.lang, bookmarks));
    const note = side.note ? [paragraph(side.lang, textRuns(side.note, side.lang, { size: 16, color: '4A5661' }))] : [];
    return cell(width, [...lines, ...note]);
  });
  rows.push(facing(sides, gutterCell(row.n === undefined ? null : { reference: 'clauses' })));
  return rows;
}

function dataTable(table: PrintableTable, languages: readonly PrintLanguage[]): Table {
  const total = table.columns.reduce((sum, column) => sum + column.width, 0);
  const widths = table.columns.map((column) => Math.round((column.width / total) * sheetWidth));
  const row = (cells: { text: string; lang?: PrintLanguage }[][], head: boolean) =>
    new TableRow({
      tableHeader: head,
      cantSplit: true,
      children: cells.map((lines, index) => {
        const look: IRunOptions = {
          size: head ? 16 : 17,
          bold: head,
          ...(table.columns[index]?.style === 'mono' && !head ? { font: fixed, size: 14 } : {}),
        };
        const children = lines.map(({ text, lang = 'en' }) => paragraph(lang, textRuns(text, lang, look)));
        return cell(widths[index] ?? 1000, children, {
          borders: { ...noBorders, bottom: hair, ...(head ? { top: hair } : {}) },
        });
      }),
    });
  const heads = table.columns.map((column) =>
    column.heads.map((text, index) => ({
      text,
      lang: column.heads.length === languages.length ? (languages[index] ?? 'en') : 'en',
    })),
  );
  return new Table({
    width: { size: sheetWidth, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    visuallyRightToLeft: languages.length === 1 && languages[0] === 'ar',
    rows: [row(heads, true), ...table.rows.map((cells) => row(cells, false))],
  });
}

function threeColumns(
  cells: Paragraph[][],
  borders: object,
  style: { verticalAlign?: (typeof VerticalAlignTable)[keyof typeof VerticalAlignTable] } = {},
): Table {
  const widths =
    cells.length === 3 ? [2600, sheetWidth - 5200, 2600] : cells.map(() => Math.floor(sheetWidth / cells.length));
  return new Table({
    width: { size: sheetWidth, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, insideHorizontal: none, insideVertical: none },
    rows: [
      new TableRow({
        children: cells.map((children, index) =>
          cell(widths[index] ?? 0, children, { borders: { ...noBorders, ...borders }, ...style }),
        ),
      }),
    ],
  });
}

function shortHash(request: PrintableRequest): string {
  return request.contentHash.slice(7, 23).replaceAll(/(.{4})(?=.)/g, '$1 ');
}

function header(request: PrintableRequest): Header {
  const { handling, languages } = request;
  const words = handling.words.flatMap((word, index) => {
    const lang = languages[index] ?? 'en';
    return textRuns(word, lang, { bold: true, size: 17 });
  });
  const tlp =
    handling.tlp === ''
      ? []
      : textRuns(
          `${handling.words.length > 0 ? ' · ' : ''}${handling.tlp}${handling.words.length > 1 ? ' · ' : ''}`,
          'en',
          { bold: true, size: 17 },
        );
  const [first, ...others] = words;
  const code = [...(first ? [first] : []), ...tlp, ...others];
  const band = threeColumns(
    [
      [paragraph('en', textRuns(request.reference, 'en', { font: fixed, size: 16 }))],
      [paragraph('en', code, { alignment: AlignmentType.CENTER })],
      [
        paragraph('en', textRuns(shortHash(request), 'en', { font: fixed, size: 16 }), {
          alignment: AlignmentType.RIGHT,
        }),
      ],
    ],
    { top: hair, bottom: hair },
  );
  const frame = request.frame;
  const warning = [request.signed ? [] : frame.draft, request.training ? frame.training : []].flatMap((list) =>
    list.map((text, index) => {
      const lang = languages[index] ?? 'en';
      return paragraph(lang, textRuns(text, lang, { bold: true, size: 18 }), { alignment: AlignmentType.CENTER });
    }),
  );
  return new Header({ children: [...warning, band, new Paragraph({})] });
}

function pageWords(phrase: string, lang: PrintLanguage): TextRun[] {
  return phrase.split(/(\{pages?\})/).flatMap((part) => {
    if (part === '{page}' || part === '{pages}') {
      const field = part === '{page}' ? PageNumber.CURRENT : PageNumber.TOTAL_PAGES;
      return [new TextRun({ font: serif, size: 16, children: [field], rightToLeft: lang === 'ar' })];
    }
    return textRuns(part, lang, { size: 16 });
  });
}

function footer(request: PrintableRequest): Footer {
  const { languages, frame, verify, contentHash } = request;
  const hash = new Paragraph({
    alignment: AlignmentType.CENTER,
    children: textRuns(`${verify.url}  SHA-256 ${contentHash.slice(7)}`, 'en', { font: fixed, size: 13 }),
  });
  const pages = languages.map((lang, index) => [
    paragraph(lang, pageWords(frame.page[index] ?? '', lang), { alignment: AlignmentType.START }),
  ]);
  return new Footer({ children: [hash, threeColumns(pages, { top: hair })] });
}

function opening(request: PrintableRequest): (Paragraph | Table)[] {
  const { languages, letterhead, titles, subtitles, urgent } = request;
  const heads = languages.map((lang, index) =>
    (letterhead.lines[index] ?? []).map((text, n) =>
      paragraph(lang, textRuns(text, lang, n < 3 ? { bold: true, size: 23 } : { size: 16, color: '4A5661' })),
    ),
  );
  return [
    threeColumns(heads, {}, { verticalAlign: VerticalAlignTable.CENTER }),
    ...titles.map((title, index) => {
      const lang = languages[index] ?? 'en';
      return paragraph(lang, textRuns(title, lang, { bold: true, size: 34 }), {
        ...(index === 0 ? { heading: HeadingLevel.HEADING_1 } : {}),
        alignment: AlignmentType.CENTER,
      });
    }),
    ...subtitles.map((subtitle, index) => {
      const lang = languages[index] ?? 'en';
      const runs = textRuns(index === 0 ? `${request.reference}, ${subtitle}` : subtitle, lang, { size: 18 });
      const mark = urgent ? textRuns(` · ◆ ${urgent[index] ?? ''}`, lang, { bold: true, size: 18 }) : [];
      return paragraph(lang, [...runs, ...mark], { alignment: AlignmentType.CENTER });
    }),
    new Paragraph({}),
  ];
}

function annexes(request: PrintableRequest): (Paragraph | Table)[] {
  const { languages } = request;
  return request.tables.flatMap((table) => [
    new Paragraph({}),
    ...table.titles.map((title, index) => {
      const lang = languages[index] ?? 'en';
      const number = index === 0 ? `${table.number}. ` : '';
      return paragraph(lang, textRuns(`${number}${title}`, lang, { bold: true, size: 23 }), {
        heading: HeadingLevel.HEADING_2,
        keepNext: true,
      });
    }),
    ...(table.rows.length > 0 ? [dataTable(table, languages)] : []),
    ...table.notes.map((note, index) => {
      const lang = languages[index] ?? 'en';
      return paragraph(lang, textRuns(note, lang, { size: 16, color: '4A5661' }));
    }),
  ]);
}

const styles = {
  default: {
    document: { run: { font: serif, size: 19, color: '14202B' } },
    heading1: {
      run: { font: serif, size: 34, bold: true, color: '14202B' },
      paragraph: { spacing: { before: 240, after: 60 } },
    },
    heading2: {
      run: { font: serif, size: 20, bold: true, color: '14202B' },
      paragraph: { spacing: { before: 160, after: 40 } },
    },
  },
  paragraphStyles: [
    {
      id: 'Clause',
      name: 'Clause',
      basedOn: 'Normal',
      quickFormat: true,
      run: { size: 19 },
      paragraph: { spacing: { after: 60, line: 264 } },
    },
    {
      id: 'ClauseArabic',
      name: 'Clause, Arabic',
      basedOn: 'Normal',
      quickFormat: true,
      run: { size: 22, sizeComplexScript: 22 },
      paragraph: { spacing: { after: 60, line: 300 } },
    },
    { id: 'Gutter', name: 'Gutter', basedOn: 'Normal', run: { size: 16, color: '4A5661' } },
    {
      id: 'GutterPart',
      name: 'Gutter, part',
      basedOn: 'Gutter',
      run: { bold: true },
      paragraph: { spacing: { before: 180 } },
    },
  ],
};

function numberingOf(reference: string, format: (typeof LevelFormat)[keyof typeof LevelFormat]) {
  const style = { run: { size: 16, bold: reference === 'parts' }, paragraph: { indent: { left: 0, hanging: 0 } } };
  return {
    reference,
    levels: [{ level: 0, format, text: '%1', alignment: AlignmentType.CENTER, suffix: 'nothing' as const, style }],
  };
}

/** Numbers bookmarks from 1 in each file: the writer counts on from file to file. */
function renumbered(xml: string): string {
  const numbers = new Map<string, number>();
  return xml.replaceAll(
    /(<w:bookmark(?:Start|End)\b[^>]*?w:id=")(\d+)(")/g,
    (_, before: string, id: string, after: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
      return `${before}${numbers.get(id)}${after}`;
    },
  );
}

/** The writer stamps the present moment on its files; ours carry the request's, so that one request is one file. */
async function settled(bytes: Uint8Array, at: Instant): Promise<Uint8Array> {
  const entries = (await zipEntries(bytes)).map(({ name, bytes: content }) => {
    const text = content.toString('utf8');
    if (name === 'docProps/core.xml')
      return { name, bytes: Buffer.from(text.replaceAll(/(W3CDTF">)[^<]*/g, `$1${at}`)) };
    return { name, bytes: name === 'word/document.xml' ? Buffer.from(renumbered(text)) : content };
  });
  return writeZip(entries, at);
}

/**
 * The paper of a request as a Word file for editing: the clauses, numbers and content hash of the PDF, in a table of
 * two facing columns, right-to-left where the language is. Free text stands in bookmarks named after its place.
 */
export async function requestDocx(request: PrintableRequest): Promise<Uint8Array> {
  const bookmarks = new Bookmarks();
  const { languages } = request;
  const side = (sheetWidth - gutter) / languages.length;
  const columnWidths = languages.length === 2 ? [side, gutter, side] : [gutter, side];
  const body = new Table({
    width: { size: sheetWidth, type: WidthType.DXA },
    columnWidths,
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, insideHorizontal: none, insideVertical: none },
    visuallyRightToLeft: languages.length === 1 && languages[0] === 'ar',
    rows: toRows(request).flatMap((row) => rowsOf(row, request, bookmarks)),
  });
  const document = new Document({
    title: `${request.titles[0] ?? ''} ${request.reference}`,
    creator: 'Comity',
    lastModifiedBy: 'Comity',
    description: request.contentHash,
    styles,
    numbering: {
      config: [numberingOf('parts', LevelFormat.UPPER_LETTER), numberingOf('clauses', LevelFormat.DECIMAL)],
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11906, height: 16838 },
            margin: { top: 1400, bottom: 1100, left: 964, right: 964, header: 560, footer: 500 },
          },
        },
        headers: { default: header(request) },
        footers: { default: footer(request) },
        children: [...opening(request), body, ...annexes(request)],
      },
    ],
  });
  return settled(await Packer.toBuffer(document), request.createdAt);
}
