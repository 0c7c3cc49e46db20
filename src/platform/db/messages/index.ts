import { defineMessages } from '../../i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../i18n/keys.ts' {
  interface MessageKeys {
    db: keyof typeof en;
  }
}

export const dbMessages = defineMessages('db', en, { ar });
