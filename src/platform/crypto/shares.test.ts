import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../random.ts';
import { combineShares, interpolateAtZero, splitSecret, valueAt } from './shares.ts';

const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');

function chosen<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => chosen(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

describe('arithmetic in the field of AES', () => {
  // FIPS 197, section 4.2: {57} times {83} is {c1}, {57} times {13} is {fe}; section 4.2.1 the powers of x.
  test.each([
    [[0x00, 0x57], 0x83, 0xc1],
    [[0x00, 0x57], 0x13, 0xfe],
    [[0x00, 0x57], 0x02, 0xae],
    [[0x00, 0x57], 0x04, 0x47],
    [[0x00, 0x57], 0x08, 0x8e],
    [[0x00, 0x57], 0x10, 0x07],
  ])('follows the examples of FIPS 197: %j at %i', (coefficients, x, expected) => {
    expect(valueAt(coefficients, x)).toBe(expected);
  });

  test('any polynomial is found again at zero from as many points as it has coefficients', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(255), { minLength: 2, maxLength: 6 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 6, maxLength: 6 }),
        (coefficients, xs) => {
          const points = xs.slice(0, coefficients.length).map((x) => ({ x, y: valueAt(coefficients, x) }));
          expect(interpolateAtZero(points)).toBe(coefficients[0]);
        },
      ),
    );
  });
});

describe('K8: an archive key split among five', () => {
  const shares = splitSecret(key, 3, 5, systemRandom);

  test.each(chosen(shares, 3))('any three give it back exactly', (...three) => {
    expect(Buffer.from(combineShares(three))).toEqual(key);
    expect(Buffer.from(combineShares(three.toReversed()))).toEqual(key);
  });

  test('four and five give it back too', () => {
    expect(Buffer.from(combineShares(shares))).toEqual(key);
    expect(Buffer.from(combineShares(shares.slice(1)))).toEqual(key);
  });

  test.each(chosen(shares, 2))('any two fail', (...two) => {
    expect(() => combineShares(two)).toThrow('crypto.too-few-shares');
  });

  test('one given twice counts once', () => {
    expect(() => combineShares([shares[0]!, shares[0]!, shares[1]!])).toThrow('crypto.too-few-shares');
  });

  test('one with a letter changed, or of another split, fails', () => {
    const place = 40;
    const other = shares[2]![place] === 'A' ? 'B' : 'A';
    const changed = shares[2]!.slice(0, place) + other + shares[2]!.slice(place + 1);
    expect(() => combineShares([shares[0]!, shares[1]!, changed])).toThrow('crypto.bad-share');
    const [foreign] = splitSecret(key, 3, 5, systemRandom);
    expect(() => combineShares([shares[0]!, shares[1]!, foreign!])).toThrow('crypto.bad-share');
  });

  test('two tell nothing: with them every first byte is still possible', () => {
    // For each possible secret byte there is a third point that fits the two known ones.
    const known = [
      { x: 1, y: 0x3c },
      { x: 2, y: 0xa7 },
    ];
    const reached = new Set(Array.from({ length: 256 }, (_, y) => interpolateAtZero([...known, { x: 3, y }])));
    expect(reached.size).toBe(256);
  });
});
