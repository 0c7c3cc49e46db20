import { addDays, dayRange, isUnknown, type DateOrWindow, type PlainDate } from '../../../platform/values/index.ts';
import type { Act, Instrument } from '../schema/index.ts';

/** Earliest and latest day that a fact may have; null is open on that side. */
export interface Range {
  first: PlainDate | null;
  last: PlainDate | null;
}

export const anyDay: Range = { first: null, last: null };

export function rangeOf(date: DateOrWindow): Range {
  if (isUnknown(date)) return anyDay;
  if ('date' in date) return dayRange(date.date);
  return { first: date.after ?? null, last: date.before ?? null };
}

export function exactDay(date: DateOrWindow): PlainDate | null {
  const range = rangeOf(date);
  return range.first !== null && range.first === range.last ? range.first : null;
}

function later(one: PlainDate, other: PlainDate): PlainDate {
  return one > other ? one : other;
}

/**
 * Day on which a deposit takes effect by the final clause: calendar days from the day of deposit, and never before
 * the instrument itself (E02, E03).
 * @source UNTOC art. 38(2)
 * @source UNTOC-a art. 17(2)
 * @source UNTOC-b art. 22(2)
 * @source UNTOC-c art. 18(2)
 * @source UNCAC art. 68(2)
 * @source 1988 Convention art. 29(2)
 */
export function derivedEffect(instrument: Instrument, deposit: PlainDate): PlainDate {
  return later(instrument.entryIntoForce, addDays(deposit, instrument.days));
}

/**
 * When an act of consent takes effect: its own stated day first (E01), then a succession (E04), then the final
 * clause (E02, E03). A window of deposit gives a window of effect.
 */
export function effectRange(act: Act, instrument: Instrument): Range {
  const stated = rangeOf(act.effectOn);
  if (stated.first !== null || stated.last !== null) return stated;
  const deposit = rangeOf(act.depositedOn);
  if (act.kind === 'succession') return { first: instrument.entryIntoForce, last: deposit.last };
  if (act.kind === 'participation-by-protocol') return { first: instrument.entryIntoForce, last: deposit.last };
  return {
    first: deposit.first === null ? null : derivedEffect(instrument, deposit.first),
    last: deposit.last === null ? null : derivedEffect(instrument, deposit.last),
  };
}

/** Says whether a stated effect is the one that the final clause gives for the deposit (E11). */
export function agreesWithFinalClause(act: Act, instrument: Instrument): boolean {
  const [deposit, effect] = [exactDay(act.depositedOn), exactDay(act.effectOn)];
  return deposit !== null && effect !== null && derivedEffect(instrument, deposit) === effect;
}

/** Instruments whose denunciation takes effect one year after receipt, by their own clause (E07). */
const oneYear = new Set(['XVIII-12', 'XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c', 'XVIII-14']);

/**
 * Days between which a denunciation ends the participation (E07). Where the clause was not read and no day is
 * stated, the end is open.
 * @source UNTOC art. 40(1)
 * @source UNCAC art. 70(1)
 * @source UNTOC-a art. 19(1)
 * @source UNTOC-b art. 24(1)
 * @source UNTOC-c art. 20(1)
 */
export function endRange(act: Act, addYear: (day: PlainDate) => PlainDate): Range {
  const stated = rangeOf(act.effectOn);
  if (stated.first !== null || stated.last !== null) return stated;
  const received = rangeOf(act.depositedOn);
  if (!oneYear.has(act.instrument)) return { first: received.first, last: null };
  return {
    first: received.first === null ? null : addYear(received.first),
    last: received.last === null ? null : addYear(received.last),
  };
}
