import { z } from 'zod';
import { Unknown } from './unknown.ts';

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

function isRealDay(text: string): boolean {
  const match = dayPattern.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A calendar day, `2003-09-29`. Plain string comparison orders days. */
export const PlainDate = z.string().refine(isRealDay, { message: 'values.bad-date' }).brand<'PlainDate'>();
export type PlainDate = z.infer<typeof PlainDate>;

/** A day, a month or a year; its length is its precision. */
export const PartialDate = z
  .string()
  .refine((text) => isRealDay(text) || /^\d{4}-(0[1-9]|1[0-2])$/.test(text) || /^\d{4}$/.test(text), {
    message: 'values.bad-date',
  });
export type PartialDate = z.infer<typeof PartialDate>;

/** UTC moment with milliseconds, `2026-05-14T12:00:00.000Z`. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'values.bad-instant')
  // Date.parse takes 30 February for 2 March and 24:00 for the next day: only what comes back unchanged exists.
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text, {
    message: 'values.bad-instant',
  })
  .brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** A known day, an inclusive window of which one end may be absent, or an unknown. */
export const DateOrWindow = z.union([
  z.strictObject({ date: PartialDate }),
  z
    .strictObject({ after: PlainDate.optional(), before: PlainDate.optional() })
    .refine((window) => window.after !== undefined || window.before !== undefined, { message: 'values.empty-window' }),
  Unknown,
]);
export type DateOrWindow = z.infer<typeof DateOrWindow>;

/** Reads a literal day; throws on anything else. For constants and tests. */
export function plainDate(text: string): PlainDate {
  return PlainDate.parse(text);
}

export function instant(text: string): Instant {
  return Instant.parse(text);
}

export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}

function toUtc(day: PlainDate): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
}

const dayMs = 86_400_000;

/** Adds calendar days; a negative count goes back. */
export function addDays(day: PlainDate, days: number): PlainDate {
  return new Date(toUtc(day) + days * dayMs).toISOString().slice(0, 10) as PlainDate;
}

/** Adds calendar years; 29 February falls back to the 28th in a common year. */
export function addYears(day: PlainDate, years: number): PlainDate {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const moved = `${year}${day.slice(4)}`;
  return (isRealDay(moved) ? moved : `${year}-02-28`) as PlainDate;
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((toUtc(to) - toUtc(from)) / dayMs);
}

/** ISO weekday, 1 Monday to 7 Sunday. */
export function weekday(day: PlainDate): number {
  return new Date(toUtc(day)).getUTCDay() || 7;
}

/** First and last day that a partial date may mean. */
export function dayRange(date: PartialDate): { first: PlainDate; last: PlainDate } {
  if (date.length === 10) return { first: date as PlainDate, last: date as PlainDate };
  if (date.length === 7) {
    const first = `${date}-01` as PlainDate;
    const next = addDays(first, 31).slice(0, 7);
    return { first, last: addDays(`${next}-01` as PlainDate, -1) };
  }
  return { first: `${date}-01-01` as PlainDate, last: `${date}-12-31` as PlainDate };
}

/** Calendar day of a moment in an IANA time zone. */
export function dayIn(zone: string, at: Instant): PlainDate {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(at)) as PlainDate;
}
