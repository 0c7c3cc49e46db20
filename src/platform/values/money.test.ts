import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Currency, Decimal, Money, addDecimals, compareDecimals } from './money.ts';

const places = 12;
/** A decimal and what it is worth in 10⁻¹² units. */
const decimals = fc
  .record({
    negative: fc.boolean(),
    whole: fc.bigInt({ min: 0n, max: 10n ** 29n }),
    fraction: fc.stringMatching(/^\d{0,12}$/),
  })
  .map(({ negative, whole, fraction }) => {
    const text = `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
    const units = BigInt(`${whole}${fraction.padEnd(places, '0')}`);
    return { text, units: negative ? -units : units };
  });

function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(places, '0'));
  return text.startsWith('-') ? -units : units;
}

describe('a sum', () => {
  test('of tenths is exact, where floats are not', () => {
    expect(addDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(addDecimals(['1000000000000000.01', '0.02'])).toBe('1000000000000000.03');
    expect(addDecimals(['10', '-10.00'])).toBe('0.00');
    expect(addDecimals(['-0.05', '0.02'])).toBe('-0.03');
    expect(addDecimals([])).toBe('0');
  });

  test('is exact for any amounts in any order', () => {
    fc.assert(
      fc.property(fc.array(decimals, { maxLength: 12 }), (items) => {
        const expected = items.reduce((sum, item) => sum + item.units, 0n);
        const sum = addDecimals(items.map((item) => item.text));
        expect(unitsOf(sum)).toBe(expected);
        expect(addDecimals(items.map((item) => item.text).reverse())).toBe(sum);
        expect(sum).toMatch(/^-?\d+(\.\d+)?$/);
      }),
    );
  });

  test('never loses a decimal place that was written', () => {
    expect(addDecimals(['1.50', '1'])).toBe('2.50');
  });
});

test('comparing agrees with the exact difference', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      expect(compareDecimals(a.text, b.text)).toBe(a.units < b.units ? -1 : a.units > b.units ? 1 : 0);
    }),
  );
  expect(compareDecimals('1.0', '1')).toBe(0);
  expect(compareDecimals('-0', '0')).toBe(0);
  expect(compareDecimals('9', '10')).toBe(-1);
});

test('an amount is digits without separators, and its currency one that exists', () => {
  for (const text of ['0', '-1', '12.50', '000.1']) expect(Decimal.safeParse(text).success, text).toBe(true);
  for (const text of ['1,000', '1.', '.5', '+1', '1e3', '٣', ' 1', '', '1.1234567890123'])
    expect(Decimal.safeParse(text).success, text).toBe(false);
  expect(Currency.safeParse('EUR').success).toBe(true);
  for (const code of ['eur', 'EURO', 'ZZZ', '']) expect(Currency.safeParse(code).success, code).toBe(false);
  expect(Money.safeParse({ amount: 1, currency: 'EUR' }).success).toBe(false);
  expect(Money.safeParse({ amount: '1', currency: 'EUR', rate: '1' }).success).toBe(false);
});
