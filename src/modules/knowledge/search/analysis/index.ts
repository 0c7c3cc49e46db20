import { newStemmer } from 'snowball-stemmers';
import type { SearchLanguage } from '../schema.ts';
import { foldArabic, stemArabic } from './arabic.ts';
import { toSimplified } from './chinese.ts';
import { stopWords } from './stop-words.ts';

/** Changes whenever the same text would give other terms: an index made by another version is built anew. */
export const analysisVersion = 'a2';

/** One word of a text, which stands at `position`. The parts of a hyphened word are words; counted whole as well it would weigh more than its words. */
export interface Token {
  /** Place in the text as given, end exclusive. */
  from: number;
  to: number;
  position: number;
  /** As written, folded only: what quotes look for. */
  exact: string;
  /** What is searched otherwise; absent for a stop word. */
  stem?: string;
}

// The zero of each script's decimal digits within the basic plane.
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

function foldDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    const zero = zeros.find((one) => code >= one && code <= one + 9);
    return zero === undefined ? digit : String(code - zero);
  });
}

// A word may hold apostrophes and hyphens between letters, and marks that are not seen.
const wordPattern =
  /[\p{L}\p{N}][\p{L}\p{M}\p{N}\u00AD\u200C\u200D]*(?:['’\-‐‑][\p{L}\p{N}][\p{L}\p{M}\p{N}\u00AD\u200C\u200D]*)*/gu;
const partPattern = /[^\-‐‑]+/g;
const unseen = /[\u00AD\u200C\u200D]/g;
const han = /\p{Script=Han}/u;
const hanRuns = /\p{Script=Han}+|\P{Script=Han}+/gu;
const plainAscii = /^[a-z0-9]+$/;
const elision = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=.)/;
const marks = /\p{Mn}/gu;

const withoutAccents = (word: string): string =>
  plainAscii.test(word) ? word : word.normalize('NFD').replace(marks, '').normalize('NFC');

const snowball: Partial<Record<SearchLanguage, (word: string) => string>> = {};
for (const [language, name] of [
  ['en', 'english'],
  ['es', 'spanish'],
  ['fr', 'french'],
  ['ru', 'russian'],
] as const) {
  const stemmer = newStemmer(name);
  snowball[language] = (word) => stemmer.stem(word);
}

interface Form {
  exact: string;
  stem: string | undefined;
}

const mostKept = 200_000;
const kept = new Map<SearchLanguage, Map<string, Form>>();

function makeForm(raw: string, language: SearchLanguage): Form {
  let exact = foldDigits(raw.replace(unseen, '').normalize('NFKC').toLowerCase().replace(/’/g, "'"));
  switch (language) {
    case 'ar': {
      exact = foldArabic(exact);
      return { exact, stem: arabicStop.has(exact) ? undefined : stemArabic(exact) };
    }
    case 'fr':
      exact = exact.replace(elision, '');
      break;
    case 'ru':
      exact = exact.replace(/ё/g, 'е');
      break;
    default:
  }
  if (stopWords[language].has(exact)) return { exact, stem: undefined };
  const stem = snowball[language]?.(exact) ?? exact;
  return { exact, stem: withoutAccents(stem) };
}

const arabicStop = new Set([...stopWords.ar].map(foldArabic));

function formOf(raw: string, language: SearchLanguage): Form {
  let forms = kept.get(language);
  if (!forms) kept.set(language, (forms = new Map<string, Form>()));
  let form = forms.get(raw);
  if (!form) {
    form = makeForm(raw, language);
    // Running numbers and names would fill the memory of a long run: forget everything now and then.
    if (forms.size >= mostKept) forms.clear();
    forms.set(raw, form);
  }
  return form;
}

/** Whether a text is written without blanks between words, in Chinese characters. */
export function hasHan(text: string): boolean {
  return han.test(text);
}

/** Bigrams are what is searched, single characters what quotes and one-character questions look for. */
function readHan(run: string, from: number, position: number, tokens: Token[]): number {
  const characters = [...toSimplified(run)];
  const given = [...run];
  let offset = from;
  for (const [index, one] of characters.entries()) {
    const next = characters[index + 1];
    const width = given[index]!.length;
    const token: Token = { from: offset, to: offset + width, position: position + index, exact: one };
    if (next !== undefined) {
      token.stem = one + next;
      token.to = offset + width + given[index + 1]!.length;
    }
    tokens.push(token);
    offset += width;
  }
  return position + characters.length;
}

function readWord(word: string, from: number, start: number, language: SearchLanguage, tokens: Token[]): number {
  let position = start;
  for (const part of word.matchAll(partPattern)) {
    const form = formOf(part[0], language);
    const token: Token = {
      from: from + part.index,
      to: from + part.index + part[0].length,
      position,
      exact: form.exact,
    };
    if (form.stem !== undefined && form.stem !== '') token.stem = form.stem;
    tokens.push(token);
    position += 1;
  }
  return position;
}

/** Reads a text into its words, the one way for index, query, snippets and suggestions. */
export function analyse(text: string, language: SearchLanguage): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (const match of text.matchAll(wordPattern)) {
    if (!han.test(match[0])) {
      position = readWord(match[0], match.index, position, language, tokens);
      continue;
    }
    for (const run of match[0].matchAll(hanRuns)) {
      const from = match.index + run.index;
      if (han.test(run[0])) position = readHan(run[0], from, position, tokens);
      else
        for (const word of run[0].matchAll(wordPattern))
          position = readWord(word[0], from + word.index, position, language, tokens);
    }
  }
  return tokens;
}

/** Name of a term in the index: the language it was analysed in, and whether it is a stem or the word itself. */
export const stemTerm = (language: SearchLanguage, stem: string): string => `${language}:${stem}`;
export const exactTerm = (language: SearchLanguage, exact: string): string => `${language}=${exact}`;
