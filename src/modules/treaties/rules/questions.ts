import { fail, ok, PlainDate, problem, addYears, type Problem, type Result } from '../../../platform/values/index.ts';
import type { InstrumentId } from '../schema/index.ts';
import type { TreatyFacts } from './facts.ts';
import { nearWords } from './states.ts';

/** Reads an instrument's number or short name. Problem `treaties.unknown-instrument` with up to three near names. */
export function parseInstrument(
  facts: TreatyFacts,
  text: string,
  path: string[] = [],
): Result<InstrumentId, Problem[]> {
  const found = facts.names.find(text);
  if (found) return ok(found);
  const words = [...facts.instruments.values()].flatMap((one) => [one.id as string, one.alias]);
  const near = nearWords(words, text);
  return fail([
    problem('treaties.unknown-instrument', path, {
      params: { given: text, near: near.join(', '), count: near.length },
    }),
  ]);
}

/** A day between 1945 and five years ahead of `today`. Problem `treaties.bad-date`. */
export function parseDay(text: string, today: PlainDate, path: string[] = []): Result<PlainDate, Problem[]> {
  const read = PlainDate.safeParse(text);
  const last = addYears(today, 5);
  if (!read.success || read.data < '1945-01-01' || read.data > last) {
    return fail([problem('treaties.bad-date', path, { params: { given: text, last } })]);
  }
  return ok(read.data);
}

/** Reads one of a fixed list of codes; the problem names them all. */
export function parseCode<T extends string>(
  codes: readonly T[],
  text: string,
  code: string,
  path: string[] = [],
): Result<T, Problem[]> {
  const found = codes.find((one) => one === text.trim().toLowerCase());
  return found === undefined
    ? fail([problem(code, path, { params: { given: text, valid: codes.join(', ') } })])
    : ok(found);
}
