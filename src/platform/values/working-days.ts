import { addDays, weekday, type PlainDate } from './dates.ts';

/** Rest days and holidays of a State; data of module `authorities`. Weekdays are ISO numbers, 1 Monday to 7 Sunday. */
export interface WorkCalendar {
  weeklyRest: readonly number[];
  holidays: ReadonlySet<string>;
  /** Years for which holidays are entered; in others only weekly rest is known. */
  years: ReadonlySet<number>;
}

export const weekendsOnly: WorkCalendar = { weeklyRest: [6, 7], holidays: new Set(), years: new Set() };

export function isWorkingDay(day: PlainDate, calendar: WorkCalendar): boolean {
  return !calendar.weeklyRest.includes(weekday(day)) && !calendar.holidays.has(day);
}

/**
 * The day on which a term of `n` working days from `from` ends; the day of the event is not counted.
 * `weekendsOnly` is true when a year on the way has no holidays entered.
 */
export function workingDays(
  from: PlainDate,
  n: number,
  calendar: WorkCalendar,
): { due: PlainDate; weekendsOnly: boolean } {
  if (calendar.weeklyRest.length > 6) throw new Error('A calendar needs at least one working weekday');
  let day = from;
  let left = n;
  let incomplete = !calendar.years.has(Number(from.slice(0, 4)));
  while (left > 0) {
    day = addDays(day, 1);
    if (!calendar.years.has(Number(day.slice(0, 4)))) incomplete = true;
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return { due: day, weekendsOnly: incomplete };
}
