import { z } from 'zod';
import { PlainDate } from './dates.ts';

/** A decimal number as text, never a float: `-?digits[.digits]`, no separators. */
export const Decimal = z
  .string()
  .regex(/^-?\d{1,30}(\.\d{1,12})?$/, 'values.bad-decimal')
  .brand<'Decimal'>();
export type Decimal = z.infer<typeof Decimal>;

/** ISO 4217 alphabetic code, checked against the runtime's own list. */
export const Currency = z
  .string()
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), { message: 'values.bad-currency' });
export type Currency = z.infer<typeof Currency>;

export const Money = z.strictObject({ amount: Decimal, currency: Currency });
export type Money = z.infer<typeof Money>;

/** An amount as it stood on a day. */
export const ValueOn = z.strictObject({
  amount: Decimal,
  currency: Currency,
  on: PlainDate,
  source: z.string().optional(),
});
export type ValueOn = z.infer<typeof ValueOn>;

function scaled(decimal: string, places: number): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.padEnd(places, '0'));
  return decimal.startsWith('-') ? -digits : digits;
}

function fractionLength(decimal: string): number {
  return decimal.split('.')[1]?.length ?? 0;
}

/** Exact comparison: negative, zero or positive. */
export function compareDecimals(a: string, b: string): number {
  const places = Math.max(fractionLength(a), fractionLength(b));
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Exact sum. Callers add per currency only. */
export function addDecimals(values: readonly string[]): Decimal {
  const places = Math.max(0, ...values.map(fractionLength));
  const total = values.reduce((sum, value) => sum + scaled(value, places), 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return `${total < 0n ? '-' : ''}${text}` as Decimal;
}
