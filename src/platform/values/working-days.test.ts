import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, plainDate } from './dates.ts';
import { isWorkingDay, weekendsOnly, workingDays, type WorkCalendar } from './working-days.ts';

/** Rest on Friday and Saturday, with two holidays. */
const fridaySaturday: WorkCalendar = {
  weeklyRest: [5, 6],
  holidays: new Set(['2026-11-24', '2026-11-29']),
  years: new Set([2026]),
};

test('a term runs over Friday and Saturday and over holidays where they are days of rest', () => {
  // Sunday 22 November 2026; Tuesday 24 and Sunday 29 are holidays.
  const from = plainDate('2026-11-22');
  expect(workingDays(from, 1, fridaySaturday)).toEqual({ due: '2026-11-23', weekendsOnly: false });
  expect(workingDays(from, 2, fridaySaturday).due).toBe('2026-11-25');
  expect(workingDays(from, 3, fridaySaturday).due).toBe('2026-11-26');
  expect(workingDays(from, 4, fridaySaturday).due).toBe('2026-11-30');
});

test('the same term ends on another day where Saturday and Sunday are the days of rest', () => {
  expect(workingDays(plainDate('2026-11-22'), 4, weekendsOnly).due).toBe('2026-11-26');
  expect(workingDays(plainDate('2026-11-26'), 2, weekendsOnly).due).toBe('2026-11-30');
});

test('the day of the event is not counted, and a term of none ends on it', () => {
  expect(workingDays(plainDate('2026-11-23'), 1, fridaySaturday).due).toBe('2026-11-25');
  expect(workingDays(plainDate('2026-11-27'), 0, fridaySaturday).due).toBe('2026-11-27');
});

test('a term that runs into a year without holidays says that only weekly rest is known', () => {
  expect(workingDays(plainDate('2026-12-30'), 1, fridaySaturday)).toEqual({ due: '2026-12-31', weekendsOnly: false });
  expect(workingDays(plainDate('2026-12-30'), 2, fridaySaturday)).toEqual({ due: '2027-01-03', weekendsOnly: true });
});

test('a week of rest alone is refused, since no term would end', () => {
  expect(() =>
    workingDays(plainDate('2026-11-22'), 1, { ...weekendsOnly, weeklyRest: [1, 2, 3, 4, 5, 6, 7] }),
  ).toThrow();
});

test('a term ends on a working day, with exactly its number of working days after the event', () => {
  const starts = fc.integer({ min: 0, max: 700 }).map((count) => addDays(plainDate('2026-01-01'), count));
  fc.assert(
    fc.property(starts, fc.integer({ min: 1, max: 60 }), fc.boolean(), (from, n, other) => {
      const calendar = other ? fridaySaturday : weekendsOnly;
      const { due } = workingDays(from, n, calendar);
      let counted = 0;
      for (let day = addDays(from, 1); day <= due; day = addDays(day, 1)) if (isWorkingDay(day, calendar)) counted += 1;
      expect(counted).toBe(n);
      expect(isWorkingDay(due, calendar)).toBe(true);
    }),
  );
});
