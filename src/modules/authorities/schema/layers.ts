import { unknown } from '../../../platform/values/index.ts';
import type { Entry } from './entry.ts';

/** Who may read a field: P everyone, R officials of listed authorities, N the own node. */
export type Layer = 'P' | 'R' | 'N';

/** The layer of each field of an entry. A field that this table lacks does not compile. */
export const layers = {
  id: 'P',
  state: 'P',
  territory: 'P',
  names: 'P',
  department: 'P',
  kind: 'P',
  role: 'P',
  designations: 'P',
  postal: 'P',
  street: 'P',
  city: 'P',
  postcode: 'P',
  website: 'P',
  guides: 'P',
  laws: 'P',
  modelForms: 'P',
  emails: 'R',
  phones: 'R',
  fax: 'R',
  urgentPhone: 'R',
  contactPersons: 'R',
  madePublic: 'P',
  nodeId: 'P',
  signingKeys: 'P',
  sealingKeys: 'P',
  timeZone: 'P',
  officeHours: 'P',
  weeklyRest: 'P',
  calendar: 'P',
  dutyService: 'P',
  languages: 'P',
  translationRule: 'P',
  channels: 'P',
  electronicSignatureAccepted: 'P',
  originalsToFollow: 'P',
  copiesRequired: 'P',
  authentication: 'P',
  networks: 'P',
  validFrom: 'P',
  until: 'P',
  confirmedOn: 'P',
  confirmedBy: 'P',
  nextConfirmationDue: 'P',
  custodian: 'P',
  origin: 'P',
  notes: 'N',
} as const satisfies Record<keyof Entry, Layer>;

export type RestrictedField = 'emails' | 'phones' | 'fax' | 'urgentPhone' | 'contactPersons';
export const restrictedFields = [
  'emails',
  'phones',
  'fax',
  'urgentPhone',
  'contactPersons',
] as const satisfies readonly RestrictedField[];
export type Contacts = Pick<Entry, RestrictedField>;

const withheld = unknown('withheld');
export const noContacts: Contacts = {
  emails: withheld,
  phones: withheld,
  fax: withheld,
  urgentPhone: withheld,
  contactPersons: withheld,
};

/**
 * The entry as a reader of that layer sees it. What is kept back reads `withheld`, whether or not there was
 * anything, so that nobody can tell an empty field from a hidden one. `N` is the whole entry.
 */
export function toLayer(entry: Entry, layer: Layer): Entry {
  if (layer === 'N') return entry;
  if (layer === 'R') return { ...entry, notes: '' };
  return { ...entry, ...noContacts, ...pickPublished(entry), notes: '' };
}

function pickPublished(entry: Entry): Partial<Contacts> {
  return Object.fromEntries(
    restrictedFields.filter((field) => entry.madePublic.includes(field)).map((field) => [field, entry[field]]),
  );
}

/** The restricted fields alone, as stored and sent apart from the signed public record. */
export function contactsOf(entry: Entry): Contacts {
  const { emails, phones, fax, urgentPhone, contactPersons } = entry;
  return { emails, phones, fax, urgentPhone, contactPersons };
}

/** Restricted fields of an entry whose contacts were erased or never told here. */
export const unknownContacts: Contacts = {
  emails: unknown('not-known'),
  phones: unknown('not-known'),
  fax: unknown('not-known'),
  urgentPhone: unknown('not-known'),
  contactPersons: unknown('not-known'),
};
