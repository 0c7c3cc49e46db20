import { z } from 'zod';
import { Instant } from '../../../platform/values/index.ts';
import { Reason } from './match.ts';

export const verdicts = ['POSITIVE', 'NEGATIVE', 'UNSURE'] as const;
export const Verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof Verdict>;

const EntityRef = z.string().trim().min(1).max(200);

/** What an official says of two entities, with what stood before their eyes. */
export const JudgementInput = z.object({
  leftId: EntityRef,
  rightId: EntityRef,
  verdict: Verdict,
  why: z.string().trim().min(1, 'goods.reason-needed').max(2000),
  compartment: z.string().max(200).default('').describe('Set of handling groups; nothing is merged across two of them'),
  similarity: z.number().min(0).max(1).nullable().default(null),
  probability: z.number().min(0).max(1).nullable().default(null),
  explanation: z.array(Reason).max(400).default([]),
});
export type JudgementInput = z.input<typeof JudgementInput>;

/** One row of the merge ledger. It is never changed; undoing it adds a withdrawal. */
export const Judgement = JudgementInput.extend({
  id: z.string(),
  by: z.string().describe('Person, or `rule`'),
  at: Instant,
  withdrawn: z.object({ by: z.string(), at: Instant, why: z.string() }).nullable(),
});
export type Judgement = z.infer<typeof Judgement>;
