import { PlainDate, type PartialDate } from '../../../../platform/values/index.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a date of birth as lists write it: `1951-08-24`, `24 Aug 1951`, `08/1951`, `circa 1951`. Day and month zero
 * mean that only the year is known. Undefined when no year can be read. A date with slashes whose order cannot be told
 * keeps the year alone.
 */
export function readBirthDate(text: string): PartialDate | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^(circa|ca\.?|c\.|approximately|about)\s*/, '');
  const iso = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:t.*)?$/.exec(plain);
  if (iso) return dated(iso[1]!, iso[2], iso[3]);
  const worded = /^(?:(\d{1,2})\s+)?([a-z]{3})[a-z]*\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})$/.exec(plain);
  if (worded) {
    const month = months.indexOf(worded[2]!) + 1;
    return month === 0 ? undefined : dated(worded[4]!, String(month), worded[1] ?? worded[3]);
  }
  const numeric = /^(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})$/.exec(plain);
  if (!numeric) return undefined;
  const [, first, second, year] = numeric;
  if (first === undefined) return dated(year!, second);
  const [one, other] = [Number(first), Number(second)];
  if (one > 12) return dated(year!, second, first);
  if (other > 12) return dated(year!, first, second);
  return one === other ? dated(year!, first, second) : dated(year!);
}

function dated(year: string, month?: string, day?: string): PartialDate | undefined {
  const [m, d] = [Number(month ?? 0), Number(day ?? 0)];
  if (year === '0000' || m > 12) return undefined;
  if (m === 0) return year;
  const two = (value: number) => String(value).padStart(2, '0');
  if (d === 0) return `${year}-${two(m)}`;
  const full = `${year}-${two(m)}-${two(d)}`;
  return PlainDate.safeParse(full).success ? full : undefined;
}

export type DateRule = 'same-day' | 'same-month' | 'same-year' | 'day-and-month-exchanged' | 'near-year' | 'differs';

/** A first of January is what many registers write when they know the year alone. */
function meant(date: PartialDate): PartialDate {
  return date.endsWith('-01-01') ? date.slice(0, 4) : date;
}

/** How two dates of birth agree, as far as both are precise. */
export function compareDates(left: PartialDate, right: PartialDate): DateRule {
  if (left === right && left.length === 10) return meant(left).length === 4 ? 'same-year' : 'same-day';
  const [one, other] = [meant(left), meant(right)];
  const apart = Math.abs(Number(one.slice(0, 4)) - Number(other.slice(0, 4)));
  if (apart === 1) return 'near-year';
  if (apart > 1) return 'differs';
  if (one.length === 4 || other.length === 4) return 'same-year';
  if (one.length === 7 || other.length === 7) return one.slice(0, 7) === other.slice(0, 7) ? 'same-month' : 'near-year';
  if (one.slice(5, 7) === other.slice(8) && one.slice(8) === other.slice(5, 7)) return 'day-and-month-exchanged';
  if (one.slice(0, 7) === other.slice(0, 7)) return 'same-month';
  return 'near-year';
}
