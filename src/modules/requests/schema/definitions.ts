import { z } from 'zod';
import { PlainDate, Severity } from '../../../platform/values/index.ts';
import type { GroundDefinition, ReplyDefinition } from './grounds.ts';

/** The eight tasks of the writer, in order. */
export const tasks = ['facts', 'people', 'offence', 'need', 'urgency', 'evidence', 'conditions', 'check'] as const;
export type Task = (typeof tasks)[number];

export const fieldKinds = [
  'text',
  'long-text',
  'free-text',
  'short-free-text',
  'date',
  'partial-date',
  'when',
  'months',
  'number',
  'yes-no',
  'choice',
  'choices',
  'state',
  'authority',
  'language',
  'languages',
  'instrument',
  'person',
  'annex',
  'currency',
  'money',
  'value-on',
  'period',
  'duration',
  'iban',
  'names',
  'place',
  'list',
  'file',
] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** One question of a form. `path` leads from the request's root, in a list's item from the item. */
export interface FieldDefinition {
  path: string;
  kind: FieldKind;
  label: string;
  hint?: string;
  /** `R` is required before sending, `W` asked and may be blank with a reason, `O` may stay empty. */
  requirement: 'R' | 'W' | 'O';
  /** Rule that asks for it. */
  rule?: string;
  /** Code of the problem when it is missing and no rule of its own says so. */
  missing?: string;
  options?: string[];
  /** Message prefix of the options: `{optionKey}.{option}`. */
  optionKey?: string;
  /** Items of this kind only, where a list holds several. */
  only?: string;
  /** Questions of one item of a list. */
  item?: FieldDefinition[];
}

export const FieldDefinition: z.ZodType<FieldDefinition> = z.lazy(() =>
  z.strictObject({
    path: z.string(),
    kind: z.enum(fieldKinds),
    label: z.string(),
    hint: z.string().optional(),
    requirement: z.enum(['R', 'W', 'O']),
    rule: z.string().optional(),
    missing: z.string().optional(),
    options: z.array(z.string()).optional(),
    optionKey: z.string().optional(),
    only: z.string().optional(),
    item: z.array(FieldDefinition).optional(),
  }),
);

/** Provisions in printed form, one per instrument: `UNTOC art. 18(13); UNCAC art. 46(13)`, or `practice`. */
export const Source = z.string();

const printedNames: Readonly<Record<string, string>> = { 'XVIII-12': 'UNTOC', 'XVIII-14': 'UNCAC', 'VI-19': '1988' };

/** The part of a source that speaks under an instrument; `practice` where it has none, the first before one is chosen. */
export function sourceUnder(source: string, instrument: string): string {
  const parts = source.split('; ');
  if (instrument === '') return parts[0] ?? 'practice';
  const name = printedNames[instrument];
  return parts.find((part) => name !== undefined && part.startsWith(`${name} art.`)) ?? 'practice';
}

const versioned = { id: z.string(), version: z.int().min(1), validFrom: PlainDate };

/** One of C1–C30. */
export const CoreDefinition = z.strictObject({
  ...versioned,
  source: Source,
  title: z.string(),
  shared: z.boolean().describe('Leaves the node'),
  task: z.enum(tasks),
  page: z.string(),
  fields: z.array(FieldDefinition),
});
export type CoreDefinition = z.infer<typeof CoreDefinition>;

/** One of T1–T38: what is asked beside the core. Paths lead from `measure.fields`. */
export const TypeDefinition = z.strictObject({
  ...versioned,
  source: Source,
  title: z.string(),
  measure: z.string().describe('Measure in the words of `authorities`: freezing, bank-records'),
  task: z.enum(tasks),
  coercive: z.boolean().describe('Usual answer, offered first'),
  fields: z.array(FieldDefinition),
});
export type TypeDefinition = z.infer<typeof TypeDefinition>;

export const Condition = z.strictObject({
  is: z.string(),
  not: z.boolean().optional(),
  with: z.record(z.string(), z.json()).optional(),
});
export type Condition = z.infer<typeof Condition>;

/** A named test with its parameters, and what each of its outcomes means. */
export const Check = z.strictObject({
  test: z.string(),
  with: z.record(z.string(), z.json()).optional(),
  when: z.array(Condition).optional(),
  outcomes: z.record(
    z.string(),
    z.strictObject({ code: z.string(), severity: Severity, source: z.string().optional() }),
  ),
  source: Source.optional(),
});
export type Check = z.infer<typeof Check>;

/** One of V1–V60, or F: what every form meets. */
export const RuleDefinition = z.strictObject({
  ...versioned,
  title: z.string(),
  side: z.enum(['requesting', 'requested']),
  appliesTo: z
    .strictObject({ types: z.array(z.string()).optional(), instruments: z.array(z.string()).optional() })
    .optional(),
  profile: z.array(z.string()).optional().describe('Profile items that drive it'),
  source: Source,
  checks: z.array(Check),
});
export type RuleDefinition = z.infer<typeof RuleDefinition>;

/** Everything the engine reads. `ruleSet` is stored with each request that passed it. */
export interface Definitions {
  ruleSet: string;
  core: readonly CoreDefinition[];
  types: readonly TypeDefinition[];
  rules: readonly RuleDefinition[];
  grounds: readonly GroundDefinition[];
  replies: readonly ReplyDefinition[];
}
