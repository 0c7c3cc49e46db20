import { z } from 'zod';
import { DateOrWindow, Name, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { FreeText, ItemId, Line, listOf, orBlank, Place } from './text.ts';

export const IdentityDocument = z.strictObject({
  kind: z.enum(['passport', 'identity-card', 'residence-permit', 'driving-licence', 'seafarer-book', 'other']),
  number: Line,
  state: StateCode.optional(),
  validUntil: PlainDate.optional(),
});

export const Nationality = z.strictObject({
  state: StateCode,
  source: Line.describe('Where it is known from'),
  checkedOn: PlainDate.optional(),
});

export const personRoles = [
  'suspect',
  'accused',
  'convicted',
  'witness',
  'expert',
  'victim',
  'holder',
  'beneficial-owner',
  'other',
] as const;

/**
 * A human being named in a request.
 * @source UNTOC art. 18(15)(e)
 */
export const NaturalPerson = z.strictObject({
  id: ItemId,
  kind: z.literal('natural'),
  names: orBlank(listOf(Name, 50)),
  description: FreeText.optional().describe('What is known of a person whose name is not'),
  sex: z.enum(['f', 'm', 'x']).optional(),
  born: orBlank(z.strictObject({ on: DateOrWindow.optional(), place: FreeText.optional() })).optional(),
  nationalities: orBlank(listOf(Nationality, 20)).optional(),
  documents: listOf(IdentityDocument, 50).optional(),
  addresses: orBlank(listOf(z.strictObject({ text: FreeText, state: StateCode.optional() }), 50)).optional(),
  identifiers: listOf(
    z.strictObject({ kind: z.enum(['photo', 'fingerprint', 'dna', 'tattoo', 'other']), evidence: Line }),
    50,
  ).optional(),
  role: z.enum(personRoles),
  custody: z.strictObject({ place: FreeText, since: PlainDate.optional() }).nullish(),
  lawyer: Line.nullish(),
  protected: z.boolean().default(false),
});
export type NaturalPerson = z.infer<typeof NaturalPerson>;

/**
 * A company or other body named in a request.
 * @source UNTOC art. 10, 18(2)
 */
export const LegalPerson = z.strictObject({
  id: ItemId,
  kind: z.literal('legal'),
  names: orBlank(listOf(Name, 50)),
  description: FreeText.optional(),
  register: orBlank(Line).optional(),
  seat: orBlank(Place).optional(),
  directors: listOf(ItemId, 100).optional(),
  beneficialOwners: listOf(
    z.strictObject({ person: ItemId, share: Line.optional().describe('Per cent, as text') }),
    100,
  ).optional(),
  role: z.enum(personRoles),
  protected: z.boolean().default(false),
});
export type LegalPerson = z.infer<typeof LegalPerson>;

export const Person = z.discriminatedUnion('kind', [NaturalPerson, LegalPerson]);
export type Person = z.infer<typeof Person>;
