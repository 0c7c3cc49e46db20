import { AlignmentType, Document, LevelFormat, Packer, Table, TableLayoutType, WidthType } from 'docx';
import type { PrintableRequest } from '../printable/index.ts';
import { toRows } from '../rows.ts';
import { header, footer, opening, annexes } from './frame.ts';
import { settled } from './settle.ts';
import { rowsOf } from './tables.ts';
import { sheetWidth, gutter, none, noBorders, serif, Bookmarks } from './text.ts';

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
