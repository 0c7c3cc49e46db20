import { defineMessages } from '../../../platform/i18n/index.ts';
import { arPages } from './ar-pages.ts';
import { ar } from './ar.ts';
import { enPages } from './en-pages.ts';
import { en } from './en.ts';

/** All words of the module, by language. */
export const words = { en: { ...en, ...enPages }, ar: { ...ar, ...arPages } } as const;

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    authorities: keyof typeof en | keyof typeof enPages;
  }
}

export const authoritiesMessages = defineMessages('authorities', words.en, { ar: words.ar });
