import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, instant, plainDate, unknown, workingDays } from '../../../platform/values/index.ts';
import type { Calendar } from '../schema/index.ts';
import { isOpen, localTime, nextOpening, opensOn, overlap, toMoment, toWorkCalendar, type Hours } from './time.ts';

const weekdays = (from: string, to: string) => [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from, to }));
const office = (
  timeZone: string,
  officeHours: { weekday: number; from: string; to: string }[],
  weeklyRest = [6, 7],
): Hours => ({ timeZone, officeHours, weeklyRest });
const calendar: Calendar = {
  id: 'XB:national',
  state: 'XB' as Calendar['state'],
  territory: null,
  weeklyRest: [6, 7],
  years: [2026],
  holidays: [{ on: plainDate('2026-05-18'), names: { en: 'Port Day' }, status: 'fixed', source: 'sample' }],
  halfDays: [{ on: plainDate('2026-05-19'), names: { en: 'Half' }, until: '12:00', source: 'sample' }],
};

describe('wall clocks and daylight saving', () => {
  test('a time in the spring gap means the first moment after the gap', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00, that is 01:00 UTC.
    expect(toMoment(plainDate('2026-03-29'), '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
    expect(toMoment(plainDate('2026-03-29'), '02:30', 'Europe/Berlin', 'closing')).toBe('2026-03-29T01:00:00.000Z');
    expect(toMoment(plainDate('2026-03-29'), '03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
  });
  test('a time in the autumn overlap opens at the first and closes at the second', () => {
    // Berlin, 25 October 2026: 02:00 to 03:00 comes twice.
    expect(toMoment(plainDate('2026-10-25'), '02:30', 'Europe/Berlin', 'opening')).toBe('2026-10-25T00:30:00.000Z');
    expect(toMoment(plainDate('2026-10-25'), '02:30', 'Europe/Berlin', 'closing')).toBe('2026-10-25T01:30:00.000Z');
  });
  test('a desk open round the clock is open for 25 hours on the day clocks go back, 23 when they go forward', () => {
    const always = office('Europe/Berlin', [{ weekday: 7, from: '00:00', to: '24:00' }], []);
    const hours = (day: string) =>
      opensOn(always, undefined, plainDate(day))!.reduce(
        (sum, one) => sum + Date.parse(one.to) - Date.parse(one.from),
        0,
      ) / 3_600_000;
    expect(hours('2026-10-25')).toBe(25);
    expect(hours('2026-03-29')).toBe(23);
  });
  test('an ordinary morning keeps its wall clock over the change', () => {
    const berlin = office('Europe/Berlin', weekdays('09:00', '17:00'));
    expect(nextOpening(berlin, undefined, instant('2026-03-27T20:00:00.000Z'))).toBe('2026-03-30T07:00:00.000Z');
    expect(nextOpening(berlin, undefined, instant('2026-10-23T20:00:00.000Z'))).toBe('2026-10-26T08:00:00.000Z');
  });
  test('a zone half an hour off and one on the other side of the date line read right', () => {
    expect(localTime('Asia/Kathmandu', instant('2026-05-14T06:12:00.000Z'))).toBe('2026-05-14T11:57+05:45');
    expect(localTime('Pacific/Kiritimati', instant('2026-05-14T12:00:00.000Z'))).toBe('2026-05-15T02:00+14:00');
    expect(localTime('America/Montevideo', instant('2026-05-14T06:12:00.000Z'))).toBe('2026-05-14T03:12-03:00');
  });
  test('reading the wall clock of the moment found gives the time asked, wherever it exists', () => {
    const zones = [
      'Europe/Berlin',
      'America/Montevideo',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'America/St_Johns',
      'Pacific/Apia',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, shift, minute) => {
          const day = addDays(plainDate('2023-01-01'), shift);
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const wall = localTime(zone, toMoment(day, time, zone)).slice(0, 16);
          // Where the clocks skipped the time, the first one after the gap is later on that day.
          expect(wall >= `${day}T${time}`).toBe(true);
          if (wall !== `${day}T${time}`) {
            const minuteBefore = instant(new Date(Date.parse(toMoment(day, time, zone)) - 60_000).toISOString());
            expect(localTime(zone, minuteBefore).slice(0, 16) < `${day}T${time}`).toBe(true);
          }
        },
      ),
    );
  });
});

describe('opening', () => {
  const borea = office('America/Montevideo', weekdays('09:00', '17:00'));
  test('before hours the next opening is the same day at nine there', () => {
    expect(isOpen(borea, calendar, instant('2026-05-14T06:12:00.000Z'))).toBe(false);
    expect(nextOpening(borea, calendar, instant('2026-05-14T06:12:00.000Z'))).toBe('2026-05-14T12:00:00.000Z');
  });
  test('weekly rest and a holiday after it move the opening to the day after', () => {
    expect(nextOpening(borea, calendar, instant('2026-05-15T21:00:00.000Z'))).toBe('2026-05-19T12:00:00.000Z');
  });
  test('a half day closes at its hour', () => {
    expect(isOpen(borea, calendar, instant('2026-05-19T14:59:00.000Z'))).toBe(true);
    expect(isOpen(borea, calendar, instant('2026-05-19T15:00:00.000Z'))).toBe(false);
  });
  test('a break at noon is closed', () => {
    const alba = office('America/Puerto_Rico', [
      { weekday: 4, from: '08:30', to: '12:30' },
      { weekday: 4, from: '13:30', to: '17:00' },
    ]);
    expect(isOpen(alba, undefined, instant('2026-05-14T16:45:00.000Z'))).toBe(false);
    expect(nextOpening(alba, undefined, instant('2026-05-14T16:45:00.000Z'))).toBe('2026-05-14T17:30:00.000Z');
  });
  test('the closing minute is closed, the opening minute open', () => {
    expect(isOpen(borea, calendar, instant('2026-05-14T12:00:00.000Z'))).toBe(true);
    expect(isOpen(borea, calendar, instant('2026-05-14T20:00:00.000Z'))).toBe(false);
  });
  test('unknown hours stay unknown', () => {
    expect(
      isOpen({ ...borea, officeHours: unknown('not-stated') }, calendar, instant('2026-05-14T12:00:00.000Z')),
    ).toBeUndefined();
    expect(
      nextOpening({ ...borea, timeZone: unknown('not-coded') }, calendar, instant('2026-05-14T12:00:00.000Z')),
    ).toBeNull();
  });
  test('an office without working hours never opens, and the search ends', () => {
    expect(nextOpening({ ...borea, officeHours: [] }, calendar, instant('2026-05-14T12:00:00.000Z'))).toBeNull();
  });
});

describe('common hours', () => {
  const alba = { hours: office('America/Puerto_Rico', weekdays('08:30', '17:00')), calendar: undefined };
  const cordia = {
    hours: office(
      'Asia/Riyadh',
      [7, 1, 2, 3, 4].map((weekday) => ({ weekday, from: '08:00', to: '15:00' })),
      [5, 6],
    ),
    calendar: undefined,
  };
  const borea = { hours: office('America/Montevideo', weekdays('09:00', '17:00')), calendar };
  test('Alba and Borea share 12:30 to 20:00 UTC', () => {
    expect(overlap(alba, borea, plainDate('2026-05-14'))).toEqual([
      { from: '2026-05-14T12:30:00.000Z', to: '2026-05-14T20:00:00.000Z' },
    ]);
  });
  test('Alba and Cordia share nothing', () => {
    expect(overlap(alba, cordia, plainDate('2026-05-14'))).toEqual([]);
  });
  test('offices on both sides of the date line share the hours that meet', () => {
    const samoa = { hours: office('Pacific/Pago_Pago', weekdays('09:00', '17:00')), calendar: undefined };
    const line = { hours: office('Pacific/Kiritimati', weekdays('08:00', '16:00')), calendar: undefined };
    expect(overlap(samoa, line, plainDate('2026-05-13'))).toEqual([
      { from: '2026-05-13T20:00:00.000Z', to: '2026-05-14T02:00:00.000Z' },
    ]);
  });
  test('a holiday on one side leaves nothing', () => {
    expect(overlap(alba, borea, plainDate('2026-05-18'))).toEqual([]);
  });
});

describe('terms in working days', () => {
  test('rest on Friday and Saturday moves a due date', () => {
    const cordia: Calendar = { ...calendar, id: 'XC:national', weeklyRest: [5, 6], holidays: [], halfDays: [] };
    // From Wednesday 13 May 2026, three working days: Thursday, Sunday, Monday.
    expect(workingDays(plainDate('2026-05-13'), 3, toWorkCalendar(cordia))).toEqual({
      due: '2026-05-18',
      weekendsOnly: false,
    });
    expect(workingDays(plainDate('2026-05-13'), 3, toWorkCalendar({ ...cordia, weeklyRest: [6, 7] })).due).toBe(
      '2026-05-18',
    );
    expect(workingDays(plainDate('2026-05-14'), 1, toWorkCalendar(cordia)).due).toBe('2026-05-17');
    expect(workingDays(plainDate('2026-05-14'), 1, toWorkCalendar({ ...cordia, weeklyRest: [6, 7] })).due).toBe(
      '2026-05-15',
    );
  });
  test('a year without entered holidays says weekends only', () => {
    expect(workingDays(plainDate('2026-12-30'), 5, toWorkCalendar(calendar)).weekendsOnly).toBe(true);
  });
});
