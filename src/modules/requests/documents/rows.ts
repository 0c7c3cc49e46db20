import type { PrintableClause, PrintableLine, PrintableRequest, PrintLanguage } from './printable/index.ts';

/** What stands side by side and is kept together: a heading or number, and the lines of each language. */
export interface FacingRow {
  heading?: { letter: string; words: string[] };
  n?: number;
  sides: { lang: PrintLanguage; lines: PrintableLine[]; note?: string }[];
  /** Short enough to be kept on one sheet. */
  whole: boolean;
}

function isLabelOnly(line: PrintableLine): boolean {
  return line.runs.length === 0;
}

function lengthOf(lines: readonly PrintableLine[]): number {
  return lines.reduce((sum, line) => sum + line.runs.reduce((length, run) => length + run.text.length, 60), 0);
}

function clauseRows(clause: PrintableClause): FacingRow[] {
  const first = clause.sides[0]?.lines ?? [];
  const paired = clause.sides.every((side) => side.lines.length === first.length);
  const breaks = paired ? first.flatMap((line, index) => (isLabelOnly(line) ? [] : [index + 1])) : [];
  const ends = breaks.length > 0 && breaks.at(-1) === first.length ? breaks : [...breaks, Infinity];
  return ends.map((end, index): FacingRow => {
    const sides = clause.sides.map((side) => {
      const lines = side.lines.slice(index === 0 ? 0 : ends[index - 1], end);
      return { lang: side.lang, lines, ...(side.mark && index === ends.length - 1 ? { note: side.mark.text } : {}) };
    });
    const whole = Math.max(...sides.map((side) => lengthOf(side.lines))) < 1100;
    return { ...(index === 0 ? { n: clause.n } : {}), sides, whole };
  });
}

/** The clauses of a request as rows of two facing columns, paragraph by paragraph. */
export function toRows(request: PrintableRequest): FacingRow[] {
  return request.sections.flatMap((section) =>
    section.clauses.flatMap(clauseRows).map((row, index) => {
      return index === 0 ? { heading: { letter: section.letter, words: section.headings }, ...row } : row;
    }),
  );
}
