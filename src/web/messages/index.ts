import { defineMessages } from '../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

export const webMessages = defineMessages('web', en, { ar });

declare module '../../platform/i18n/keys.ts' {
  interface MessageKeys {
    web: keyof typeof en;
  }
}
