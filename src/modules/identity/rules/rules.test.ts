import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteMillis, blockSeconds, failuresNow, idleMillis, longestBlockSeconds, stateOfSession } from './index.ts';

describe('waiting after wrong tries', () => {
  test.each([
    ['account', 4, 0],
    ['account', 5, 5],
    ['account', 6, 10],
    ['account', 12, 640],
    ['account', 13, 900],
    ['address', 20, 0],
    ['address', 21, 5],
    ['pair', 1_000_000, 900],
  ] as const)('%s with %i failures waits %i seconds', (kind, failures, seconds) => {
    expect(blockSeconds(kind, failures)).toBe(seconds);
  });

  test('never falls with more failures and never passes fifteen minutes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('account' as const, 'address' as const, 'pair' as const),
        fc.nat(100_000),
        (kind, failures) => {
          const [now, next] = [blockSeconds(kind, failures), blockSeconds(kind, failures + 1)];
          expect(next).toBeGreaterThanOrEqual(now);
          expect(next).toBeLessThanOrEqual(longestBlockSeconds);
        },
      ),
    );
  });

  test('an hour without a failure starts afresh', () => {
    const stored = { failures: 9, lastAt: '2026-05-14T12:00:00.000Z' };
    expect(failuresNow(stored, '2026-05-14T13:00:00.000Z')).toBe(9);
    expect(failuresNow(stored, '2026-05-14T13:00:00.001Z')).toBe(0);
    expect(failuresNow(undefined, '2026-05-14T13:00:00.001Z')).toBe(0);
  });
});

describe('a session', () => {
  test('lives exactly while idle and absolute limits are ahead and nobody ended it', () => {
    const start = Date.parse('2026-05-14T08:00:00.000Z');
    const at = (millis: number) => new Date(start + millis).toISOString();
    fc.assert(
      fc.property(fc.nat(absoluteMillis), fc.nat(2 * idleMillis), fc.boolean(), (seen, since, ended) => {
        const times = { createdAt: at(0), lastSeenAt: at(seen), endedAt: ended ? at(seen) : null };
        const expected = !ended && seen + since < absoluteMillis && since < idleMillis;
        expect(stateOfSession(times, at(seen + since)) === 'live').toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
