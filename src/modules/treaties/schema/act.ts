import { z } from 'zod';
import { DateOrWindow, Instant, PartialDate, PlainDate, StateCode } from '../../../platform/values/index.ts';

/** The depositary's number of a treaty, `XVIII-12-a`. */
export const InstrumentId = z
  .string()
  .regex(/^[IVXL]+-\d+(-[a-z])?$/, 'treaties.unknown-instrument')
  .brand<'InstrumentId'>();
export type InstrumentId = z.infer<typeof InstrumentId>;

/** Acts by which a participant agrees to be bound. */
export const consentKinds = [
  'definitive-signature',
  'ratification',
  'acceptance',
  'approval',
  'accession',
  'formal-confirmation',
  'succession',
  'participation-by-protocol',
  // The source gives the day and does not say by which kind of act.
  'ratification-or-equivalent',
] as const;

export const ActKind = z.enum([
  'signature',
  ...consentKinds,
  'provisional-application',
  'territorial-extension',
  'territorial-exclusion',
  'reservation',
  'declaration',
  'interpretative-declaration',
  'competence-declaration',
  'objection',
  'notification-authority',
  'notification-language',
  'notification-legal-basis',
  'notification-other',
  'withdrawal',
  'denunciation',
  'denunciation-cancelled',
  'suspension',
  'correction',
  'name-change',
  'party-not-dated',
]);
export type ActKind = z.infer<typeof ActKind>;

export const EffectBasis = z.enum(['stated', 'derived', 'not-derived']);
export type EffectBasis = z.infer<typeof EffectBasis>;

/** Orders sources that disagree, best first. `sample` marks the invented States. */
export const authenticities = ['depositary', 'official', 'press', 'secondary', 'sample'] as const;
export const Authenticity = z.enum(authenticities);
export type Authenticity = z.infer<typeof Authenticity>;

/** What a reading of a text lets the resolver do with a provision. */
export const EffectOnProvision = z.enum(['excludes', 'modifies', 'interprets', 'informs', 'none']);
export type EffectOnProvision = z.infer<typeof EffectOnProvision>;

/** One dated thing a participant or the depositary (`DEP`) did about an instrument. */
export const Act = z.strictObject({
  id: z.uuid(),
  instrument: InstrumentId,
  participant: StateCode,
  kind: ActKind,
  doneOn: DateOrWindow,
  depositedOn: DateOrWindow,
  effectOn: DateOrWindow,
  effectBasis: EffectBasis,
  territory: z.array(z.string()).nullable(),
  provisions: z.array(z.string()),
  effectOnProvision: EffectOnProvision,
  preventsRelations: z.boolean().nullable(),
  readBy: z.string().nullable(),
  confirmedBy: z.string().nullable(),
  text: z.string().nullable(),
  language: z.string().nullable(),
  translationOf: z.uuid().nullable(),
  refersTo: z.uuid().nullable(),
  source: z.string().min(1),
  sourceLocator: z.string().nullable(),
  asOf: PartialDate,
  authenticity: Authenticity,
  note: z.string().nullable(),
  recordedAt: Instant.nullable(),
  recordedBy: z.string().nullable(),
});
export type Act = z.infer<typeof Act>;

export const Status = z.enum(['party', 'deposited-not-in-force', 'signatory', 'not-party', 'ended', 'unknown']);
export type Status = z.infer<typeof Status>;

/** A treaty: `days` from deposit to effect, `parent` for Protocols that need the parent too. */
export const Instrument = z.strictObject({
  id: InstrumentId,
  alias: z.string(),
  title: z.string(),
  concluded: z.string(),
  entryIntoForce: PlainDate,
  days: z.number().int(),
  entryIntoForceArticle: z.string(),
  parent: InstrumentId.nullable(),
  asOf: PlainDate,
  textId: z.string().nullable(),
});
export type Instrument = z.infer<typeof Instrument>;
