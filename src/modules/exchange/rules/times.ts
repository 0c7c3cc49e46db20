import { toInstant, type Instant } from '../../../platform/values/index.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/**
 * How long large parts stay with their sender after the receipt: a peer that was turned back to the backup of the day before
 * fetches them again.
 */
export const keptAfterReceipt = 2 * day;

export function after(at: Instant, millis: number): Instant {
  return toInstant(new Date(Date.parse(at) + millis));
}

/** Milliseconds from one moment to another; negative when `to` is earlier. */
export function between(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from);
}
