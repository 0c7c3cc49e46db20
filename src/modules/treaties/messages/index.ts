import { defineMessages } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

export const treatiesMessages = defineMessages('treaties', en, { ar });

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    treaties: keyof typeof en;
  }
}
