import { z } from 'zod';
import { DateOrWindow, PartialDate, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { ActKind, EffectBasis, EffectOnProvision, InstrumentId, Status } from './act.ts';
import { Question } from './question.ts';

export const answers = ['yes', 'needs-consent', 'unknown', 'no'] as const;
export const Answer = z.enum(answers);
export type Answer = z.infer<typeof Answer>;

/** A day as text when it is known exactly, otherwise the window or the unknown. */
export const ShownDate = z.union([PartialDate, DateOrWindow]);
export type ShownDate = z.infer<typeof ShownDate>;

/** An act as answers show it. */
export const ShownAct = z.strictObject({
  id: z.uuid(),
  kind: ActKind,
  deposited: ShownDate,
  effect: ShownDate,
  effectBasis: EffectBasis,
  source: z.string(),
  asOf: PartialDate,
});
export type ShownAct = z.infer<typeof ShownAct>;

/** Two sources that differ: both acts, which one is counted (index, or null for none) and the rule that chose. */
export const Conflict = z.strictObject({
  instrument: InstrumentId,
  state: StateCode,
  values: z.array(ShownAct),
  used: z.number().int().nullable(),
  why: z.enum(['agrees-with-final-clause', 'higher-authenticity', 'not-in-complete-table']),
  rule: z.literal('E11'),
});
export type Conflict = z.infer<typeof Conflict>;

export const ShownCondition = z.strictObject({
  code: z.string(),
  answer: Answer,
  article: z.string().optional(),
  text: z.string(),
  ask: z.string().optional(),
  /** False when the condition informs and does not change the answer of the basis. */
  bar: z.literal(false).optional(),
});

export const ShownReading = z.strictObject({
  id: z.uuid(),
  state: StateCode,
  instrument: InstrumentId,
  provision: z.string(),
  position: z.string(),
  effectOnProvision: EffectOnProvision,
  source: z.string(),
  asOf: PartialDate.nullable(),
  /** False until an official of a node has confirmed the reading. */
  confirmed: z.boolean(),
  affects: z.boolean(),
});
export type ShownReading = z.infer<typeof ShownReading>;

export const ShownBasis = z.strictObject({
  rank: z.number().int(),
  /** A treaty between the two States is `agreement:` and its id. */
  instrument: z.union([InstrumentId, z.templateLiteral(['agreement:', z.string()])]),
  article: z.string(),
  answer: Answer,
  conditions: z.array(ShownCondition),
  acts: z.record(z.string(), z.array(ShownAct)),
  status: z.record(z.string(), Status),
  reservations: z.array(ShownReading),
  noEffect: z.array(ShownReading),
  offences: z.array(z.strictObject({ code: z.string(), answer: Answer })),
  boundOnOffenceDate: Answer.nullable(),
  notices: z.array(z.strictObject({ article: z.string(), text: z.string() })),
  missing: z.array(z.string()),
  changesOn: z.array(z.strictObject({ date: PlainDate, answer: Answer, because: z.string() })),
  presumedContinuing: z.boolean(),
});
export type ShownBasis = z.infer<typeof ShownBasis>;

export const DatasetStamp = z.strictObject({
  version: z.string(),
  sha256: z.string(),
  asOf: z.record(z.string(), PartialDate),
});
export type DatasetStamp = z.infer<typeof DatasetStamp>;

/** On which instruments `from` may ask `to` on a day, and what each rests on. */
export const BasisAnswer = z.strictObject({
  kind: z.literal('treaties.basis'),
  version: z.literal(1),
  question: Question,
  answer: Answer,
  bases: z.array(ShownBasis),
  residual: z.array(
    z.strictObject({
      basis: z.enum(['domestic-law', 'reciprocity']),
      answer: Answer,
      rule: z.string(),
      text: z.string(),
    }),
  ),
  alternatives: z.array(z.string()),
  missing: z.array(z.strictObject({ code: z.string(), ask: z.string() })),
  explanation: z.string(),
  conflicts: z.array(Conflict),
  notice: z.string(),
  dataset: DatasetStamp,
});
export type BasisAnswer = z.infer<typeof BasisAnswer>;
