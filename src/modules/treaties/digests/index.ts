import { defineMessages } from '../../../platform/i18n/index.ts';
import { digestsAr } from './ar.ts';
import { digestsEn, type DigestKey } from './en.ts';

export const digestMessages = defineMessages('digest', digestsEn, { ar: digestsAr });

declare module '../../../platform/i18n/keys.ts' {
  interface MessageKeys {
    digest: DigestKey;
  }
}

/**
 * Message key of our digest of an article; undefined where we have none.
 * @param instrument id of the depositary, `XVIII-12`
 * @param article article number; a provision such as `18(15)(a)` finds the digest of its article
 */
export function digestKey(instrument: string, article: string): DigestKey | undefined {
  const number = /^\d+(?=\(|$)/.exec(article)?.[0];
  const key = `digest.${instrument}.${number ?? ''}`;
  return Object.hasOwn(digestsEn, key) ? (key as DigestKey) : undefined;
}
