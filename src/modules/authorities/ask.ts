import { Invalid } from '../../platform/errors.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import { addDays, PlainDate, StateCode, toInstant, type Instant } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { toMoment } from './rules/index.ts';
import { readPurpose, Stage, type FunctionCode, type Question } from './schema/index.ts';

/** How typed words become States and instruments: `treaties` reads names, alpha-2 and short names. */
export interface Readers {
  /** Throws `Invalid` when it knows none. */
  state?(text: string): StateCode;
  instrument?(text: string): string;
  /** Name of a State in a language, for paper; its code where nobody says. */
  stateName?(state: StateCode, locale: OfferedLocale): string;
}

export function readState(text: string, readers: Readers = {}): StateCode {
  if (readers.state) return readers.state(text);
  const read = StateCode.safeParse(text.trim().toUpperCase());
  if (!read.success) throw new Invalid('authorities.unknown-state', { params: { given: text.slice(0, 40) } });
  return read.data;
}

export function readDay(text: string | undefined, today: PlainDate): PlainDate {
  if (text === undefined || text === '') return today;
  const read = PlainDate.safeParse(text);
  if (!read.success) throw new Invalid('authorities.bad-day', { params: { given: text.slice(0, 40) } });
  return read.data;
}

/** Last moment of a day in a zone: what was known on that day. */
export function endOfDay(day: PlainDate, zone: string): Instant {
  return toInstant(new Date(Date.parse(toMoment(addDays(day, 1), '00:00', zone)) - 1));
}

export function readFunction(text: string): FunctionCode {
  return purposeOf(text).function;
}

function purposeOf(text: string) {
  const purpose = readPurpose(text);
  if (!purpose) throw new Invalid('authorities.unknown-purpose', { params: { given: text.slice(0, 40) } });
  return purpose;
}

/** A question as typed or sent. */
export interface Asked {
  state: string;
  measure: string;
  instrument?: string | undefined;
  territory?: string | undefined;
  stage?: string | undefined;
  on?: string | undefined;
  urgent?: boolean | undefined;
  languages?: readonly string[] | undefined;
}

/** Reads a question. Throws `Invalid` with the field's problem. */
export function readQuestion(
  ctx: Context,
  asked: Asked,
  readers: Readers,
  ownLanguages: readonly string[] = ['en'],
): Question {
  const instrument = asked.instrument ? (readers.instrument?.(asked.instrument) ?? asked.instrument) : null;
  const stage = asked.stage ? Stage.parse(asked.stage) : undefined;
  return {
    state: readState(asked.state, readers),
    ...purposeOf(asked.measure),
    instrument,
    territory: asked.territory || null,
    ...(stage && { stage }),
    on: readDay(asked.on, ctx.today()),
    urgent: asked.urgent ?? false,
    languages: [...(asked.languages ?? ownLanguages)],
  };
}
