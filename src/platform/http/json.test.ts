import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictJson } from './json.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('a key named twice in one object is refused, however it is written', () => {
  for (const text of ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '[{"b":{"c":[],"c":0}}]', '{"":1,"":2}']) {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, error: { code: 'http.duplicate-key' } });
  }
  expect(parseStrictJson('{"a":1,"a":2}')).toMatchObject({ error: { path: ['a'] } });
});

test('the same key in two objects, and as a value, is no duplicate', () => {
  const text = '{"a":{"a":"a"},"b":["a","a",{"a":1}],"c":{"a":2}}';
  expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
});

test('thirty-two levels are read, the thirty-third is refused, and a million do not exhaust the stack', () => {
  expect(parseStrictJson(nested(32)).ok).toBe(true);
  expect(parseStrictJson(nested(33))).toMatchObject({ ok: false, error: { code: 'http.too-deep' } });
  expect(parseStrictJson(nested(500_000)).ok).toBe(false);
});

test('brackets and quotes inside strings do not count', () => {
  const text = JSON.stringify({ a: '[{'.repeat(40), b: '"\\"', 'c"': '\\' });
  expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
});

test('what is not JSON is told', () => {
  for (const text of ['', '{', '{a:1}', '[1,]', 'undefined', '{"a":1}x']) {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, error: { code: 'http.not-json' } });
  }
});

test('whatever JSON.stringify writes is read back unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    }),
  );
});
