import { z } from 'zod';
import { PartialDate } from '../../../platform/values/index.ts';

/** What can bear a name here, by its FollowTheMoney schema. */
export const NamedSchema = z.enum([
  'Person',
  'Company',
  'Organization',
  'PublicBody',
  'LegalEntity',
  'Vessel',
  'Airplane',
  'Thing',
]);
export type NamedSchema = z.infer<typeof NamedSchema>;

/** Kinds of identifiers. Those with a check digit are checked; the others are compared as they are written. */
export const identifierKinds = [
  'imo',
  'mmsi',
  'lei',
  'iban',
  'vin',
  'container',
  'inn',
  'ogrn',
  'cnpj',
  'cpf',
  'passport',
  'national-id',
  'tax-id',
  'registration',
  'call-sign',
  'phone',
  'wallet',
  'other',
] as const;
export const IdentifierKind = z.enum(identifierKinds);
export type IdentifierKind = z.infer<typeof IdentifierKind>;

export const Identifier = z.object({ kind: IdentifierKind, value: z.string().min(1).max(120) });
export type Identifier = z.infer<typeof Identifier>;

export const Gender = z.enum(['male', 'female', 'other']);
export type Gender = z.infer<typeof Gender>;

/** A person, body or vessel as far as it can be compared. What is not known is absent. */
export const Subject = z.object({
  schema: NamedSchema,
  names: z.array(z.string().max(20_000)).min(1).max(200).describe('The first one is the chief name'),
  weakNames: z.array(z.string().max(20_000)).max(200).default([]).describe('Aliases of low quality: alone never above possible'), // prettier-ignore
  birthDates: z.array(PartialDate).max(40).default([]).describe('Of a person; as precise as known'),
  countries: z.array(z.string().min(2).max(3)).max(40).default([]).describe('Codes as given, lower or upper case'),
  gender: Gender.nullable().default(null),
  identifiers: z.array(Identifier).max(100).default([]),
});
export type Subject = z.infer<typeof Subject>;

/** An entry of a list. */
export const ListEntry = Subject.extend({ id: z.string().min(1).max(200) });
export type ListEntry = z.infer<typeof ListEntry>;
