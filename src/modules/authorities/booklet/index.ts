import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPdf, toPrintableText, type Pdf } from '../../../platform/documents/index.ts';
import { formatsFor, type Formats } from '../../../platform/i18n/formats.ts';
import { createTranslators, type OfferedLocale, type Translate } from '../../../platform/i18n/index.ts';
import { packageRoot } from '../../../platform/paths.ts';
import {
  addDays,
  isUnknown,
  type Instant,
  type PlainDate,
  type StateCode,
  type TextIn,
  type Unknown,
} from '../../../platform/values/index.ts';
import { authoritiesMessages } from '../messages/index.ts';
import { itemCodes, type Calendar, type Entry, type ProfileOn } from '../schema/index.ts';
import type { ListedEntry } from '../service/index.ts';
import { instrumentName } from '../words.ts';
import { valueLines } from './lines.ts';

/** What the booklet prints of one State. Entries come in the layer of the reader. */
export interface BookletState {
  state: StateCode;
  entries: readonly ListedEntry[];
  profile: ProfileOn;
  calendar: Calendar | undefined;
}

export interface BookletJob {
  states: readonly BookletState[];
  locale: OfferedLocale;
  on: PlainDate;
  createdAt: Instant;
  stateName(state: StateCode, locale: OfferedLocale): string;
}

interface Row {
  label: string;
  value: string[];
  source?: string;
}

interface Words {
  t: Translate;
  formats: Formats;
  locale: OfferedLocale;
}

function textIn({ locale }: Words, text: TextIn): string {
  return text[locale] ?? text['en'] ?? Object.values(text)[0] ?? '';
}

function said<T>({ t }: Words, value: T | Unknown, print: (known: T) => string[]): string[] {
  return isUnknown(value) ? [t(`authorities.unknown.${value.unknown}`)] : print(value as T);
}

function hoursLines({ t }: Words, entry: Entry): string[] {
  if (isUnknown(entry.officeHours)) return [t('authorities.hours-unknown')];
  const byDay = new Map<number, string[]>();
  for (const block of entry.officeHours)
    byDay.set(block.weekday, [...(byDay.get(block.weekday) ?? []), `${block.from}–${block.to}`]);
  const runs: { from: number; to: number; times: string }[] = [];
  for (const [day, times] of [...byDay].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last.times === times.join(', ') && last.to === day - 1) last.to = day;
    else runs.push({ from: day, to: day, times: times.join(', ') });
  }
  const name = (day: number) => t('authorities.weekday', { day });
  return runs.map((run) => {
    const days =
      run.from === run.to ? name(run.from) : t('authorities.days-range', { from: name(run.from), to: name(run.to) });
    return `${days}: ${run.times}`;
  });
}

function designationLines(words: Words, entry: Entry): string[] {
  const { t, formats } = words;
  return entry.designations.map((one) => {
    const functionName = t(`authorities.function.${one.function}`);
    const under = one.instrument
      ? t('authorities.under', {
          functionName,
          instrument: instrumentName(t, one.instrument),
          articles: one.articles.join(', '),
        })
      : t('authorities.under-any', { functionName });
    const stages = (one.conditions?.stages ?? []).map((stage) => t(`authorities.stage.${stage}`));
    const since = isUnknown(one.from)
      ? t('authorities.since-unknown')
      : t('authorities.since', { day: formats.day(one.from) });
    return [under, ...stages, ...(one.conditions?.text ? [textIn(words, one.conditions.text)] : []), since].join(' · ');
  });
}

function contactRows(words: Words, entry: Entry): Row[] {
  const { t } = words;
  const list = (value: string[] | Unknown): string[] => (isUnknown(value) ? [] : value);
  const rows: Row[] = [
    { label: t('authorities.urgent-phone'), value: isUnknown(entry.urgentPhone) ? [] : [entry.urgentPhone] },
    { label: t('authorities.phones'), value: list(entry.phones) },
    { label: t('authorities.emails'), value: list(entry.emails) },
  ];
  return rows.filter((row) => row.value.length > 0);
}

function deskFacts(words: Words, entry: Entry): Row[] {
  const { t, formats } = words;
  const address = [entry.postal, entry.street, entry.postcode, entry.city].filter(
    (one): one is string => !isUnknown(one),
  );
  return [
    { label: t('authorities.holds'), value: designationLines(words, entry) },
    ...(entry.territory ? [{ label: t('authorities.unit'), value: [entry.territory] }] : []),
    {
      label: t('authorities.address'),
      value: address.length > 0 ? address : said(words, entry.city, (city) => [city]),
    },
    {
      label: t('authorities.languages'),
      value: said(words, entry.languages, (all) => [formats.list(all.map((one) => formats.language(one.code)))]),
    },
    {
      label: t('authorities.translation'),
      value: said(words, entry.translationRule, (rule) => [t(`authorities.translation.${rule.rule}`)]),
    },
    {
      label: t('authorities.channels'),
      value: said(words, entry.channels, (all) => all.map((one) => t(`authorities.channel.${one.channel}`))),
    },
    {
      label: t('authorities.hours'),
      value: [...hoursLines(words, entry), ...(isUnknown(entry.timeZone) ? [] : [entry.timeZone])],
    },
    ...(isUnknown(entry.website) ? [] : [{ label: t('authorities.website'), value: [entry.website] }]),
    ...contactRows(words, entry),
  ];
}

function nameFor({ locale }: Words, entry: Entry): string {
  const { names } = entry;
  return (names.find((one) => one.lang === locale) ?? names.find((one) => one.lang === 'en') ?? names[0])?.text ?? '';
}

function desk(words: Words, { version, trust }: ListedEntry) {
  const { entry, hash, version: number } = version;
  const { t } = words;
  const name = nameFor(words, entry);
  return {
    id: entry.id,
    version: number,
    hash,
    name,
    others: entry.names.map((one) => one.text).filter((text) => text !== name),
    role: t(`authorities.role.${entry.role}`),
    trust:
      trust.days === null ? t('authorities.never-confirmed') : t('authorities.confirmed-days', { days: trust.days }),
    facts: deskFacts(words, entry),
  };
}

function requires(words: Words, profile: ProfileOn, stateName: (state: StateCode) => string): Row[] {
  const { t, formats } = words;
  return itemCodes.flatMap((code) => {
    const item = profile.items[code];
    if (isUnknown(item)) return [];
    const source = [item.source, ...(item.locator ? [item.locator] : [])].join(', ');
    return [
      {
        label: t(`authorities.item.${code}`),
        value: [...valueLines(words, item.value, stateName), ...(item.note ? [textIn(words, item.note)] : [])],
        source: `${source} · ${formats.day(item.asOf)}`,
      },
    ];
  });
}

function holidays(words: Words, calendar: Calendar | undefined, on: PlainDate): Row[] {
  if (!calendar) return [];
  const { t, formats } = words;
  const until = addDays(on, 366);
  const days = [
    ...calendar.holidays.map((one) => ({ ...one, more: one.status === 'expected' ? t('authorities.expected') : '' })),
    ...calendar.halfDays.map((one) => ({ ...one, more: t('authorities.half-day', { until: one.until }) })),
  ]
    .filter((one) => one.on >= on && one.on < until)
    .sort((a, b) => (a.on < b.on ? -1 : 1));
  return [
    {
      label: t('authorities.weekly-rest'),
      value: [formats.list(calendar.weeklyRest.map((day) => t('authorities.weekday', { day })))],
    },
    ...days.map((one) => ({
      label: formats.dayWithWeekday(one.on),
      value: [[textIn(words, one.names), one.more].filter(Boolean).join(' · ')],
    })),
  ];
}

/** Every text of a document as paper can show it. */
function printable<T>(value: T): T {
  if (typeof value === 'string') return toPrintableText(value) as T;
  if (Array.isArray(value)) return value.map(printable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, printable(inner)])) as T;
}

let template: string | undefined;
let translators: Record<OfferedLocale, Translate> | undefined;

/**
 * The directory as a booklet by State: PDF/A-2b, day and layer on each sheet. Entries are printed as given, so whoever
 * calls decides the layer. Same entries, day and moment: same bytes.
 */
export function bookletPdf(job: BookletJob): Promise<Pdf> {
  template ??= readFileSync(join(packageRoot, 'src/modules/authorities/booklet/booklet.typ'), 'utf8');
  translators ??= createTranslators([authoritiesMessages]);
  const words: Words = { t: translators[job.locale], formats: formatsFor(job.locale), locale: job.locale };
  const { t, formats } = words;
  const stateName = (state: StateCode) => job.stateName(state, job.locale);
  const collator = new Intl.Collator(job.locale);
  const states = job.states
    .map((one) => ({
      name: stateName(one.state),
      desks: one.entries.map((entry) => desk(words, entry)),
      'requires-title': t('authorities.state-profile', { state: stateName(one.state) }),
      requires: requires(words, one.profile, stateName),
      'holidays-title': t('authorities.state-calendar'),
      holidays: holidays(words, one.calendar, job.on),
    }))
    .sort((a, b) => collator.compare(a.name, b.name));
  const only = states.length === 1 ? states[0] : undefined;
  const data = printable({
    lang: job.locale,
    title: only ? t('authorities.booklet-of', { state: only.name }) : t('authorities.booklet-title'),
    day: job.on,
    'as-of': t('authorities.booklet-day', { day: formats.day(job.on) }),
    layer: t('authorities.booklet-layer'),
    page: t('authorities.booklet-page', { page: '{page}', pages: '{pages}' }),
    contents: t('authorities.booklet-contents'),
    note: t('authorities.booklet-note'),
    empty: t('authorities.booklet-empty'),
    states,
  });
  return renderPdf({ template, data, createdAt: job.createdAt });
}
