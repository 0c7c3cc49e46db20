import type { Footnote, Operative, ParseProblem, Preambular } from '../../schema.ts';
import type { Head } from './head.ts';

/** What stands out in a text that was read: nothing here stops anything. */
export function problemsOf(
  preambular: readonly Preambular[],
  operative: readonly Operative[],
  notes: readonly Footnote[],
  head: Pick<Head, 'bodyLine'>,
): ParseProblem[] {
  const known = new Set(notes.map((note) => note.marker));
  const used = new Set([...preambular, ...operative].flatMap((one) => one.footnotes));
  const lost = (where: 'preambular' | 'operative', list: readonly { footnotes: string[] }[]) =>
    list.flatMap((one, n) =>
      one.footnotes
        .filter((marker) => !known.has(marker))
        .map((marker): ParseProblem => ({ code: 'mandates.footnote-without-text', path: [where, n], marker })),
    );
  const numbers = operative.map((one) => one.number);
  const whole = numbers.map((one) => Number.parseFloat(one));
  const first = new Map<string, number>();
  numbers.forEach((one, n) => first.has(one) || first.set(one, n));
  return [
    ...(head.bodyLine < 0 ? [{ code: 'mandates.no-body' as const, path: [] }] : []),
    ...(preambular.length === 0 ? [{ code: 'mandates.no-preamble' as const, path: [] }] : []),
    ...(operative.length === 0 ? [{ code: 'mandates.no-operative' as const, path: [] }] : []),
    ...lost('preambular', preambular),
    ...lost('operative', operative),
    ...notes.flatMap((note, n): ParseProblem[] =>
      used.has(note.marker)
        ? []
        : [{ code: 'mandates.footnote-without-mark', path: ['footnotes', n], marker: note.marker }],
    ),
    ...operative.flatMap((one, n): ParseProblem[] => {
      const path = ['operative', n];
      const before = whole[n - 1];
      const twice = first.get(one.number)!;
      return [
        ...(one.verb === null ? [{ code: 'mandates.unknown-verb' as const, path, text: one.opening ?? '' }] : []),
        ...(twice < n ? [{ code: 'mandates.number-twice' as const, path, other: ['operative', twice] }] : []),
        ...(before !== undefined && twice === n && whole[n]! < before
          ? [{ code: 'mandates.number-out-of-order' as const, path, other: ['operative', n - 1] }]
          : []),
        ...(one.numbering === 'source' && before !== undefined && whole[n]! > before + 1
          ? [{ code: 'mandates.number-missing' as const, path, other: ['operative', n - 1] }]
          : []),
      ];
    }),
  ];
}
