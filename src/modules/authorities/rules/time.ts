import {
  addDays,
  dayIn,
  isUnknown,
  toInstant,
  weekday,
  type Instant,
  type PlainDate,
  type WorkCalendar,
} from '../../../platform/values/index.ts';
import type { Calendar } from '../schema/calendar.ts';
import type { Entry } from '../schema/entry.ts';

/** What of an entry says when its office is open. */
export type Hours = Pick<Entry, 'timeZone' | 'officeHours' | 'weeklyRest'>;
export interface Interval {
  from: Instant;
  to: Instant;
}

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

// Clocks change on quarters of an hour, so one reading serves its quarter. Reading a zone is the slow part of all this.
const quarter = 15 * minute;
const readings = new Map<string, Map<number, number>>();
const mostReadings = 4000;

/** Milliseconds that the zone's clocks are ahead of UTC at a moment. */
function offsetAt(zone: string, millis: number): number {
  let known = readings.get(zone);
  if (!known || known.size >= mostReadings) readings.set(zone, (known = new Map()));
  const at = Math.floor(millis / quarter);
  let offset = known.get(at);
  if (offset === undefined) known.set(at, (offset = readOffset(zone, at * quarter)));
  return offset;
}

function readOffset(zone: string, millis: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatFor(zone).formatToParts(millis)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute: minutes = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minutes, second) - Math.floor(millis / 1000) * 1000;
}

/**
 * The moment of a local wall-clock time. In the spring gap, where the time does not exist, the first moment after
 * the gap. In the autumn overlap, where it comes twice, the first time for an opening and the second for a closing.
 */
export function toMoment(day: PlainDate, time: string, zone: string, edge: 'opening' | 'closing' = 'opening'): Instant {
  const wall =
    Date.parse(`${day}T00:00:00.000Z`) + Number(time.slice(0, 2)) * 60 * minute + Number(time.slice(3)) * minute;
  const before = offsetAt(zone, wall - 24 * 60 * minute);
  const after = offsetAt(zone, wall + 24 * 60 * minute);
  const found = [...new Set([wall - before, wall - after])]
    .filter((at) => at + offsetAt(zone, at) === wall)
    .sort((a, b) => a - b);
  const match = edge === 'opening' ? found[0] : found.at(-1);
  return toInstant(new Date(match ?? endOfGap(zone, wall - Math.max(before, after), wall - Math.min(before, after))));
}

/** The change of clocks between two moments, to the minute. */
function endOfGap(zone: string, low: number, high: number): number {
  const start = offsetAt(zone, low);
  let [known, changed] = [low, high];
  while (changed - known > minute) {
    const middle = known + Math.floor((changed - known) / 2 / minute) * minute;
    if (offsetAt(zone, middle) === start) known = middle;
    else changed = middle;
  }
  return changed;
}

function restDays(hours: Hours, calendar: Calendar | undefined): readonly number[] {
  if (!isUnknown(hours.weeklyRest)) return hours.weeklyRest;
  return calendar?.weeklyRest ?? [];
}

/** Opening intervals that begin on a local calendar day; undefined when hours or zone are unknown. */
export function opensOn(hours: Hours, calendar: Calendar | undefined, day: PlainDate): Interval[] | undefined {
  const { timeZone, officeHours } = hours;
  if (isUnknown(timeZone) || isUnknown(officeHours)) return undefined;
  if (restDays(hours, calendar).includes(weekday(day))) return [];
  if (calendar?.holidays.some((holiday) => holiday.on === day)) return [];
  const halfDay = calendar?.halfDays.find((half) => half.on === day);
  return officeHours
    .filter((block) => block.weekday === weekday(day))
    .map((block) => ({ from: block.from, to: halfDay && halfDay.until < block.to ? halfDay.until : block.to }))
    .filter((block) => block.from < block.to)
    .map((block) => ({
      from: toMoment(day, block.from, timeZone, 'opening'),
      to: toMoment(day, block.to, timeZone, 'closing'),
    }))
    .filter((interval) => interval.from < interval.to)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Whether the office is open at a moment; undefined when hours are unknown. Duty services do not count. */
export function isOpen(hours: Hours, calendar: Calendar | undefined, at: Instant): boolean | undefined {
  if (isUnknown(hours.timeZone)) return undefined;
  const intervals = opensOn(hours, calendar, dayIn(hours.timeZone, at));
  return intervals?.some((interval) => interval.from <= at && at < interval.to);
}

/** First opening after a moment, within 60 days; null when there is none or hours are unknown. */
export function nextOpening(hours: Hours, calendar: Calendar | undefined, at: Instant): Instant | null {
  if (isUnknown(hours.timeZone)) return null;
  const first = dayIn(hours.timeZone, at);
  for (let ahead = 0; ahead <= 60; ahead += 1) {
    const next = opensOn(hours, calendar, addDays(first, ahead))?.find((interval) => interval.from > at);
    if (next) return next.from;
  }
  return null;
}

/** Office with its calendar. */
export interface OfficeTime {
  hours: Hours;
  calendar: Calendar | undefined;
}

/**
 * Hours that two offices share on a calendar day of the first; undefined when either side's hours are unknown.
 */
export function overlap(a: OfficeTime, b: OfficeTime, day: PlainDate): Interval[] | undefined {
  const mine = opensOn(a.hours, a.calendar, day);
  const theirs = [-1, 0, 1].map((shift) => opensOn(b.hours, b.calendar, addDays(day, shift)));
  if (!mine || theirs.some((list) => !list)) return undefined;
  const shared: Interval[] = [];
  for (const one of mine) {
    for (const other of theirs.flatMap((list) => list ?? [])) {
      const from = one.from > other.from ? one.from : other.from;
      const to = one.to < other.to ? one.to : other.to;
      if (from < to) shared.push({ from, to });
    }
  }
  return shared.sort((x, y) => (x.from < y.from ? -1 : 1));
}

/** `2026-05-14T03:12-03:00`: the clock on the wall there. */
export function localTime(zone: string, at: Instant): string {
  const millis = Date.parse(at);
  const offset = Math.round(offsetAt(zone, millis) / minute);
  const wall = new Date(millis + offset * minute).toISOString().slice(0, 16);
  const size = Math.abs(offset);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** The calendar as the shared count of working days takes it. Half days count as working days. */
export function toWorkCalendar(calendar: Calendar): WorkCalendar {
  return {
    weeklyRest: calendar.weeklyRest,
    holidays: new Set(calendar.holidays.map((holiday) => holiday.on)),
    years: new Set(calendar.years),
  };
}
