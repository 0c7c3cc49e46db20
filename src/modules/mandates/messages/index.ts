import { defineMessages } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    mandates: keyof typeof en;
  }
}

export const mandatesMessages = defineMessages('mandates', en, { ar });
