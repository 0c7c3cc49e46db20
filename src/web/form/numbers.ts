import type { Decimal } from '../../platform/values/index.ts';
import { plainDigits } from './dates.ts';

export type NumberReading =
  | { kind: 'empty' }
  | { kind: 'number'; value: Decimal }
  | { kind: 'ambiguous'; first: Decimal; second: Decimal }
  | { kind: 'bad' };

/**
 * Reads a number with any grouping that can be meant in one way only: `412 600,00`, `412,600.00`, `٤١٢٬٦٠٠٫٠٠`, `4'126`.
 * A single comma or dot before exactly three digits is ambiguous, unless `maxDecimals` is less than three: then it groups.
 * Leading zeros are struck; trailing zeros of a fraction stay as typed.
 */
export function readNumber(typed: string, maxDecimals = 12): NumberReading {
  const text = plainDigits(typed)
    .replace(/٬/gu, "'")
    .replace(/٫/gu, '·')
    .replace(/[\s\u00A0\u2009\u202F]+/gu, ' ')
    .replace(/[’']/gu, "'")
    .trim();
  if (text === '') return { kind: 'empty' };
  const signed = /^([-−+])? ?(.*)$/u.exec(text);
  const sign = signed?.[1] === '-' || signed?.[1] === '−' ? '-' : '';
  const body = signed?.[2] ?? '';
  if (!/^[\d .,'·]*\d$/u.test(body) || !/^[\d.,·]/u.test(body)) return { kind: 'bad' };
  const split = splitFraction(body, maxDecimals);
  if (split === undefined) return { kind: 'bad' };
  if (split.length === 2) {
    const [first, second] = split.map((one) => join(sign, one));
    return first && second ? { kind: 'ambiguous', first, second } : { kind: 'bad' };
  }
  const value = split[0] ? join(sign, split[0]) : undefined;
  if (value === undefined || (value.split('.')[1]?.length ?? 0) > maxDecimals) return { kind: 'bad' };
  return { kind: 'number', value };
}

interface Parts {
  whole: string;
  fraction: string;
}

function splitFraction(body: string, maxDecimals: number): Parts[] | undefined {
  const dots = [...body.matchAll(/[.]/gu)].length;
  const commas = [...body.matchAll(/[,]/gu)].length;
  const arabic = body.split('·');
  if (arabic.length > 2) return undefined;
  if (arabic.length === 2) {
    const [whole = '', fraction = ''] = arabic;
    return /^\d*$/u.test(fraction) ? one(whole, fraction) : undefined;
  }
  if (dots > 0 && commas > 0) {
    const mark = body.lastIndexOf('.') > body.lastIndexOf(',') ? '.' : ',';
    if ((mark === '.' ? dots : commas) > 1) return undefined;
    return one(body.slice(0, body.lastIndexOf(mark)), body.slice(body.lastIndexOf(mark) + 1));
  }
  const marks = dots + commas;
  if (marks === 0 || marks > 1) return one(body, '');
  const mark = dots === 1 ? '.' : ',';
  const at = body.indexOf(mark);
  const [before, after] = [body.slice(0, at), body.slice(at + 1)];
  const groups = /^[1-9]\d{0,2}$/u.test(before) && /^\d{3}$/u.test(after);
  if (!groups) return one(before, after);
  if (maxDecimals < 3) return one(before + after, '');
  return [
    { whole: before + after, fraction: '' },
    { whole: before, fraction: after },
  ];
}

function one(whole: string, fraction: string): Parts[] | undefined {
  return /^\d*$/u.test(fraction) && isGrouped(whole) ? [{ whole, fraction }] : undefined;
}

// Groups of three, or of two before the last three as in South Asia; one kind of mark only.
function isGrouped(whole: string): boolean {
  return (
    /^\d*$/u.test(whole) ||
    /^\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*$/u.test(whole) ||
    /^\d{1,2}(?:,\d{2})*,\d{3}$/u.test(whole)
  );
}

function join(sign: string, { whole, fraction }: Parts): Decimal | undefined {
  const digits = whole.replace(/\D/gu, '').replace(/^0+(?=\d)/u, '') || '0';
  if (digits.length > 30 || fraction.length > 12) return undefined;
  return `${sign}${digits}${fraction ? `.${fraction}` : ''}` as Decimal;
}
