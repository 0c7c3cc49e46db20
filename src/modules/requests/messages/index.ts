import { defineMessages, type Catalogue } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { caseworkAr } from './casework-ar.ts';
import { caseworkEn } from './casework-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    requests: keyof typeof en | keyof typeof caseworkEn;
  }
}

/** Catalogue of the module; the app joins it with the others. */
export const requestsMessages: Catalogue = defineMessages(
  'requests',
  { ...en, ...caseworkEn },
  { ar: { ...ar, ...caseworkAr } },
);
