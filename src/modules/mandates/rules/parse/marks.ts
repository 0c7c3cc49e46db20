import { plainDigits, readHan } from './numbers.ts';

/** A number or letter in front of a paragraph, as printed and as it is answered. */
export interface Mark {
  number: string;
  printed: string;
  /** Characters of the text that it takes. */
  length: number;
}

const abjad = 'أبجدهوزحطيكلمن';
const lookAlikes: Record<string, string> = { а: 'a', б: 'b', в: 'c', г: 'd', с: 'c', е: 'e' };
const numberForms: readonly RegExp[] = [
  /^(\d{1,3}(?:\.\d{1,3}){1,3})\.?\s+/,
  /^(\d{1,3}(?:\s?(?:bis|ter|quater|alt))?)\s?[.)°][\s\u00A0]+/,
  /^(\d{1,3})\s?[-–]\s+/,
  /^((?:OP|PP)\s?\d{1,3}(?:\s?(?:bis|ter|alt))?)[.:)]?\s+/,
  /^([٠-٩۰-۹]{1,3})\s?[-–.)]\s*/,
  /^([一二三四五六七八九十]{1,3})、\s*/,
  /^([０-９]{1,3})[．.、]\s*/,
];
const letterForms: readonly RegExp[] = [
  /^\(([a-z]{1,2}|[ivx]{1,5}|\d{1,2})\)\s+/i,
  /^([a-zа-е]|[ivx]{1,5})\s?\)\s+/i,
  /^([-–•*])\s+/,
  /^\(([أ-ي])\)\s*/,
  /^[（(]([一二三四五六七八九十]{1,3}|[a-z]|\d{1,2})[）)]\s*/,
];

/** `1.`, `1)`, `1°`, `3 bis.`, `2.3.1`, `OP4.`, `١-`, `一、`. */
export function readNumber(text: string): Mark | undefined {
  for (const form of numberForms) {
    const found = form.exec(text);
    if (!found) continue;
    const printed = found[1] ?? '';
    const han = readHan(printed);
    const number = han === null ? plainDigits(printed).replace(/^(?:OP|PP)\s?/, '') : String(han);
    return { number, printed, length: found[0].length };
  }
  return undefined;
}

/** `(a)`, `a)`, `(iv)`, a dash, `（一）`, `(أ)`. */
export function readLetter(text: string): Mark | undefined {
  for (const form of letterForms) {
    const found = form.exec(text);
    if (!found) continue;
    const letter = found[1] ?? '';
    const printed = found[0].trim();
    if (/^[-–•*]$/.test(letter)) return { number: '-', printed: '-', length: found[0].length };
    const arabic = abjad.indexOf(letter);
    const han = readHan(letter);
    const plain =
      han !== null
        ? String(han)
        : arabic >= 0
          ? String.fromCharCode(97 + arabic)
          : (lookAlikes[letter.toLowerCase()] ?? letter.toLowerCase());
    return { number: `(${plain})`, printed, length: found[0].length };
  }
  return undefined;
}
