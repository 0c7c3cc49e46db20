import { defineMessages } from '../../../platform/i18n/index.ts';
import { pagesAr } from './pages-ar.ts';
import { pagesEn } from './pages-en.ts';
import { sectionsAr } from './sections-ar.ts';
import { sectionsEn } from './sections-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    law: keyof typeof pagesEn | keyof typeof sectionsEn;
  }
}

/** Words of the law pages; those of answers and problems are in the module's own catalogue. */
export const lawMessages = defineMessages('law', { ...pagesEn, ...sectionsEn }, { ar: { ...pagesAr, ...sectionsAr } });
