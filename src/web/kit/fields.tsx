import type { Content } from './text.tsx';
import { Hidden, classes, fieldId } from './text.tsx';
import { Mark } from './icon.tsx';
import type { View } from '../view.ts';

/** What every field takes. `name` is the field's path joined by dots; its id follows from it. */
export interface FieldProps {
  view: View;
  name: string;
  label: Content;
  hint?: Content;
  /** Words of the problem, the same as in the error summary. */
  error?: Content;
  /** Adds "(optional)" after the label. */
  optional?: boolean;
}

interface Described {
  id: string;
  name: string;
  describedBy: string | undefined;
  invalid: 'true' | undefined;
}

function described({ name, hint, error }: Pick<FieldProps, 'name' | 'hint' | 'error'>): Described {
  const id = fieldId(name);
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { id, name, describedBy: ids || undefined, invalid: error ? 'true' : undefined };
}

function Words({ field, inLegend }: { field: FieldProps; inLegend?: boolean }) {
  const id = fieldId(field.name);
  const label = (
    <>
      {field.label}
      {field.optional ? <span class="optional"> {field.view.t('web.optional')}</span> : null}
    </>
  );
  return (
    <>
      {inLegend ? <legend>{label}</legend> : <label for={id}>{label}</label>}
      {field.hint ? (
        <p class="hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      ) : null}
      {field.error ? (
        <p class="error-text" id={`${id}-error`}>
          <Mark name="alert" />
          <span>
            <Hidden>{field.view.t('web.error')} </Hidden>
            {field.error}
          </span>
        </p>
      ) : null}
    </>
  );
}

/** A field round a control of the caller's own. The control must carry `id={fieldId(name)}`. */
export function Field(props: FieldProps & { children?: Content }) {
  return (
    <div class={classes('field', Boolean(props.error) && 'field--error')}>
      <Words field={props} />
      {props.children}
    </div>
  );
}

/** Widths say how much is expected: 3, 6, 12 or 20 characters, or the whole line. */
export type Width = 3 | 6 | 12 | 20 | 'full';

function widthClass(width: Width | undefined): string {
  return classes('input', width !== undefined && width !== 'full' && `input--w${width}`);
}

export interface TextInputProps extends FieldProps {
  value?: string;
  width?: Width;
  type?: 'text' | 'email' | 'tel' | 'search' | 'password' | 'url';
  autocomplete?: string;
  inputmode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email';
  /** Words standing after the control: a unit. */
  suffix?: Content;
  spellcheck?: boolean;
  /** Language of what is typed, when it is not the page's. */
  lang?: string;
  /** Forces a direction: references and codes are `ltr`. */
  dir?: 'ltr' | 'rtl' | 'auto';
  autofocus?: boolean;
}

export function TextInput(props: TextInputProps) {
  const d = described(props);
  const control = (
    <input
      class={widthClass(props.width)}
      id={d.id}
      name={d.name}
      type={props.type ?? 'text'}
      value={props.value ?? ''}
      aria-describedby={d.describedBy}
      aria-invalid={d.invalid}
      autocomplete={props.autocomplete ?? 'off'}
      inputmode={props.inputmode}
      spellcheck={props.spellcheck}
      lang={props.lang}
      dir={props.dir ?? 'auto'}
      autofocus={props.autofocus}
    />
  );
  return (
    <Field {...props}>
      {props.suffix ? (
        <span class="unit">
          {control}
          <span>{props.suffix}</span>
        </span>
      ) : (
        control
      )}
    </Field>
  );
}

export interface TextAreaProps extends FieldProps {
  value?: string;
  rows?: number;
  lang?: string;
  dir?: 'ltr' | 'rtl' | 'auto';
}

export function TextArea(props: TextAreaProps) {
  const d = described(props);
  return (
    <Field {...props}>
      <textarea
        class="input"
        id={d.id}
        name={d.name}
        rows={props.rows ?? 5}
        aria-describedby={d.describedBy}
        aria-invalid={d.invalid}
        lang={props.lang}
        dir={props.dir ?? 'auto'}
      >
        {props.value ?? ''}
      </textarea>
    </Field>
  );
}

/** One line of text for a date in any unambiguous form; the hint shows examples in the reader's language. */
export function DateInput(props: Omit<TextInputProps, 'type' | 'inputmode'>) {
  return <TextInput {...props} hint={props.hint ?? props.view.t('web.date-hint')} width={props.width ?? 12} />;
}

export interface Option {
  value: string;
  label: Content;
  hint?: Content;
}

export interface SelectProps extends FieldProps {
  value?: string;
  options: readonly Option[];
  /** First, empty entry: "Choose a State". Left out when there is a value that cannot be empty. */
  empty?: string;
  width?: Width;
}

export function Select(props: SelectProps) {
  const d = described(props);
  return (
    <Field {...props}>
      <select
        class={widthClass(props.width)}
        id={d.id}
        name={d.name}
        aria-describedby={d.describedBy}
        aria-invalid={d.invalid}
      >
        {props.empty === undefined ? null : <option value="">{props.empty}</option>}
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

export interface RadiosProps extends FieldProps {
  value?: string;
  options: readonly Option[];
  /** Short choices in one line. */
  inline?: boolean;
}

export function Radios(props: RadiosProps) {
  return <Choices {...props} type="radio" chosen={props.value === undefined ? [] : [props.value]} />;
}

export interface CheckboxesProps extends FieldProps {
  values?: readonly string[];
  options: readonly Option[];
  inline?: boolean;
}

export function Checkboxes(props: CheckboxesProps) {
  return <Choices {...props} type="checkbox" chosen={props.values ?? []} />;
}

function Choices(
  props: FieldProps & {
    type: 'radio' | 'checkbox';
    chosen: readonly string[];
    options: readonly Option[];
    inline?: boolean;
  },
) {
  const d = described(props);
  return (
    <fieldset
      class={classes('field', Boolean(props.error) && 'field--error')}
      aria-describedby={d.describedBy}
      role={props.type === 'radio' ? 'radiogroup' : undefined}
      aria-invalid={props.type === 'radio' ? d.invalid : undefined}
    >
      <Words field={props} inLegend />
      <div class={classes('choices', props.inline && 'choices--inline')}>
        {props.options.map((option, index) => {
          const id = index === 0 ? d.id : `${d.id}-${index}`;
          return (
            <div class="choice">
              <input
                type={props.type}
                id={id}
                name={d.name}
                value={option.value}
                checked={props.chosen.includes(option.value)}
                aria-describedby={option.hint ? `${id}-more` : undefined}
              />
              <label for={id}>{option.label}</label>
              {option.hint ? (
                <p class="hint" id={`${id}-more`}>
                  {option.hint}
                </p>
              ) : null}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

/** One box to tick: a statement the reader makes. */
export function Tick(props: FieldProps & { checked?: boolean; value?: string }) {
  const d = described(props);
  return (
    <div class={classes('field', Boolean(props.error) && 'field--error')}>
      {props.error ? (
        <p class="error-text" id={`${d.id}-error`}>
          <Mark name="alert" />
          <span>
            <Hidden>{props.view.t('web.error')} </Hidden>
            {props.error}
          </span>
        </p>
      ) : null}
      <div class="choice">
        <input
          type="checkbox"
          id={d.id}
          name={d.name}
          value={props.value ?? 'yes'}
          checked={props.checked}
          aria-describedby={d.describedBy}
          aria-invalid={d.invalid}
        />
        <label for={d.id}>{props.label}</label>
        {props.hint ? (
          <p class="hint" id={`${d.id}-hint`}>
            {props.hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}

export interface MoneyInputProps extends FieldProps {
  amount?: string;
  currency?: string;
  /** ISO 4217 codes offered first; any code may be typed. */
  currencies?: readonly string[];
}

/** An amount and its currency: two controls of one question, `name.amount` and `name.currency`. */
export function MoneyInput(props: MoneyInputProps) {
  const d = described(props);
  const list = `${d.id}-currencies`;
  return (
    <fieldset class={classes('field', Boolean(props.error) && 'field--error')} aria-describedby={d.describedBy}>
      <Words field={props} inLegend />
      <div class="pair">
        <div>
          <label for={d.id}>{props.view.t('web.amount')}</label>
          <input
            class="input input--w12 input--figures"
            id={d.id}
            name={`${props.name}.amount`}
            inputmode="decimal"
            value={props.amount ?? ''}
            autocomplete="off"
            dir="ltr"
            aria-invalid={d.invalid}
            aria-describedby={d.describedBy}
          />
        </div>
        <div>
          <label for={`${d.id}-currency`}>{props.view.t('web.currency')}</label>
          <input
            class="input input--w6 input--figures"
            id={`${d.id}-currency`}
            name={`${props.name}.currency`}
            value={props.currency ?? ''}
            list={list}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            dir="ltr"
          />
          <datalist id={list}>
            {(props.currencies ?? ['EUR', 'USD', 'GBP', 'CHF', 'KES', 'XOF']).map((code) => (
              <option value={code} />
            ))}
          </datalist>
        </div>
      </div>
    </fieldset>
  );
}

export interface FileInputProps extends FieldProps {
  /** Accepted types as the browser's dialog knows them; the server decides by content. */
  accept?: string;
  multiple?: boolean;
}

export function FileInput(props: FileInputProps) {
  const d = described(props);
  return (
    <Field {...props}>
      <input
        class="input input--file"
        type="file"
        id={d.id}
        name={d.name}
        accept={props.accept}
        multiple={props.multiple}
        aria-describedby={d.describedBy}
        aria-invalid={d.invalid}
      />
    </Field>
  );
}

export interface BilingualTextProps extends FieldProps {
  /** The two languages, own side first. */
  languages: readonly [string, string];
  /** Text per language. */
  values?: Readonly<Record<string, string>>;
  rows?: number;
  /** Number between the columns: the paragraph. */
  number?: string;
}

/** One question answered in two languages facing each other over the ruled gutter; controls `name.en`, `name.ar`. */
export function BilingualText(props: BilingualTextProps) {
  const d = described(props);
  return (
    <fieldset
      class={classes('field', 'bilingual', Boolean(props.error) && 'field--error')}
      aria-describedby={d.describedBy}
    >
      <Words field={props} inLegend />
      <div class="bilingual-cols">
        {props.languages.map((language, index) => {
          const id = index === 0 ? d.id : `${d.id}-${language}`;
          return (
            <div class={index === 0 ? 'bilingual-a' : 'bilingual-b'}>
              <label for={id}>{props.view.formats.language(language)}</label>
              <textarea
                class="input"
                id={id}
                name={`${props.name}.${language}`}
                rows={props.rows ?? 5}
                lang={language}
                dir={directionOfLanguage(language)}
                aria-describedby={d.describedBy}
                aria-invalid={d.invalid}
              >
                {props.values?.[language] ?? ''}
              </textarea>
            </div>
          );
        })}
        <span class="bilingual-gutter" aria-hidden="true">
          {props.number}
        </span>
      </div>
    </fieldset>
  );
}

const rightToLeft = new Set(['ar', 'he', 'fa', 'ur', 'ps', 'ckb', 'dv', 'yi', 'sd', 'ug']);

/** Writing direction of a BCP 47 tag. */
export function directionOfLanguage(tag: string): 'ltr' | 'rtl' {
  return rightToLeft.has(tag.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}
