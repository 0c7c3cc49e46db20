import { z } from 'zod';
import { fail, ok, type Result } from './result.ts';
import { problem, type Problem } from './problem.ts';

const letters = 'ABCDEFGHJKLMNPQRSTVWXYZ';
const shape = /^([A-Z]{2})(\d{4})(0[1-9]|1[0-2])(\d{4,})([A-Z])(TR)?$/;

/** `XA-2026-05-0172-D`: own State (alpha-2), year, month, counter, check letter; `-TR` marks training. */
export const Reference = z
  .string()
  .regex(/^[A-Z]{2}-\d{4}-(0[1-9]|1[0-2])-\d{4,}-[A-HJ-NP-TV-Z](-TR)?$/, 'values.bad-reference')
  .brand<'Reference'>();
export type Reference = z.infer<typeof Reference>;

/** Sum of position (from 1) times value, modulo 23; 0–9 count 0–9, A–Z count 10–35; hyphens are struck. */
export function checkLetter(body: string): string {
  const characters = body.replaceAll('-', '');
  let sum = 0;
  for (const [index, character] of [...characters].entries()) {
    const value = character >= 'A' ? character.charCodeAt(0) - 55 : Number(character);
    sum += (index + 1) * value;
  }
  return letters.charAt(sum % 23);
}

/** Builds a reference. `alpha2` is the own State's two-letter code, `month` is `YYYY-MM`. */
export function toReference(alpha2: string, month: string, counter: number, training = false): Reference {
  const body = `${alpha2}-${month}-${String(counter).padStart(4, '0')}`;
  return `${body}-${checkLetter(body)}${training ? '-TR' : ''}` as Reference;
}

/** Reads what a person typed: any case, with or without hyphens. A wrong letter is told before any look-up. */
export function parseReference(text: string): Result<Reference, Problem> {
  const match = shape.exec(text.trim().toUpperCase().replaceAll(/[\s-]/g, ''));
  if (!match) return fail(problem('values.bad-reference', [], { params: { given: text.slice(0, 60) } }));
  const [, state = '', year = '', month = '', counter = '', letter = '', training] = match;
  const body = `${state}-${year}-${month}-${counter}`;
  if (checkLetter(body) !== letter) return fail(problem('values.check-letter', [], { params: { given: text.trim() } }));
  return ok(`${body}-${letter}${training ? '-TR' : ''}` as Reference);
}
