import { PlainDate, type PartialDate } from '../../platform/values/index.ts';

export type DateReading =
  | { kind: 'empty' }
  | { kind: 'day'; day: PlainDate }
  | { kind: 'month'; month: PartialDate }
  | { kind: 'year'; year: PartialDate }
  | { kind: 'ambiguous'; first: PlainDate; second: PlainDate }
  | { kind: 'bad' };

/** Western digits for Arabic-Indic and Persian ones, without bidirectional marks. */
export function plainDigits(text: string): string {
  return text
    .replace(/[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(/[٠-٩]/gu, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/gu, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}

// Letters that writers of Arabic interchange, vowel signs and tatweel do not distinguish one month from another.
function letterKey(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/\p{M}|ـ/gu, '')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/ى/gu, 'ي')
    .toLowerCase()
    .replace(/[.,،]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

const languages = ['en', 'fr', 'es', 'ru', 'ar-EG', 'ar-SY', 'ar-MA', 'ar-DZ', 'ar-TN', 'pt', 'de'];

interface Names {
  months: ReadonlyMap<string, number>;
  weekdays: ReadonlySet<string>;
}

let known: Names | undefined;

function names(): Names {
  if (known) return known;
  const found = new Map<string, Set<number>>();
  const weekdays = new Set<string>();
  const add = (name: string, month: number) => {
    const key = letterKey(name);
    if (!/\p{L}/u.test(key)) return;
    const seen = found.get(key) ?? new Set<number>();
    found.set(key, seen.add(month));
  };
  for (const language of languages) {
    for (const width of ['long', 'short'] as const) {
      const alone = new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: width });
      const inDate = new Intl.DateTimeFormat(language, { timeZone: 'UTC', day: 'numeric', month: width });
      const weekday = new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: width });
      for (let month = 1; month <= 12; month += 1) {
        const date = new Date(Date.UTC(2026, month - 1, 5));
        add(alone.format(date), month);
        const part = inDate.formatToParts(date).find((one) => one.type === 'month');
        if (part) add(part.value, month);
      }
      for (let day = 1; day <= 7; day += 1) weekdays.add(letterKey(weekday.format(new Date(Date.UTC(2026, 5, day)))));
    }
  }
  for (const [name, month] of [
    ['sept', 9],
    ['ايار', 5],
    ['حزيران', 6],
  ] as const)
    add(name, month);
  const months = new Map<string, number>();
  for (const [name, numbers] of found) {
    const [only] = numbers;
    if (numbers.size === 1 && only !== undefined) months.set(name, only);
  }
  known = { months, weekdays };
  return known;
}

function monthOf(word: string): number | undefined {
  const { months } = names();
  const numbers = new Set(word.split('/').map((one) => months.get(letterKey(one))));
  const [only] = numbers;
  return numbers.size === 1 ? only : undefined;
}

function toDay(year: number, month: number, day: number): DateReading {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const parsed = PlainDate.safeParse(text);
  return parsed.success ? { kind: 'day', day: parsed.data } : { kind: 'bad' };
}

/**
 * Reads a day as people write it: `2026-05-14`, `14 May 2026`, `14.5.2026`, `14/5/2026`, `٢ نيسان ٢٠٢٦`, `14 أيار/مايو 2026`.
 * A numeric day and month that could change places with a slash or hyphen are ambiguous unless they are equal; dots put the
 * day first wherever they are used. Two-digit years are refused. Months and years alone are told apart for partial dates.
 */
export function readDate(typed: string): DateReading {
  const text = plainDigits(typed).replace(/\s+/gu, ' ').trim();
  if (text === '') return { kind: 'empty' };
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/u.exec(text);
  if (iso) return toDay(Number(iso[1]), Number(iso[3]), Number(iso[4]));
  const chinese = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/u.exec(text.replace(/ /gu, ''));
  if (chinese) return toDay(Number(chinese[1]), Number(chinese[2]), Number(chinese[3]));
  const dotted = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?$/u.exec(text);
  if (dotted) return toDay(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const numeric = /^(\d{1,2}) ?([-/]) ?(\d{1,2}) ?\2 ?(\d{4})$/u.exec(text);
  if (numeric) return readNumeric(Number(numeric[1]), Number(numeric[3]), Number(numeric[4]));
  const month = /^(\d{4})[-/](\d{1,2})$/u.exec(text) ?? swapped(/^(\d{1,2})[-/.](\d{4})$/u.exec(text));
  if (month) return readMonth(Number(month[1]), Number(month[2]));
  if (/^\d{4}$/u.test(text)) return { kind: 'year', year: text };
  return readWords(text);
}

function swapped(match: RegExpExecArray | null): [string, string | undefined, string | undefined] | null {
  return match ? [match[0], match[2], match[1]] : null;
}

function readMonth(year: number, month: number): DateReading {
  if (month < 1 || month > 12) return { kind: 'bad' };
  return { kind: 'month', month: `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}` };
}

function readNumeric(a: number, b: number, year: number): DateReading {
  const dayFirst = toDay(year, b, a);
  const monthFirst = toDay(year, a, b);
  if (dayFirst.kind === 'day' && monthFirst.kind === 'day' && dayFirst.day !== monthFirst.day) {
    return { kind: 'ambiguous', first: dayFirst.day, second: monthFirst.day };
  }
  return dayFirst.kind === 'day' ? dayFirst : monthFirst;
}

function readWords(text: string): DateReading {
  const { weekdays } = names();
  const words = text
    .replace(/(\p{L})-(\d)|(\d)-(\p{L})/gu, '$1$3 $2$4')
    .replace(/\s*\/\s*/gu, '/')
    .replace(/[,،]/gu, ' ')
    .split(' ')
    .filter((word) => word !== '' && !weekdays.has(letterKey(word)) && !/^(de|of|m|م|г|года?)\.?$/iu.test(word));
  const numbers: number[] = [];
  const letters: string[] = [];
  for (const word of words) {
    const number = /^(\d{1,4})(st|nd|rd|th|er|º|ª|o|\.|م)?$/iu.exec(word);
    if (number) numbers.push(Number(number[1]));
    else letters.push(word);
  }
  const month = letters.length === 0 ? undefined : monthOf(letters.join(' '));
  if (month === undefined || numbers.length < 1 || numbers.length > 2) return { kind: 'bad' };
  const years = numbers.filter((number) => number > 999);
  const days = numbers.filter((number) => number <= 31);
  if (years.length !== 1 || years.length + days.length !== numbers.length) return { kind: 'bad' };
  const [year = 0] = years;
  const [day] = days;
  return day === undefined ? readMonth(year, month) : toDay(year, month, day);
}
