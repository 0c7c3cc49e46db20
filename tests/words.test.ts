import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { catalogues, translators } from '../src/app/words.ts';
import { formatsFor } from '../src/platform/i18n/formats.ts';
import { PlainDate } from '../src/platform/values/index.ts';
import { readDate } from '../src/web/form/dates.ts';

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

test('every message can be read by what fills it', () => {
  const faults: string[] = [];
  for (const { words, further } of catalogues) {
    for (const [locale, held] of Object.entries({ ...words, ...further })) {
      for (const [key, text] of Object.entries(held)) {
        try {
          new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
        } catch (error) {
          faults.push(`${locale} ${key}: ${String(error)}`);
        }
      }
    }
  }
  expect(faults).toEqual([]);
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

const interfaceCatalogues = catalogues.filter((one) => one.module !== 'digest');
const arabicTexts = interfaceCatalogues.flatMap(({ words }) => Object.entries(words.ar));
const allTexts = interfaceCatalogues.flatMap(({ words }) => [...Object.entries(words.en), ...Object.entries(words.ar)]);

// One Arabic term for each thing, as docs/glossary-ar.md gives it: what must not stand, and what stands instead.
const arabicTerms: readonly (readonly [RegExp, string])[] = [
  [/المطلوب منها|المطلوب إليها/u, 'الدولة متلقية الطلب'],
  [/تسليم المطلوبين/u, 'تسليم المجرمين'],
  [/القبض المؤقت/u, 'التوقيف المؤقت'],
  [/تجميد أو (?:ال)?حجز|محجوز/u, 'التجميد أو الضبط'],
  [/إخطار/u, 'إشعار'],
  [/العائدات الإجرامية|غسل العائدات/u, 'عائدات الجرائم'],
  [/إعادة الموجودات|استرجاع الموجودات/u, 'إرجاع الموجودات'],
  [/إجراءً? قسري|إجراءات قسرية|الإجراءات القسرية/u, 'تدبير قسري'],
  [/تجريم مزدوج|التجريم المزدوج/u, 'ازدواجية التجريم'],
  [/مبدأ الخصوصية/u, 'مبدأ التخصيص'],
  [/دواعٍ? معقولة/u, 'أسباب معقولة'],
  [/المودع لديه|جهة الإيداع/u, 'الوديع'],
  [/القوانين الوطنية\u061F|قانونكم|قانونك الوطني/u, 'قانونك الداخلي'],
  [/دخول (?:الاتفاقية )?حيز النفاذ/u, 'بدء النفاذ'],
  [/موظف رسمي/u, 'مسؤول'],
  [/تحذير/u, 'تنبيه'],
  [/ستعمل|ستعمال/u, 'استخدم'],
  [/غير معلوم/u, 'غير معروف'],
  [/إنجليزي/u, 'الإنكليزية'],
  [/\u064B\u0627/u, 'اً (the sign stands on the alif)'],
];

test('Arabic names each thing with the one term of the glossary', () => {
  const faults: string[] = [];
  for (const [key, text] of arabicTexts) {
    for (const [refusedTerm, chosen] of arabicTerms) {
      if (refusedTerm.test(text.replaceAll(/\p{Mn}(?<!\u064B)/gu, ''))) faults.push(`${key}: ${chosen} (${text})`);
    }
  }
  expect(faults).toEqual([]);
});

test('every count in Arabic has all six forms, and one word of each month', () => {
  const faults: string[] = [];
  for (const [key, text] of arabicTexts) {
    for (const [start] of [...text.matchAll(/\{\w+, plural,/g)].map((match) => [match.index] as const)) {
      const forms = new Set<string>();
      let depth = 0;
      let word = '';
      for (const character of text.slice(start)) {
        if (character === '{') {
          depth += 1;
          if (depth === 2) forms.add(word.split(/[\s,]+/).findLast((part) => part !== '') ?? '');
          word = '';
        } else if (character === '}') {
          depth -= 1;
          word = '';
          if (depth === 0) break;
        } else word += character;
      }
      const missing = ['zero', 'one', 'two', 'few', 'many', 'other'].filter((form) => !forms.has(form));
      if (missing.length > 0) faults.push(`${key}: ${missing.join(', ')}`);
    }
    // Months carry both names, as in papers of the United Nations: أيار/مايو.
    if (
      /(?<![\p{L}/])(?:يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر)(?!\p{L})/u.test(text)
    )
      faults.push(`${key}: ${text}`);
    if (/يونيه|يوليه/u.test(text)) faults.push(`${key}: ${text}`);
  }
  expect(faults).toEqual([]);
});

test('marks of writing are those of the language, with single spaces', () => {
  const faults: string[] = [];
  for (const [key, text] of allTexts) {
    if (/ {2}|\s$|^\s/.test(text.replaceAll(/^[,،] $/g, ''))) faults.push(`${key}: spaces`);
    if (text.includes('"')) faults.push(`${key}: straight quotation mark`);
    if (/ [.,;:؛،؟](?:\s|$)/u.test(text.replaceAll(/\{[^{}]*\}/g, 'x').replace(' . _ -', ' x')))
      faults.push(`${key}: space before a mark`);
    if (/\.\.\./.test(text)) faults.push(`${key}: three points instead of …`);
  }
  for (const [key, text] of arabicTexts) {
    const prose = text.replaceAll(/\{[^{}]*\}/g, ' ');
    if (/\p{Script=Arabic}\p{M}*\s*[,;?]/u.test(prose) && !/plural|select/.test(text)) faults.push(`${key}: ، ؛ ؟`);
    if (/[“”]/u.test(text)) faults.push(`${key}: «»`);
    if (/\u0640(?![{#\s\u2066\u2068A-Za-z])/u.test(text)) faults.push(`${key}: a stretched letter`);
    if (/[٠-٩]/u.test(text)) faults.push(`${key}: Western digits, as elsewhere`);
  }
  expect(faults).toEqual([]);
});

test('a text and its translation end alike: both sentences, or both words', () => {
  const faults: string[] = [];
  for (const { words } of interfaceCatalogues) {
    for (const [key, english] of Object.entries(words.en)) {
      const arabic = words.ar[key] ?? '';
      if (english !== 'No.' && /\.\}*$/.test(english) !== /\.\}*$/.test(arabic))
        faults.push(`${key}: ${english} / ${arabic}`);
    }
  }
  expect(faults).toEqual([]);
});

// File names, numbers of articles, hashes and what people typed keep their own direction inside Arabic.
const leftToRight = ['article', 'file', 'folder', 'given', 'hash', 'kid', 'reference', 'typed'];

test('Latin references inside Arabic are set apart from its direction', () => {
  const faults: string[] = [];
  for (const [key, text] of arabicTexts) {
    // Papers set every reference apart themselves, where they are printed.
    if (key.startsWith('documents.') || key.includes('.print-')) continue;
    for (const [, before, name = '', after] of text.matchAll(/(.?)\{(\w+)\}(.?)/gu)) {
      const apart = (before === '\u2066' || before === '\u2068') && after === '\u2069';
      if (leftToRight.includes(name) && !apart) faults.push(`${key}: ${name}`);
    }
    const count = (mark: RegExp) => [...text.matchAll(mark)].length;
    if (count(/[\u2066\u2068]/gu) !== count(/\u2069/gu)) faults.push(`${key}: an isolate is not closed`);
    if (/[\u200E\u200F\u202A-\u202E]/u.test(text)) faults.push(`${key}: a direction mark that leaks`);
  }
  expect(faults).toEqual([]);
});

test('a date shown in Arabic carries both names of its month, and a form reads it back', () => {
  const { day } = formatsFor('ar');
  expect(day(PlainDate.parse('2026-04-02'))).toBe('2 نيسان/أبريل 2026');
  for (let month = 1; month <= 12; month += 1) {
    const date = PlainDate.parse(`2026-${String(month).padStart(2, '0')}-14`);
    expect(readDate(day(date))).toEqual({ kind: 'day', day: date });
  }
});
