import type { View } from '../../../web/index.ts';
import type { CaseFile } from '../schema.ts';

export const tlpCodes = ['GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/** Handling in words. */
export function tlpWords(view: View, file: Pick<CaseFile, 'handling'>): string {
  return view.t.code(`casefile.tlp-${file.handling.tlp.replace('+', '-')}`);
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Size with its unit in the reader's language. */
export function sizeWords(view: View, bytes: number): string {
  let size = bytes;
  let step = 0;
  while (size >= 1000 && step < units.length - 1) {
    size /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(view.locale === 'ar' ? 'ar-u-nu-latn' : view.locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: size < 10 && step > 0 ? 1 : 0,
  }).format(size);
}
