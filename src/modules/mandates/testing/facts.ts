import type { Act, Resolution } from '../schema.ts';

const columns = ['resolution', 'part', 'number', 'verb', 'kind', 'addressees', 'citations', 'places'] as const;
export const factsHead = columns.join('\t');

const cited = (list: readonly { type: string; target: string | null; article: string | null; text: string }[]) =>
  [...new Set(list.map(({ type, target, article }) => [type, target ?? '?', article].filter((one) => one !== null).join(' ')))].join('; '); // prettier-ignore
const spans = (list: readonly (readonly [number, number])[]) =>
  list.map(([from, to]) => `${String(from)}-${String(to)}`).join(' ');
const towards = (act: Pick<Act, 'addressees'>) =>
  act.addressees
    .map(({ id, instruments }) => `${id ?? '?'}${instruments ? `[${instruments.join(' ')}]` : ''}`)
    .join('+');

/** What was read, as facts without the text: one line for each paragraph, act and note. Places are offsets into the file. */
export function factLines(name: string, { preambular, operative, footnotes }: Resolution): string[] {
  const line = (...cells: (string | null)[]) => [name, ...cells.map((one) => one ?? '')].join('\t');
  return [
    ...preambular.map((one) => line('preambular', String(one.index), one.openings.join('+'), '', '', cited(one.citations), spans(one.spans))),
    ...operative.flatMap((one) => [
      line('operative', one.number, one.verb, one.kind, towards(one), cited(one.citations), spans([...one.spans, ...one.found.filter(({ field }) => field !== 'citation').map(({ span }) => span)])),
      ...one.children.map((child) => (child.act ? line('act', child.number, child.act.verb, child.act.kind, towards(child.act), '', '') : line('point', child.number, '', '', '', cited(child.citations), ''))),
    ]),
    ...footnotes.map((one) => line('note', one.marker, '', '', '', cited(one.citations), spans(one.spans))),
  ];
} // prettier-ignore
