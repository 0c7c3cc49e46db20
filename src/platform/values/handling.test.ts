import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, plainDate } from './dates.ts';
import { Handling, joinHandling, noneInCommon } from './handling.ts';

const days = fc.integer({ min: 0, max: 4_000 }).map((count) => addDays(plainDate('2026-01-01'), count));
const sorted = <T extends string>(...values: T[]) => fc.subarray(values).map((list) => [...list].sort());
const handlings: fc.Arbitrary<Handling> = fc.record(
  {
    tlp: fc.constantFrom('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'),
    pap: fc.constantFrom('CLEAR', 'GREEN', 'AMBER', 'RED'),
    europol: sorted('H0', 'H1', 'H2', 'H3'),
    national: fc.constantFrom('Dienstgebrauch', 'Restreint', 'Reservado'),
    originator: fc.constantFrom('XA', 'XB', 'XC'),
    groups: sorted('a', 'b', 'c'),
    purposes: sorted('trial', 'analysis'),
    judicialUse: fc.constantFrom('free', 'on-consent', 'never'),
    onward: fc.constantFrom('free', 'on-request', 'no'),
    reviewOn: days,
    retainUntil: days,
  },
  { requiredKeys: ['tlp', 'originator', 'groups', 'purposes', 'judicialUse', 'onward'] },
);

describe('joining handlings', () => {
  test('does not depend on the order or on how they are put together, and adds nothing to itself', () => {
    fc.assert(
      fc.property(handlings, handlings, handlings, (a, b, c) => {
        expect(joinHandling(a, b)).toEqual(joinHandling(b, a));
        expect(joinHandling(joinHandling(a, b), c)).toEqual(joinHandling(a, joinHandling(b, c)));
        expect(joinHandling(a, a)).toEqual(a);
        expect(joinHandling(joinHandling(a, b), b)).toEqual(joinHandling(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test('gives something that can be stored, never more open than either side', () => {
    const order = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'];
    fc.assert(
      fc.property(handlings, handlings, (a, b) => {
        const joined = Handling.parse(joinHandling(a, b));
        for (const side of [a, b]) {
          expect(order.indexOf(joined.tlp)).toBeGreaterThanOrEqual(order.indexOf(side.tlp));
          if (side.retainUntil) expect(joined.retainUntil! <= side.retainUntil).toBe(true);
          if (side.groups.length > 0) {
            expect(joined.groups.length).toBeGreaterThan(0);
            expect(joined.groups.every((group) => group === noneInCommon || side.groups.includes(group))).toBe(true);
          }
        }
      }),
    );
  });

  const of = (more: Partial<Handling>) => Handling.parse({ tlp: 'GREEN', originator: 'XA', ...more });

  test('of two groups with no member in common opens it to nobody, not to everybody', () => {
    expect(joinHandling(of({ groups: ['a'] }), of({ groups: ['b'] })).groups).toEqual([noneInCommon]);
    expect(joinHandling(of({ groups: ['a'] }), of({})).groups).toEqual(['a']);
    expect(joinHandling(of({}), of({})).groups).toEqual([]);
  });

  test('names every originator and every national mark once', () => {
    const joined = joinHandling(
      of({ originator: 'XB', national: 'Restreint' }),
      of({ originator: 'XA', national: 'Dienstgebrauch' }),
    );
    expect(joined).toMatchObject({ originator: 'XA + XB', national: 'Dienstgebrauch / Restreint' });
    expect(joinHandling(joined, of({ originator: 'XB' })).originator).toBe('XA + XB');
  });
});
