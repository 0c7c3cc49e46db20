import { defineMessages } from '../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { further } from './further.ts';

export const webMessages = defineMessages('web', en, { ar }, further);

declare module '../../platform/i18n/keys.ts' {
  interface MessageKeys {
    web: keyof typeof en;
  }
}
