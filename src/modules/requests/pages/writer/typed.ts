import { addDays, isUnknown, PlainDate } from '../../../../platform/values/index.ts';
import type { Typed } from '../../../../web/index.ts';
import { isFreeText, type FieldDefinition } from '../../schema/index.ts';
import type { FieldEnv } from './env.ts';
import { hasOwnPages, valueAt } from './questions.ts';

/** Name of a field's control on its page: its path, joined by dots. */
export function nameOf(field: FieldDefinition, prefix = ''): string {
  return prefix + field.path.replaceAll('/', '.');
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function day(env: FieldEnv, value: unknown): string {
  return typeof value === 'string' && /^\d{4}(-\d{2}){0,2}$/.test(value) ? env.view.formats.day(value) : text(value);
}

function freeText(name: string, value: unknown, typed: Typed): void {
  if (!isFreeText(value)) return;
  for (const [language, words] of Object.entries(value)) typed[`${name}.${language}`] = [words];
}

function when(env: FieldEnv, name: string, value: unknown, typed: Typed): void {
  if (isUnknown(value)) typed[`${name}._blank`] = [value.unknown];
  typed[`${name}.on`] = [day(env, valueAt(value, ['date']))];
  typed[`${name}.after`] = [day(env, valueAt(value, ['after']))];
  typed[`${name}.before`] = [day(env, valueAt(value, ['before']))];
}

interface StoredName {
  text: string;
  original: boolean;
  kind: string;
}

export function namesIn(value: unknown): StoredName[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).map((one) => ({
    text: text(valueAt(one, ['text'])),
    original: valueAt(one, ['original']) === true,
    kind: text(valueAt(one, ['kind'])),
  }));
}

/** The name as the bearer writes it, the same in another script, and all others. */
export function splitNames(value: unknown): { original: string; other: string; aliases: StoredName[] } {
  const names = namesIn(value);
  const own = names.findIndex((one) => one.original && one.kind === '');
  const first = own >= 0 ? own : names.findIndex((one) => one.kind !== 'alias' && one.kind !== 'former');
  const second = names.findIndex((one, n) => n !== first && one.kind !== 'alias' && one.kind !== 'former');
  return {
    original: names[first]?.text ?? '',
    other: names[second]?.text ?? '',
    aliases: names.filter((_, n) => n !== first && n !== second),
  };
}

/** Puts what is stored into the controls of a field. */
function fill(env: FieldEnv, field: FieldDefinition, name: string, value: unknown, typed: Typed): void {
  if (field.requirement === 'W' && isUnknown(value)) {
    typed[`${name}._blank`] = [value.unknown];
    typed[`${name}._why`] = [text(valueAt(value, ['reason']))];
    return;
  }
  if (value === undefined || value === null) return;
  switch (field.kind) {
    case 'free-text':
    case 'short-free-text':
      return freeText(name, value, typed);
    case 'date':
    case 'partial-date':
      typed[name] = [day(env, value)];
      return;
    case 'when':
      return when(env, name, value, typed);
    case 'yes-no':
      typed[name] = [value === true ? 'yes' : 'no'];
      return;
    case 'choices':
    case 'languages':
      typed[name] = Array.isArray(value) ? value.map(String) : [];
      return;
    case 'money':
    case 'value-on':
      typed[`${name}.amount`] = [text(valueAt(value, ['amount']))];
      typed[`${name}.currency`] = [text(valueAt(value, ['currency']))];
      typed[`${name}.on`] = [day(env, valueAt(value, ['on']))];
      typed[`${name}.source`] = [text(valueAt(value, ['source']))];
      return;
    case 'period': {
      const until = PlainDate.safeParse(valueAt(value, ['until']));
      typed[`${name}.from`] = [day(env, valueAt(value, ['from']))];
      // Stored as the first day that no longer counts; asked and shown as the last that does.
      typed[`${name}.until`] = [until.success ? env.view.formats.day(addDays(until.data, -1)) : ''];
      return;
    }
    case 'duration': {
      const match = /^P(\d+)([YMD])$/.exec(text(value));
      typed[`${name}.n`] = [match?.[1] ?? ''];
      typed[`${name}.unit`] = [match?.[2] ?? ''];
      return;
    }
    case 'place':
      typed[`${name}.state`] = [text(valueAt(value, ['state']))];
      return freeText(`${name}.place`, valueAt(value, ['place']), typed);
    case 'names': {
      const { original, other, aliases } = splitNames(value);
      typed[`${name}.original`] = [original];
      typed[`${name}.other`] = [other];
      aliases.forEach((one, n) => {
        typed[`${name}.alias.${n}.text`] = [one.text];
        typed[`${name}.alias.${n}.kind`] = [one.kind || 'alias'];
      });
      return;
    }
    case 'list':
      return fillList(env, field, name, value, typed);
    default:
      typed[name] = [text(value)];
  }
}

function fillList(env: FieldEnv, field: FieldDefinition, name: string, value: unknown, typed: Typed): void {
  if (field.path === 'born') {
    when(env, `${name}.on`, valueAt(value, ['on']), typed);
    return freeText(`${name}.place`, valueAt(value, ['place']), typed);
  }
  if (!Array.isArray(value) || hasOwnPages(field)) return;
  const items = value as unknown[];
  if (field.item) {
    items.forEach((item, n) => {
      for (const one of field.item ?? []) {
        fill(env, one, nameOf(one, `${name}.${n}.`), valueAt(item, one.path.split('/')), typed);
      }
    });
  } else if (items.some((item) => isFreeText(item))) {
    items.forEach((item, n) => freeText(`${name}.${n}`, item, typed));
  } else {
    typed[name] = items.map(text);
  }
}

/** Controls of a page, filled with what is stored. */
export function typedOf(env: FieldEnv, fields: readonly FieldDefinition[], stored: unknown): Typed {
  const typed: Typed = {};
  for (const field of fields) fill(env, field, nameOf(field), valueAt(stored, field.path.split('/')), typed);
  return typed;
}

/** How many rows of a repeated field were typed. */
export function rowsIn(typed: Typed, name: string): number {
  const rows = Object.keys(typed).flatMap((key) => {
    const match = key.startsWith(`${name}.`) ? /^(\d+)\./.exec(key.slice(name.length + 1)) : null;
    return match ? [Number(match[1]) + 1] : [];
  });
  return Math.min(Math.max(0, ...rows), 2_000);
}
