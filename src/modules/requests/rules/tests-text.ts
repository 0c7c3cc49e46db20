import { z } from 'zod';
import {
  addDecimals,
  comparisonKey,
  compareDecimals,
  isUnknown,
  Money,
  withoutOverrides,
} from '../../../platform/values/index.ts';
import { defineTest, namesOf, none, propertiesOf, sharedTextsOf, type Finding, type NamedTest } from './test.ts';
import { isPresent } from './paths.ts';
import { numbersIn } from './tests-fields.ts';

/** Western digits for every other kind, so that figures compare. */
function withWesternDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/gu, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}

interface WrittenNumber {
  /** Digits alone, to compare. */
  digits: string;
  /** As written, to show. */
  written: string;
}

function writtenNumbers(text: string): WrittenNumber[] {
  const western = withWesternDigits(withoutOverrides(text));
  const found = western.match(/\d+(?:[.,\u066B\u066C]\d+|[\u00A0\u202F]\d{3})*/gu) ?? [];
  return found
    .map((written) => ({ digits: written.replace(/\D/gu, ''), written }))
    .sort((a, b) => (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0));
}

/** Digit strings of the numbers in a text, separators struck, sorted. */
export function numbersOf(text: string): string[] {
  return writtenNumbers(text).map((one) => one.digits);
}

const monthPatterns = new Map<string, RegExp[][]>();

/** For each month, one pattern per set of names in use: the name beside a day. */
function monthsIn(language: string): RegExp[][] {
  let patterns = monthPatterns.get(language);
  if (!patterns) {
    // Arabic has two sets of month names; texts of the United Nations print both.
    const tags = language === 'ar' ? ['ar-EG', 'ar-SY'] : [language];
    const nameOf = (tag: string, month: number) =>
      new Intl.DateTimeFormat(`${tag}-u-ca-gregory`, { month: 'long', day: 'numeric', timeZone: 'UTC' })
        .formatToParts(new Date(Date.UTC(2026, month, 5)))
        .find((part) => part.type === 'month')?.value ?? '';
    const patternOf = (name: string) =>
      new RegExp(`\\d{1,2}\\.?\\s+(?:de\\s+)?(?:\\p{L}+/)?${comparisonKey(name)}(?!\\p{L})`, 'gu');
    patterns = Array.from({ length: 12 }, (_, month) => tags.map((tag) => patternOf(nameOf(tag, month))));
    monthPatterns.set(language, patterns);
  }
  return patterns;
}

/** Months named beside a day in a text, 1 to 12, sorted. */
export function monthsOf(text: string, language: string): number[] {
  const words = comparisonKey(withWesternDigits(text));
  if (!/\d\.?\s+\p{L}/u.test(words)) return [];
  return monthsIn(language).flatMap((patterns, index) => {
    const counts = patterns.map((pattern) => words.match(pattern)?.length ?? 0);
    return Array.from({ length: Math.max(...counts) }, () => index + 1);
  });
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Numbers of one text that the other lacks, as written. */
function difference(a: readonly WrittenNumber[], b: readonly WrittenNumber[]): string {
  const left = b.map((one) => one.digits);
  const missing = a.filter(({ digits }) => {
    const at = left.indexOf(digits);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return missing.map((one) => one.written).join(', ') || '–';
}

/** Words that differ in one letter: one put in, left out, changed, or two neighbours swapped. */
export function isOneLetterOff(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return restA.length <= 1 && restB.length <= 1 ? true : restA.length === 2 && restA === [...restB].reverse().join('');
}

/** Tests of text in several languages, names, and sums. */
export const textTests = {
  translationsAgree: defineTest(none, ({ request }) => {
    const original = request.languages?.original;
    const languages = (request.languages?.translations ?? []).flatMap((one) => (one.lang ? [one.lang] : []));
    if (!original) return [];
    const people = (request.persons ?? []).map((person) => namesOf(person).map((name) => name.text));
    return sharedTextsOf(request).flatMap(({ path, text }): Finding[] => {
      const source = text[original];
      if (source === undefined || source.trim() === '') return [];
      return languages.flatMap((language): Finding[] => {
        const translated = text[language];
        const params = { language, ...numbersIn(path) };
        if (translated === undefined || translated.trim() === '') return [{ outcome: 'not-translated', path, params }];
        const findings: Finding[] = [];
        const [numbers, theirs] = [writtenNumbers(source), writtenNumbers(translated)];
        if (
          !isSame(
            numbers.map((one) => one.digits),
            theirs.map((one) => one.digits),
          )
        ) {
          findings.push({
            outcome: 'numbers',
            path: [...path, language],
            params: { ...params, original: difference(numbers, theirs), translation: difference(theirs, numbers) },
          });
        }
        const [months, translatedMonths] = [monthsOf(source, original), monthsOf(translated, language)];
        if (!isSame(months, translatedMonths)) findings.push({ outcome: 'dates', path: [...path, language], params });
        for (const names of people) {
          if (names.some((name) => source.includes(name)) && !names.some((name) => translated.includes(name))) {
            findings.push({ outcome: 'names', path: [...path, language], params: { ...params, name: names[0] ?? '' } });
          }
        }
        return findings;
      });
    });
  }),

  machineTextChecked: defineTest(none, ({ request }) =>
    (request.languages?.translations ?? []).flatMap((one, n): Finding[] =>
      one.machine === true && !isPresent(one.checkedBy)
        ? [
            {
              outcome: 'not-checked',
              path: ['languages', 'translations', n, 'checkedBy'],
              params: { language: one.lang ?? '' },
            },
          ]
        : [],
    ),
  ),

  namesConsistent: defineTest(z.strictObject({ minLetters: z.int() }), ({ request }, { minLetters }) => {
    const findings: Finding[] = [];
    const known = new Map<string, string>();
    for (const [n, person] of (request.persons ?? []).entries()) {
      const names = namesOf(person);
      if (names.length > 0 && !names.some((name) => name.script === 'Latn')) {
        findings.push({
          outcome: 'no-latin',
          path: ['persons', n, 'names'],
          params: { person: n + 1, name: names[0]?.text ?? '' },
        });
      }
      for (const name of names)
        for (const word of name.text.match(/\p{L}+/gu) ?? []) known.set(word.toLowerCase(), word);
    }
    const words = [...known].filter(([key]) => key.length >= minLetters);
    const parts = new Set<string | number | undefined>([
      'facts',
      'offences',
      'annexes',
      'nexus',
      'measures',
      'urgency',
    ]);
    for (const { path, text } of sharedTextsOf(request)) {
      if (!parts.has(path[0])) continue;
      for (const [language, written] of Object.entries(text)) {
        for (const word of new Set(written.match(/\p{Lu}\p{L}+/gu) ?? [])) {
          const lower = word.toLowerCase();
          if (word.length < minLetters || known.has(lower)) continue;
          const near = words.find(([name]) => isOneLetterOff(lower, name));
          if (near)
            findings.push({
              outcome: 'written-differently',
              path: [...path, language],
              params: { given: word, name: near[1], ...numbersIn(path) },
            });
        }
      }
    }
    return findings;
  }),

  /** Parts sum to the value of each property, and the values to the total asked, per currency. */
  valuesSum: defineTest(none, ({ request }) => {
    const findings: Finding[] = [];
    for (const { path, property } of propertiesOf(request)) {
      const value = isUnknown(property.value) ? undefined : property.value;
      const parts = (property.parts ?? []).filter((part) => part.amount !== undefined);
      if (!value?.amount || parts.length === 0) continue;
      if (parts.some((part) => part.currency !== value.currency)) {
        findings.push({
          outcome: 'other-currency',
          path: [...path, 'parts'],
          params: { currency: value.currency ?? '', ...numbersIn(path) },
        });
        continue;
      }
      const sum = addDecimals(parts.flatMap((part) => (part.amount ? [part.amount] : [])));
      if (compareDecimals(sum, value.amount) !== 0) {
        findings.push({
          outcome: 'parts',
          path: [...path, 'parts'],
          params: { sum, value: value.amount, currency: value.currency ?? '', ...numbersIn(path) },
        });
      }
    }
    for (const [m, measure] of (request.measures ?? []).entries()) {
      const total = Money.safeParse(measure.fields?.total);
      if (!total.success) continue;
      const amounts = propertiesOf(request)
        .filter(({ path }) => path[1] === m)
        .flatMap(({ property }) =>
          !isUnknown(property.value) && property.value?.amount && property.value.currency === total.data.currency
            ? [property.value.amount]
            : [],
        );
      const sum = addDecimals(amounts);
      if (amounts.length > 0 && compareDecimals(sum, total.data.amount) !== 0) {
        findings.push({
          outcome: 'total',
          path: ['measures', m, 'fields', 'total'],
          params: { sum, value: total.data.amount, currency: total.data.currency, measures: m + 1 },
        });
      }
    }
    return findings;
  }),

  notRestrained: defineTest(none, ({ request, facts }) => {
    const key = (text: string) => text.replace(/\s/gu, '').toUpperCase();
    return propertiesOf(request).flatMap(({ path, property }): Finding[] => {
      const own = [property.iban, property.identifier].flatMap((one) => (one ? [key(one)] : []));
      const held = facts.restrained.find((one) => one.identifier !== undefined && own.includes(key(one.identifier)));
      return held
        ? [{ outcome: 'restrained', path, params: { reference: held.reference ?? '', ...numbersIn(path) } }]
        : [];
    });
  }),

  valueDated: defineTest(none, ({ request }) =>
    propertiesOf(request).flatMap(({ path, property }): Finding[] => {
      const { value } = property;
      if (value === undefined) return [{ outcome: 'no-value', path: [...path, 'value'], params: numbersIn(path) }];
      if (isUnknown(value)) return [];
      if (value.amount && (!value.currency || !value.on))
        return [
          {
            outcome: 'incomplete',
            path: [...path, 'value', value.currency ? 'on' : 'currency'],
            params: numbersIn(path),
          },
        ];
      return value.amount ? [] : [{ outcome: 'no-value', path: [...path, 'value'], params: numbersIn(path) }];
    }),
  ),
} satisfies Record<string, NamedTest>;
