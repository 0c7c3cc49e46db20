import { z } from 'zod';
import {
  hasHiddenCharacters,
  LanguageTag,
  Name,
  orUnknown,
  PlainDate,
  StateCode,
  TextIn,
} from '../../../platform/values/index.ts';
import { FunctionCode, MeasureCode } from './functions.ts';

/** Whether the runtime knows an IANA zone by this name. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

/** `XB:central-authority`: the State and a short name, never used again for another office. */
export const AuthorityId = z
  .string()
  .regex(/^([A-Z]{3}|X[A-D]):[a-z0-9]+(-[a-z0-9]+)*$/, 'authorities.bad-id')
  .brand<'AuthorityId'>();
export type AuthorityId = z.infer<typeof AuthorityId>;

/** Text for names and addresses: one line or several, no control or direction-changing characters. */
export const PlainText = z
  .string()
  .min(1, 'authorities.empty')
  .max(500, 'authorities.too-long')
  .refine((text) => !hasHiddenCharacters(text), { message: 'authorities.hidden-characters' });

const safeName = Name.refine((name) => !hasHiddenCharacters(name.text), {
  message: 'authorities.hidden-characters',
  path: ['text'],
});

export const Territory = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'authorities.bad-territory')
  .nullable();
export const Phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'authorities.bad-phone');
export const Email = z.string().regex(/^[^\s@<>"]{1,64}@[^\s@<>".]+(\.[^\s@<>".]+)+$/, 'authorities.bad-email');
export const Web = z.string().regex(/^https:\/\/[^\s<>"]{3,480}$/, 'authorities.bad-web-address');
export const TimeZone = z.string().refine(isTimeZone, { message: 'authorities.bad-time-zone' });
/** Local wall-clock time; `24:00` ends a day. */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'authorities.bad-time');
/** ISO weekday, 1 Monday to 7 Sunday. */
export const Weekday = z.int().min(1).max(7);

export const authorityKinds = [
  'ministry',
  'prosecution',
  'court',
  'police',
  'customs',
  'fiu',
  'coastguard',
  'asset-office',
  'other',
] as const;
export const authorityRoles = ['central', 'competent', 'focal-point', 'point-24-7', 'executing'] as const;
export const AuthorityRole = z.enum(authorityRoles);
export type AuthorityRole = z.infer<typeof AuthorityRole>;
/** Stages of a proceeding by which a State may tell its authorities apart. */
export const stages = ['pre-trial', 'trial', 'enforcement'] as const;
export const Stage = z.enum(stages);
export type Stage = z.infer<typeof Stage>;

export const channels = ['node', 'diplomatic', 'post', 'email', 'interpol', 'oral-urgent'] as const;
export const Channel = z.enum(channels);
export type Channel = z.infer<typeof Channel>;

export const translationRules = ['none', 'plain', 'certified', 'sworn'] as const;
export const TranslationRule = z.strictObject({ rule: z.enum(translationRules), swornIn: StateCode.optional() });
export type TranslationRule = z.infer<typeof TranslationRule>;

export const authentications = ['none', 'seal', 'apostille', 'legalisation'] as const;

/** The act by which a State told others: act id in `treaties`, depositary note, or another public source. */
export const NotifiedBy = z.strictObject({
  act: z.string().max(200).optional(),
  note: PlainText.optional(),
  on: orUnknown(PlainDate),
  /** Id of the source in the provenance file of the data the act came from, `S1`. */
  source: z.string().max(200),
  /** Day to which that source spoke. */
  asOf: orUnknown(PlainDate),
  nature: z.enum(['declaration', 'notification', 'gazette', 'official-page', 'domestic-act']),
  evidenceHash: z.string().optional(),
});
export type NotifiedBy = z.infer<typeof NotifiedBy>;

/** A function held under an instrument (null: under any) from a day until another. */
export const Designation = z.strictObject({
  function: FunctionCode,
  instrument: z.string().max(40).nullable(),
  articles: z.array(z.string().max(40)).max(20),
  from: orUnknown(PlainDate),
  until: PlainDate.nullable(),
  notifiedBy: NotifiedBy.nullable(),
  conditions: z
    .strictObject({
      stages: z.array(Stage).optional(),
      measures: z.array(MeasureCode).optional(),
      text: TextIn.optional(),
    })
    .nullable(),
});
export type Designation = z.infer<typeof Designation>;

export const OfficeHours = z.strictObject({ weekday: Weekday, from: LocalTime, to: LocalTime });
export type OfficeHours = z.infer<typeof OfficeHours>;

export const LanguageUse = z.enum(['request', 'urgent', 'correspondence', 'annexes']);
export const AcceptedLanguage = z.strictObject({ code: LanguageTag, for: z.array(LanguageUse).min(1) });

const Key = z.strictObject({
  key: z.string().max(2000),
  kind: z.string().max(40),
  validFrom: PlainDate,
  validUntil: PlainDate.nullable(),
  fingerprint: z.string().max(200),
});

const Publication = z.strictObject({ title: TextIn, web: Web.optional(), lang: LanguageTag.optional() });

export const ContactPerson = z.strictObject({
  post: PlainText,
  name: PlainText.optional(),
  languages: z.array(LanguageTag).max(20),
  directLine: Phone.optional(),
  deputy: z.boolean(),
});

/**
 * One statement by a State about one authority. A field without a value carries an unknown with its reason; lists
 * that may be unknown are an unknown instead of empty.
 */
export const Entry = z.strictObject({
  id: AuthorityId,
  state: StateCode,
  territory: Territory,
  names: z.array(safeName).min(1, 'authorities.no-name').max(20),
  department: orUnknown(PlainText),
  kind: z.enum(authorityKinds),
  role: AuthorityRole,
  designations: z.array(Designation).max(200),
  postal: orUnknown(PlainText),
  street: orUnknown(PlainText),
  city: orUnknown(PlainText),
  postcode: orUnknown(PlainText),
  website: orUnknown(Web),
  guides: z.array(Publication).max(50),
  laws: z.array(Publication).max(200),
  modelForms: z
    .array(
      z.strictObject({ title: TextIn, lang: LanguageTag, version: z.string().max(40), sha256: z.string().length(64) }),
    )
    .max(50),
  emails: orUnknown(z.array(Email).max(10)),
  phones: orUnknown(z.array(Phone).max(10)),
  fax: orUnknown(Phone),
  urgentPhone: orUnknown(Phone),
  contactPersons: orUnknown(z.array(ContactPerson).max(20)),
  /** Restricted fields that the State itself chose to publish. */
  madePublic: z.array(z.enum(['emails', 'phones', 'fax', 'urgentPhone', 'contactPersons'])).max(5),
  nodeId: orUnknown(z.string().regex(/^[a-z0-9-]{1,40}$/, 'authorities.bad-node-id')),
  signingKeys: z.array(Key).max(20),
  sealingKeys: z.array(Key).max(20),
  timeZone: orUnknown(TimeZone),
  officeHours: orUnknown(z.array(OfficeHours).max(50)),
  weeklyRest: orUnknown(z.array(Weekday).max(6)),
  calendar: orUnknown(z.string().max(60)),
  dutyService: orUnknown(z.strictObject({ available: z.boolean(), measures: z.array(MeasureCode) })),
  languages: orUnknown(z.array(AcceptedLanguage).max(40)),
  translationRule: orUnknown(TranslationRule),
  channels: orUnknown(z.array(z.strictObject({ channel: Channel, conditions: TextIn.optional() })).max(10)),
  electronicSignatureAccepted: orUnknown(z.boolean()),
  originalsToFollow: orUnknown(
    z.strictObject({ required: z.boolean(), withinDays: z.int().min(1).max(365).optional() }),
  ),
  copiesRequired: orUnknown(z.int().min(1).max(20)),
  authentication: orUnknown(z.enum(authentications)),
  networks: z.array(z.string().max(40)).max(30),
  validFrom: orUnknown(PlainDate),
  until: PlainDate.nullable(),
  confirmedOn: orUnknown(PlainDate),
  /** Post of who confirmed, never the person's name. */
  confirmedBy: orUnknown(PlainText),
  nextConfirmationDue: orUnknown(PlainDate),
  /** True when the secretariat entered it for a State without a node. */
  custodian: z.boolean(),
  /** `own`: the State's node; `notification`: the depositary's record; `custodian`: read from another public source. */
  origin: z.enum(['own', 'notification', 'custodian']),
  /** For the own node only: remarks of the editors. */
  notes: z.string().max(5000),
});
export type Entry = z.infer<typeof Entry>;
