import {
  AlignmentType,
  HeadingLevel,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  type VerticalAlignTable,
  WidthType,
  type IRunOptions,
} from 'docx';
import type { PrintableRequest, PrintableTable, PrintLanguage } from '../printable/index.ts';
import type { FacingRow } from '../rows.ts';
import {
  sheetWidth,
  gutter,
  none,
  noBorders,
  hair,
  double,
  fixed,
  textRuns,
  paragraph,
  type Bookmarks,
  lineParagraph,
} from './text.ts';

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

export function rowsOf(row: FacingRow, request: PrintableRequest, bookmarks: Bookmarks): TableRow[] {
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

export function dataTable(table: PrintableTable, languages: readonly PrintLanguage[]): Table {
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

export function threeColumns(
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
