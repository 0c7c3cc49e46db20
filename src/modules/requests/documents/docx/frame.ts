import {
  AlignmentType,
  Footer,
  Header,
  HeadingLevel,
  PageNumber,
  Paragraph,
  type Table,
  TextRun,
  VerticalAlignTable,
} from 'docx';
import type { PrintableRequest, PrintLanguage } from '../printable/index.ts';
import { dataTable, threeColumns } from './tables.ts';
import { hair, fixed, serif, textRuns, paragraph } from './text.ts';

function shortHash(request: PrintableRequest): string {
  return request.contentHash.slice(7, 23).replaceAll(/(.{4})(?=.)/g, '$1 ');
}

export function header(request: PrintableRequest): Header {
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

export function footer(request: PrintableRequest): Footer {
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

export function opening(request: PrintableRequest): (Paragraph | Table)[] {
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

export function annexes(request: PrintableRequest): (Paragraph | Table)[] {
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
