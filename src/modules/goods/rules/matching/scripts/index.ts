import anyAscii from 'any-ascii';
import { fromArmenian, fromCyrillic, fromGeorgian, fromGreek } from './alphabets.ts';
import { fromHan, fromKana } from './han.ts';
import { fromIndic } from './indic.ts';
import { fromHangul, splitHangul } from './korean.ts';
import { fromArabic, fromHebrew, fromThai } from './unvowelled.ts';

/** ISO 15924 codes of the scripts that are read by own rules; all others fall back to a plain table. */
export type Script =
  'Latn' | 'Cyrl' | 'Grek' | 'Arab' | 'Hebr' | 'Armn' | 'Geor' | 'Indic' | 'Thai' | 'Hani' | 'Kana' | 'Hang' | 'Zyyy';

const ranges: [from: number, to: number, script: Script][] = [
  [0x0041, 0x024f, 'Latn'],
  [0x0250, 0x02ff, 'Latn'],
  [0x0370, 0x03ff, 'Grek'],
  [0x0400, 0x052f, 'Cyrl'],
  [0x0530, 0x058f, 'Armn'],
  [0x0590, 0x05ff, 'Hebr'],
  [0x0600, 0x06ff, 'Arab'],
  [0x0750, 0x077f, 'Arab'],
  [0x0900, 0x0d7f, 'Indic'],
  [0x0e00, 0x0e7f, 'Thai'],
  [0x10a0, 0x10ff, 'Geor'],
  [0x1c90, 0x1cbf, 'Geor'],
  [0x1e00, 0x1eff, 'Latn'],
  [0x1f00, 0x1fff, 'Grek'],
  [0x3040, 0x30ff, 'Kana'],
  [0x3400, 0x4dbf, 'Hani'],
  [0x4e00, 0x9fff, 'Hani'],
  [0xac00, 0xd7af, 'Hang'],
  [0xfb1d, 0xfb4f, 'Hebr'],
  [0xfb50, 0xfefc, 'Arab'],
];

/** Script of one character; `Zyyy` for digits, signs and whatever has no rules here. */
export function scriptOf(code: number): Script {
  if (code < 0x80) return code >= 0x41 ? 'Latn' : 'Zyyy';
  return ranges.find(([from, to]) => code >= from && code <= to)?.[2] ?? 'Zyyy';
}

/** How a word is heard in Latin letters. `frame`: vowels are missing and may be added anywhere. */
export interface Reading {
  latin: string;
  frame: boolean;
}

const alphabets: Partial<Record<Script, (word: string) => string>> = {
  Grek: fromGreek,
  Armn: fromArmenian,
  Geor: fromGeorgian,
  Indic: fromIndic,
  Kana: fromKana,
  Hang: fromHangul,
};
const frames: Partial<Record<Script, (word: string) => string[]>> = {
  Arab: fromArabic,
  Hebr: fromHebrew,
  Thai: fromThai,
};

const letters: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ə: 'a', ħ: 'h', ŋ: 'ng', ʻ: '', ʼ: '', ʿ: '', ʾ: '', ʹ: '', ʺ: '' }; // prettier-ignore

/** Latin letters without marks. */
function bare(text: string): string {
  let out = '';
  for (const letter of text.normalize('NFD').replace(/\p{M}/gu, '')) out += letters[letter] ?? letter;
  return out;
}

/** Where a word stands: alone in the name, or as its first or a later part. */
export type Place = 'alone' | 'family' | 'given';

/** Letters with marks, and how they are written out where there are none: by sound, or with a second letter. */
const writtenOut: Record<string, string> = { č: 'ch', ć: 'ch', ç: 'ch', š: 'sh', ş: 'sh', ș: 'sh', ž: 'zh', đ: 'dj', ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa', ñ: 'ny', ğ: '' }; // prettier-ignore
const bears = /[čćçšşșžđäöüøåñğ]/;

/** A Latin word without marks, and written out when it bears such that are. */
function spelledWays(word: string): string[] {
  const composed = word.normalize('NFC');
  if (!bears.test(composed)) return [bare(word)];
  return [bare(word), bare([...composed].map((letter) => writtenOut[letter] ?? letter).join(''))];
}

/**
 * Ways to read a word, each a list of parts with their possible readings: one part for most scripts, family and given
 * name where a script writes both in one run.
 */
export function readWord(word: string, script: Script, place: Place): Reading[][][] {
  if (script === 'Latn') return [[spelledWays(word).map(heard)]];
  if (script === 'Hani') return fromHan(word, place).map((parts) => parts.map((forms) => forms.map(heard)));
  if (script === 'Hang' && place === 'alone') {
    const parted = splitHangul(word);
    if (parted) return [[parted.family.map(heard), [heard(parted.given)]]];
  }
  const frameOf = frames[script];
  if (frameOf) return [[frameOf(word).map((latin) => ({ latin, frame: true }))]];
  const plain = (latin: string) => heard(bare(latin).replace(/[^a-z0-9]/g, ''));
  if (script === 'Cyrl') return [[fromCyrillic(word).map(plain)]];
  return [[[plain(alphabets[script]?.(word) ?? anyAscii(word).toLowerCase())]]];
}

function heard(latin: string): Reading {
  return { latin, frame: false };
}

/** Letters that look like Latin ones and are put in their place to deceive or by accident. */
const lookAlikes: Record<string, string> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', һ: 'h', в: 'b', к: 'k', м: 'm', н: 'h',
  т: 't', ο: 'o', α: 'a', ν: 'v', ρ: 'p', τ: 't', υ: 'u', κ: 'k', ι: 'i', χ: 'x', ε: 'e', η: 'n',
}; // prettier-ignore
const toCyrillic: Record<string, string> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', y: 'у', x: 'х', i: 'і', k: 'к', m: 'м', t: 'т', b: 'в', h: 'н' }; // prettier-ignore

/** Puts a word that mixes scripts whose letters look alike into the one most of its letters are of. */
export function unmix(word: string): { word: string; mixed: boolean } {
  let latin = 0;
  let other = 0;
  for (const letter of word) {
    const script = scriptOf(letter.codePointAt(0) ?? 0);
    if (script === 'Latn') latin += 1;
    else if (script === 'Cyrl' || script === 'Grek') other += 1;
  }
  if (latin === 0 || other === 0) return { word, mixed: false };
  const table = latin >= other ? lookAlikes : toCyrillic;
  return { word: [...word].map((letter) => table[letter] ?? letter).join(''), mixed: true };
}
