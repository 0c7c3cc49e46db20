import type { OfferedLocale, Translate } from '../../platform/i18n/index.ts';
import { formatsFor } from '../../platform/i18n/formats.ts';
import type { Comparison } from './schema/index.ts';

const mostParts = 6;
const isolate = (text: string) => `\u2068${text}\u2069`;

/** Why two subjects were held to be alike or not, in one or two sentences in the reader's language. */
export function sentenceOf(
  comparison: Pick<Comparison, 'similarity' | 'comparable' | 'explanation'>,
  t: Translate,
  locale: OfferedLocale,
): string {
  const formats = formatsFor(locale);
  const parts = comparison.explanation
    .filter(({ feature, left, right }) => feature === 'name' && (left !== null || right !== null))
    .slice(0, mostParts)
    .map(({ left, right, rule }) => {
      const word = t(`goods.rule-${rule}`);
      if (left !== null && right !== null)
        return t('goods.sentence-part', { left: isolate(left), right: isolate(right), rule: word });
      return t('goods.sentence-single', { word: isolate(left ?? right ?? ''), rule: word });
    });
  const { similarity } = comparison;
  const level = similarity >= 0.7 ? 'high' : similarity >= 0.4 ? 'middle' : 'low';
  const names = t('goods.sentence-names', { similarity: level, parts: formats.list(parts) });
  const features = formats.list(comparison.comparable.map((one) => t(`goods.feature-${one}`)));
  return `${names} ${t('goods.sentence-comparable', { scope: comparison.comparable.length === 1 ? 'names' : 'more', features })}`;
}
