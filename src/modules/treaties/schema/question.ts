import { z } from 'zod';
import { PlainDate, StateCode } from '../../../platform/values/index.ts';

export const measures = [
  'mla',
  'extradition',
  'provisional-arrest',
  'freezing',
  'confiscation',
  'asset-return',
  'joint-investigation',
  'controlled-delivery',
  'special-techniques',
  'transfer-of-proceedings',
  'transfer-of-sentenced-person',
  'police-cooperation',
  'vessel-boarding',
  'firearm-tracing',
  'spontaneous-information',
] as const;
export const Measure = z.enum(measures);
export type Measure = z.infer<typeof Measure>;

export const offenceCodes = [
  'participation-in-group',
  'laundering',
  'corruption-public-official',
  'obstruction',
  'trafficking-persons',
  'smuggling-migrants',
  'firearms',
  'drugs',
  'corruption',
  'terrorist-financing',
  'terrorist-bombing',
  'illicit-tobacco',
  'goods-smuggling',
  'counterfeiting',
  'excise',
  'falsified-medicines',
  'hazardous-waste',
  'hazardous-chemicals',
  'wildlife',
  'cultural-property',
  'cybercrime',
  'other-serious',
] as const;
export const OffenceCode = z.enum(offenceCodes);
export type OffenceCode = z.infer<typeof OffenceCode>;

export const groupAnswers = ['established', 'suspected', 'no'] as const;
export const GroupAnswer = z.enum(groupAnswers);
export type GroupAnswer = z.infer<typeof GroupAnswer>;

export const transnationalTests = [
  'more-than-one-state',
  'prepared-elsewhere',
  'group-active-in-several',
  'effects-elsewhere',
  'victims-witnesses-proceeds-evidence-there',
  'no',
] as const;
export const TransnationalTest = z.enum(transnationalTests);
export type TransnationalTest = z.infer<typeof TransnationalTest>;

/** Highest penalties are whole years of deprivation of liberty in the law of each State. */
export const Offence = z.strictObject({
  code: OffenceCode,
  maxPenaltyYearsFrom: z.number().int().min(0).max(200).nullable().default(null),
  maxPenaltyYearsTo: z.number().int().min(0).max(200).nullable().default(null),
  statute: z.string().max(500).nullable().default(null),
});
export type Offence = z.infer<typeof Offence>;

/** First and last day of the offence, the same day for a single one. */
export const OffencePeriod = z.strictObject({ from: PlainDate, until: PlainDate });
export type OffencePeriod = z.infer<typeof OffencePeriod>;

/** What is asked of the resolver. Absent facts are null and stay unknown: nothing is guessed. */
export const Question = z.strictObject({
  from: StateCode,
  to: StateCode,
  measure: Measure,
  on: PlainDate,
  offenceDate: z.union([PlainDate, OffencePeriod]).nullable().default(null),
  offences: z.array(Offence).default([]),
  group: GroupAnswer.nullable().default(null),
  transnational: z.array(TransnationalTest).default([]),
  personIn: StateCode.nullable().default(null),
  legalPerson: z.boolean().nullable().default(null),
  territoryFrom: z.string().nullable().default(null),
  territoryTo: z.string().nullable().default(null),
  coercive: z.boolean().nullable().default(null),
});
export type Question = z.infer<typeof Question>;
