import { addDays, isUnknown, PlainDate } from '../../../../platform/values/index.ts';
import { Bdi, Num, type Content } from '../../../../web/index.ts';
import { optionKey } from '../../rules/index.ts';
import { isFreeText, type FieldDefinition } from '../../schema/index.ts';
import type { FieldEnv } from './env.ts';
import { printedNames } from './read.ts';
import { valueAt } from './questions.ts';

/** Text in the reader's language, or in the first there is. */
export function textFor(env: Pick<FieldEnv, 'view'>, value: unknown): string {
  if (!isFreeText(value)) return typeof value === 'string' ? value : '';
  return value[env.view.locale] ?? Object.values(value).find((text) => text.trim() !== '') ?? '';
}

function shortened(text: string, most = 90): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most).replace(/\s+\S*$/, '')} …`;
}

function str(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What an item of a list is called in lists, links and choices. */
export function itemName(env: Pick<FieldEnv, 'view' | 'draft'>, list: string, item: unknown): string {
  const { t } = env.view;
  const at = (...path: string[]) => valueAt(item, path);
  switch (list) {
    case 'persons':
      return shortened(
        printedNames(item, env.view.locale) ||
          textFor(env, at('description')) ||
          t('writer.no-name', { id: str(at('id')) }),
      );
    case 'facts':
      return shortened(textFor(env, at('text')) || t('writer.not-filled'));
    case 'offences':
      return shortened(textFor(env, at('name')) || str(at('provision')) || t('writer.not-filled'));
    case 'measures':
    case 'procedure/measures': {
      const type = str(at('type'));
      const words = textFor(env, at('text'));
      return shortened(
        words || (type && t.has(`requests.type.${type}`) ? t.code(`requests.type.${type}`) : t('writer.not-filled')),
      );
    }
    case 'annexes':
      return t('writer.annex-n', {
        n: str(at('n')),
        words: shortened(textFor(env, at('title')) || t('writer.not-filled')),
      });
    case 'related':
    case 'assurances': {
      const kind = str(at('kind'));
      const key = `requests.option.${list}-kind.${kind}`;
      return kind && t.has(key) ? t.code(key) : shortened(textFor(env, at('text')) || t('writer.not-filled'));
    }
    case 'accounts':
      return shortened(
        [textFor(env, at('institution')), str(at('iban')) || str(at('number'))].filter(Boolean).join(' · ') ||
          t('writer.not-filled'),
      );
    case 'property':
      return shortened(
        textFor(env, at('description')) || str(at('iban')) || str(at('identifier')) || t('writer.not-filled'),
      );
    case 'counts': {
      const place = textFor(env, at('where', 'place'));
      return [t('writer.count-n', { n: str(at('n')) }), place].filter(Boolean).join(' · ');
    }
    case 'languages/translations': {
      const lang = str(at('lang'));
      return lang ? env.view.formats.language(lang) : t('writer.not-filled');
    }
    default:
      return shortened(str(at('name')) || textFor(env, at('text')) || str(at('reference')) || t('writer.not-filled'));
  }
}

function dayWords(env: FieldEnv, value: unknown): string {
  return typeof value === 'string' && /^\d{4}(-\d{2}){0,2}$/.test(value) ? env.view.formats.day(value) : str(value);
}

function whenWords(env: FieldEnv, value: unknown): string {
  const { t } = env.view;
  if (isUnknown(value)) return t(`writer.blank-${value.unknown}`);
  const [date, after, before] = ['date', 'after', 'before'].map((key) => valueAt(value, [key]));
  if (date !== undefined) return dayWords(env, date);
  if (after !== undefined && before !== undefined)
    return t('writer.between', { from: dayWords(env, after), until: dayWords(env, before) });
  if (after !== undefined) return t('writer.from-day', { day: dayWords(env, after) });
  return before === undefined ? '' : t('writer.until-day', { day: dayWords(env, before) });
}

function optionWords(env: FieldEnv, field: FieldDefinition, value: unknown): string {
  const key = optionKey(field, str(value));
  return env.view.t.has(key) ? env.view.t.code(key) : str(value);
}

function named(options: readonly { value: string; label: Content }[], value: unknown): Content {
  return options.find((one) => one.value === value)?.label ?? str(value);
}

/** An answer in words; nothing when there is none. Both languages are told where text is in two. */
export function Printed({ env, field, value }: { env: FieldEnv; field: FieldDefinition; value: unknown }): Content {
  const { view } = env;
  const { t } = view;
  if (value === undefined || value === null) return null;
  if (isUnknown(value) && field.kind !== 'when') {
    const reason = str(valueAt(value, ['reason']));
    return (
      <span class="muted">
        {t(`writer.blank-${value.unknown}`)}
        {reason ? (
          <>
            . <Bdi>{reason}</Bdi>
          </>
        ) : null}
      </span>
    );
  }
  switch (field.kind) {
    case 'free-text':
    case 'long-text':
    case 'short-free-text':
      return <Texts env={env} value={value} />;
    case 'date':
    case 'partial-date':
      return <bdi>{dayWords(env, value)}</bdi>;
    case 'when':
      return <bdi>{whenWords(env, value)}</bdi>;
    case 'months':
      return t('writer.months-n', { n: Number(value) });
    case 'yes-no':
      return t(value === true ? 'web.yes' : 'web.no');
    case 'choice':
      return optionWords(env, field, value);
    case 'choices':
      return view.formats.list((value as unknown[]).map((one) => optionWords(env, field, one)));
    case 'languages':
      return view.formats.list((value as unknown[]).map((one) => view.formats.language(str(one))));
    case 'language':
      return view.formats.language(str(value));
    case 'state':
      return named(env.states, value);
    case 'instrument':
      return named(env.instruments, value);
    case 'authority': {
      const desk = Object.values(env.desks)
        .flat()
        .find((one) => one.ref.authority === value);
      return desk ? <Bdi>{desk.name}</Bdi> : <Num>{str(value)}</Num>;
    }
    case 'person':
      return <Bdi>{personName(env, value)}</Bdi>;
    case 'annex': {
      const annex = (env.draft.annexes ?? []).find((one) => one.n === value);
      return <Bdi>{annex ? itemName(env, 'annexes', annex) : str(value)}</Bdi>;
    }
    case 'file': {
      const found = env.files.find((one) => one.value === value);
      return found ? <Bdi>{found.label}</Bdi> : <Num>{str(value).slice(0, 16)}</Num>;
    }
    case 'money':
    case 'value-on':
      return (
        <>
          <Num>{[str(valueAt(value, ['currency'])), str(valueAt(value, ['amount']))].filter(Boolean).join(' ')}</Num>
          {valueAt(value, ['on']) ? (
            <span class="muted"> {t('writer.on-day', { day: dayWords(env, valueAt(value, ['on'])) })}</span>
          ) : null}
        </>
      );
    case 'period': {
      const until = PlainDate.safeParse(valueAt(value, ['until']));
      return (
        <bdi>
          {whenWords(env, {
            after: valueAt(value, ['from']),
            before: until.success ? addDays(until.data, -1) : undefined,
          })}
        </bdi>
      );
    }
    case 'duration': {
      const match = /^P(\d+)([DMY])$/.exec(str(value));
      const unit = match?.[2] === 'D' ? 'D' : match?.[2] === 'Y' ? 'Y' : 'M';
      return match ? t(`writer.duration-${unit}`, { n: Number(match[1]) }) : str(value);
    }
    case 'place':
      return (
        <>
          {valueAt(value, ['state']) ? <span>{named(env.states, valueAt(value, ['state']))} </span> : null}
          <Texts env={env} value={valueAt(value, ['place'])} />
        </>
      );
    case 'names':
      return (
        <span class="stacked">
          {(value as unknown[]).map((name) => (
            <Bdi>{str(valueAt(name, ['text']))}</Bdi>
          ))}
        </span>
      );
    case 'iban':
      return <Num>{str(value)}</Num>;
    case 'list':
      return <ListWords env={env} field={field} value={value} />;
    default:
      if (field.path === 'ofVersion')
        return t(value === env.originalHash() ? 'writer.of-this-text' : 'writer.of-older-text');
      return <Bdi>{str(value)}</Bdi>;
  }
}

function personName(env: FieldEnv, id: unknown): string {
  const person = (env.draft.persons ?? []).find((one) => one.id === id);
  return person ? itemName(env, 'persons', person) : str(id);
}

function Texts({ env, value }: { env: FieldEnv; value: unknown }): Content {
  if (!isFreeText(value)) return typeof value === 'string' ? <Bdi>{value}</Bdi> : null;
  const { languages } = env;
  const order = [...languages, ...Object.keys(value).filter((tag) => !languages.includes(tag))];
  return (
    <span class="stacked">
      {order
        .filter((tag) => (value[tag] ?? '').trim() !== '')
        .map((tag) => (
          <span lang={tag} dir="auto" class="text-in">
            {value[tag]}
          </span>
        ))}
    </span>
  );
}

function ListWords({ env, field, value }: { env: FieldEnv; field: FieldDefinition; value: unknown }): Content {
  if (field.path === 'born') {
    const on = valueAt(value, ['on']);
    return (
      <>
        {on === undefined ? null : <bdi>{whenWords(env, on)} </bdi>}
        <Texts env={env} value={valueAt(value, ['place'])} />
      </>
    );
  }
  if (!Array.isArray(value)) return null;
  return (
    <span class="stacked">
      {(value as unknown[]).map((item) =>
        isFreeText(item) ? (
          <Texts env={env} value={item} />
        ) : typeof item === 'string' ? (
          <Bdi>{refName(env, item)}</Bdi>
        ) : (
          <span>
            {(field.item ?? [])
              .map((one) => ({ one, given: valueAt(item, one.path.split('/')) }))
              .filter(({ given }) => given !== undefined && given !== null)
              .map(({ one, given }, n) => (
                <>
                  {n > 0 ? ' · ' : null}
                  <Printed env={env} field={one} value={given} />
                </>
              ))}
          </span>
        ),
      )}
    </span>
  );
}

function refName(env: FieldEnv, id: string): string {
  const { t } = env.view;
  const fact = (env.draft.facts ?? []).findIndex((one) => one.id === id);
  if (fact >= 0) return t('writer.fact-n', { n: fact + 1, words: itemName(env, 'facts', env.draft.facts?.[fact]) });
  const measure = (env.draft.measures ?? []).findIndex((one) => one.id === id);
  if (measure >= 0)
    return t('writer.measure-n', { n: measure + 1, words: itemName(env, 'measures', env.draft.measures?.[measure]) });
  return personName(env, id);
}
