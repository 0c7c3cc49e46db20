import { expect, test } from 'vitest';
import { need, use } from './tools.ts';

test('every vector of the protocol gives the same answer in another language', () => {
  need('openssl');
  const done = use('python3', ['protocol/verify/replay.py']);
  expect(done.out).toMatch(/^\d+ vectors, 0 differ\n$/);
  expect(done.status).toBe(0);
});
