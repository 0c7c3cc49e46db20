import { isUnknown, type TextIn, type Unknown } from '../../../platform/values/index.ts';
import { Bdi, Num, StatusMark, type Content, type View } from '../../../web/index.ts';
import type { Entry, Trust } from '../schema/index.ts';
import type { HoursNow } from '../service/index.ts';

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

/** Open or closed, with the clock on the wall there. */
export function HoursWords({ view, hours }: { view: View; hours: HoursNow }) {
  const { t, formats } = view;
  const zone = hours.timeZone;
  if (zone === null) return <span class="muted">{t('authorities.hours-unknown')}</span>;
  const closed = hours.opensAt
    ? t('authorities.closed-now', { when: formats.moment(hours.opensAt, zone) })
    : t('authorities.hours-unknown');
  return (
    <>
      {hours.openNow ? t('authorities.open-now') : closed}
      <br />
      <span class="source">
        {t('authorities.local-time', { time: hours.localTime?.slice(11, 16) ?? '' })} · <Num>{zone}</Num>
      </span>
    </>
  );
}

/** Any value of the profile in plain words: parts with their labels, codes by their words. */
export function ProfileValue({ view, value }: { view: View; value: unknown }) {
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
            <ProfileValue view={view} value={one} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value !== 'object' || value === null) return null;
  if (isText(value)) return <Bdi>{textIn(view, value)}</Bdi>;
  return (
    <>
      {Object.entries(value).map(([part, inner], index) => (
        <>
          {index > 0 ? <br /> : null}
          {partWords(view, part)}: <ProfileValue view={view} value={inner} />
        </>
      ))}
    </>
  );
}

function isText(value: object): value is TextIn {
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([key, text]) => /^[a-z]{2}(-[A-Za-z]+)?$/.test(key) && key !== 'of' && typeof text === 'string')
  );
}

function partWords(view: View, part: string): string {
  const key = `authorities.part.${part}`;
  return view.t.has(key) ? view.t.code(key) : part;
}

function codeWords(view: View, code: string): string {
  const key = `authorities.value.${code}`;
  if (view.t.has(key)) return view.t.code(key);
  return /^[a-z]{2}$/.test(code) ? view.formats.language(code) : code;
}
