import { expect, test } from 'vitest';
import { LanguageTag, Name, TextIn, comparisonKey, hasHiddenCharacters, withoutOverrides } from './text.ts';

test('control characters and turned writing directions are found', () => {
  for (const code of [0x00, 0x07, 0x0b, 0x1b, 0x7f, 0x85, 0x200e, 0x200f, 0x061c, 0x202a, 0x202e, 0x2066, 0x2069]) {
    expect(hasHiddenCharacters(`Al${String.fromCodePoint(code)}ba`), code.toString(16)).toBe(true);
  }
});

test('ordinary names in any script are not suspected', () => {
  for (const text of ['Alba', 'ألبا', 'Ольга', '王小明', 'Zoë O’Neil', 'علی‌رضا', 'two\nlines\tand tab', '']) {
    expect(hasHiddenCharacters(text), text).toBe(false);
  }
});

test('the same answer comes every time, however often one asks', () => {
  const answers = Array.from({ length: 6 }, () => hasHiddenCharacters('a\u202eb'));
  expect(answers).toEqual([true, true, true, true, true, true]);
});

test('for display the direction is straightened; what is stored stays as typed', () => {
  expect(withoutOverrides('invoice\u202efdp.exe')).toBe('invoicefdp.exe');
  expect(withoutOverrides('عادي')).toBe('عادي');
});

test('names are compared without case, composition, overrides and double spaces', () => {
  expect(comparisonKey('  ZO\u00cb   Alba ')).toBe(comparisonKey('zoe\u0308 alba'));
  expect(comparisonKey('a\u200eb')).toBe('ab');
  expect(comparisonKey('Alba')).not.toBe(comparisonKey('Borea'));
});

test('a language is a tag that exists in form, and a name says in which script it is written', () => {
  for (const tag of ['en', 'ar', 'zh-Hant', 'sr-Latn-RS']) expect(LanguageTag.safeParse(tag).success, tag).toBe(true);
  for (const tag of ['', 'english language', 'e', 'en_GB']) expect(LanguageTag.safeParse(tag).success, tag).toBe(false);
  expect(TextIn.safeParse({ en: 'a', ar: 'ب' }).success).toBe(true);
  expect(TextIn.safeParse({ 'not a tag': 'a' }).success).toBe(false);
  expect(Name.safeParse({ text: 'ألبا', script: 'Arab', original: true }).success).toBe(true);
  expect(Name.safeParse({ text: '', script: 'Arab', original: true }).success).toBe(false);
  expect(Name.safeParse({ text: 'Alba', script: 'latin', original: true }).success).toBe(false);
});
