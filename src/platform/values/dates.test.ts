import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DateOrWindow,
  Instant,
  PartialDate,
  PlainDate,
  addDays,
  addYears,
  dayIn,
  dayRange,
  daysBetween,
  instant,
  plainDate,
  weekday,
} from './dates.ts';

const days = fc
  .date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9000-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => plainDate(date.toISOString().slice(0, 10)));
const reads = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('a day', () => {
  test('must exist: 29 February only in leap years', () => {
    for (const day of ['2024-02-29', '2000-02-29', '2026-12-31', '2003-09-29'])
      expect(reads(PlainDate, day), day).toBe(true);
    for (const day of ['2023-02-29', '1900-02-29', '2026-04-31', '2026-00-10', '2026-13-01', '2026-01-00'])
      expect(reads(PlainDate, day), day).toBe(false);
    for (const day of ['', '2026-1-1', '26-01-01', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026/01/01', 20260101])
      expect(reads(PlainDate, day)).toBe(false);
  });

  test('counts on and back over the ends of months, years and centuries', () => {
    expect(addDays(plainDate('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(plainDate('2023-02-28'), 1)).toBe('2023-03-01');
    expect(addDays(plainDate('2000-01-01'), -1)).toBe('1999-12-31');
    expect(daysBetween(plainDate('2003-09-29'), plainDate('2003-12-28'))).toBe(90);
  });

  test('adding and counting are each other’s inverse, whatever the clocks of the place do', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -200_000, max: 200_000 }), (day, count) => {
        const moved = addDays(day, count);
        expect(reads(PlainDate, moved)).toBe(true);
        expect(daysBetween(day, moved)).toBe(count);
        expect(addDays(moved, -count)).toBe(day);
        expect(Math.sign(count)).toBe(day < moved ? 1 : day > moved ? -1 : 0);
      }),
    );
    // Clocks change on these days in many places; a day is still a day.
    expect(addDays(plainDate('2026-03-28'), 2)).toBe('2026-03-30');
    expect(daysBetween(plainDate('2026-10-24'), plainDate('2026-10-26'))).toBe(2);
  });

  test('29 February falls back to the 28th in a common year', () => {
    expect(addYears(plainDate('2024-02-29'), 1)).toBe('2025-02-28');
    expect(addYears(plainDate('2024-02-29'), 4)).toBe('2028-02-29');
    expect(addYears(plainDate('2024-02-29'), -124)).toBe('1900-02-28');
    expect(addYears(plainDate('2026-11-22'), 10)).toBe('2036-11-22');
  });

  test('has the weekday of its calendar, and the next day the next one', () => {
    expect(weekday(plainDate('2026-11-22'))).toBe(7);
    expect(weekday(plainDate('2026-11-23'))).toBe(1);
    fc.assert(fc.property(days, (day) => weekday(addDays(day, 1)) === (weekday(day) % 7) + 1));
  });
});

describe('a date known in part', () => {
  test('is a year, a month or a day that exists', () => {
    for (const date of ['2003', '2003-09', '2024-02-29']) expect(reads(PartialDate, date), date).toBe(true);
    for (const date of ['203', '2003-13', '2003-00', '2003-9', '2023-02-29', '2003-09-', ''])
      expect(reads(PartialDate, date), date).toBe(false);
  });

  test('means every day from its first to its last', () => {
    expect(dayRange('2024')).toEqual({ first: '2024-01-01', last: '2024-12-31' });
    expect(dayRange('2024-02')).toEqual({ first: '2024-02-01', last: '2024-02-29' });
    expect(dayRange('2023-02')).toEqual({ first: '2023-02-01', last: '2023-02-28' });
    expect(dayRange('2026-12')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
    expect(dayRange('2026-04')).toEqual({ first: '2026-04-01', last: '2026-04-30' });
    expect(dayRange('2026-11-22')).toEqual({ first: '2026-11-22', last: '2026-11-22' });
  });

  test('a month holds each of its days and not the next one', () => {
    fc.assert(
      fc.property(days, (day) => {
        const { first, last } = dayRange(day.slice(0, 7));
        expect(first <= day && day <= last).toBe(true);
        expect(addDays(last, 1).slice(8)).toBe('01');
        expect(addDays(last, 1) > day).toBe(true);
      }),
    );
  });

  test('may be a window with one end, never with none', () => {
    expect(reads(DateOrWindow, { date: '2026-05' })).toBe(true);
    expect(reads(DateOrWindow, { after: '2026-05-01' })).toBe(true);
    expect(reads(DateOrWindow, { unknown: 'not-stated' })).toBe(true);
    expect(reads(DateOrWindow, {})).toBe(false);
    expect(reads(DateOrWindow, { date: '2026', after: '2026-05-01' })).toBe(false);
    expect(reads(DateOrWindow, null)).toBe(false);
  });
});

describe('a moment', () => {
  test('is written in UTC with milliseconds, and must exist', () => {
    expect(reads(Instant, '2026-05-14T12:00:00.000Z')).toBe(true);
    for (const text of [
      '2026-05-14T12:00:00Z',
      '2026-05-14T12:00:00.000+02:00',
      '2026-05-14 12:00:00.000Z',
      '2026-13-14T12:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-05-14T24:00:00.000Z',
      '2026-05-14T12:60:00.000Z',
    ]) {
      expect(reads(Instant, text), text).toBe(false);
    }
  });

  test('falls on the day of the place, also across its change of clocks', () => {
    const at = instant('2026-05-14T22:30:00.000Z');
    expect(dayIn('UTC', at)).toBe('2026-05-14');
    expect(dayIn('Asia/Tokyo', at)).toBe('2026-05-15');
    expect(dayIn('America/Los_Angeles', at)).toBe('2026-05-14');
    expect(dayIn('Europe/Vienna', instant('2026-03-28T23:00:00.000Z'))).toBe('2026-03-29');
    expect(dayIn('Europe/Vienna', instant('2026-03-29T21:59:59.999Z'))).toBe('2026-03-29');
    expect(dayIn('Europe/Vienna', instant('2026-03-29T22:00:00.000Z'))).toBe('2026-03-30');
  });
});
