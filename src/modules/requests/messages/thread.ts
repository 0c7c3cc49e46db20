import { defineMessages } from '../../../platform/i18n/index.ts';
import { threadAr } from './thread-ar.ts';
import { threadEn } from './thread-en.ts';

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    thread: keyof typeof threadEn;
  }
}

/** Words of what passes between the two sides: messages, receipts, results, drafts shown for remarks. */
export const threadMessages = defineMessages('thread', threadEn, { ar: threadAr });
