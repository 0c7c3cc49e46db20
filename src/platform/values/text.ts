import { z } from 'zod';

/** BCP 47 language tag, as far as the runtime knows it. */
export const LanguageTag = z.string().refine(
  (tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length === 1;
    } catch {
      return false;
    }
  },
  { message: 'values.bad-language' },
);
export type LanguageTag = z.infer<typeof LanguageTag>;

/** The same words in several languages: `{ "en": "…", "ar": "…" }`. */
export const TextIn = z.record(LanguageTag, z.string().max(200_000, 'values.text-too-long'));
export type TextIn = z.infer<typeof TextIn>;

/** ISO 15924 script code, `Latn`, `Arab`. */
export const Script = z.string().regex(/^[A-Z][a-z]{3}$/, 'values.bad-script');

/** One name as written. Latin transliterations stand beside the original as names of their own. */
export const Name = z.strictObject({
  text: z.string().min(1).max(500),
  script: Script,
  original: z.boolean(),
  lang: LanguageTag.optional(),
  kind: z.enum(['alias', 'former', 'transliteration']).optional(),
});
export type Name = z.infer<typeof Name>;

const overrides = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/gu;

const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u;

/** Says whether text holds control or bidirectional override characters, which names and addresses refuse. */
export function hasHiddenCharacters(text: string): boolean {
  return controls.test(text) || new RegExp(overrides.source, 'u').test(text);
}

/** For display only: the text without bidirectional overrides. What is stored stays as typed. */
export function withoutOverrides(text: string): string {
  return text.replace(overrides, '');
}

/** NFC, single spaces, lower case: for comparing only, never for storing. */
export function comparisonKey(text: string): string {
  return withoutOverrides(text).normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}
