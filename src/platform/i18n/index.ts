import { IntlMessageFormat } from 'intl-messageformat';
import type { MessageKey } from './keys.ts';

export type { MessageKey, MessageKeys } from './keys.ts';

/** The six languages of the interface. */
export const locales = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
export type Locale = (typeof locales)[number];
/** Languages in which every page is complete. */
export const offeredLocales = ['en', 'ar'] as const satisfies readonly Locale[];
export type OfferedLocale = (typeof offeredLocales)[number];
/** Languages in which only pages are offered that say so in their route. No native reader has read them yet. */
export type FurtherLocale = Exclude<Locale, OfferedLocale>;

export function isOffered(text: string | undefined): text is OfferedLocale {
  return (offeredLocales as readonly string[]).includes(text ?? '');
}

export function isLocale(text: string | undefined): text is Locale {
  return (locales as readonly string[]).includes(text ?? '');
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ar' ? 'rtl' : 'ltr';
}

export type Params = Record<string, string | number | Date>;

/** Words of one module in every offered language; in further ones those that the pages offered in them show. */
export interface Catalogue {
  module: string;
  words: Record<OfferedLocale, Readonly<Record<string, string>>>;
  further?: Partial<Record<FurtherLocale, Readonly<Record<string, string>>>>;
}

/** The English catalogue types the others: a missing key does not compile. */
export function defineMessages<E extends Record<string, string>>(
  module: string,
  en: E,
  others: Record<Exclude<OfferedLocale, 'en'>, Record<keyof E, string>>,
  further: Partial<Record<FurtherLocale, Partial<Record<keyof E, string>>>> = {},
): Catalogue {
  // An absent word is an absent key: the types of both say the same.
  return { module, words: { en, ...others }, further: further as Catalogue['further'] };
}

export type Translate = {
  /** Words for a key, filled with parameters (ICU message syntax). */
  (key: MessageKey, params?: Params): string;
  /** Words for a code known only at run time, such as a problem's; the code itself when no catalogue has it. */
  code(code: string, params?: Params): string;
  has(code: string): boolean;
};

// Arabic keeps Western digits so that figures can be compared across the two sides of a document.
const formatLocale: Record<Locale, string> = {
  en: 'en-GB',
  ar: 'ar-u-nu-latn',
  fr: 'fr',
  es: 'es',
  ru: 'ru',
  zh: 'zh-Hans',
};

/** BCP 47 tag for `Intl` of an interface language. */
export function intlLocale(locale: Locale): string {
  return formatLocale[locale];
}

/** Joins the catalogues of all modules. A word that a further language lacks is English. Throws when two claim one key. */
export function createTranslators(catalogues: readonly Catalogue[]): Record<Locale, Translate> {
  const made = locales.map((locale) => [locale, createTranslator(catalogues, locale)] as const);
  return Object.fromEntries(made) as Record<Locale, Translate>;
}

function createTranslator(catalogues: readonly Catalogue[], locale: Locale): Translate {
  const words = new Map<string, string>();
  for (const catalogue of catalogues) {
    const whole = catalogue.words[isOffered(locale) ? locale : 'en'];
    const own = isOffered(locale) ? {} : catalogue.further?.[locale];
    for (const [key, text] of Object.entries({ ...whole, ...own })) {
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
