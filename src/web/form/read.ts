import { z } from 'zod';
import type { PostedForm } from '../../platform/http/routes.ts';
import { fail, ok, problem, type Problem, type Result } from '../../platform/values/index.ts';
import type { View } from '../view.ts';
import { readDate } from './dates.ts';
import { readNumber } from './numbers.ts';
import { defaultMaxBytes, fieldEntries, type FieldMeta, type FormSpec, type Typed } from './spec.ts';

/** Words the reader of a form needs: only what `View` already has. */
export type FormWords = Pick<View, 't' | 'formats'>;

type Keys<S extends z.ZodObject> = keyof z.input<S> & keyof z.output<S> & string;

export interface ReadOptions<K extends string> {
  /** Values allowed for a choice whose options come from data. */
  choices?: Readonly<Record<string, readonly string[]>>;
  /** Reads and checks these fields only: one question page of a larger form. */
  only?: readonly K[];
}

/**
 * Reads a posted form into the schema's value, or lists every problem with the path of its field. What was typed comes back
 * in both cases. Nothing is trimmed from texts; a text of blanks only counts as not given.
 */
export function readForm<S extends z.ZodObject, K extends Keys<S> = Keys<S>>(
  view: FormWords,
  form: FormSpec<S>,
  posted: PostedForm,
  options: ReadOptions<K> = {},
): Result<Pick<z.output<S>, K>, Problem[]> & { typed: Typed } {
  const only = options.only as readonly string[] | undefined;
  const entries = fieldEntries(form).filter(([name]) => only?.includes(name) ?? true);
  const problems: Problem[] = [];
  const raw: Record<string, unknown> = {};
  for (const [name, meta] of entries) {
    const read = readField(view, name, meta, posted, options.choices?.[name]);
    if (read.ok) raw[name] = read.value;
    else problems.push(read.error);
  }
  const typed = typedIn(posted);
  const shape = Object.fromEntries(Object.entries(form.schema.shape).filter(([name]) => only?.includes(name) ?? true));
  const schema = only ? z.object(shape) : form.schema;
  const parsed = schema.safeParse(raw, { reportInput: true });
  const failed = new Set(problems.map((one) => String(one.path[0])));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      if (failed.has(name)) continue;
      failed.add(name);
      problems.push(toProblem(view, form, issue));
    }
  }
  if (problems.length > 0 || !parsed.success) return { ...fail(inFieldOrder(form, problems)), typed };
  return { ...ok(parsed.data as Pick<z.output<S>, K>), typed };
}

function inFieldOrder<S extends z.ZodObject>(form: FormSpec<S>, problems: Problem[]): Problem[] {
  const order = fieldEntries(form).map(([name]) => name);
  return problems.toSorted((a, b) => order.indexOf(String(a.path[0])) - order.indexOf(String(b.path[0])));
}

/** What was posted, without the protection fields. */
export function typedIn(posted: PostedForm): Typed {
  return Object.fromEntries(Object.entries(posted.values).filter(([name]) => !name.startsWith('_')));
}

type Read = Result<unknown, Problem>;

// Control characters other than tab and line ends.
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/u;

function readField(
  view: FormWords,
  name: string,
  meta: FieldMeta,
  posted: PostedForm,
  choices: readonly string[] | undefined,
): Read {
  const values = posted.values[name] ?? [];
  const first = values[0] ?? '';
  const field = view.t(meta.label);
  const wrong = (code: string, params: Record<string, string | number> = {}): Read =>
    fail(problem(code, [name], { params: { field, ...params } }));
  const allowed = choices ?? meta.options?.map((option) => option.value);
  for (const text of [...values, ...subValues(posted, name)]) {
    if (byteLength(text) > (meta.maxBytes ?? defaultMaxBytes)) {
      return wrong('web.too-large-text', { kilobytes: Math.floor((meta.maxBytes ?? defaultMaxBytes) / 1000) });
    }
    if (control.test(text)) return wrong('web.hidden-characters');
  }
  switch (meta.kind) {
    case 'text':
    case 'textarea':
    case 'password':
    case 'hidden':
      return ok(first.trim() === '' ? undefined : first);
    case 'email':
    case 'code':
      return ok(first.trim() === '' ? undefined : first.trim());
    case 'date':
    case 'partial-date':
      return readDay(view, meta, first, wrong);
    case 'integer':
      return readInteger(first, wrong);
    case 'decimal':
      return readDecimal(first, wrong);
    case 'money':
      return readMoney(posted, name, wrong);
    case 'select':
    case 'radios':
      if (first === '') return ok(undefined);
      return allowed && !allowed.includes(first) ? wrong('web.unknown-choice') : ok(first);
    case 'checkboxes': {
      const chosen = values.filter((value) => value !== '');
      return allowed && chosen.some((value) => !allowed.includes(value)) ? wrong('web.unknown-choice') : ok(chosen);
    }
    case 'tick':
      return ok(first !== '');
    case 'bilingual': {
      const texts = Object.entries(posted.values)
        .filter(([key, [text = '']]) => key.startsWith(`${name}.`) && text.trim() !== '')
        .map(([key, [text = '']]) => [key.slice(name.length + 1), text]);
      return ok(texts.length === 0 ? undefined : Object.fromEntries(texts));
    }
    case 'file':
      return ok(filesOf(posted, name)[0]);
    case 'files':
      return ok(filesOf(posted, name));
  }
}

function subValues(posted: PostedForm, name: string): string[] {
  return Object.entries(posted.values).flatMap(([key, values]) => (key.startsWith(`${name}.`) ? values : []));
}

function filesOf(posted: PostedForm, name: string): { fileName: string; bytes: Uint8Array }[] {
  return posted.files
    .filter((file) => file.field === name && file.fileName !== '')
    .map(({ fileName, bytes }) => ({ fileName, bytes }));
}

type Wrong = (code: string, params?: Record<string, string | number>) => Read;

function readDay(view: FormWords, meta: FieldMeta, typed: string, wrong: Wrong): Read {
  const reading = readDate(typed);
  const partial = meta.kind === 'partial-date';
  switch (reading.kind) {
    case 'empty':
      return ok(undefined);
    case 'day':
      return ok(reading.day);
    case 'month':
      return partial ? ok(reading.month) : wrong('web.bad-date', { typed });
    case 'year':
      return partial ? ok(reading.year) : wrong('web.bad-date', { typed });
    case 'ambiguous':
      return wrong('web.ambiguous-date', {
        typed,
        first: view.formats.day(reading.first),
        second: view.formats.day(reading.second),
      });
    case 'bad':
      return wrong('web.bad-date', { typed });
  }
}

function readInteger(typed: string, wrong: Wrong): Read {
  const reading = readNumber(typed, 0);
  if (reading.kind === 'empty') return ok(undefined);
  if (reading.kind !== 'number' || !Number.isSafeInteger(Number(reading.value)))
    return wrong('web.bad-whole-number', { typed });
  return ok(Number(reading.value));
}

function readDecimal(typed: string, wrong: Wrong): Read {
  const reading = readNumber(typed);
  if (reading.kind === 'empty') return ok(undefined);
  if (reading.kind === 'number') return ok(reading.value);
  if (reading.kind === 'ambiguous')
    return wrong('web.ambiguous-number', { typed, first: reading.first, second: reading.second });
  return wrong('web.bad-number', { typed });
}

function readMoney(posted: PostedForm, name: string, wrong: Wrong): Read {
  const typed = posted.values[`${name}.amount`]?.[0] ?? '';
  const chosen = (posted.values[`${name}.currency`]?.[0] ?? '').trim().toUpperCase();
  const inAmount = /^([A-Za-z]{3}) ?(?=[\d٠-٩])|(?<=[\d٠-٩]) ?([A-Za-z]{3})$/u.exec(typed.trim());
  const written = (inAmount?.[1] ?? inAmount?.[2] ?? '').toUpperCase();
  if (typed.trim() === '' && chosen === '') return ok(undefined);
  const currency = chosen || written;
  if (written !== '' && written !== currency) return wrong('web.bad-currency');
  if (currency === '') return wrong('web.missing-currency');
  if (!Intl.supportedValuesOf('currency').includes(currency)) return wrong('web.bad-currency');
  const amount = typed.trim().replace(/^[A-Za-z]{3} ?| ?[A-Za-z]{3}$/gu, '');
  const reading = readNumber(amount, decimalsOf(currency));
  if (reading.kind === 'empty') return wrong('web.missing');
  if (reading.kind === 'ambiguous')
    return wrong('web.ambiguous-number', { typed, first: reading.first, second: reading.second });
  return reading.kind === 'number' ? ok({ amount: reading.value, currency }) : wrong('web.bad-number', { typed });
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

const choiceKinds: ReadonlySet<string> = new Set(['select', 'radios', 'checkboxes', 'tick']);
const keyPattern = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/u;

type Issue = z.core.$ZodIssue;

function toProblem<S extends z.ZodObject>(view: FormWords, form: FormSpec<S>, issue: Issue): Problem {
  const name = String(issue.path[0] ?? '');
  const meta = fieldEntries(form).find(([key]) => key === name)?.[1];
  const field = meta ? view.t(meta.label) : name;
  const path = name === '' ? [] : [name];
  const missing = isMissing(issue);
  const code =
    missing && meta?.missing
      ? meta.missing
      : keyPattern.test(issue.message)
        ? issue.message
        : codeOf(issue, meta, missing);
  return problem(code, path, { params: { field, ...limitsOf(issue) } });
}

function isMissing(issue: Issue): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union')
    return issue.input === undefined;
  if (issue.code === 'too_small')
    return (issue.origin === 'string' || issue.origin === 'array') && Number(issue.minimum) === 1;
  return false;
}

function codeOf(issue: Issue, meta: FieldMeta | undefined, missing: boolean): string {
  if (missing || (meta?.kind === 'tick' && issue.code === 'invalid_value')) {
    if (meta?.kind === 'file' || meta?.kind === 'files') return 'web.missing-file';
    return meta && choiceKinds.has(meta.kind) ? 'web.missing-choice' : 'web.missing';
  }
  if (issue.code === 'too_big')
    return issue.origin === 'string'
      ? 'web.too-long'
      : issue.origin === 'number' || issue.origin === 'int'
        ? 'web.number-too-large'
        : 'web.not-accepted';
  if (issue.code === 'too_small')
    return issue.origin === 'string'
      ? 'web.too-short'
      : issue.origin === 'number' || issue.origin === 'int'
        ? 'web.number-too-small'
        : 'web.not-accepted';
  if (issue.code === 'invalid_value') return 'web.unknown-choice';
  if (issue.code === 'invalid_format' && issue.format === 'email') return 'web.bad-email';
  return 'web.not-accepted';
}

function limitsOf(issue: Issue): Record<string, number> {
  if (issue.code === 'too_big') return { max: Number(issue.maximum) };
  if (issue.code === 'too_small') return { min: Number(issue.minimum) };
  return {};
}
