import { z } from 'zod';
import { DateOrWindow, Money, PlainDate, Sha256, StateCode, ValueOn } from '../../../platform/values/index.ts';
import { FreeText, ItemId, Line, listOf, orBlank, Place } from './text.ts';

/** Places a fact may be known from; those of `restrictedSources` need consent before they are used. */
export const factSources = [
  'bank-records',
  'witness',
  'documents',
  'search',
  'expert',
  'police',
  'public-record',
  'company-records',
  'fiu',
  'interpol',
  'spontaneous-restricted',
  'spontaneous',
  'other',
] as const;

/**
 * One act or event, dated and located.
 * @source UNTOC art. 18(15)(c)
 */
export const Fact = z.strictObject({
  id: ItemId,
  when: DateOrWindow.optional(),
  where: Place.optional(),
  text: FreeText,
  persons: listOf(z.strictObject({ id: ItemId, role: Line.optional() }), 500).optional(),
  knownFrom: z.enum(factSources).optional(),
  releaseConsent: z.strictObject({ by: Line, on: PlainDate, reference: Line.optional() }).nullish(),
});
export type Fact = z.infer<typeof Fact>;

export const Count = z.strictObject({
  n: z.int().min(1),
  persons: listOf(z.strictObject({ id: ItemId, participation: Line.optional() }), 500).optional(),
  when: DateOrWindow.optional(),
  where: Place.optional(),
  jurisdiction: z.enum(['territorial', 'flag', 'nationality', 'victim-nationality', 'effects', 'other']).optional(),
});

/** An offence under the law of the requesting State. Penalties in whole months. */
export const Offence = z.strictObject({
  id: ItemId,
  name: FreeText,
  provision: Line.describe('Law and article'),
  text: FreeText.describe('Wording of the provision'),
  penalty: z.strictObject({
    minMonths: z.int().min(0).max(1200),
    maxMonths: z.int().min(0).max(1200),
    other: z.array(z.enum(['death', 'life', 'fine', 'corporal'])).optional(),
  }),
  limitation: orBlank(PlainDate).optional(),
  form: z.enum(['completed', 'attempt', 'preparation', 'participation']).optional(),
  counts: listOf(Count, 500).optional(),
  dualCriminality: z.strictObject({ provision: Line, mapping: FreeText }).nullish(),
});
export type Offence = z.infer<typeof Offence>;

/** ISO 13616: State, two check digits, account; spaces are allowed as printed. */
export const Iban = z.string().regex(/^[A-Z]{2}\d{2}[A-Z0-9 ]{8,40}$/, 'requests.bad-iban');

export const Account = z.strictObject({
  institution: FreeText.optional(),
  branch: FreeText.optional(),
  iban: Iban.optional(),
  number: Line.optional(),
  holder: ItemId.optional(),
});
export type Account = z.infer<typeof Account>;

export const Property = z.strictObject({
  description: FreeText,
  kind: z.enum(['account', 'real-estate', 'vehicle', 'vessel', 'company-share', 'crypto', 'cash', 'other']).optional(),
  iban: Iban.optional(),
  identifier: Line.optional().describe('Number by which the thing is known: plot, plate, wallet'),
  location: orBlank(Place).optional(),
  heldAt: FreeText.optional().describe('Bank or keeper'),
  holder: ItemId.optional(),
  value: orBlank(ValueOn).optional(),
  parts: listOf(Money.extend({ fact: ItemId.optional() })).optional(),
});
export type Property = z.infer<typeof Property>;

/** `[from, until)`; an open end is written as absent. */
export const Period = z.strictObject({ from: PlainDate, until: PlainDate.optional() });
export type Period = z.infer<typeof Period>;

/** ISO 8601 duration in years, months or days, `P12M`. */
export const Duration = z.string().regex(/^P\d{1,4}[YMD]$/, 'requests.bad-duration');

export const AnnexReference = z.strictObject({ annex: z.int().min(1) });

/** Value of a field that a type definition asks. Its shape is that of the field's kind. */
export const FieldValue: z.ZodType<z.core.util.JSONType> = z.json();

/**
 * One thing asked for, measurable.
 * @source UNTOC art. 18(15)(d)
 */
export const Measure = z.strictObject({
  id: ItemId,
  type: z.string().regex(/^T\d{1,2}$/, 'requests.unknown-type'),
  text: FreeText,
  coercive: z.boolean().optional(),
  due: PlainDate.nullish(),
  procedure: z.strictObject({ text: FreeText, reason: FreeText }).nullish(),
  fields: z.record(z.string(), FieldValue).optional(),
});
export type Measure = z.infer<typeof Measure>;

export const Annex = z.strictObject({
  n: z.int().min(1),
  title: FreeText,
  sha256: Sha256,
  form: z.enum(['original', 'certified-copy', 'copy']),
  pages: z.int().min(1).optional(),
  referencedIn: listOf(ItemId, 500).optional(),
});
export type Annex = z.infer<typeof Annex>;

export const Related = z.strictObject({
  kind: z.enum([
    'police-contact',
    'spontaneous-information',
    'preservation',
    'request',
    'joint-investigation',
    'other',
  ]),
  reference: Line.optional(),
  state: StateCode.optional(),
  note: FreeText.optional(),
});
