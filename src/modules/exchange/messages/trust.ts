import { defineMessages } from '../../../platform/i18n/index.ts';
import { trustAr } from './trust-ar.ts';
import { trustEn } from './trust-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    trust: keyof typeof trustEn;
  }
}

export const trustMessages = defineMessages('trust', trustEn, { ar: trustAr });
