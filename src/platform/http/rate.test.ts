import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { createRateLimit } from './rate.ts';

test('sixty turns a minute are given, the next one waits a second, and another address is not held up', () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const limit = createRateLimit(clock, 60);
  for (let turn = 0; turn < 60; turn += 1) expect(limit.take('192.0.2.1')).toBe(0);
  expect(limit.take('192.0.2.1')).toBe(1);
  expect(limit.take('192.0.2.2')).toBe(0);
  clock.advance(1000);
  expect(limit.take('192.0.2.1')).toBe(0);
  expect(limit.take('192.0.2.1')).toBe(1);
});

test('however calls are spread, no address gets more than two full buckets in a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 300 }), (steps) => {
      const clock = fakeClock('2026-05-14T12:00:00.000Z');
      const limit = createRateLimit(clock, 60);
      let passed = 0;
      let elapsed = 0;
      for (const step of steps) {
        elapsed += step;
        clock.advance(step);
        if (limit.take('192.0.2.1') === 0) passed += 1;
      }
      expect(passed).toBeLessThanOrEqual(60 + Math.ceil(elapsed / 1000));
    }),
  );
});

test('zero limits nothing, and a clock that goes back gives no turn', () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const open = createRateLimit(clock, 0);
  for (let turn = 0; turn < 500; turn += 1) expect(open.take('192.0.2.1')).toBe(0);
  const limit = createRateLimit(clock, 1);
  expect(limit.take('192.0.2.1')).toBe(0);
  clock.advance(-3_600_000);
  expect(limit.take('192.0.2.1')).toBeGreaterThan(0);
});
