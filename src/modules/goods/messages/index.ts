import { defineMessages } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    goods: keyof typeof en;
  }
}

export const goodsMessages = defineMessages('goods', en, { ar });
