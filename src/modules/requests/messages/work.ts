import { defineMessages } from '../../../platform/i18n/index.ts';
import { workAr } from './work-ar.ts';
import { workEn } from './work-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    work: keyof typeof workEn;
  }
}

/** Words of the desk, the request page, approval and the check of documents. */
export const workMessages = defineMessages('work', workEn, { ar: workAr });
