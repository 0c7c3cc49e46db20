import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { ar } from './ar.ts';
import { en } from './en.ts';

const entries = Object.entries(en) as [keyof typeof en, string][];
const argumentsOf = (text: string) => [...new Set(text.match(/\{(\w+)(?=[,}])/gu) ?? [])].sort();

test('words are plain: none over thirty words, and none we do not use', () => {
  const bad = entries.filter(
    ([, text]) => text.split(/\s+/u).length > 30 || /\b(please|invalid|oops|click here)\b|!/iu.test(text),
  );
  expect(bad).toEqual([]);
});

test('both languages fill the same places, and every text is a message that can be set', () => {
  const differing = entries.filter(([key, text]) => argumentsOf(text).join() !== argumentsOf(ar[key]).join());
  expect(differing).toEqual([]);
  const params = Object.fromEntries(
    entries.flatMap(([, text]) => argumentsOf(text).map((name) => [name.slice(1), 11] as const)),
  );
  for (const [key, text] of entries) {
    expect(String(new IntlMessageFormat(text, 'en-GB').format(params))).not.toBe('');
    expect(String(new IntlMessageFormat(ar[key], 'ar-u-nu-latn').format(params))).toMatch(/\p{Script=Arabic}/u);
  }
});
