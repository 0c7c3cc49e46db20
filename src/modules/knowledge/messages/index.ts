import { defineMessages } from '../../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ru } from './ru.ts';
import { zh } from './zh.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    knowledge: keyof typeof en;
  }
}

export const knowledgeMessages = defineMessages('knowledge', en, { ar }, { es, fr, ru, zh });
