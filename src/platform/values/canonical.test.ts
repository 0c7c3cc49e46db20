import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, hashOf, sha256 } from './canonical.ts';

describe('the canonical form of RFC 8785', () => {
  const vectors: [string, string, string][] = [
    [
      'sorts keys by UTF-16 code units',
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    [
      'escapes no more than JSON needs',
      '{"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      'keeps arrays in order and sorts inside them',
      '[56,{"d":true,"10":null,"1":[]}]',
      '[56,{"1":[],"10":null,"d":true}]',
    ],
    [
      'does not sort by the rules of a language',
      '{"peach":"This sorting order","p\\u00e9ch\\u00e9":"is wrong according to French","p\\u00eache":"but canonicalization MUST","sin":"ignore locale"}',
      '{"peach":"This sorting order","p\u00e9ch\u00e9":"is wrong according to French","p\u00eache":"but canonicalization MUST","sin":"ignore locale"}',
    ],
    [
      'sorts nested structures',
      '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}',
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}',
    ],
    ['does not normalise text', '{"Unnormalized Unicode":"A\\u030a"}', '{"Unnormalized Unicode":"A\u030a"}'],
  ];

  test.each(vectors)('%s', (_what, input, expected) => {
    expect(canonical(JSON.parse(input))).toBe(expected);
  });

  test('writes negative zero as zero', () => {
    expect(canonical([-0, 0])).toBe('[0,0]');
  });

  test('refuses fractions, unsafe integers and what is no number, naming the place', () => {
    expect(() => canonical({ items: [{ weight: 1.5 }] })).toThrow('/items/0/weight');
    for (const value of [0.1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonical(value)).toThrow();
    expect(canonical({ max: Number.MAX_SAFE_INTEGER })).toBe('{"max":9007199254740991}');
  });

  test('refuses half a surrogate pair, which two readers would hash differently', () => {
    expect(() => canonical({ text: 'a\ud800' })).toThrow('/text');
    expect(() => canonical({ '\udc00': 1 })).toThrow('key');
    expect(canonical('\ud83d\ude00')).toBe('"\ud83d\ude00"');
  });

  test('refuses nothing at all', () => {
    expect(() => canonical(undefined)).toThrow();
  });

  const integersOnly = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  test('does not depend on the order in which keys were written, and reads back as the same value', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, item]) => [key, reversed(item)]),
            )
          : value;
    fc.assert(
      fc.property(integersOnly, (value) => {
        const text = canonical(value);
        expect(canonical(reversed(value))).toBe(text);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('hashes are SHA-256 of the UTF-8 bytes of that form', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(hashOf({ b: 1, a: '\u00e9' })).toBe(`sha256:${sha256(Buffer.from('{"a":"\u00e9","b":1}', 'utf8'))}`);
  expect(hashOf({ a: '\u00e9', b: 1 })).toBe(hashOf({ b: 1, a: '\u00e9' }));
});
