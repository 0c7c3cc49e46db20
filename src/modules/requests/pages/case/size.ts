import type { View } from '../../../../web/index.ts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Size with its unit in the reader's language. */
export function sizeOf(view: View, bytes: number): string {
  let [size, step] = [bytes, 0];
  while (size >= 1000 && step < units.length - 1) {
    size /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(view.locale === 'ar' ? 'ar-u-nu-latn' : view.locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    // "116 bytes", "7 kB": the short name of the byte has no plural.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: size < 10 && step > 0 ? 1 : 0,
  }).format(size);
}
