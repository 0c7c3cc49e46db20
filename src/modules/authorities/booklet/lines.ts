import type { Formats } from '../../../platform/i18n/formats.ts';
import type { OfferedLocale, Translate } from '../../../platform/i18n/index.ts';
import { isUnknown, type StateCode } from '../../../platform/values/index.ts';

interface Words {
  t: Translate;
  formats: Formats;
  locale: OfferedLocale;
}

function wordOf({ t }: Words, code: string, kinds: readonly string[]): string | undefined {
  const key = kinds.map((kind) => `authorities.${kind}.${code}`).find((one) => t.has(one));
  return key && t.code(key);
}

function isText(value: object): value is Record<string, string> {
  const entries = Object.entries(value);
  return (
    entries.length > 0 && entries.every(([key, text]) => /^(en|ar|fr|es|ru|zh)$/.test(key) && typeof text === 'string')
  );
}

function inline(words: Words, value: unknown, stateName: (state: StateCode) => string, part = ''): string {
  const { t, formats, locale } = words;
  if (isUnknown(value)) return t(`authorities.unknown.${value.unknown}`);
  if (typeof value === 'boolean') return t(value ? 'authorities.yes' : 'authorities.no');
  if (typeof value === 'number') return formats.number(value);
  if (part === 'swornIn' && typeof value === 'string') return stateName(value as StateCode);
  if (typeof value === 'string')
    return wordOf(words, value, ['value', 'measure']) ?? (/^[a-z]{2}$/.test(value) ? formats.language(value) : value);
  if (Array.isArray(value)) return formats.list(value.map((one) => inline(words, one, stateName)));
  if (typeof value !== 'object' || value === null) return '';
  const { amount, currency, measure, text, asked } = value as Record<string, unknown>;
  if (typeof amount === 'string' && typeof currency === 'string') return `${amount} ${currency}`;
  if (typeof measure === 'string' && text !== undefined) {
    const { times, of } = (asked ?? {}) as { times?: number; of?: number };
    const often = times === undefined || of === undefined ? '' : ` (${t('authorities.asked-of', { times, of })})`;
    return `${inline(words, measure, stateName)}: ${inline(words, text, stateName)}${often}`;
  }
  if (isText(value)) return value[locale] ?? value['en'] ?? Object.values(value)[0] ?? '';
  return Object.entries(value)
    .map(
      ([name, inner]) =>
        `${wordOf(words, name, ['part', 'measure']) ?? name}: ${inline(words, inner, stateName, name)}`,
    )
    .join('; ');
}

/** A value of a profile in plain words, part by part on lines of their own. */
export function valueLines(words: Words, value: unknown, stateName: (state: StateCode) => string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUnknown(value) || isText(value))
    return [inline(words, value, stateName)];
  const parts = Object.entries(value);
  const [only] = parts;
  if (parts.length === 1 && only && (typeof only[1] !== 'object' || isUnknown(only[1])))
    return [inline(words, only[1], stateName, only[0])];
  if (parts.length === 1 && only && Array.isArray(only[1])) return only[1].map((one) => inline(words, one, stateName));
  return parts.map(
    ([name, inner]) => `${wordOf(words, name, ['part', 'measure']) ?? name}: ${inline(words, inner, stateName, name)}`,
  );
}
