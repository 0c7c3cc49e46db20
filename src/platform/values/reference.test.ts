import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reference, checkLetter, parseReference, toReference } from './reference.ts';

const references = fc
  .record({
    state: fc.stringMatching(/^[A-Z]{2}$/),
    year: fc.integer({ min: 2000, max: 2099 }),
    month: fc.integer({ min: 1, max: 12 }),
    counter: fc.integer({ min: 0, max: 999_999 }),
    training: fc.boolean(),
  })
  .map(({ state, year, month, counter, training }) =>
    toReference(state, `${year}-${String(month).padStart(2, '0')}`, counter, training),
  );

describe('the check letter', () => {
  test('of XA-2026-05-0172 is D', () => {
    expect(checkLetter('XA-2026-05-0172')).toBe('D');
    expect(toReference('XA', '2026-05', 172)).toBe('XA-2026-05-0172-D');
    expect(toReference('XA', '2026-05', 172, true)).toBe('XA-2026-05-0172-D-TR');
  });

  test('is never I, O or U', () => {
    fc.assert(fc.property(references, (reference) => /-[A-HJ-NP-TV-Z](-TR)?$/.test(reference)));
  });

  test('tells any one digit mistyped and any two neighbouring digits exchanged', () => {
    fc.assert(
      fc.property(references, fc.nat(), fc.integer({ min: 1, max: 9 }), (reference, at, add) => {
        const plain = reference.replaceAll('-', '').slice(0, 12);
        const digits = plain.slice(2);
        const place = at % digits.length;
        const other = digits.slice(0, place) + String((Number(digits[place]) + add) % 10) + digits.slice(place + 1);
        expect(checkLetter(plain.slice(0, 2) + other)).not.toBe(checkLetter(plain));
        const next = place + 1;
        if (next < digits.length && digits[place] !== digits[next]) {
          const swapped = digits.slice(0, place) + digits[next] + digits[place] + digits.slice(next + 1);
          expect(checkLetter(plain.slice(0, 2) + swapped)).not.toBe(checkLetter(plain));
        }
      }),
    );
  });
});

describe('a reference as typed', () => {
  test('is read in any case, with and without hyphens and spaces', () => {
    for (const typed of [
      'XA-2026-05-0172-D',
      'xa-2026-05-0172-d',
      'XA2026050172D',
      ' xa 2026 05 0172 d ',
      'Xa-202605-0172D',
    ]) {
      expect(parseReference(typed)).toEqual({ ok: true, value: 'XA-2026-05-0172-D' });
    }
    expect(parseReference('xa2026050172dtr')).toEqual({ ok: true, value: 'XA-2026-05-0172-D-TR' });
  });

  test('whatever is built is read back, however it is written', () => {
    fc.assert(
      fc.property(references, fc.boolean(), fc.boolean(), (reference, lower, bare) => {
        const cased = lower ? reference.toLowerCase() : reference;
        expect(parseReference(bare ? cased.replaceAll('-', '') : cased)).toEqual({ ok: true, value: reference });
        expect(Reference.safeParse(reference).success).toBe(true);
      }),
    );
  });

  test('with a wrong letter is told apart from what is no reference', () => {
    expect(parseReference('XA-2026-05-0172-E')).toMatchObject({ ok: false, error: { code: 'values.check-letter' } });
    expect(parseReference('XA-2026-05-0173-D')).toMatchObject({ ok: false, error: { code: 'values.check-letter' } });
    expect(parseReference('XB-2026-05-0172-D')).toMatchObject({ ok: false, error: { code: 'values.check-letter' } });
    for (const typed of ['', 'XA', 'XA-2026-13-0172-D', 'XA-2026-00-0172-D', 'XA-2026-05-172-D', 'X1-2026-05-0172-D']) {
      expect(parseReference(typed)).toMatchObject({ ok: false, error: { code: 'values.bad-reference' } });
    }
  });

  test('that is not in its printed form is not stored', () => {
    for (const text of ['xa-2026-05-0172-d', 'XA2026050172D', 'XA-2026-05-0172-I', 'XA-2026-05-0172-D-XX']) {
      expect(Reference.safeParse(text).success).toBe(false);
    }
  });
});
