import { z } from 'zod';

/**
 * A State or regional organization: ISO 3166-1 alpha-3 as in the treaty data (`KEN`), `EUE`, and the two-letter
 * codes of the invented States. This is the form stored, answered and sent.
 */
export const StateCode = z
  .string()
  .regex(/^([A-Z]{3}|X[A-D])$/, 'values.bad-state')
  .brand<'StateCode'>();
export type StateCode = z.infer<typeof StateCode>;

export function stateCode(text: string): StateCode {
  return StateCode.parse(text);
}

/** States made up for samples, demo, training and tests; they never mix with real ones. */
export const inventedStates = ['XA', 'XB', 'XC', 'XD'] as const;

export function isInvented(state: StateCode): boolean {
  return (inventedStates as readonly string[]).includes(state);
}
