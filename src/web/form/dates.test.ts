import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatsFor } from '../../platform/i18n/formats.ts';
import { plainDate } from '../../platform/values/index.ts';
import { readDate } from './dates.ts';

describe('a day is read however it is written, if it can mean one day only', () => {
  test.each([
    ['2026-05-14', '2026-05-14'],
    ['2026/5/14', '2026-05-14'],
    ['14 May 2026', '2026-05-14'],
    ['14th May, 2026', '2026-05-14'],
    ['May 14, 2026', '2026-05-14'],
    ['14-May-2026', '2026-05-14'],
    ['Thu 14 May 2026', '2026-05-14'],
    ['14.5.2026', '2026-05-14'],
    ['02.04.2026', '2026-04-02'],
    ['14/5/2026', '2026-05-14'],
    ['5/14/2026', '2026-05-14'],
    ['5/5/2026', '2026-05-05'],
    ['14 mai 2026', '2026-05-14'],
    ['1er juin 2026', '2026-06-01'],
    ['14 de mayo de 2026', '2026-05-14'],
    ['14 мая 2026 г.', '2026-05-14'],
    ['2026年5月14日', '2026-05-14'],
    ['14 أيار/مايو 2026', '2026-05-14'],
    ['١٤ مايو ٢٠٢٦', '2026-05-14'],
    ['14 ايار 2026', '2026-05-14'],
    ['2 تشرين الأول 2026', '2026-10-02'],
    ['2 كانون الثاني/يناير 2026', '2026-01-02'],
    ['29 February 2028', '2028-02-29'],
  ])('%s is %s', (typed, day) => {
    expect(readDate(typed)).toEqual({ kind: 'day', day });
  });

  test.each(['03/04/2026', '3-4-2026', '٠٣/٠٤/٢٠٢٦'])('%s may be two days and both are said', (typed) => {
    expect(readDate(typed)).toEqual({ kind: 'ambiguous', first: '2026-04-03', second: '2026-03-04' });
  });

  test.each([
    '31/2/2026',
    '14 Mayo Juni 2026',
    '2026-13-01',
    '29 February 2027',
    '14/5/26',
    'tomorrow',
    '14',
    '13/14/2026',
    '0 May 2026',
  ])('%s is no day', (typed) => {
    expect(readDate(typed).kind).toBe('bad');
  });

  test('months and years alone are told apart', () => {
    expect(readDate('May 2026')).toEqual({ kind: 'month', month: '2026-05' });
    expect(readDate('05/2026')).toEqual({ kind: 'month', month: '2026-05' });
    expect(readDate('2026')).toEqual({ kind: 'year', year: '2026' });
    expect(readDate('  ')).toEqual({ kind: 'empty' });
  });

  test('every day printed by the interface is read back as the same day, in both languages', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom('en' as const, 'ar' as const), (date, locale) => {
        const day = plainDate(date.toISOString().slice(0, 10));
        expect(readDate(formatsFor(locale).day(day))).toEqual({ kind: 'day', day });
        expect(readDate(formatsFor(locale).dayWithWeekday(day))).toEqual({ kind: 'day', day });
      }),
    );
  });

  test('no text makes it fail', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void readDate(text)));
  });
});
