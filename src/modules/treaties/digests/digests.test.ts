import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTranslators, offeredLocales } from '../../../platform/i18n/index.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { readTexts, type TreatyText } from '../texts.ts';
import { digestsAr } from './ar.ts';
import { digestsEn } from './en.ts';
import { digestKey, digestMessages } from './index.ts';

const textOf: Record<string, string> = {
  'XVIII-12': 'untoc',
  'XVIII-12-a': 'untoc-p1-trafficking-persons',
  'XVIII-12-b': 'untoc-p2-smuggling-migrants',
  'XVIII-12-c': 'untoc-p3-firearms',
  'XVIII-14': 'uncac',
  'VI-19': 'drugs-1988',
  'XVIII-11': 'terrorist-financing-1999',
};
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const cooperation: Record<string, number[]> = {
  'XVIII-12': [2, 3, 5, 6, 8, 10, ...range(12, 21), ...range(23, 29), 34],
  'XVIII-12-a': [4, 6, 8, 10, 11],
  'XVIII-12-b': [4, 7, 8, 9, 10, 17, 18],
  'XVIII-12-c': [4, 12, 13],
  'XVIII-14': [3, 23, 26, 31, 37, 38, 40, ...range(43, 60)],
  'VI-19': [3, 5, 6, 7, 8, 9, 10, 11, 17],
  'XVIII-11': range(7, 18),
};

const folder = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'treaties');
const texts = existsSync(folder) ? readTexts([folder]) : new Map<string, TreatyText>();

/** Instrument, article and both wordings of each digest. */
const digests = Object.entries(digestsEn).map(([key, en]) => {
  const [, instrument = '', article = ''] = /^digest\.(.+)\.(\d+)$/.exec(key) ?? [];
  return { key, instrument, article, en, ar: digestsAr[key as keyof typeof digestsEn] };
});

const citation = /\((\d+|[a-z]|[ivx]+|[\u0621-\u064A]ـ?)\)/gu;
const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replace(citation, ' ')
    .match(/[a-z0-9]+/g) ?? [];

type Item = TreatyText['articles'][number]['paragraphs'][number]['items'][number];
const wordsOfItem = (item: Item): string => [item.text, ...item.items.map(wordsOfItem)].join(' ');
const wordsOfArticle = (article: TreatyText['articles'][number]) =>
  article.paragraphs.map((one) => [one.text ?? '', ...one.items.map(wordsOfItem)].join(' ')).join(' ');

test('every article on cooperation has a digest, and only those', () => {
  const expected = Object.entries(cooperation).flatMap(([instrument, articles]) =>
    articles.map((article) => `digest.${instrument}.${article}`),
  );
  expect(Object.keys(digestsEn).sort()).toEqual(expected.sort());
  expect(Object.keys(digestsAr).sort()).toEqual(expected.sort());
});

test('a digest is one paragraph of at most 130 words in both languages', () => {
  for (const { key, en, ar } of digests) {
    for (const text of [en, ar]) {
      const length = text.split(/\s+/).length;
      expect(length, key).toBeLessThanOrEqual(130);
      expect(length, key).toBeGreaterThanOrEqual(35);
      expect(text, key).not.toMatch(/\n|^\s|\s$| {2}/);
    }
  }
});

test('the Arabic digest is written in Arabic and cites the same numbered paragraphs as the English one', () => {
  const paragraphs = (text: string) => new Set([...text.matchAll(/\((\d+)\)/g)].map(([, number]) => number));
  for (const { key, en, ar } of digests) {
    expect(ar, key).toMatch(/[\u0621-\u064A]{3}/);
    expect(ar, key).not.toMatch(/[A-Za-z]/);
    for (const number of paragraphs(en)) expect(paragraphs(ar), key).toContain(number);
  }
});

test('a digest survives the message format unchanged', () => {
  const translators = createTranslators([digestMessages]);
  for (const { key, en, ar } of digests) {
    expect(translators.en.code(key)).toBe(en);
    expect(translators.ar.code(key)).toBe(ar);
  }
  for (const locale of offeredLocales) {
    expect(Object.values(digestMessages.words[locale]).filter((text) => /[{}']/.test(text))).toEqual([]);
  }
});

test('a provision finds the digest of its article, and other articles find none', () => {
  expect(digestKey('XVIII-12', '18')).toBe('digest.XVIII-12.18');
  expect(digestKey('XVIII-12', '18(15)(a)')).toBe('digest.XVIII-12.18');
  expect(digestKey('XVIII-12', '1')).toBeUndefined();
  expect(digestKey('XVIII-12', '18bis')).toBeUndefined();
  expect(digestKey('XVIII-12', '')).toBeUndefined();
  expect(digestKey('UNTOC', '18')).toBeUndefined();
});

describe.skipIf(texts.size === 0)('against the development texts (left out when ../shared/data is absent)', () => {
  test('every digest names an article that the text has', () => {
    for (const { key, instrument, article } of digests) {
      const numbers = texts.get(textOf[instrument] ?? '')?.articles.map((one) => one.number);
      expect(numbers, key).toContain(article);
    }
  });

  test('every numbered paragraph cited exists in the article', () => {
    for (const { key, instrument, article, en } of digests) {
      const found = texts.get(textOf[instrument]!)!.articles.find((one) => one.number === article)!;

      for (const [, number] of en.matchAll(/(?<![\d)])\((\d+)\)/g)) {
        // The first paragraph of 1988 article 10 has no number in the source.
        const numbers = found.paragraphs.map((one, index) => one.number ?? (index === 0 ? '1' : null));
        expect(numbers, `${key} (${number})`).toContain(number);
      }
    }
  });

  test('no eight words in a row are those of any treaty text', () => {
    const runs = new Set<string>();
    for (const text of texts.values()) {
      for (const article of text.articles) {
        const words = plainWords(wordsOfArticle(article));
        for (let at = 0; at + 8 <= words.length; at += 1) runs.add(words.slice(at, at + 8).join(' '));
      }
    }
    expect(runs.size).toBeGreaterThan(10_000);
    const copied = digests.flatMap(({ key, en }) => {
      const words = plainWords(en);
      return words
        .map((_, at) => words.slice(at, at + 8).join(' '))
        .filter((run) => runs.has(run))
        .map((run) => `${key}: ${run}`);
    });
    expect(copied).toEqual([]);
  });

  test('a digest of a duty says must and a digest of a mere option does not', () => {
    for (const { key, instrument, article, en } of digests) {
      const words = wordsOfArticle(texts.get(textOf[instrument]!)!.articles.find((one) => one.number === article)!);
      const definesOnly = ['digest.XVIII-12.2', 'digest.XVIII-12-a.4', 'digest.XVIII-12-b.4', 'digest.XVIII-12-c.4'];
      const appliesOnly = ['digest.XVIII-12.3', 'digest.XVIII-14.3', 'digest.XVIII-11.15'];
      if ([...definesOnly, ...appliesOnly].includes(key)) continue;
      expect(/\bmust\b/.test(en), key).toBe(/\bshall\b/.test(words));
      if (/\bmay\b/.test(en)) expect(words, key).toMatch(/\bmay\b/);
    }
  });
});
