import { AlignmentType, Bookmark, BorderStyle, type HeadingLevel, Paragraph, TextRun, type IRunOptions } from 'docx';
import type { PrintableLine, PrintLanguage } from '../printable/index.ts';

// A4 with margins of 17 mm, in twentieths of a point.
export const sheetWidth = 9978;
export const gutter = 700;
export const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
export const noBorders = { top: none, bottom: none, left: none, right: none };
export const hair = { style: BorderStyle.SINGLE, size: 4, color: '14202B' };
export const double = { style: BorderStyle.DOUBLE, size: 4, color: '6B7680' };

export const serif = { ascii: 'Source Serif 4', hAnsi: 'Source Serif 4', cs: 'Amiri', eastAsia: 'Source Serif 4' };
export const fixed = { ascii: 'IBM Plex Mono', hAnsi: 'IBM Plex Mono', cs: 'IBM Plex Mono', eastAsia: 'IBM Plex Mono' };

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

export function textRuns(text: string, lang: PrintLanguage, look: IRunOptions = {}): TextRun[] {
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

export function paragraph(lang: PrintLanguage, children: (TextRun | Bookmark)[], look: Look = {}): Paragraph {
  return new Paragraph({ bidirectional: lang === 'ar', alignment: AlignmentType.START, children, ...look });
}

/** Names the place of free text, so that an edited file that comes back can be compared clause by clause. */
export class Bookmarks {
  private last = 0;

  wrap(line: PrintableLine, lang: PrintLanguage, runs: TextRun[]): (TextRun | Bookmark)[] {
    if (line.path === undefined) return runs;
    const id = `${lang}_${++this.last}_${line.path.replaceAll(/\W/g, '_')}`.slice(0, 40);
    return [new Bookmark({ id, children: runs })];
  }
}

export function lineParagraph(line: PrintableLine, lang: PrintLanguage, bookmarks: Bookmarks): Paragraph {
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
