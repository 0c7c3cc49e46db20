import { z } from 'zod';
import type { MessageKey } from '../../platform/i18n/index.ts';
import type { Width } from '../kit/fields.tsx';

/** How a field is asked and read. Composite kinds post several controls: `name.amount`, `name.currency`, `name.en`. */
export type FieldKind =
  | 'text'
  | 'textarea'
  | 'email'
  | 'password'
  | 'code'
  | 'date'
  | 'partial-date'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'select'
  | 'radios'
  | 'checkboxes'
  | 'tick'
  | 'bilingual'
  | 'file'
  | 'files'
  | 'hidden';

export interface ChoiceMeta {
  value: string;
  label: MessageKey;
  hint?: MessageKey;
}

export interface FieldMeta {
  kind: FieldKind;
  label: MessageKey;
  hint?: MessageKey;
  /** Words when a required answer is missing: "Enter the penalty range for the offence." */
  missing?: MessageKey;
  /** Choices known beforehand; choices that depend on data are given when the form is shown and read. */
  options?: readonly ChoiceMeta[];
  /** First, empty entry of a select. */
  empty?: MessageKey;
  inline?: boolean;
  autocomplete?: string;
  width?: Width;
  rows?: number;
  /** Unit after the control. */
  suffix?: MessageKey;
  /** The two languages of a bilingual text. */
  languages?: readonly [string, string];
  /** Bytes of UTF-8 accepted; 100 kB when not declared. */
  maxBytes?: number;
  accept?: string;
}

/** One entry per key of the schema: a field without words does not compile, nor words without a field. */
export type FieldSpec<S extends z.ZodObject> = { [K in keyof z.input<S> & string]-?: FieldMeta };

/** A form: one schema for type, checking, API and page, and the words and kinds of its fields. */
export interface FormSpec<S extends z.ZodObject = z.ZodObject> {
  schema: S;
  fields: FieldSpec<S>;
}

export function defineForm<S extends z.ZodObject>(schema: S, fields: FieldSpec<S>): FormSpec<S> {
  return { schema, fields };
}

export const defaultMaxBytes = 100_000;

/** A file as posted; what it is, is decided by its content, elsewhere. */
export const PostedFile = z.object({ fileName: z.string().max(255), bytes: z.instanceof(Uint8Array) });
export type PostedFile = z.infer<typeof PostedFile>;

/** What was typed, by control name; kept whatever becomes of it. */
export type Typed = Record<string, string[]>;

/** Says whether a field may be left empty. */
export function isOptional(schema: z.ZodObject, name: string): boolean {
  const field = schema.shape[name];
  return field instanceof z.ZodType && field.safeParse(undefined).success;
}

/** Entries of a form's fields in the order declared. */
export function fieldEntries<S extends z.ZodObject>(form: FormSpec<S>): [string, FieldMeta][] {
  return Object.entries<FieldMeta>(form.fields);
}
