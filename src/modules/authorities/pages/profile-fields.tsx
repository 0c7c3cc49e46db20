import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  Checkboxes,
  errorFor,
  fieldId,
  MoneyInput,
  Radios,
  Select,
  TextArea,
  TextInput,
  type View,
} from '../../../web/index.ts';
import { isPlainRule, type Part } from '../schema/index.ts';
import { notStated, spareRows } from './profile-form.ts';
import { codeWords, partWords, sentence } from './words.tsx';

interface Props {
  view: View;
  parts: readonly Part[];
  /** The answer as it stands: what was typed when a check failed, else what is stored. */
  value: Readonly<Record<string, unknown>>;
  problems: readonly Problem[];
  prefix?: string;
}

/** The controls of one question, made from the item's schema. */
export function AnswerFields({ view, parts, value, problems, prefix = '' }: Props) {
  return (
    <>
      {parts.map((part) => (
        <PartField
          view={view}
          part={part}
          value={value[part.name]}
          problems={problems}
          name={`${prefix}${part.name}`}
        />
      ))}
    </>
  );
}

interface FieldProps {
  view: View;
  part: Part;
  value: unknown;
  problems: readonly Problem[];
  name: string;
}

function labelOf(view: View, part: Part): string {
  return part.name === 'rule' ? view.t('authorities.value') : partWords(view, part.name);
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function PartField({ view, part, value, problems, name }: FieldProps) {
  const { t } = view;
  const { control } = part;
  const label = labelOf(view, part);
  const said = isUnknown(value) ? undefined : value;
  const common = {
    view,
    name,
    label,
    error: errorFor(view, problems, name),
    optional: part.optional || part.mayBeUnknown,
  };
  const unsaid = { value: notStated, label: t('authorities.not-stated-choice') };
  switch (control.kind) {
    case 'choice':
    case 'yes-no': {
      const options = control.kind === 'choice' ? control.options : ['yes', 'no'];
      const chosen = typeof said === 'boolean' ? (said ? 'yes' : 'no') : asText(said);
      const none = part.mayBeUnknown || part.optional;
      return (
        <Radios
          {...common}
          optional={false}
          inline={options.length <= 3}
          value={chosen || (none && isUnknown(value) ? notStated : undefined)}
          options={[
            ...options.map((one) => ({ value: one, label: sentence(view, codeWords(view, one)) })),
            ...(none ? [unsaid] : []),
          ]}
        />
      );
    }
    case 'number':
      return <TextInput {...common} value={asText(said)} width={6} inputmode="numeric" dir="ltr" />;
    case 'text':
      return <TextInput {...common} value={asText(said)} />;
    case 'state':
      return <TextInput {...common} hint={t('authorities.state-code-hint')} value={asText(said)} width={6} dir="ltr" />;
    case 'codes':
      return (
        <TextInput
          {...common}
          hint={t('authorities.codes-hint')}
          value={Array.isArray(said) ? said.join(', ') : ''}
          width={20}
          dir="ltr"
        />
      );
    case 'lines':
      return (
        <TextArea
          {...common}
          hint={t('authorities.edit-list-hint')}
          value={Array.isArray(said) ? said.join('\n') : ''}
          rows={4}
        />
      );
    case 'many': {
      // The State's order is kept: of channels the first is the one preferred.
      const values = Array.isArray(said) ? said.map(String) : [];
      const options = [...values, ...control.options.filter((one) => !values.includes(one))];
      return (
        <Checkboxes
          {...common}
          values={values}
          options={options.map((one) => ({ value: one, label: sentence(view, codeWords(view, one)) }))}
        />
      );
    }
    case 'in-languages':
      return (
        <Texts view={view} name={name} label={label} value={said} error={common.error} optional={common.optional} />
      );
    case 'money': {
      const money = (said ?? {}) as { amount?: string; currency?: string };
      return <MoneyInput {...common} amount={money.amount ?? ''} currency={money.currency ?? ''} />;
    }
    case 'group':
      return (
        <fieldset class="part-group">
          <legend>{label}</legend>
          <AnswerFields
            view={view}
            parts={control.parts.map((one) => ({ ...one, mayBeUnknown: one.mayBeUnknown || part.mayBeUnknown }))}
            value={(said ?? {}) as Record<string, unknown>}
            problems={problems}
            prefix={`${name}.`}
          />
        </fieldset>
      );
    case 'rows':
      return <Rows view={view} part={part} value={said} problems={problems} name={name} />;
  }
}

/** The same words in both languages of the interface, and in every other the State wrote them in. */
export function Texts({
  view,
  name,
  label,
  value,
  error,
  optional,
}: {
  view: View;
  name: string;
  label: string;
  value: unknown;
  error?: string | undefined;
  optional?: boolean;
}) {
  const { t } = view;
  const texts = (value ?? {}) as Record<string, string>;
  return (
    <fieldset class="part-group" id={fieldId(name)}>
      <legend>
        {label}
        {optional ? <span class="optional"> {t('web.optional')}</span> : null}
      </legend>
      <div class="texts">
        {[...new Set(['en', 'ar', ...Object.keys(texts)])].map((lang, index) => (
          <TextArea
            view={view}
            name={`${name}.${lang}`}
            label={
              lang === 'en'
                ? t('authorities.in-english')
                : lang === 'ar'
                  ? t('authorities.in-arabic')
                  : view.formats.language(lang)
            }
            value={texts[lang] ?? ''}
            rows={2}
            lang={lang}
            dir={lang === 'ar' ? 'rtl' : 'ltr'}
            error={index === 0 ? error : undefined}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface Row {
  key: string;
  value: Record<string, unknown>;
}

function rowsOf({ control }: Part, value: unknown): Row[] {
  if (Array.isArray(value)) return value.map((one) => ({ key: '', value: one as Record<string, unknown> }));
  if (typeof value !== 'object' || value === null) return [];
  const plain = isPlainRule(control);
  return Object.entries(value).map(([key, one]) => ({
    key,
    value: plain ? { rule: one } : (one as Record<string, unknown>),
  }));
}

function Rows({ view, part, value, problems, name }: FieldProps) {
  const { t } = view;
  const { control } = part;
  if (control.kind !== 'rows') return null;
  const filled = rowsOf(part, value);
  const rows = [...filled, ...Array.from({ length: spareRows }, (): Row => ({ key: '', value: {} }))];
  const error = errorFor(view, problems, name);
  return (
    <fieldset class="part-rows" id={fieldId(name)}>
      <legend>{labelOf(view, part)}</legend>
      <p class="hint">{t('authorities.empty-row-hint')}</p>
      {error ? <p class="error-text">{error}</p> : null}
      {rows.map((row, index) => (
        <fieldset class="part-group">
          <legend>{t('authorities.row', { number: index + 1 })}</legend>
          <div class="part-row">
            {control.keys ? (
              <Select
                view={view}
                name={`${name}.${index}.key`}
                label={t('authorities.part.measure')}
                value={row.key}
                empty={t('authorities.choose-measure')}
                options={control.keys.map((key) => ({ value: key, label: sentence(view, partWords(view, key)) }))}
              />
            ) : null}
            {control.row.map((one) => (
              <RowField view={view} part={one} value={row.value[one.name]} name={`${name}.${index}.${one.name}`} />
            ))}
          </div>
        </fieldset>
      ))}
    </fieldset>
  );
}

/** In a row a choice is a list that may stay empty. */
function RowField({ view, part, value, name }: Omit<FieldProps, 'problems'>) {
  const { control } = part;
  if (control.kind !== 'choice') return <PartField view={view} part={part} value={value} problems={[]} name={name} />;
  return (
    <Select
      view={view}
      name={name}
      label={labelOf(view, part)}
      value={asText(value)}
      empty=""
      options={control.options.map((one) => ({ value: one, label: sentence(view, codeWords(view, one)) }))}
    />
  );
}
