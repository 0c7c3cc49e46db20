import { isUnknown, StateCode } from '../../../../platform/values/index.ts';
import { isolated, leftToRight, mono, type DraftLine, type SideWriter } from './writer.ts';

/** Words for the fields of one type, as its definition has them. */
export interface FieldWords {
  label(path: string): string | undefined;
  option(path: string, value: string): string | undefined;
  /** Name of a person of the request. */
  person(id: string): string | undefined;
}

const notLanguages = new Set(['id', 'on', 'by', 'at', 'due', 'sex', 'kyc']);

function isFreeText(value: object): value is Record<string, string> {
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(
      ([key, text]) => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(key) && !notLanguages.has(key) && typeof text === 'string',
    )
  );
}

function has<K extends string>(value: object, ...keys: K[]): value is Record<K, string> {
  return keys.every((key) => typeof Reflect.get(value, key) === 'string');
}

/** `confiscationExpected` → `Confiscation expected`: for a field whose definition is not known here. */
function humanised(key: string): string {
  const spaced = key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[-_]/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1).toLowerCase();
}

function text(w: SideWriter, words: FieldWords, path: string, value: string): string {
  const state = /(^|\.)state$/.test(path) ? StateCode.safeParse(value) : undefined;
  if (state?.success) return w.state(state.data);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return w.day(value);
  const duration = /^P(\d{1,4})([YMD])$/.exec(value);
  if (duration) return w.t('duration', { n: Number(duration[1]), unit: duration[2] ?? 'D' });
  if (/^[0-9a-f]{64}$/.test(value)) return mono(value);
  if (/^[a-z]{1,3}\d{1,6}$/.test(value)) return words.person(value) ?? isolated(value);
  return words.option(path, value) ?? isolated(value);
}

/** A place in one line: its name, its territory, its State. */
function place(w: SideWriter, value: object): string | undefined {
  const keys = Object.keys(value);
  if (keys.length === 0 || !keys.every((key) => ['place', 'territory', 'state'].includes(key))) return undefined;
  const { place: name, territory, state } = value as Record<string, unknown>;
  const code = StateCode.safeParse(state);
  return w.comma([
    typeof name === 'object' && name !== null && isFreeText(name) ? w.inline(name) : '',
    typeof territory === 'string' ? leftToRight(territory) : '',
    code.success ? w.state(code.data) : '',
  ]);
}

/** A value in one line, or undefined when it needs several. */
function inline(w: SideWriter, words: FieldWords, path: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return w.t('yes-no', { code: value ? 'yes' : 'no' });
  if (typeof value === 'number') return leftToRight(String(value));
  if (typeof value === 'string') return text(w, words, path, value);
  if (typeof value !== 'object') return '';
  if (Array.isArray(value)) {
    const parts = value.map((item) => inline(w, words, path, item));
    return parts.every((part) => part !== undefined) ? w.list(parts) : undefined;
  }
  if (isUnknown(value)) return w.unknown(value);
  if (has(value, 'amount', 'currency')) {
    const day = has(value, 'on') ? value.on : undefined;
    return day === undefined ? w.money(value) : w.t('value-on', { amount: w.money(value), day: w.day(day) });
  }
  if (Object.keys(value).length === 1 && 'annex' in value)
    return w.t('annex-ref', { n: leftToRight(String(value.annex)) });
  if (has(value, 'from', 'until')) return w.t('period', { from: w.day(value.from), until: w.day(value.until) });
  if (isFreeText(value)) return w.inline(value);
  return place(w, value);
}

/** Any value of a type's field as lines: what fits stands beside its label, the rest below it, indented. */
export function fieldLines(w: SideWriter, words: FieldWords, path: string, value: unknown, level = 0): DraftLine[] {
  if (value === null || value === undefined) return [];
  const label = words.label(path) ?? humanised(path.split('.').at(-1) ?? path);
  const short = inline(w, words, path, value);
  if (short !== undefined) return short === '' ? [] : [{ label, text: short, level }];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const lines = objectLines(w, words, path, item, level + 1);
      return [{ label: `${label} ${leftToRight(`(${index + 1})`)}`, text: '', level }, ...lines];
    });
  }
  return [{ label, text: '', level }, ...objectLines(w, words, path, value, level + 1)];
}

function objectLines(w: SideWriter, words: FieldWords, path: string, value: unknown, level: number): DraftLine[] {
  const short = inline(w, words, path, value);
  if (short !== undefined) return [{ text: short, level }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => fieldLines(w, words, `${path}.${key}`, item, level));
}
