import { z } from 'zod';
import type { PostedForm } from '../../platform/http/routes.ts';
import { fail, ok, type Problem, type Result } from '../../platform/values/index.ts';
import { Button } from '../kit/form.tsx';
import { fieldId, Hidden, type Content } from '../kit/text.tsx';
import type { Option } from '../kit/fields.tsx';
import type { View } from '../view.ts';
import { FormFields } from './fields.tsx';
import { readForm, type FormWords } from './read.ts';
import { fieldEntries, type FormSpec, type Typed } from './spec.ts';

/** Rows one question may have; more is refused by leaving them out of what the page can add. */
const mostRows = 50;

function rowOf(name: string, key: string): number | undefined {
  const found = key.startsWith(`${name}.`) ? /^(\d{1,3})\./.exec(key.slice(name.length + 1)) : null;
  return found ? Number(found[1]) : undefined;
}

function rowNumbers(values: Typed, name: string): number[] {
  const found = new Set(Object.keys(values).map((key) => rowOf(name, key)));
  return [...found].filter((one) => one !== undefined).toSorted((a, b) => a - b);
}

function isBlank(values: Typed, name: string, row: number): boolean {
  return Object.entries(values).every(
    ([key, texts]) => rowOf(name, key) !== row || texts.every((text) => text.trim() === ''),
  );
}

/**
 * Rows as posted, numbered anew: the one whose Remove was pressed and blank ones between others are gone, so that what a
 * page shows, what it reads and the paths of problems count alike.
 */
export function tidyRows(posted: PostedForm, name: string): PostedForm {
  const dropped = posted.values._drop?.[0];
  const kept = rowNumbers(posted.values, name).filter(
    (row) => `${name}.${row}` !== dropped && !isBlank(posted.values, name, row),
  );
  const values: Typed = {};
  for (const [key, texts] of Object.entries(posted.values)) {
    const row = rowOf(name, key);
    if (row === undefined) values[key] = texts;
    else if (kept.includes(row)) values[key.replace(`${name}.${row}.`, `${name}.${kept.indexOf(row)}.`)] = texts;
  }
  return { ...posted, values };
}

/** Whether the form was posted to add or to remove a row: then it is shown again and nothing is decided. */
export function changesRows(posted: PostedForm): boolean {
  return Boolean(posted.values._more?.[0] ?? posted.values._drop?.[0]);
}

/** How many rows a page shows: those given, one more when asked, and at least `least`. */
export function rowsShown(values: Typed, name: string, least = 1): number {
  const more = values._more?.[0] === name ? 1 : 0;
  const last = rowNumbers(values, name).at(-1) ?? -1;
  return Math.min(mostRows, Math.max(least, last + 1 + more));
}

/**
 * Reads the rows of a repeated question. Blank rows count as not given, but for the first `least`.
 * @returns rows in order, or every problem with the path `[name, row, field]`
 */
export function readRows<S extends z.ZodObject>(
  view: FormWords,
  form: FormSpec<S>,
  posted: PostedForm,
  name: string,
  { choices = {}, least = 0 }: { choices?: Readonly<Record<string, readonly string[]>>; least?: number } = {},
): Result<z.output<S>[], Problem[]> {
  const rows: z.output<S>[] = [];
  const problems: Problem[] = [];
  const numbers = new Set([...Array.from({ length: least }, (_, row) => row), ...rowNumbers(posted.values, name)]);
  for (const row of numbers) {
    if (row >= least && isBlank(posted.values, name, row)) continue;
    const prefix = `${name}.${row}.`;
    const own = Object.entries(posted.values).filter(([key]) => key.startsWith(prefix));
    const values = Object.fromEntries(own.map(([key, texts]) => [key.slice(prefix.length), texts]));
    const read = readForm(view, form, { values, files: [] }, { choices });
    if (read.ok) rows.push(read.value as z.output<S>);
    else problems.push(...read.error.map((one) => ({ ...one, path: [name, row, ...one.path] })));
  }
  return problems.length > 0 ? fail(problems) : ok(rows);
}

export interface RowsProps<S extends z.ZodObject> {
  view: View;
  form: FormSpec<S>;
  name: string;
  label: Content;
  hint?: Content;
  /** Name of one row: "Question 2". */
  rowLabel: (n: number) => string;
  /** Words of the button that adds one; left out when rows are fixed. */
  addLabel?: string;
  removeLabel?: string;
  typed: Typed;
  problems?: readonly Problem[];
  options?: Readonly<Record<string, readonly Option[]>>;
  least?: number;
  /** Stands at the head of a row: what it is about. */
  about?: (row: number) => Content;
}

/** A question that may be answered several times; rows are added and removed by buttons of the form, without scripts. */
export function Rows<S extends z.ZodObject>(props: RowsProps<S>) {
  const { view, form, name, typed, problems = [] } = props;
  const shown = rowsShown(typed, name, props.least ?? 1);
  const whole = problems.find((one) => one.path.join('.') === name);
  return (
    <fieldset class="rows" id={fieldId(name)} tabindex={-1}>
      <legend>
        <h2>{props.label}</h2>
      </legend>
      {props.hint ? <p class="hint">{props.hint}</p> : null}
      {whole ? <p class="error-text">{view.problemText(whole)}</p> : null}
      {Array.from({ length: shown }, (_, row) => (
        <div class="row" role="group" aria-label={props.rowLabel(row + 1)}>
          <div class="row-head">
            <h3>{props.rowLabel(row + 1)}</h3>
            {props.removeLabel && shown > (props.least ?? 1) ? (
              <Button kind="link" name="_drop" value={`${name}.${row}`}>
                {props.removeLabel}
                <Hidden> {props.rowLabel(row + 1)}</Hidden>
              </Button>
            ) : null}
          </div>
          {props.about?.(row)}
          <FormFields
            view={view}
            form={inRow(form, name, row)}
            typed={typed}
            problems={problems}
            options={Object.fromEntries(
              Object.entries(props.options ?? {}).map(([field, options]) => [`${name}.${row}.${field}`, options]),
            )}
          />
        </div>
      ))}
      {props.addLabel && shown < mostRows ? (
        <Button name="_more" value={name} compact icon="plus">
          {props.addLabel}
        </Button>
      ) : null}
    </fieldset>
  );
}

/** The same form with the names its controls have in one row. */
function inRow<S extends z.ZodObject>(form: FormSpec<S>, name: string, row: number): FormSpec {
  const prefixed = <T,>(entries: [string, T][]) =>
    Object.fromEntries(entries.map(([key, value]) => [`${name}.${row}.${key}`, value]));
  return {
    schema: z.object(prefixed(Object.entries(form.schema.shape))),
    fields: prefixed(fieldEntries(form)),
  };
}
