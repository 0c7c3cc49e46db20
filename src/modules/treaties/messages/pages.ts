import { defineMessages } from '../../../platform/i18n/index.ts';
import { pagesAr } from './pages-ar.ts';
import { pagesEn } from './pages-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    law: keyof typeof pagesEn;
  }
}

/** Words of the law pages; those of answers and problems are in the module's own catalogue. */
export const lawMessages = defineMessages('law', pagesEn, { ar: pagesAr });
