import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogues, translators } from '../src/app/words.ts';

const sources = readdirSync('src', { recursive: true })
  .map((name) => join('src', String(name)))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name));

test('every code that the program throws or finds has words in every offered language', () => {
  const missing: string[] = [];
  const thrown = /\b(?:NotFound|NotAllowed|Conflict|Invalid|Unavailable|problem)\(\s*'([a-z]+\.[a-z0-9.-]+)'/g;
  for (const file of sources) {
    for (const [, code = ''] of readFileSync(file, 'utf8').matchAll(thrown)) {
      for (const [locale, translate] of Object.entries(translators)) {
        if (!translate.has(code)) missing.push(`${file}: ${code} (${locale})`);
      }
    }
  }
  expect(missing).toEqual([]);
});

const refused = /\bplease\b|\binvalid\b|\boops\b|!|click here/i;

test('no words on screen are rude, loud or longer than 30 words', () => {
  const faults: string[] = [];
  for (const { module, words } of catalogues) {
    // Digests of articles are read as text, not as words of the interface.
    if (module === 'digest') continue;
    for (const [key, text] of Object.entries(words.en)) {
      const read = text.replaceAll(/\{[^{}]*\}/g, 'x');
      if (refused.test(read)) faults.push(`${key}: ${text}`);
      const longest = Math.max(...read.split(/(?<=[.:;?])\s/).map((part) => part.split(/\s+/).length));
      if (longest > 30) faults.push(`${key}: ${longest} words`);
    }
  }
  expect(faults).toEqual([]);
});

test('both languages fill the same places in every message', () => {
  const places = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))]
      .filter((name) => !/^\d/.test(name ?? ''))
      .sort();
  const faults: string[] = [];
  for (const { words } of catalogues) {
    for (const [key, english] of Object.entries(words.en)) {
      const arabic = words.ar[key] ?? '';
      const plural = /, (plural|select)/.test(english) || /, (plural|select)/.test(arabic);
      if (!plural && places(english).join() !== places(arabic).join())
        faults.push(`${key}: ${places(english).join()} / ${places(arabic).join()}`);
    }
  }
  expect(faults).toEqual([]);
});
