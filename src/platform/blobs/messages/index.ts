import { defineMessages } from '../../i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../i18n/keys.ts' {
  interface MessageKeys {
    blobs: keyof typeof en;
  }
}

export const blobsMessages = defineMessages('blobs', en, { ar });
