import { z } from 'zod';
import { PlainDate, StateCode, TextIn } from '../../../platform/values/index.ts';
import { LocalTime, Territory, Weekday } from './entry.ts';

export const CalendarId = z.string().regex(/^([A-Z]{3}|X[A-D]):[a-z0-9]+(-[a-z0-9]+)*$/, 'authorities.bad-id');

/** A dated holiday. A feast that depends on observation is `expected` until announced. */
export const Holiday = z.strictObject({
  on: PlainDate,
  names: TextIn,
  status: z.enum(['fixed', 'expected', 'announced']),
  source: z.string().max(300),
});
export type Holiday = z.infer<typeof Holiday>;

/** Work ends at `until`, local time. */
export const HalfDay = z.strictObject({ on: PlainDate, names: TextIn, until: LocalTime, source: z.string().max(300) });

/** Rest days and holidays of a State or one of its units. */
export const Calendar = z.strictObject({
  id: CalendarId,
  state: StateCode,
  territory: Territory,
  weeklyRest: z.array(Weekday).max(6),
  holidays: z.array(Holiday).max(2000),
  halfDays: z.array(HalfDay).max(500),
  /** Years whose holidays are all entered; for others only the weekly rest is known. */
  years: z.array(z.int().min(1900).max(2200)).max(200),
});
export type Calendar = z.infer<typeof Calendar>;
