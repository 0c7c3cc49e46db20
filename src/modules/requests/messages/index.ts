import { defineMessages, type Catalogue } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    requests: keyof typeof en;
  }
}

/** Catalogue of the module; the app joins it with the others. */
export const requestsMessages: Catalogue = defineMessages('requests', en, { ar });
