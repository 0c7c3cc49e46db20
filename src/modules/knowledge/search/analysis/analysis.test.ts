import { expect, test } from 'vitest';
import type { SearchLanguage } from '../schema.ts';
import { analyse } from './index.ts';

const stems = (text: string, language: SearchLanguage) =>
  analyse(text, language).flatMap(({ stem }) => (stem === undefined ? [] : [stem]));

test.each<[SearchLanguage, string, string]>([
  ['en', 'the confiscation of proceeds', 'Proceeds, CONFISCATED'],
  ['fr', 'L’entraide judiciaire', 'entraides judiciaires'],
  ['fr', 'aux sociétés', 'societe'],
  ['es', 'el decomiso de bienes públicos', 'decomisos, bien publico'],
  ['ru', 'ещё одна конфискация', 'одной конфискации'],
  ['ar', 'وَالمُساعدة القانونيّة', 'مساعده قانونية'],
  ['zh', '沒收犯罪所得', '没收犯罪所得'],
  ['en', 'paragraph ١٢', 'paragraph 12'],
])('%s: “%s” and “%s” share words', (language, one, other) => {
  const mine = new Set(stems(one, language));
  expect(mine.size).toBeGreaterThan(0);
  expect(stems(other, language).filter((stem) => mine.has(stem)).length).toBeGreaterThan(0);
});

test('a hyphened word is its parts, at places that a phrase can follow', () => {
  const tokens = analyse('money-laundering offences', 'en');
  expect(tokens.map(({ stem, position }) => [stem, position])).toEqual([
    ['money', 0],
    ['launder', 1],
    ['offenc', 2],
  ]);
});

test('offsets lead back to the text as given, in every script', () => {
  for (const [text, language] of [
    ['The State’s ﬁnancial institutions', 'en'],
    ['沒收2003年UNTOC公約𠮷', 'zh'],
    ['وَالمُساعدة', 'ar'],
  ] as const)
    for (const { from, to } of analyse(text, language)) expect(text.slice(from, to)).toMatch(/^\S+$/u);
});

test('Chinese is cut into overlapping pairs, single characters for quotes', () => {
  expect(analyse('沒收所', 'zh').map(({ exact, stem }) => [exact, stem])).toEqual([
    ['没', '没收'],
    ['收', '收所'],
    ['所', undefined],
  ]);
});
