import { z } from 'zod';

export const Severity = z.enum(['block', 'warn', 'advise']);
export type Severity = z.infer<typeof Severity>;

/** Values put into a problem's message; the message itself is made at the edge, in the reader's language. */
export const ProblemParams = z.record(z.string(), z.union([z.string(), z.number()]));
export type ProblemParams = z.infer<typeof ProblemParams>;

/**
 * One thing that is wrong or worth saying. `code` is `module.what-is-wrong` and is the key of its message in every
 * language; `path` leads from the object's root to the field. `message` is filled when the problem is shown.
 */
export const Problem = z.object({
  code: z.string(),
  severity: Severity,
  path: z.array(z.union([z.string(), z.number()])),
  rule: z.string().optional(),
  source: z.string().optional(),
  params: ProblemParams.optional(),
  message: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

export function problem(
  code: string,
  path: (string | number)[] = [],
  more: Partial<Omit<Problem, 'code' | 'path'>> = {},
): Problem {
  return { code, severity: 'block', path, ...more };
}

/** Says whether any of the problems stops the act. */
export function isBlocked(problems: readonly Problem[]): boolean {
  return problems.some((one) => one.severity === 'block');
}
