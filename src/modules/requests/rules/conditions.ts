import { z } from 'zod';
import { isAtStage } from './tests-law.ts';
import { isPresent, select } from './paths.ts';
import { none, type Subject } from './test.ts';

interface NamedCondition {
  prepare(params: unknown): (subject: Subject) => boolean;
}

function define<P extends z.ZodType>(
  params: P,
  holds: (subject: Subject, params: z.output<P>) => boolean,
): NamedCondition {
  return {
    prepare(given) {
      const read = params.parse(given ?? {});
      return (subject) => holds(subject, read);
    },
  };
}

/** When a check of a rule applies. */
export const conditions = {
  stage: define(z.strictObject({ from: z.string() }), ({ facts }, { from }) => isAtStage(facts, from)),
  onlyTypes: define(z.strictObject({ types: z.array(z.string()) }), ({ request }, { types }) => {
    const asked = request.types ?? [];
    return asked.length > 0 && asked.every((type) => types.includes(type));
  }),
  given: define(z.strictObject({ path: z.string() }), ({ request }, { path }) =>
    select(request, path).some(({ value }) => isPresent(value)),
  ),
  equals: define(z.strictObject({ path: z.string(), value: z.json() }), ({ request }, { path, value }) =>
    select(request, path).some((found) => found.value === value),
  ),
  urgent: define(none, ({ request }) => request.urgency?.level === 'urgent'),
  coded: define(z.strictObject({ item: z.string() }), ({ facts }, { item }) => item in (facts.profile?.items ?? {})),
} satisfies Record<string, NamedCondition>;

export function conditionNamed(name: string): NamedCondition | undefined {
  return Object.entries(conditions).find(([key]) => key === name)?.[1];
}
