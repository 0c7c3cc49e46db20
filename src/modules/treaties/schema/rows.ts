import { z } from 'zod';
import { PartialDate, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { ActKind, Authenticity, EffectBasis, InstrumentId } from './act.ts';

/** An empty cell of a data file reads as null. */
function cell<T extends z.ZodType>(schema: T) {
  return z.preprocess((text) => (text === '' ? null : text), schema.nullable());
}

const whole = z.coerce.number<string>().int();

export const InstrumentRow = z.object({
  instrument: InstrumentId,
  title: z.string().min(1),
  concluded: z.string(),
  entry_into_force: PlainDate,
  days_after_deposit: whole,
  entry_into_force_article: z.string(),
  parent_instrument: cell(InstrumentId),
  snapshot_as_of: PlainDate,
  text_id: cell(z.string()),
});
export type InstrumentRow = z.infer<typeof InstrumentRow>;

export const ParticipationRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  signature_date: cell(PlainDate),
  action_date: cell(PlainDate),
  action_kind: cell(ActKind),
  entry_into_force: cell(PlainDate),
  eif_basis: cell(EffectBasis),
  source: z.string().min(1),
  note: cell(z.string()),
});
export type ParticipationRow = z.infer<typeof ParticipationRow>;

export const ActRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  kind: ActKind,
  deposited: cell(PlainDate),
  effect: cell(PlainDate),
  effect_basis: EffectBasis,
  source: z.string().min(1),
  as_of: cell(PartialDate),
  authenticity: Authenticity,
  note: cell(z.string()),
});
export type ActRow = z.infer<typeof ActRow>;

export const WindowRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  deposit_after: cell(PlainDate),
  deposit_before: cell(PlainDate),
  effect_after: cell(PlainDate),
  effect_before: cell(PlainDate),
  source: z.string(),
  reading: z.string(),
});
export type WindowRow = z.infer<typeof WindowRow>;

export const CoverageRow = z.object({
  instrument: InstrumentId,
  participant: z.union([z.literal('*'), StateCode]),
  kinds: z.string(),
  complete_until: cell(PlainDate),
  source: z.string(),
  why: z.string(),
});
export type CoverageRow = z.infer<typeof CoverageRow>;

export const StateRow = z.object({
  iso3: StateCode,
  iso2: z.string(),
  name: z.string(),
  other_names: z.string(),
  previous_name: cell(z.string()),
  renamed: cell(PartialDate),
  change_from: cell(z.string()),
  change: cell(z.string()),
  kind: z.enum(['State', 'organization']),
  un_regional_group: cell(z.string()),
});
export type StateRow = z.infer<typeof StateRow>;

export const DeclarationRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  as_of: PartialDate,
  text_sha256: cell(z.string()),
  text_length: whole,
  text_missing: z.enum(['yes', 'no']),
});
export type DeclarationRow = z.infer<typeof DeclarationRow>;

export const NotificationRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  provision: z.string(),
  date: cell(PartialDate),
  kind: ActKind,
  source: z.string(),
});
export type NotificationRow = z.infer<typeof NotificationRow>;

export const ProvisionRow = z.object({
  instrument: InstrumentId,
  iso3: StateCode,
  provision: z.string(),
  position: z.string(),
  /** The second reader's word for what the position does; worked out from the position where it is absent. */
  effect: z.enum(['excludes', 'modifies', 'interprets', 'informs', 'none-yet-read', '']).default(''),
  date: cell(PartialDate),
  source: z.string(),
  as_of: cell(PartialDate),
  read_by: z.string(),
  confirmed_by: z.string().default(''),
  note: z.string().default(''),
  second_read_by: z.string().default(''),
  second_read_on: z.string().default(''),
});
export type ProvisionRow = z.infer<typeof ProvisionRow>;

export const CountRow = z.object({
  instrument: InstrumentId,
  day: cell(PartialDate),
  what: z.enum(['parties', 'signatories']),
  published: whole,
  source: z.string(),
  expected_deposited: cell(whole),
  expected_in_force: cell(whole),
  expected_undated: cell(whole),
  explanation: z.string(),
});
export type CountRow = z.infer<typeof CountRow>;

export const AliasRow = z.object({ alias: z.string(), instrument: InstrumentId, print: z.string() });
export type AliasRow = z.infer<typeof AliasRow>;

export const SourceRow = z.object({
  id: z.string(),
  title: z.string(),
  as_of: cell(PartialDate),
  licence: z.string(),
  authenticity: Authenticity,
  used_for: z.string(),
});
export type SourceRow = z.infer<typeof SourceRow>;

export const agreementKinds = ['mla', 'extradition', 'confiscation', 'transfer', 'customs', 'police'] as const;
export const AgreementKind = z.enum(agreementKinds);
export type AgreementKind = z.infer<typeof AgreementKind>;

/** A treaty of two or more States entered by a node, or its statement that there is none. */
export const Agreement = z.strictObject({
  id: z.string().min(1),
  parties: z.array(StateCode).min(2),
  kind: AgreementKind,
  /** `none`: one of the two nodes has stated that there is no such treaty. */
  exists: z.enum(['yes', 'none']),
  inForceFrom: PlainDate.nullable(),
  until: PlainDate.nullable(),
  territory: z.array(z.string()).nullable(),
  text: z.string().nullable(),
  enteredBy: z.string(),
  confirmedByBoth: z.boolean(),
});
export type Agreement = z.infer<typeof Agreement>;

export const AgreementRow = z.object({
  id: z.string().min(1),
  parties: z.string(),
  kind: AgreementKind,
  in_force_from: cell(PlainDate),
  until: cell(PlainDate),
  territory: cell(z.string()),
  text: cell(z.string()),
  entered_by: z.string(),
  confirmed_by_both: z.enum(['yes', 'no']),
});
export type AgreementRow = z.infer<typeof AgreementRow>;
