import { defineMessages } from '../../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    requestDocuments: keyof typeof en;
  }
}

/** Fixed phrases of the printed request. A catalogue of its own beside that of the module. */
export const documentMessages = defineMessages('requests', en, { ar });
