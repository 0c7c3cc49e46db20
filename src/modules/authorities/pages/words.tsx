import {
  isUnknown,
  toInstant,
  type Money,
  type StateCode,
  type TextIn,
  type Unknown,
} from '../../../platform/values/index.ts';
import { Bdi, Num, StatusMark, type Content, type View } from '../../../web/index.ts';
import type { Entry, ItemValue, OfficeHours, Trust } from '../schema/index.ts';
import type { HoursNow } from '../service/index.ts';
import { instrumentName } from '../words.ts';

export function unknownWords(view: View, value: Unknown): string {
  return view.t(`authorities.unknown.${value.unknown}`);
}

/** A value, or why there is none, muted. */
export function Known<T>({
  view,
  value,
  children,
}: {
  view: View;
  value: T | Unknown;
  children: (known: T) => Content;
}) {
  return isUnknown(value) ? <span class="muted">{unknownWords(view, value)}</span> : <>{children(value)}</>;
}

export function purposeWords(view: View, code: string): string {
  return view.t.code(`authorities.function.${code}`);
}

export function instrumentWords(view: View, id: string): string {
  return instrumentName(view.t, id);
}

/** Words as the start of a sentence or of an entry in a list. */
export function sentence(view: View, words: string): string {
  const [first = '', ...rest] = words;
  return first.toLocaleUpperCase(view.locale) + rest.join('');
}

/** Text in the reader's language, else English, else whatever there is. */
export function textIn(view: View, text: TextIn): string {
  return text[view.locale] ?? text['en'] ?? Object.values(text)[0] ?? '';
}

/** The office's name in its own script first, then the others. */
export function Names({ entry }: { entry: Pick<Entry, 'names'> }) {
  return (
    <>
      {entry.names.map((name, index) => (
        <>
          {index > 0 ? <br /> : null}
          <Bdi lang={name.lang}>{name.text}</Bdi>
        </>
      ))}
    </>
  );
}

/** The name a reader of this language knows best. */
export function nameFor(view: View, entry: Pick<Entry, 'names'>): string {
  const { names } = entry;
  const own = names.find((name) => name.lang === view.locale);
  const latin = names.find((name) => name.lang === 'en') ?? names.find((name) => name.script === 'Latn');
  return (own ?? latin ?? names[0])?.text ?? '';
}

const marks = {
  confirmed: { mark: 'done', tone: 'success' },
  due: { mark: 'half', tone: 'warning' },
  stale: { mark: 'half', tone: 'warning' },
  silent: { mark: 'alert', tone: 'seal' },
} as const;

export function TrustMark({ view, trust }: { view: View; trust: Trust }) {
  return <StatusMark {...marks[trust.mark]}>{view.t(`authorities.mark.${trust.mark}`)}</StatusMark>;
}

export function trustWords(view: View, trust: Trust): string {
  return trust.days === null
    ? view.t('authorities.never-confirmed')
    : view.t('authorities.confirmed-days', { days: trust.days });
}

/** City of an IANA zone, as the zone names it: `Montevideo`. */
export function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** Open or closed now, and when it opens next. */
export function OpenWords({ view, hours }: { view: View; hours: HoursNow }) {
  const { t, formats } = view;
  if (hours.timeZone === null || hours.openNow === null)
    return <span class="muted">{t('authorities.hours-unknown')}</span>;
  if (hours.openNow)
    return (
      <StatusMark mark="done" tone="success">
        {t('authorities.open-now')}
      </StatusMark>
    );
  return (
    <>
      <StatusMark mark="no" tone="muted">
        {t('authorities.closed')}
      </StatusMark>
      {hours.opensAt ? (
        <span class="source line">
          {t('authorities.opens', {
            when: formats.moment(hours.opensAt, hours.timeZone),
            place: placeOf(hours.timeZone),
          })}
        </span>
      ) : null}
    </>
  );
}

/** Times on both walls; undefined where the desk's zone is not known. */
export function hereAndThere(
  view: View,
  hours: Pick<HoursNow, 'localTime' | 'timeZone'>,
): [{ time: string; place: Content }, { time: string; place: Content }] | undefined {
  const { timeZone, localTime } = hours;
  if (timeZone === null || localTime === null) return undefined;
  const now = toInstant(new Date(localTime));
  return [
    { time: view.formats.time(now, timeZone), place: <bdi>{placeOf(timeZone)}</bdi> },
    { time: view.formats.time(now, view.node.zone), place: <bdi>{placeOf(view.node.zone)}</bdi> },
  ];
}

/** Office hours by day: days with the same hours stand together. */
export function HoursTable({ view, blocks }: { view: View; blocks: readonly OfficeHours[] }) {
  const { t } = view;
  const byDay = [1, 2, 3, 4, 5, 6, 7].map((day) => ({
    day,
    times: blocks
      .filter((block) => block.weekday === day)
      .map((block) => `${block.from}–${block.to}`)
      .sort()
      .join(', '),
  }));
  const runs: { from: number; to: number; times: string }[] = [];
  for (const { day, times } of byDay) {
    const last = runs.at(-1);
    if (last && last.times === times) last.to = day;
    else runs.push({ from: day, to: day, times });
  }
  return (
    <dl class="hours">
      {runs.map((run) => (
        <div>
          <dt>
            {run.from === run.to
              ? t('authorities.weekday', { day: run.from })
              : t('authorities.days-range', {
                  from: t('authorities.weekday', { day: run.from }),
                  to: t('authorities.weekday', { day: run.to }),
                })}
          </dt>
          <dd>{run.times === '' ? <span class="muted">{t('authorities.closed')}</span> : <Num>{run.times}</Num>}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The share a State confirmed within the term, as a bar of parts and in words. */
export function ShareConfirmed({ view, confirmed, all }: { view: View; confirmed: number; all: number }) {
  const { t } = view;
  const words = t('authorities.share', { confirmed, all });
  if (confirmed === all)
    return (
      <StatusMark mark="done" tone="success">
        {words}
      </StatusMark>
    );
  return (
    <StatusMark mark={confirmed === 0 ? 'open' : 'half'} tone={confirmed === 0 ? 'muted' : 'warning'}>
      {words}
    </StatusMark>
  );
}

/** Any value of the profile in plain words: parts with their labels, codes by their words. */
export function ProfileValue({ view, value, inner }: { view: View; value: unknown; inner?: boolean }) {
  const { t, formats } = view;
  if (isUnknown(value)) return <span class="muted">{unknownWords(view, value)}</span>;
  if (typeof value === 'boolean') return <>{t(value ? 'authorities.yes' : 'authorities.no')}</>;
  if (typeof value === 'number') return <Num>{formats.number(value)}</Num>;
  if (typeof value === 'string') return <Bdi>{codeWords(view, value)}</Bdi>;
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'string'))
      return <>{formats.list(value.map((one) => codeWords(view, one)))}</>;
    return (
      <ul class="plain-list">
        {value.map((one) => (
          <li>
            <ProfileValue view={view} value={one} inner />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value !== 'object' || value === null) return null;
  if (isText(value)) return <Bdi>{textIn(view, value)}</Bdi>;
  if (isMoney(value)) return <Num>{`${value.amount} ${value.currency}`}</Num>;
  if (isQuestion(value)) return <UsualQuestion view={view} question={value} />;
  const parts = Object.entries(value);
  const [only] = parts;
  if (!inner && parts.length === 1 && only && !isNested(only[1]))
    return <PartValue view={view} part={only[0]} value={only[1]} />;
  return (
    <>
      {parts.map(([part, held]) => (
        <span class={isNested(held) ? 'line nested' : 'line'}>
          {partWords(view, part)}: <PartValue view={view} part={part} value={held} />
        </span>
      ))}
    </>
  );
}

function isMoney(value: object): value is Money {
  return Object.keys(value).sort().join() === 'amount,currency';
}

type Question = ItemValue<'P26'>['questions'][number];

function isQuestion(value: object): value is Question {
  return 'measure' in value && 'text' in value;
}

/** What a desk usually asks back for a measure, and how often it did. */
function UsualQuestion({ view, question }: { view: View; question: Question }) {
  const { measure, text, asked } = question;
  return (
    <>
      <span class="source line">{sentence(view, partWords(view, measure))}</span>
      <Bdi>{textIn(view, text)}</Bdi>
      {asked ? <span class="source line">{view.t('authorities.asked-of', asked)}</span> : null}
    </>
  );
}

function PartValue({ view, part, value }: { view: View; part: string; value: unknown }) {
  if (part === 'swornIn' && typeof value === 'string') return <Bdi>{view.stateName(value as StateCode)}</Bdi>;
  return <ProfileValue view={view} value={value} inner />;
}

function isNested(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isUnknown(value) &&
    !isText(value) &&
    !isMoney(value)
  );
}

function isText(value: object): value is TextIn {
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([key, text]) => /^[a-z]{2}(-[A-Za-z]+)?$/.test(key) && key !== 'of' && typeof text === 'string')
  );
}

/** Words of a part of an item, or of the measure that a rule is kept by. */
export function partWords(view: View, part: string): string {
  for (const key of [`authorities.part.${part}`, `authorities.measure.${part}`])
    if (view.t.has(key)) return view.t.code(key);
  return part;
}

/** Words of a code among the values of items. */
export function codeWords(view: View, code: string): string {
  for (const key of [`authorities.value.${code}`, `authorities.measure.${code}`])
    if (view.t.has(key)) return view.t.code(key);
  return /^[a-z]{2}$/.test(code) ? view.formats.language(code) : code;
}
