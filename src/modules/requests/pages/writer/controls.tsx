import { isUnknown, UnknownReason, type Problem } from '../../../../platform/values/index.ts';
import {
  BilingualText,
  Bdi,
  Button,
  Checkboxes,
  DateInput,
  errorFor,
  Field,
  fieldId,
  MoneyInput,
  Radios,
  Select,
  TextInput,
  Tick,
  type Option,
  type Typed,
} from '../../../../web/index.ts';
import { optionKey } from '../../rules/index.ts';
import type { FieldDefinition } from '../../schema/index.ts';
import type { FieldEnv } from './env.ts';
import { itemName } from './printed.tsx';
import { hasOwnPages, itemsOf, nextKey, placeOf, valueAt, type QuestionSet } from './questions.ts';
import { isAsked } from './read.ts';
import { nameOf, rowsIn } from './typed.ts';

interface QuestionProps {
  env: FieldEnv;
  field: FieldDefinition;
  name: string;
  typed: Typed;
  problems: readonly Problem[];
  /** Rows that stand empty at the end of a repeated field. */
  spare: number;
}

function optionsOf(env: FieldEnv, field: FieldDefinition): Option[] {
  return (field.options ?? []).map((value) => ({ value, label: env.view.t.code(optionKey(field, value)) }));
}

const shared = ['en', 'ar', 'zh', 'fr', 'ru', 'es'];

function peopleOptions(env: FieldEnv): Option[] {
  return (env.draft.persons ?? []).map((person) => ({ value: person.id, label: itemName(env, 'persons', person) }));
}

function factOptions(env: FieldEnv): Option[] {
  return (env.draft.facts ?? []).map((fact, n) => ({
    value: fact.id,
    label: env.view.t('writer.fact-n', { n: n + 1, words: itemName(env, 'facts', fact) }),
  }));
}

function measureOptions(env: FieldEnv): Option[] {
  return (env.draft.measures ?? []).map((measure, n) => ({
    value: measure.id,
    label: env.view.t('writer.measure-n', { n: n + 1, words: itemName(env, 'measures', measure) }),
  }));
}

function Blank({
  env,
  name,
  typed,
  withReason = true,
}: {
  env: FieldEnv;
  name: string;
  typed: Typed;
  withReason?: boolean;
}) {
  const { view } = env;
  return (
    <div class="blank-choice">
      <Select
        view={view}
        name={`${name}._blank`}
        label={view.t('writer.blank')}
        value={typed[`${name}._blank`]?.[0]}
        empty={view.t('writer.blank-none')}
        options={UnknownReason.options.map((value) => ({ value, label: view.t(`writer.blank-${value}`) }))}
      />
      {withReason ? (
        <TextInput
          view={view}
          name={`${name}._why`}
          label={view.t('writer.blank-why')}
          value={typed[`${name}._why`]?.[0]}
        />
      ) : null}
    </div>
  );
}

/** One question by its kind, with the choice to leave it blank where the rules allow that. */
export function Question(props: QuestionProps) {
  const { env, field, name, typed } = props;
  const control = <Control {...props} />;
  if (field.requirement !== 'W') return control;
  return (
    <div class="may-be-blank">
      {control}
      <Blank env={env} name={name} typed={typed} />
    </div>
  );
}

function When({
  env,
  name,
  typed,
  label,
  hint,
  problems,
}: Omit<QuestionProps, 'field' | 'spare'> & { label: string; hint?: string }) {
  const { view } = env;
  const error = (part: string) => errorFor(view, problems, `${name}.${part}`);
  return (
    <>
      <DateInput
        view={view}
        name={`${name}.on`}
        label={label}
        hint={hint ?? view.t('writer.when-hint')}
        value={typed[`${name}.on`]?.[0]}
        error={error('on')}
      />
      <div class="row-fields window">
        <DateInput
          view={view}
          name={`${name}.after`}
          label={view.t('writer.not-before')}
          hint={view.t('writer.window-hint')}
          value={typed[`${name}.after`]?.[0]}
          error={error('after')}
        />
        <DateInput
          view={view}
          name={`${name}.before`}
          label={view.t('writer.not-after')}
          hint={view.t('writer.window-hint')}
          value={typed[`${name}.before`]?.[0]}
          error={error('before')}
        />
      </div>
    </>
  );
}

function Control({ env, field, name, typed, problems, spare }: QuestionProps) {
  const { view, languages } = env;
  const { t } = view;
  const label = t.code(field.label);
  const hint = field.hint ? t.code(field.hint) : undefined;
  const optional = field.requirement === 'O';
  const error = errorFor(view, problems, name);
  const words = { view, name, label, hint, error, optional };
  const value = typed[name]?.[0];
  const texts = (at: string) => Object.fromEntries(languages.map((tag) => [tag, typed[`${at}.${tag}`]?.[0] ?? '']));
  switch (field.kind) {
    case 'free-text':
    case 'long-text':
      return <BilingualText {...words} languages={languages} values={texts(name)} rows={5} />;
    case 'short-free-text':
      return <BilingualText {...words} languages={languages} values={texts(name)} rows={2} />;
    case 'date':
      return <DateInput {...words} value={value} />;
    case 'partial-date':
      return <DateInput {...words} value={value} hint={hint ?? t('writer.when-hint')} />;
    case 'when':
      return (
        <fieldset class="group">
          <legend>{label}</legend>
          <When env={env} name={name} typed={typed} problems={problems} label={t('writer.day')} hint={hint} />
          <Blank env={env} name={name} typed={typed} withReason={false} />
        </fieldset>
      );
    case 'months':
      return <TextInput {...words} value={value} width={3} inputmode="numeric" dir="ltr" suffix={t('writer.months')} />;
    case 'number':
      return <TextInput {...words} value={value} width={3} inputmode="numeric" dir="ltr" />;
    case 'yes-no':
      return (
        <Radios
          {...words}
          value={value}
          inline
          options={[
            { value: 'yes', label: t('web.yes') },
            { value: 'no', label: t('web.no') },
          ]}
        />
      );
    case 'choice': {
      const options = optionsOf(env, field);
      // Inside a row of many, a short list takes less room than buttons.
      if (field.requirement === 'R' && options.length <= 6 && !/\.\d+\./.test(name))
        return <Radios {...words} value={value} options={options} />;
      return <Select {...words} value={value} empty={t('web.choose')} options={options} />;
    }
    case 'choices':
      return <Checkboxes {...words} values={typed[name] ?? []} options={optionsOf(env, field)} />;
    case 'state':
      return <Select {...words} value={value} empty={t('web.choose')} options={env.states} />;
    case 'authority': {
      const state = field.path.startsWith('requesting') ? env.ownState : (env.draft.requested?.state ?? '');
      const desks = (env.desks[state] ?? []).map((desk) => ({ value: desk.ref.authority ?? '', label: desk.name }));
      if (desks.length === 0) return <TextInput {...words} value={value} dir="ltr" spellcheck={false} />;
      return <Select {...words} value={value} empty={t('web.choose')} options={desks} />;
    }
    case 'language':
    case 'languages': {
      const options = [...new Set([...languages, ...shared, ...(typed[name] ?? [])])]
        .filter((tag) => tag !== '')
        .map((tag) => ({ value: tag, label: view.formats.language(tag) }));
      if (field.kind === 'languages')
        return <Checkboxes {...words} values={typed[name] ?? []} options={options} inline />;
      return <Select {...words} value={value} empty={t('web.choose')} options={options} />;
    }
    case 'instrument':
      return <Select {...words} value={value} empty={t('web.choose')} options={withStored(env.instruments, value)} />;
    case 'person':
      return <Select {...words} value={value} empty={t('web.choose')} options={peopleOptions(env)} />;
    case 'annex':
      return (
        <Select
          {...words}
          value={value}
          empty={t('web.choose')}
          options={(env.draft.annexes ?? []).map((annex) => ({
            value: String(annex.n ?? ''),
            label: itemName(env, 'annexes', annex),
          }))}
        />
      );
    case 'file':
      if (env.files.length === 0)
        return <TextInput {...words} value={value} hint={t('writer.no-files')} dir="ltr" spellcheck={false} />;
      return <Select {...words} value={value} empty={t('writer.choose-file')} options={withStored(env.files, value)} />;
    case 'currency':
      return <TextInput {...words} value={value} width={6} dir="ltr" spellcheck={false} />;
    case 'money':
      return <MoneyInput {...words} amount={typed[`${name}.amount`]?.[0]} currency={typed[`${name}.currency`]?.[0]} />;
    case 'value-on':
      return (
        <>
          <MoneyInput {...words} amount={typed[`${name}.amount`]?.[0]} currency={typed[`${name}.currency`]?.[0]} />
          <div class="row-fields">
            <DateInput
              view={view}
              name={`${name}.on`}
              label={t('writer.value-day')}
              value={typed[`${name}.on`]?.[0]}
              error={errorFor(view, problems, `${name}.on`)}
            />
            <TextInput
              view={view}
              name={`${name}.source`}
              label={t('writer.value-source')}
              optional
              value={typed[`${name}.source`]?.[0]}
            />
          </div>
        </>
      );
    case 'period':
      return (
        <fieldset class="group" id={fieldId(name)}>
          <legend>{label}</legend>
          {hint ? <p class="hint">{hint}</p> : null}
          <div class="row-fields">
            <DateInput
              view={view}
              name={`${name}.from`}
              label={t('writer.first-day')}
              value={typed[`${name}.from`]?.[0]}
              error={errorFor(view, problems, `${name}.from`)}
            />
            <DateInput
              view={view}
              name={`${name}.until`}
              label={t('writer.last-day')}
              value={typed[`${name}.until`]?.[0]}
              error={errorFor(view, problems, `${name}.until`)}
            />
          </div>
        </fieldset>
      );
    case 'duration':
      return (
        <fieldset class="group" id={fieldId(name)}>
          <legend>{label}</legend>
          <div class="row-fields row-fields--short">
            <TextInput
              view={view}
              name={`${name}.n`}
              label={t('writer.duration-n')}
              width={3}
              inputmode="numeric"
              dir="ltr"
              value={typed[`${name}.n`]?.[0]}
              error={errorFor(view, problems, `${name}.n`) ?? error}
            />
            <Select
              view={view}
              name={`${name}.unit`}
              label={t('writer.duration-unit')}
              value={typed[`${name}.unit`]?.[0] ?? 'M'}
              options={(['D', 'M', 'Y'] as const).map((unit) => ({ value: unit, label: t(`writer.unit-${unit}`) }))}
            />
          </div>
        </fieldset>
      );
    case 'iban':
      return <TextInput {...words} value={value} dir="ltr" spellcheck={false} width="full" />;
    case 'place':
      return (
        <fieldset class="group" id={fieldId(name)}>
          <legend>{label}</legend>
          <Select
            view={view}
            name={`${name}.state`}
            label={t('writer.place-state')}
            value={typed[`${name}.state`]?.[0]}
            empty={t('web.choose')}
            options={env.states}
            error={errorFor(view, problems, `${name}.state`)}
          />
          <BilingualText
            view={view}
            name={`${name}.place`}
            label={t('writer.place-name')}
            languages={languages}
            values={texts(`${name}.place`)}
            rows={1}
            error={errorFor(view, problems, `${name}.place`)}
          />
        </fieldset>
      );
    case 'names':
      return <Names env={env} name={name} typed={typed} problems={problems} label={label} hint={hint} error={error} />;
    case 'list':
      return <List env={env} field={field} name={name} typed={typed} problems={problems} spare={spare} />;
    case 'text':
      if (field.path === 'ofVersion')
        return (
          <Tick
            view={view}
            name={name}
            label={t('writer.of-this-text')}
            hint={t('writer.of-this-text-hint')}
            checked={value === env.originalHash()}
            error={error}
          />
        );
      if (field.path === 'fact')
        return <Select {...words} value={value} empty={t('web.choose')} options={factOptions(env)} />;
      return <TextInput {...words} value={value} />;
  }
}

function withStored(options: readonly Option[], value: string | undefined): Option[] {
  return !value || options.some((one) => one.value === value) ? [...options] : [...options, { value, label: value }];
}

function Names({
  env,
  name,
  typed,
  problems,
  label,
  hint,
  error,
}: Omit<QuestionProps, 'field' | 'spare'> & { label: string; hint?: string; error?: string }) {
  const { view } = env;
  const { t } = view;
  const aliases = rowsIn(typed, `${name}.alias`) + 1;
  return (
    <fieldset class="group" id={`${fieldId(name)}-group`}>
      <legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      <div id={fieldId(name)} tabindex={-1} />
      <TextInput
        view={view}
        name={`${name}.original`}
        label={t('writer.name-original')}
        hint={t('writer.name-original-hint')}
        value={typed[`${name}.original`]?.[0]}
        error={errorFor(view, problems, `${name}.original`) ?? error}
      />
      <TextInput
        view={view}
        name={`${name}.other`}
        label={t('writer.name-other')}
        hint={t('writer.name-other-hint')}
        value={typed[`${name}.other`]?.[0]}
        error={errorFor(view, problems, `${name}.other`)}
      />
      {Array.from({ length: aliases }, (_, n) => (
        <div class="row-fields">
          <TextInput
            view={view}
            name={`${name}.alias.${n}.text`}
            label={t('writer.alias-n', { n: n + 1 })}
            optional
            value={typed[`${name}.alias.${n}.text`]?.[0]}
          />
          <Select
            view={view}
            name={`${name}.alias.${n}.kind`}
            label={t('writer.alias-kind')}
            value={typed[`${name}.alias.${n}.kind`]?.[0] ?? 'alias'}
            options={(['alias', 'former'] as const).map((value) => ({ value, label: t(`writer.name-${value}`) }))}
          />
        </div>
      ))}
    </fieldset>
  );
}

function List({ env, field, name, typed, problems, spare }: QuestionProps) {
  const { view, languages } = env;
  const { t } = view;
  const label = t.code(field.label);
  const hint = field.hint ? t.code(field.hint) : undefined;
  const error = errorFor(view, problems, name);
  const texts = (at: string) => Object.fromEntries(languages.map((tag) => [tag, typed[`${at}.${tag}`]?.[0] ?? '']));
  const choose = (options: Option[]) =>
    options.length === 0 ? (
      <Field view={view} name={name} label={label} error={error}>
        <p class="hint" id={fieldId(name)}>
          {t('writer.nothing-to-choose')}
        </p>
      </Field>
    ) : (
      <Checkboxes
        view={view}
        name={name}
        label={label}
        hint={hint}
        error={error}
        values={typed[name] ?? []}
        options={options}
      />
    );
  if (field.path === 'born') {
    return (
      <fieldset class="group" id={fieldId(name)}>
        <legend>{label}</legend>
        <When env={env} name={`${name}.on`} typed={typed} problems={problems} label={t('writer.day')} />
        <BilingualText
          view={view}
          name={`${name}.place`}
          label={t('writer.born-place')}
          languages={languages}
          values={texts(`${name}.place`)}
          rows={1}
          error={errorFor(view, problems, `${name}.place`)}
        />
      </fieldset>
    );
  }
  if (field.path === 'directors') return choose(peopleOptions(env).filter((one) => one.value.startsWith('p')));
  if (field.path === 'referencedIn') return choose([...factOptions(env), ...measureOptions(env)]);
  const rows = rowsIn(typed, name) + spare;
  return (
    <fieldset class="group rows" id={fieldId(name)}>
      <legend>
        {label}
        {field.requirement === 'O' ? <span class="optional"> {t('web.optional')}</span> : null}
      </legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {error && !problems.some((one) => one.path.join('.').startsWith(`${name}.`)) ? (
        <p class="error-text">{error}</p>
      ) : null}
      {Array.from({ length: rows }, (_, n) => (
        <div class="row" role="group" aria-label={t('writer.row-n', { label, n: n + 1 })}>
          {field.item ? (
            field.item
              .filter((one) => isAsked(env, one))
              .map((one) => (
                <Control
                  env={env}
                  field={one}
                  name={nameOf(one, `${name}.${n}.`)}
                  typed={typed}
                  problems={problems}
                  spare={0}
                />
              ))
          ) : (
            <BilingualText
              view={view}
              name={`${name}.${n}`}
              label={t('writer.row-n', { label, n: n + 1 })}
              languages={languages}
              values={texts(`${name}.${n}`)}
              rows={1}
            />
          )}
          {n < rows - spare ? (
            <Tick view={view} name={`${name}.${n}._remove`} label={t('writer.remove-row', { n: n + 1 })} />
          ) : null}
        </div>
      ))}
      <Button name="_more" value={name} compact icon="plus">
        {t('writer.add-row')}
        <span class="vh"> {label}</span>
      </Button>
    </fieldset>
  );
}

/** A list whose items have pages of their own, inside the page of the object that holds it. */
export function InnerList({ env, set, field }: { env: FieldEnv; set: QuestionSet; field: FieldDefinition }) {
  const { view } = env;
  const place = placeOf(set, field);
  const items = itemsOf(env.draft, place);
  return (
    <fieldset class="group inner-list" id={fieldId(nameOf(field))}>
      <legend>{view.t.code(field.label)}</legend>
      {field.hint ? <p class="hint">{view.t.code(field.hint)}</p> : null}
      {items.length === 0 ? <p class="muted">{view.t('writer.none-yet')}</p> : null}
      <ul class="inner-items">
        {items.map(({ item, key, index }) => (
          <li>
            <span>
              {index + 1}. <Bdi>{itemName(env, field.path, item)}</Bdi>
            </span>
            <span class="inner-acts">
              <Button kind="link" name="_go" value={`${place.at}.${key}`}>
                {view.t('web.change')}
                <span class="vh"> {itemName(env, field.path, item)}</span>
              </Button>
              <Button kind="link" name="_remove" value={`${place.at}.${key}`}>
                {view.t('writer.remove')}
                <span class="vh"> {itemName(env, field.path, item)}</span>
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <Button name="_go" value={`${place.at}.${nextKey(env.draft, place)}`} compact icon="plus">
        {view.t('writer.add')}
        <span class="vh"> {view.t.code(field.label)}</span>
      </Button>
    </fieldset>
  );
}

/** All questions of a page. */
export function Questions({
  env,
  set,
  typed,
  problems,
  spare,
}: {
  env: FieldEnv;
  set: QuestionSet;
  typed: Typed;
  problems: readonly Problem[];
  spare: Readonly<Record<string, number>>;
}) {
  return (
    <>
      {set.fields.map((field) => {
        if (hasOwnPages(field)) return <InnerList env={env} set={set} field={field} />;
        if (!isAsked(env, field)) return null;
        const name = nameOf(field);
        const isFilled =
          !isUnknown(valueAt(env.draft, [...set.base, ...field.path.split('/')])) && rowsIn(typed, name) > 0;
        return (
          <Question
            env={env}
            field={field}
            name={name}
            typed={typed}
            problems={problems}
            spare={spare[name] ?? (isFilled ? 0 : 1)}
          />
        );
      })}
    </>
  );
}
