import type { Instant, PartialDate, StateCode } from '../values/index.ts';
import { intlLocale, type Locale } from './index.ts';

/** Dates, times, numbers and State names as a reader's language writes them. */
export interface Formats {
  /** `14 May 2026`; a partial date prints as far as it is known. */
  day(date: PartialDate): string;
  /** `Thu 14 May 2026`. */
  dayWithWeekday(date: PartialDate): string;
  /** `14 May 2026, 11:44` in an IANA zone; callers name the place beside it. */
  moment(at: Instant, zone: string): string;
  time(at: Instant, zone: string): string;
  number(value: number): string;
  list(items: readonly string[]): string;
  /** `in 2 days`, `12 days ago`. */
  daysFromNow(days: number): string;
  /** Language's name: `Spanish` for `es`. */
  language(tag: string): string;
  /** Name of a two-letter region; undefined when the runtime knows none. */
  region(alpha2: string): string | undefined;
}

// The runtime calls XA and XB pseudo-locales; here they are the invented States of samples and training.
const inventedNames: Record<Locale, Record<string, string>> = {
  en: { XA: 'Alba', XB: 'Borea', XC: 'Cordia', XD: 'Delmar' },
  ar: { XA: 'ألبا', XB: 'بوريا', XC: 'كورديا', XD: 'دلمار' },
  fr: { XA: 'Alba', XB: 'Borea', XC: 'Cordia', XD: 'Delmar' },
  es: { XA: 'Alba', XB: 'Borea', XC: 'Cordia', XD: 'Delmar' },
  ru: { XA: 'Альба', XB: 'Борея', XC: 'Кордия', XD: 'Делмар' },
  zh: { XA: '阿尔巴', XB: '博雷亚', XC: '科迪亚', XD: '德尔马' },
};

/** Arabic names of months in both usages, as papers of the United Nations print them: أيار/مايو. */
const monthsInArabic = new Map(
  Array.from({ length: 12 }, (_, month) => {
    const [west, east] = ['ar', 'ar-LB'].map((tag) =>
      new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'long' }).format(Date.UTC(2026, month, 5)),
    );
    return [west, `${east}/${west}`];
  }),
);

function withBothMonthNames(locale: Locale, text: string): string {
  return locale === 'ar' ? text.replaceAll(/\p{L}+/gu, (word) => monthsInArabic.get(word) ?? word) : text;
}

function cached<T>(make: (locale: Locale) => T): (locale: Locale) => T {
  const made = new Map<Locale, T>();
  return (locale) => {
    let value = made.get(locale);
    if (!value) made.set(locale, (value = make(locale)));
    return value;
  };
}

export const formatsFor: (locale: Locale) => Formats = cached((locale) => {
  const tag = intlLocale(locale);
  const day = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  const month = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'long', year: 'numeric' });
  const weekday = new Intl.DateTimeFormat(tag, {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const number = new Intl.NumberFormat(tag);
  const list = new Intl.ListFormat(tag, { type: 'conjunction' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const language = new Intl.DisplayNames(tag, { type: 'language' });
  const region = new Intl.DisplayNames(tag, { type: 'region', fallback: 'none' });
  const asDate = (date: PartialDate) => new Date(`${date.padEnd(7, '-01').padEnd(10, '-01')}T00:00:00Z`);
  const inZone = (at: Instant, zone: string, options: Intl.DateTimeFormatOptions) =>
    withBothMonthNames(locale, new Intl.DateTimeFormat(tag, { timeZone: zone, ...options }).format(new Date(at)));
  const write = (format: Intl.DateTimeFormat, date: PartialDate) =>
    withBothMonthNames(locale, format.format(asDate(date)));
  return {
    day: (date) => (date.length === 10 ? write(day, date) : date.length === 7 ? write(month, date) : date),
    dayWithWeekday: (date) => write(weekday, date),
    moment: (at, zone) =>
      inZone(at, zone, {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    time: (at, zone) => inZone(at, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    number: (value) => number.format(value),
    list: (items) => list.format([...items]),
    daysFromNow: (days) => relative.format(days, 'day'),
    language: (code) => language.of(code) ?? code,
    region: (alpha2) => inventedNames[locale][alpha2] ?? region.of(alpha2),
  };
});

/** Names a State in the reader's language, given its two-letter code and the name our data hold. */
export function stateName(formats: Formats, _code: StateCode, alpha2: string, recorded: string): string {
  return formats.region(alpha2) ?? recorded;
}
