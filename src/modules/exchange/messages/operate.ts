import { defineMessages } from '../../../platform/i18n/index.ts';
import { operateAr } from './operate-ar.ts';
import { operateEn } from './operate-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    operate: keyof typeof operateEn;
  }
}

export const operateMessages = defineMessages('operate', operateEn, { ar: operateAr });
