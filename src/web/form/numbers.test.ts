import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNumber } from './numbers.ts';

describe('a number is read with any grouping that can mean one number only', () => {
  test.each([
    ['412600', '412600'],
    ['412,600.00', '412600.00'],
    ['412.600,00', '412600.00'],
    ['412 600,50', '412600.50'],
    ['412\u202f600.5', '412600.5'],
    ["1'234'567", '1234567'],
    ['1,234,567', '1234567'],
    ['12,34,567.50', '1234567.50'],
    ['٤١٢٬٦٠٠٫٥٠', '412600.50'],
    ['٤١٢', '412'],
    ['-12.5', '-12.5'],
    ['0.125', '0.125'],
    ['1234,5', '1234.5'],
    ['1.2345', '1.2345'],
  ])('%s is %s', (typed, value) => {
    expect(readNumber(typed)).toEqual({ kind: 'number', value });
  });

  test('one mark before three digits may group or divide; money of two decimals settles it', () => {
    expect(readNumber('412,600')).toEqual({ kind: 'ambiguous', first: '412600', second: '412.600' });
    expect(readNumber('412.600')).toEqual({ kind: 'ambiguous', first: '412600', second: '412.600' });
    expect(readNumber('412,600', 2)).toEqual({ kind: 'number', value: '412600' });
    expect(readNumber('412.600', 2)).toEqual({ kind: 'number', value: '412600' });
  });

  test.each(['', '  '])('a blank is empty', (typed) => {
    expect(readNumber(typed).kind).toBe('empty');
  });

  test.each(['12,3,4', '1.2.3', '12 34', 'ten', '1e5', '1,23,4.5', '--1'])('%s is refused', (typed) => {
    expect(readNumber(typed).kind).toBe('bad');
  });

  test('what a plain decimal says is what is read, unless three digits follow one mark', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.stringMatching(/^\d{1,2}$/), (whole, fraction) => {
        expect(readNumber(`${whole}.${fraction}`)).toEqual({ kind: 'number', value: `${whole}.${fraction}` });
        expect(readNumber(`${whole.toLocaleString('en')}.${fraction}`)).toEqual({
          kind: 'number',
          value: `${whole}.${fraction}`,
        });
      }),
    );
  });

  test('no text makes it fail', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void readNumber(text)));
  });
});
