import { isUnknown, unknown } from '../../../platform/values/index.ts';
import { isPlainRule, type Part } from '../schema/index.ts';

/** Values of a posted form by field name. */
export type Posted = Readonly<Record<string, readonly string[]>>;

/** Value of a choice that stands for "the law does not say". */
export const notStated = 'not-stated';
/** Rows that a question offers beyond those filled. */
export const spareRows = 2;

/** Names of the rows that a posted list has, in order: `questions.0`, `questions.1`. */
function rowNames(posted: Posted, name: string): string[] {
  const found = new Set<number>();
  for (const field of Object.keys(posted)) {
    if (!field.startsWith(`${name}.`)) continue;
    const index = Number(field.slice(name.length + 1).split('.')[0]);
    if (Number.isInteger(index) && index < 200) found.add(index);
  }
  return [...found].sort((a, b) => a - b).map((index) => `${name}.${index}`);
}

/** A number as typed; what is no number stays text, so that the check names it. */
function toNumber(text: string): unknown {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/**
 * Reads an answer from a form made of these parts. A part left empty is absent when it may be, an unknown when the
 * State may have said nothing, and otherwise missing, which the check of the profile says.
 * @param before the answer as it stood, for the reasons of what is unknown
 */
export function readAnswer(
  parts: readonly Part[],
  posted: Posted,
  prefix = '',
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const part of parts) {
    const value = readPart(part, posted, `${prefix}${part.name}`);
    const held = before[part.name];
    if (value !== undefined) answer[part.name] = value;
    // The reason given before stays: a form tells only that nothing is said.
    else if (part.mayBeUnknown) answer[part.name] = isUnknown(held) ? held : unknown('not-stated');
  }
  return answer;
}

function readPart({ control, mayBeUnknown, optional }: Part, posted: Posted, name: string): unknown {
  const all = (posted[name] ?? []).map((text) => text.replaceAll('\r\n', '\n').trim());
  const text = all[0] ?? '';
  const needed = !mayBeUnknown && !optional;
  switch (control.kind) {
    case 'choice':
      return text === '' || text === notStated ? undefined : text;
    case 'yes-no':
      return text === 'yes' ? true : text === 'no' ? false : undefined;
    case 'number':
      return text === '' ? undefined : toNumber(text);
    case 'text':
      return text === '' ? undefined : text;
    case 'state':
      return text === '' ? undefined : text.toUpperCase();
    case 'codes': {
      const codes = text.split(/[\s,،;]+/).filter(Boolean);
      return codes.length > 0 || needed ? codes : undefined;
    }
    case 'lines': {
      const lines = text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      return lines.length > 0 || needed ? lines : undefined;
    }
    case 'many': {
      const chosen = all.filter(Boolean);
      return chosen.length > 0 || needed ? chosen : undefined;
    }
    case 'in-languages':
      return readTexts(posted, name);
    case 'money': {
      const amount = posted[`${name}.amount`]?.[0]?.trim() ?? '';
      const currency = posted[`${name}.currency`]?.[0]?.trim().toUpperCase() ?? '';
      return amount === '' && currency === '' ? undefined : { amount, currency };
    }
    case 'group': {
      const inner = readAnswer(control.parts, posted, `${name}.`);
      return Object.values(inner).every((one) => one === undefined) || Object.keys(inner).length === 0
        ? undefined
        : inner;
    }
    case 'rows':
      return readRows({ control, mayBeUnknown, optional, name: '' }, posted, name);
  }
}

/** Every language the form offers, so that none the State wrote in is lost. */
export function readTexts(posted: Posted, name: string): Record<string, string> | undefined {
  const texts: Record<string, string> = {};
  for (const [field, values] of Object.entries(posted)) {
    const text = values[0]?.trim() ?? '';
    const lang = field.startsWith(`${name}.`) ? field.slice(name.length + 1) : '';
    if (text !== '' && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(lang)) texts[lang] = text;
  }
  return Object.keys(texts).length > 0 ? texts : undefined;
}

function readRows({ control, optional }: Part, posted: Posted, name: string): unknown {
  if (control.kind !== 'rows') return undefined;
  const rows = rowNames(posted, name).map((row) => ({
    key: posted[`${row}.key`]?.[0]?.trim() ?? '',
    value: readAnswer(control.row, posted, `${row}.`),
  }));
  if (control.keys === undefined) {
    const said = rows.filter((row) => Object.keys(row.value).length > 0).map((row) => row.value);
    return said.length > 0 || !optional ? said : undefined;
  }
  const kept = rows.filter((row) => row.key !== '');
  if (kept.length === 0 && optional) return undefined;
  const plain = isPlainRule(control);
  return Object.fromEntries(kept.map((row) => [row.key, plain ? row.value['rule'] : row.value]));
}
