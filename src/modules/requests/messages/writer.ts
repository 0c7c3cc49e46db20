import { defineMessages } from '../../../platform/i18n/index.ts';
import { writerAr } from './writer-ar.ts';
import { writerEn } from './writer-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    writer: keyof typeof writerEn;
  }
}

/** Words of the writer's pages; those of fields, rules and problems are in the module's own catalogue. */
export const writerMessages = defineMessages('writer', writerEn, { ar: writerAr });
