import { defineMessages } from '../../../platform/i18n/index.ts';
import { pagesAr } from './pages-ar.ts';
import { pagesEn } from './pages-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    casefile: keyof typeof pagesEn;
  }
}

/** Words of the pages of case files; those of problems are in the module's own catalogue. */
export const casefileMessages = defineMessages('casefile', pagesEn, { ar: pagesAr });
