import { fail, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import type { UseLimitation } from '../schema.ts';

export interface ConsentFacts {
  id: string;
  by: string;
}

/**
 * Decides whether a file may be used beyond what it was given for: in another case, or by a third State.
 * Giving it back to the State that gave it is no other use.
 * @param consentId consent that the officer names; it counts only when it is recorded and of the State that gave the file
 * @param to authority it goes to, when it leaves
 * @source UNTOC art. 18(19)
 */
export function decideOtherUse({
  limitation,
  consents,
  consentId,
  to,
}: {
  limitation: UseLimitation | null;
  consents: readonly ConsentFacts[];
  consentId: string | undefined;
  to?: string | undefined;
}): Result<{ consent: string | null }, Problem[]> {
  if (!limitation || to === limitation.source) return ok({ consent: null });
  const rule = { rule: 'V21', source: 'UNTOC art. 18(19)', params: { source: limitation.source } };
  if (consentId === undefined) return fail([problem('evidence.consent-needed', ['consent'], rule)]);
  const named = consents.find((one) => one.id === consentId && one.by === limitation.source);
  return named ? ok({ consent: named.id }) : fail([problem('evidence.consent-unknown', ['consent'], rule)]);
}
