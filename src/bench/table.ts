import type { BenchRow } from '../modules/treaties/index.ts';

const columns = ['area', 'what', 'figure', 'goal', 'peer in the same run', 'ratio', ''] as const;

/** The rows as a table in Markdown, so that it may be pasted as it is. */
export function benchTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.area,
    row.name,
    row.figure,
    row.goal,
    row.peer ?? '',
    row.ratio ?? '',
    row.met ? 'met' : 'not met',
  ]);
  const widths = columns.map((title, index) => Math.max(title.length, ...cells.map((row) => row[index]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
