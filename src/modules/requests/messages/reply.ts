import { defineMessages } from '../../../platform/i18n/index.ts';
import { replyAr } from './reply-ar.ts';
import { replyEn } from './reply-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    reply: keyof typeof replyEn;
  }
}

/** Words of the forms by which the two sides act on a request. */
export const replyMessages = defineMessages('reply', replyEn, { ar: replyAr });
