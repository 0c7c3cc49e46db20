import {
  addDays,
  Currency,
  isUnknown,
  problem,
  UnknownReason,
  type PartialDate,
  type PlainDate,
  type Problem,
} from '../../../../platform/values/index.ts';
import { readDate, readNumber, type Typed } from '../../../../web/index.ts';
import { isFreeText, limits, type FieldDefinition } from '../../schema/index.ts';
import type { FieldEnv } from './env.ts';
import { hasOwnPages, setAt, valueAt, type Path } from './questions.ts';
import { nameOf, namesIn, rowsIn } from './typed.ts';

/** What a page's controls say: places to set, undefined to clear, and what could not be read. */
export interface PageReading {
  values: { path: Path; value: unknown }[];
  problems: Problem[];
}

type Read = { ok: true; value: unknown } | { ok: false; problem: Problem };

const ok = (value: unknown): Read => ({ ok: true, value });

interface Control {
  env: FieldEnv;
  field: FieldDefinition;
  name: string;
  typed: Typed;
  stored: unknown;
}

function one(typed: Typed, name: string): string {
  return (typed[name]?.[0] ?? '').trim();
}

function wrong(
  control: Control,
  code: string,
  params: Record<string, string | number> = {},
  name = control.name,
): Read {
  const field = control.env.view.t.code(control.field.label);
  return { ok: false, problem: problem(code, name.split('.'), { params: { field, ...params } }) };
}

// Control characters other than tab and line ends.

const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/u;

function readDay(c: Control, name: string, partial: boolean): Read {
  const typed = one(c.typed, name);
  const reading = readDate(typed);
  switch (reading.kind) {
    case 'empty':
      return ok(undefined);
    case 'day':
      return ok(reading.day);
    case 'month':
    case 'year':
      if (!partial) return wrong(c, 'web.bad-date', { typed }, name);
      return ok(reading.kind === 'month' ? reading.month : reading.year);
    case 'ambiguous': {
      const { formats } = c.env.view;
      const first = formats.day(reading.first);
      return wrong(c, 'web.ambiguous-date', { typed, first, second: formats.day(reading.second) }, name);
    }
    case 'bad':
      return wrong(c, 'web.bad-date', { typed }, name);
  }
}

function readWhen(c: Control, name: string): Read {
  const on = readDay(c, `${name}.on`, true);
  const after = readDay(c, `${name}.after`, false);
  const before = readDay(c, `${name}.before`, false);
  for (const part of [on, after, before]) if (!part.ok) return part;
  const [date, from, until] = [on, after, before].map((part) => (part.ok ? part.value : undefined)) as [
    PartialDate | undefined,
    PlainDate | undefined,
    PlainDate | undefined,
  ];
  const blank = UnknownReason.safeParse(one(c.typed, `${name}._blank`));
  if (date !== undefined && (from !== undefined || until !== undefined))
    return wrong(c, 'writer.day-or-window', {}, `${name}.on`);
  if (from !== undefined && until !== undefined && from > until)
    return wrong(c, 'writer.end-before-start', {}, `${name}.before`);
  const given = date !== undefined || from !== undefined || until !== undefined;
  if (given && blank.success) return wrong(c, 'writer.answer-and-blank', {}, `${name}.on`);
  if (blank.success) return ok({ unknown: blank.data });
  if (date !== undefined) return ok({ date });
  return ok(given ? { ...(from ? { after: from } : {}), ...(until ? { before: until } : {}) } : undefined);
}

/** Languages shown are replaced, others stay as stored. */
function readFreeText(c: Control, name: string, stored: unknown): Read {
  const kept: Record<string, string> = isFreeText(stored) ? { ...stored } : {};
  for (const key of Object.keys(c.typed)) {
    const language = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : '';
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) continue;
    const text = c.typed[key]?.[0] ?? '';
    if (control.test(text)) return wrong(c, 'web.hidden-characters', {}, name);
    if (text.length > limits.text) return wrong(c, 'web.too-long', { max: limits.text }, name);
    if (text.trim() === '') delete kept[language];
    else kept[language] = text;
  }
  if (Object.keys(kept).length > 0) return ok(kept);
  // A blank of another shape, told by an earlier text, is not lost by looking at it.
  return ok(isUnknown(stored) ? stored : undefined);
}

function readLine(c: Control, name = c.name): Read {
  const text = (c.typed[name]?.[0] ?? '').trim();
  if (control.test(text)) return wrong(c, 'web.hidden-characters', {}, name);
  if (text.length > limits.line) return wrong(c, 'web.too-long', { max: limits.line }, name);
  return ok(text === '' ? undefined : text);
}

function readInteger(c: Control, name = c.name): Read {
  const typed = one(c.typed, name);
  const reading = readNumber(typed, 0);
  if (reading.kind === 'empty') return ok(undefined);
  if (reading.kind !== 'number' || !Number.isSafeInteger(Number(reading.value)) || Number(reading.value) < 0)
    return wrong(c, 'web.bad-whole-number', { typed }, name);
  return ok(Number(reading.value));
}

function readMoney(c: Control, name: string): Read {
  const typed = one(c.typed, `${name}.amount`);
  const chosen = one(c.typed, `${name}.currency`).toUpperCase();
  const written = (/^([A-Za-z]{3}) ?(?=[\d٠-٩])|(?<=[\d٠-٩]) ?([A-Za-z]{3})$/u.exec(typed) ?? [])
    .slice(1)
    .find(Boolean);
  const currency = chosen || (written ?? '').toUpperCase();
  if (typed === '' && currency === '') return ok(undefined);
  if (currency === '') return wrong(c, 'web.missing-currency', {}, name);
  if (!Currency.safeParse(currency).success || (written && written.toUpperCase() !== currency))
    return wrong(c, 'web.bad-currency', {}, name);
  const reading = readNumber(typed.replace(/^[A-Za-z]{3} ?| ?[A-Za-z]{3}$/gu, ''), 2);
  if (reading.kind === 'empty') return wrong(c, 'web.missing', {}, name);
  if (reading.kind === 'ambiguous')
    return wrong(c, 'web.ambiguous-number', { typed, first: reading.first, second: reading.second }, name);
  return reading.kind === 'number'
    ? ok({ amount: reading.value, currency })
    : wrong(c, 'web.bad-number', { typed }, name);
}

function readValueOn(c: Control): Read {
  const money = readMoney(c, c.name);
  if (!money.ok) return money;
  const on = readDay(c, `${c.name}.on`, false);
  if (!on.ok) return on;
  const source = readLine(c, `${c.name}.source`);
  if (!source.ok) return source;
  const kept = {
    ...(money.value as object | undefined),
    ...(on.value ? { on: on.value } : {}),
    ...(source.value ? { source: source.value } : {}),
  };
  return ok(Object.keys(kept).length === 0 ? undefined : kept);
}

function readPeriod(c: Control): Read {
  const from = readDay(c, `${c.name}.from`, false);
  if (!from.ok) return from;
  const last = readDay(c, `${c.name}.until`, false);
  if (!last.ok) return last;
  const [start, end] = [from.value as PlainDate | undefined, last.value as PlainDate | undefined];
  if (start && end && end < start) return wrong(c, 'writer.end-before-start', {}, `${c.name}.until`);
  if (!start && !end) return ok(undefined);
  return ok({ ...(start ? { from: start } : {}), ...(end ? { until: addDays(end, 1) } : {}) });
}

function readDuration(c: Control): Read {
  const count = readInteger(c, `${c.name}.n`);
  if (!count.ok) return count;
  const unit = one(c.typed, `${c.name}.unit`);
  if (count.value === undefined) return ok(undefined);
  if (!/^[YMD]$/.test(unit) || Number(count.value) < 1 || Number(count.value) > 9999)
    return wrong(c, 'writer.duration-shape', {}, `${c.name}.n`);
  return ok(`P${String(count.value)}${unit}`);
}

function readPlace(c: Control): Read {
  const place = readFreeText(c, `${c.name}.place`, valueAt(c.stored, ['place']));
  if (!place.ok) return place;
  const state = one(c.typed, `${c.name}.state`);
  const territory = valueAt(c.stored, ['territory']);
  const kept = {
    ...(state ? { state } : {}),
    ...(territory === undefined || territory === null ? {} : { territory }),
    ...(place.value ? { place: place.value } : {}),
  };
  return ok(Object.keys(kept).length === 0 ? undefined : kept);
}

const scripts: readonly [RegExp, string][] = [
  [/\p{Script=Arabic}/u, 'Arab'],
  [/\p{Script=Cyrillic}/u, 'Cyrl'],
  [/\p{Script=Greek}/u, 'Grek'],
  [/\p{Script=Hebrew}/u, 'Hebr'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'Jpan'],
  [/\p{Script=Hangul}/u, 'Kore'],
  [/\p{Script=Han}/u, 'Hani'],
  [/\p{Script=Devanagari}/u, 'Deva'],
  [/\p{Script=Bengali}/u, 'Beng'],
  [/\p{Script=Thai}/u, 'Thai'],
  [/\p{Script=Khmer}/u, 'Khmr'],
  [/\p{Script=Ethiopic}/u, 'Ethi'],
  [/\p{Script=Armenian}/u, 'Armn'],
  [/\p{Script=Georgian}/u, 'Geor'],
];

/** Script of a name by its letters; Latin when no other is found. */
export function scriptOf(text: string): string {
  return scripts.find(([letters]) => letters.test(text))?.[1] ?? 'Latn';
}

function readNames(c: Control): Read {
  const before = Array.isArray(c.stored) ? (c.stored as unknown[]) : [];
  const made: Record<string, unknown>[] = [];
  const add = (name: string, original: boolean, kind?: string): Problem | undefined => {
    const text = one(c.typed, name);
    if (text === '') return undefined;
    if (text.length > 500)
      return problem('web.too-long', name.split('.'), {
        params: { field: c.env.view.t.code(c.field.label), max: 500 },
      });
    const known = before.find(
      (one) => valueAt(one, ['text']) === text && (valueAt(one, ['original']) === true) === original,
    );
    const lang = valueAt(known, ['lang']);
    made.push({
      text,
      script: scriptOf(text),
      original,
      ...(typeof lang === 'string' ? { lang } : {}),
      ...(kind ? { kind } : {}),
    });
    return undefined;
  };
  const found = [add(`${c.name}.original`, true), add(`${c.name}.other`, false, 'transliteration')];
  for (let n = 0; n < rowsIn(c.typed, `${c.name}.alias`); n += 1) {
    const kind = one(c.typed, `${c.name}.alias.${n}.kind`);
    found.push(add(`${c.name}.alias.${n}.text`, false, kind === 'former' ? 'former' : 'alias'));
  }
  const failed = found.find((one) => one !== undefined);
  if (failed) return { ok: false, problem: failed };
  return ok(made.length === 0 ? undefined : made);
}

function readChoices(c: Control): Read {
  const chosen = (c.typed[c.name] ?? []).filter((value) => value !== '');
  const allowed = c.field.options;
  if (allowed && chosen.some((value) => !allowed.includes(value))) return wrong(c, 'web.unknown-choice');
  return ok(chosen.length === 0 ? undefined : chosen);
}

function readDesk(c: Control): Read {
  const chosen = one(c.typed, c.name);
  if (chosen === '') return ok(undefined);
  return ok(chosen);
}

function readRows(c: Control): Read | { ok: false; problems: Problem[] } {
  const { field, typed, name } = c;
  const stored = Array.isArray(c.stored) ? (c.stored as unknown[]) : [];
  const rows: unknown[] = [];
  const problems: Problem[] = [];
  for (let n = 0; n < rowsIn(typed, name); n += 1) {
    if (one(typed, `${name}.${n}._remove`) !== '') continue;
    if (!field.item) {
      const read = readFreeText(c, `${name}.${n}`, stored[n]);
      if (!read.ok) problems.push(read.problem);
      else if (read.value !== undefined) rows.push(read.value);
      continue;
    }
    const read = readFields(c.env, field.item, typed, stored[n], `${name}.${n}.`);
    problems.push(...read.problems);
    let row: unknown = typeof stored[n] === 'object' ? stored[n] : {};
    for (const { path, value } of read.values) row = setAt(row, path, value);
    if (Object.keys(row as object).length === 0) continue;
    const kind = field.item.find((one) => one.path === 'kind' || one.path === 'id' || one.path === 'person');
    if (kind && kind.requirement === 'R' && valueAt(row, [kind.path]) === undefined) {
      problems.push(
        problem('web.missing-choice', `${name}.${n}.${kind.path}`.split('.'), {
          params: { field: c.env.view.t.code(kind.label) },
        }),
      );
      continue;
    }
    rows.push(row);
  }
  if (problems.length > 0) return { ok: false, problems };
  return ok(rows.length === 0 ? undefined : rows);
}

function readAnswer(c: Control): Read | { ok: false; problems: Problem[] } {
  const { field, name, typed } = c;
  switch (field.kind) {
    case 'free-text':
    case 'short-free-text':
      return readFreeText(c, name, c.stored);
    case 'date':
      return readDay(c, name, false);
    case 'partial-date':
      return readDay(c, name, true);
    case 'when':
      return readWhen(c, name);
    case 'months':
    case 'number':
    case 'annex':
      return readInteger(c);
    case 'yes-no': {
      const chosen = one(typed, name);
      return ok(chosen === '' ? undefined : chosen === 'yes');
    }
    case 'choice': {
      const chosen = one(typed, name);
      if (chosen === '') return ok(undefined);
      return field.options && !field.options.includes(chosen) ? wrong(c, 'web.unknown-choice') : ok(chosen);
    }
    case 'choices':
    case 'languages':
      return readChoices(c);
    case 'authority':
      return readDesk(c);
    case 'currency': {
      const code = one(typed, name).toUpperCase();
      if (code === '') return ok(undefined);
      return Currency.safeParse(code).success ? ok(code) : wrong(c, 'web.bad-currency');
    }
    case 'money':
      return readMoney(c, name);
    case 'value-on':
      return readValueOn(c);
    case 'period':
      return readPeriod(c);
    case 'duration':
      return readDuration(c);
    case 'place':
      return readPlace(c);
    case 'names':
      return readNames(c);
    case 'iban': {
      const number = one(typed, name)
        .toUpperCase()
        .replaceAll(/[\s-]+/g, ' ');
      if (number === '') return ok(undefined);
      return /^[A-Z]{2}\d{2}[A-Z0-9 ]{8,40}$/.test(number)
        ? ok(number)
        : wrong(c, 'writer.iban-shape', { typed: number });
    }
    case 'list': {
      if (field.path === 'born') {
        const on = readWhen(c, `${name}.on`);
        if (!on.ok) return on;
        const place = readFreeText(c, `${name}.place`, valueAt(c.stored, ['place']));
        if (!place.ok) return place;
        const born = { ...(on.value ? { on: on.value } : {}), ...(place.value ? { place: place.value } : {}) };
        return ok(Object.keys(born).length === 0 ? undefined : born);
      }
      if (!field.item && field.path !== 'confidentiality/mayKnow') return readChoices(c);
      return readRows(c);
    }
    case 'text':
      if (field.path === 'amount') {
        const typedAmount = one(typed, name);
        const reading = readNumber(typedAmount, 2);
        if (reading.kind === 'empty') return ok(undefined);
        return reading.kind === 'number' ? ok(reading.value) : wrong(c, 'web.bad-number', { typed: typedAmount });
      }
      if (field.path === 'ofVersion') return ok(one(typed, name) === '' ? undefined : c.env.originalHash());
      return readLine(c);
    case 'long-text':
      return readFreeText(c, name, c.stored);
    default:
      return readLine(c);
  }
}

/** Says whether a field is asked on the page itself. Numbers of items are given, not asked. */
export function isAsked(env: FieldEnv, field: FieldDefinition): boolean {
  if (field.path === 'n' || field.path === 'requesting/state' || field.path === 'basis/snapshot/acknowledged')
    return false;
  return !hasOwnPages(field) && env.view !== undefined;
}

/** Reads the controls of some fields; names begin with `prefix`, paths of values lead from the object they stand in. */
export function readFields(
  env: FieldEnv,
  fields: readonly FieldDefinition[],
  typed: Typed,
  stored: unknown,
  prefix = '',
): PageReading {
  const reading: PageReading = { values: [], problems: [] };
  for (const field of fields) {
    if (!isAsked(env, field)) continue;
    const name = nameOf(field, prefix);
    const path = field.path.split('/');
    const c: Control = { env, field, name, typed, stored: valueAt(stored, path) };
    const read = readAnswer(c);
    if (!read.ok) {
      reading.problems.push(...('problems' in read ? read.problems : [read.problem]));
      continue;
    }
    let { value } = read;
    if (field.requirement === 'W') {
      const blank = UnknownReason.safeParse(one(typed, `${name}._blank`));
      if (blank.success && value !== undefined && !isUnknown(value)) {
        const words = env.view.t.code(field.label);
        reading.problems.push(problem('writer.answer-and-blank', name.split('.'), { params: { field: words } }));
        continue;
      }
      if (blank.success) {
        const reason = one(typed, `${name}._why`);
        value = { unknown: blank.data, ...(reason ? { reason } : {}) };
      } else if (isUnknown(value)) value = undefined;
    }
    if (field.kind === 'authority') {
      const state = path[0] === 'requesting' ? env.ownState : env.draft.requested?.state;
      const known = (env.desks[state ?? ''] ?? []).find((desk) => desk.ref.authority === value);
      reading.values.push({ path: path.slice(0, -1), value: known?.ref ?? (value ? { authority: value } : undefined) });
      continue;
    }
    reading.values.push({ path, value });
  }
  return reading;
}

/** Names of people stand in many places of a page: in their own script, or by description. */
export function printedNames(person: unknown, locale: string): string {
  const names = namesIn(valueAt(person, ['names']));
  const wanted = locale === 'ar' ? 'Arab' : 'Latn';
  const fitting = names.find((name) => scriptOf(name.text) === wanted && name.kind !== 'alias');
  return fitting?.text ?? names[0]?.text ?? '';
}
