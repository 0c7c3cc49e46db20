import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../platform/paths.ts';
import type { Act, Resolution } from '../schema.ts';

/** A resolution written for the tests, and what a reader finds in it, fact by fact. */
export interface Invented {
  name: string;
  text: string;
  facts: string[];
}

const folder = join(packageRoot, 'src', 'modules', 'mandates', 'rules', 'parse', 'samples', 'invented');

/**
 * Files of `### name`, the text, `>>>`, its facts: `document body number session date style`, counts of parts, and for each act
 * `number | verb | kind | addressees | deadline | report`.
 */
export function inventedTexts(): Invented[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/^### /m)
      .slice(1)
      .map((part) => {
        const [head = '', facts = ''] = part.split(/^>>>\n/m);
        const line = head.indexOf('\n');
        return { name: `${file.slice(0, 2)}/${head.slice(0, line)}`, text: head.slice(line + 1), facts: facts.trim().split('\n') };
      }),
  );
} // prettier-ignore

function dueOf({ deadline }: Act): string {
  if (!deadline) return '';
  if (deadline.type === 'session') return `session ${String(deadline.session ?? '-')}`;
  return deadline.type === 'date' ? `date ${deadline.date ?? '-'}` : `${deadline.type} ${deadline.text}`;
}

function lineOf(number: string, act: Act): string {
  const to = act.addressees.map(({ id }) => id ?? '?').join('+');
  const report = act.reportTo ? `${act.reportTo.bodyId ?? '?'} ${String(act.reportTo.session ?? '-')}` : '';
  return [number, act.verb ?? '-', act.kind ?? '-', to, dueOf(act), report].join(' | ').replace(/[\s|]+$/, '');
}

/** Everything that was read, in the words of the facts. */
export function factsRead({ document, preambular, operative, footnotes, annexes }: Resolution): string[] {
  const number = document.number ?? document.symbol ?? '-';
  const cited = [...preambular, ...operative, ...footnotes, ...operative.flatMap((one) => one.children)].flatMap((one) => one.citations); // prettier-ignore
  return [
    `document ${document.bodyId ?? '-'} ${number} ${String(document.session ?? '-')} ${document.date ?? '-'} ${document.style}`,
    `symbol ${document.symbol ?? '-'}`,
    `title ${document.title ?? '-'}`,
    ...(document.draft ? ['draft'] : []),
    `preambular ${String(preambular.length)}`,
    `notes ${String(footnotes.length)}`,
    `annexes ${String(annexes.length)}`,
    ...operative.flatMap((one) => [
      `points ${one.number}:${String(one.children.filter(({ type }) => type === 'subparagraph').length)}`,
      lineOf(one.number, one),
      ...one.children.flatMap(({ number: its, act }) => (act ? [lineOf(its, act)] : [])),
    ]),
    ...cited.map(({ target, article }) => `cites ${[target, article].filter((part) => part !== null).join(' ')}`),
  ];
}

/** One fact a line: `points 1:2 3:2` and `cites a; b` are several. */
export function singleFacts(facts: readonly string[]): string[] {
  return facts.flatMap((fact) => {
    const [, key = '', rest = ''] = /^(points|cites) (.*)$/.exec(fact) ?? [];
    if (key === '') return [fact.replace(/\s*\|\s*/g, ' | ').replace(/[\s|]+$/, '')];
    return rest.split(key === 'points' ? ' ' : '; ').map((one) => `${key} ${one}`);
  });
}
