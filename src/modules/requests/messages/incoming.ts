import { defineMessages } from '../../../platform/i18n/index.ts';
import { incomingAr } from './incoming-ar.ts';
import { incomingEn } from './incoming-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    incoming: keyof typeof incomingEn;
  }
}

/** Words of requests that come in: their list, their page, what to do next. */
export const incomingMessages = defineMessages('incoming', incomingEn, { ar: incomingAr });
