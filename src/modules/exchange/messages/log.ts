import { defineMessages } from '../../../platform/i18n/index.ts';
import { logAr } from './log-ar.ts';
import { logEn } from './log-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    log: keyof typeof logEn;
  }
}

export const logMessages = defineMessages('log', logEn, { ar: logAr });
