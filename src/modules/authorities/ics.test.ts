import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, plainDate, type Instant } from '../../platform/values/index.ts';
import { toICalendar } from './exports.ts';
import { readICalendar } from './ics.ts';
import type { Calendar } from './schema/index.ts';

const at = '2026-05-14T06:12:00.000Z' as Instant;
const blank = {
  id: 'XC:national',
  state: 'XC',
  territory: null,
  weeklyRest: [5, 6],
  holidays: [],
  halfDays: [],
  years: [2026],
} as unknown as Calendar;
const event = (lines: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

describe('holidays as iCalendar', () => {
  test('what is exported is taken back with day, name, status and half day', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 90, unit: 'grapheme' })
      .filter((text) => text.trim() === text && !/[\p{C}\p{Z}]/u.test(text));
    const days = fc.uniqueArray(
      fc.record({
        offset: fc.nat(3000),
        name,
        status: fc.constantFrom('fixed' as const, 'expected' as const, 'announced' as const),
      }),
      { minLength: 1, maxLength: 20, selector: (one) => one.offset },
    );
    fc.assert(
      fc.property(days, fc.boolean(), (list, half) => {
        const dated = list.map((one) => ({
          on: addDays(plainDate('2024-01-01'), one.offset),
          names: { en: one.name },
          source: 's',
          status: one.status,
        }));
        const calendar: Calendar = half
          ? { ...blank, halfDays: dated.map(({ on, names, source }) => ({ on, names, source, until: '13:00' })) }
          : { ...blank, holidays: dated };
        const read = readICalendar(toICalendar(calendar, 'en', at), 'en');
        expect(read.ok && read.value).toEqual(
          dated.map(({ on, names, status }) => ({
            on,
            names,
            status: half ? 'fixed' : status,
            until: half ? '13:00' : null,
          })),
        );
      }),
      { numRuns: 60 },
    );
  });
  test('an event of three days gives each of them', () => {
    const read = readICalendar(
      event('DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY;LANGUAGE=ar:عطلة'),
      'en',
    );
    expect(read.ok && read.value.map((one) => [one.on, one.names])).toEqual([
      ['2026-12-24', { ar: 'عطلة' }],
      ['2026-12-25', { ar: 'عطلة' }],
      ['2026-12-26', { ar: 'عطلة' }],
    ]);
  });
  test('a feast that repeats by a rule is refused, since it moves', () => {
    const read = readICalendar(event('DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Eve'), 'en');
    expect(read).toMatchObject({ ok: false, error: [{ code: 'authorities.ics-repeats', path: ['file'] }] });
  });
  test('text that is no calendar, or one without a day, is told apart', () => {
    expect(readICalendar('day;name\n2026-01-01;New Year', 'en')).toMatchObject({
      error: [{ code: 'authorities.ics-unreadable' }],
    });
    expect(readICalendar(event('SUMMARY:Someday'), 'en')).toMatchObject({ error: [{ code: 'authorities.ics-empty' }] });
  });
});
