import { IntlMessageFormat } from 'intl-messageformat';
import type { MessageKey } from './keys.ts';

export type { MessageKey, MessageKeys } from './keys.ts';

/** The six languages of the interface. Only complete ones are offered. */
export const locales = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
export type Locale = (typeof locales)[number];
export const offeredLocales = ['en', 'ar'] as const satisfies readonly Locale[];
export type OfferedLocale = (typeof offeredLocales)[number];

export function isOffered(text: string | undefined): text is OfferedLocale {
  return (offeredLocales as readonly string[]).includes(text ?? '');
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ar' ? 'rtl' : 'ltr';
}

export type Params = Record<string, string | number | Date>;

/** Words of one module in every offered language. */
export interface Catalogue {
  module: string;
  words: Record<OfferedLocale, Readonly<Record<string, string>>>;
}

/** The English catalogue types the others: a missing key does not compile. */
export function defineMessages<E extends Record<string, string>>(
  module: string,
  en: E,
  others: Record<Exclude<OfferedLocale, 'en'>, Record<keyof E, string>>,
): Catalogue {
  return { module, words: { en, ...others } };
}

export type Translate = {
  /** Words for a key, filled with parameters (ICU message syntax). */
  (key: MessageKey, params?: Params): string;
  /** Words for a code known only at run time, such as a problem's; the code itself when no catalogue has it. */
  code(code: string, params?: Params): string;
  has(code: string): boolean;
};

// Arabic keeps Western digits so that figures can be compared across the two sides of a document.
const formatLocale: Record<OfferedLocale, string> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

/** BCP 47 tag for `Intl` of an interface language. */
export function intlLocale(locale: OfferedLocale): string {
  return formatLocale[locale];
}

/** Joins the catalogues of all modules. Throws when two claim one key. */
export function createTranslators(catalogues: readonly Catalogue[]): Record<OfferedLocale, Translate> {
  return { en: createTranslator(catalogues, 'en'), ar: createTranslator(catalogues, 'ar') };
}

function createTranslator(catalogues: readonly Catalogue[], locale: OfferedLocale): Translate {
  const words = new Map<string, string>();
  for (const catalogue of catalogues) {
    for (const [key, text] of Object.entries(catalogue.words[locale])) {
      if (words.has(key)) throw new Error(`Two catalogues hold the message ${key}`);
      words.set(key, text);
    }
  }
  const formats = new Map<string, IntlMessageFormat>();
  function format(key: string, params?: Params): string {
    const text = words.get(key);
    if (text === undefined) return key;
    if (!text.includes('{') && !text.includes("'")) return text;
    let message = formats.get(key);
    if (!message) {
      message = new IntlMessageFormat(text, formatLocale[locale], undefined, { ignoreTag: true });
      formats.set(key, message);
    }
    return String(message.format(params));
  }
  return Object.assign((key: MessageKey, params?: Params) => format(key, params), {
    code: format,
    has: (code: string) => words.has(code),
  });
}
