import { type z } from 'zod';
import type { Problem } from '../../platform/values/index.ts';
import { errorFor } from '../kit/errors.tsx';
import {
  BilingualText,
  Checkboxes,
  FileInput,
  MoneyInput,
  Radios,
  Select,
  TextArea,
  TextInput,
  Tick,
  type Option,
} from '../kit/fields.tsx';
import type { View } from '../view.ts';
import { fieldEntries, isOptional, type FieldMeta, type FormSpec, type Typed } from './spec.ts';

export interface FormFieldsProps<S extends z.ZodObject> {
  view: View;
  form: FormSpec<S>;
  /** What was typed, or `typedFrom(form, stored)`. */
  typed?: Typed;
  problems?: readonly Problem[];
  /** These fields in this order; all in the order declared when left out. */
  only?: readonly (keyof z.input<S> & string)[];
  /** Options that depend on data. */
  options?: Readonly<Record<string, readonly Option[]>>;
}

/** The fields of a form, each by its kind, with what was typed and what is wrong with it. */
export function FormFields<S extends z.ZodObject>(props: FormFieldsProps<S>) {
  const entries = fieldEntries(props.form);
  const shown = props.only ? props.only.flatMap((name) => entries.filter(([key]) => key === name)) : entries;
  return (
    <>
      {shown.map(([name, meta]) => (
        <FormField
          view={props.view}
          name={name}
          meta={meta}
          optional={meta.kind !== 'tick' && meta.kind !== 'checkboxes' && isOptional(props.form.schema, name)}
          typed={props.typed ?? {}}
          error={errorFor(props.view, props.problems ?? [], name)}
          options={props.options?.[name]}
        />
      ))}
    </>
  );
}

interface FormFieldProps {
  view: View;
  name: string;
  meta: FieldMeta;
  optional: boolean;
  typed: Typed;
  error: string | undefined;
  options: readonly Option[] | undefined;
}

function FormField({ view, name, meta, optional, typed, error, options }: FormFieldProps) {
  const { t } = view;
  const words = { view, name, label: t(meta.label), hint: meta.hint ? t(meta.hint) : undefined, error, optional };
  const value = typed[name]?.[0];
  const choices =
    options ??
    (meta.options ?? []).map((one) => ({
      value: one.value,
      label: t(one.label),
      hint: one.hint ? t(one.hint) : undefined,
    }));
  const line = {
    value,
    width: meta.width,
    autocomplete: meta.autocomplete,
    suffix: meta.suffix ? t(meta.suffix) : undefined,
  };
  switch (meta.kind) {
    case 'hidden':
      return <input type="hidden" name={name} value={value ?? ''} />;
    case 'textarea':
      return <TextArea {...words} value={value} rows={meta.rows} />;
    case 'date':
    case 'partial-date':
      return (
        <TextInput
          {...words}
          {...line}
          value={printed(view, value)}
          hint={words.hint ?? t('web.date-hint')}
          width={meta.width ?? 12}
        />
      );
    case 'integer':
      return <TextInput {...words} {...line} inputmode="numeric" width={meta.width ?? 3} dir="ltr" />;
    case 'decimal':
      return <TextInput {...words} {...line} inputmode="decimal" width={meta.width ?? 6} dir="ltr" />;
    case 'email':
      return <TextInput {...words} {...line} type="email" dir="ltr" spellcheck={false} />;
    case 'password':
      return <TextInput {...words} {...line} value="" type="password" dir="ltr" spellcheck={false} />;
    case 'code':
      return <TextInput {...words} {...line} dir="ltr" spellcheck={false} width={meta.width ?? 12} />;
    case 'money':
      return <MoneyInput {...words} amount={typed[`${name}.amount`]?.[0]} currency={typed[`${name}.currency`]?.[0]} />;
    case 'select':
      return (
        <Select
          {...words}
          value={value}
          options={choices}
          empty={meta.empty ? t(meta.empty) : t('web.choose')}
          width={meta.width}
        />
      );
    case 'radios':
      return <Radios {...words} value={value} options={choices} inline={meta.inline} />;
    case 'checkboxes':
      return <Checkboxes {...words} values={typed[name] ?? []} options={choices} inline={meta.inline} />;
    case 'tick':
      return <Tick {...words} checked={Boolean(value)} />;
    case 'bilingual': {
      const languages = meta.languages ?? ['en', 'ar'];
      return (
        <BilingualText
          {...words}
          languages={languages}
          rows={meta.rows}
          values={Object.fromEntries(languages.map((tag) => [tag, typed[`${name}.${tag}`]?.[0] ?? '']))}
        />
      );
    }
    case 'file':
    case 'files':
      return <FileInput {...words} accept={meta.accept} multiple={meta.kind === 'files'} />;
    case 'text':
      return <TextInput {...words} {...line} />;
  }
}

// A stored day is shown as the reader writes days; what was typed otherwise is shown as typed.
function printed(view: View, value: string | undefined): string | undefined {
  return value !== undefined && /^\d{4}(-\d{2}){0,2}$/u.test(value) ? view.formats.day(value) : value;
}

/** Controls of a stored value, so that the same form shows it for change. */
export function typedFrom<S extends z.ZodObject>(form: FormSpec<S>, stored: Partial<z.input<S>>): Typed {
  const typed: Typed = {};
  for (const [name, meta] of fieldEntries(form)) {
    const value: unknown = Object.entries(stored).find(([key]) => key === name)?.[1];
    if (value === undefined || value === null || meta.kind === 'file' || meta.kind === 'files') continue;
    if (meta.kind === 'tick') typed[name] = value === true ? ['yes'] : [];
    else if (Array.isArray(value)) typed[name] = value.map(String);
    else if (typeof value === 'object') {
      for (const [part, text] of Object.entries(value)) typed[`${name}.${part}`] = [String(text)];
    } else typed[name] = [String(value)];
  }
  return typed;
}
