import { z } from 'zod';
import {
  Instant,
  LanguageTag,
  Money,
  orUnknown,
  PlainDate,
  StateCode,
  TextIn,
  unknown,
  type Unknown,
} from '../../../platform/values/index.ts';
import { authentications, Channel, Territory, translationRules } from './entry.ts';
import { MeasureCode } from './functions.ts';

const days = z.int().min(0).max(3650);
const yesNo = z.enum(['yes', 'no']);
const taken = z.enum(['yes', 'no', 'on-reciprocity', 'with-conditions']);
const required = z.enum(['required', 'not-required']);
const permitted = z.strictObject({ allowed: z.boolean(), conditions: TextIn.optional() });
export const DualCriminality = z.enum(['never', 'coercive-only', 'always', 'list-of-offences']);
export type DualCriminality = z.infer<typeof DualCriminality>;

/** Typed value of each item. A part that the State has not said carries an unknown. */
export const itemValues = {
  P01: z.strictObject({
    request: z.array(LanguageTag),
    urgent: orUnknown(z.array(LanguageTag)),
    annexes: orUnknown(z.array(LanguageTag)),
  }),
  P02: z.strictObject({ rule: z.enum(translationRules), swornIn: StateCode.optional() }),
  P03: z.strictObject({ allowed: z.array(Channel), interpolInUrgency: orUnknown(z.boolean()) }),
  P04: z.strictObject({ accepted: z.boolean(), confirmWithinDays: orUnknown(days) }),
  P05: z.strictObject({
    electronicSignature: orUnknown(z.boolean()),
    originalsToFollow: orUnknown(z.boolean()),
    withinDays: orUnknown(days),
    copies: orUnknown(z.int().min(1).max(20)),
    authentication: orUnknown(z.enum(authentications)),
  }),
  P06: z.strictObject({ treatyRequired: yesNo }),
  P07: z.strictObject({
    untoc16: orUnknown(taken),
    uncac44: orUnknown(taken),
    drugs6: orUnknown(taken),
    conditions: TextIn.optional(),
  }),
  P08: z.strictObject({
    treatyRequired: orUnknown(yesNo),
    reciprocity: orUnknown(z.enum(['yes', 'no', 'assurance-text'])),
    assuranceText: TextIn.optional(),
  }),
  P09: z.strictObject({
    general: DualCriminality,
    byMeasure: z.partialRecord(MeasureCode, DualCriminality).optional(),
    offences: z.array(z.string().max(200)).optional(),
  }),
  P10: z.strictObject({
    minPenaltyMonths: orUnknown(z.int().min(0).max(600)),
    minRemainingMonths: orUnknown(z.int().min(0).max(600)),
  }),
  P11: z.strictObject({ nationals: z.enum(['never', 'with-return', 'yes']) }),
  P12: z.strictObject({ evidenceStandard: z.enum(['none', 'record-of-case', 'prima-facie']) }),
  P13: z.strictObject({ inAbsentia: z.enum(['refuse', 'retrial-assurance', 'accept']) }),
  P14: z.strictObject({ fullRequestWithinDays: orUnknown(days), channels: orUnknown(z.array(Channel)) }),
  P15: z.strictObject({
    deathPenalty: orUnknown(required),
    lifeSentence: orUnknown(required),
    treatment: orUnknown(required),
  }),
  P16: z.strictObject({
    byMeasure: z.partialRecord(
      MeasureCode,
      z.strictObject({
        text: TextIn.optional(),
        minPenaltyMonths: z.int().min(0).max(600).optional(),
        offences: z.array(z.string().max(200)).optional(),
      }),
    ),
  }),
  P17: z.strictObject({ minDaysBeforeHearing: days }),
  P18: z.strictObject({ value: Money, kinds: z.array(MeasureCode) }),
  P19: z.strictObject({ canKeepSecret: z.enum(['yes', 'no', 'on-order']) }),
  P20: z.strictObject({
    bankData: orUnknown(permitted),
    telecom: orUnknown(permitted),
    interception: orUnknown(permitted),
    videoLink: orUnknown(permitted),
    jointInvestigation: orUnknown(permitted),
    controlledDelivery: orUnknown(permitted),
    nonConvictionBased: orUnknown(permitted),
  }),
  P21: z.strictObject({
    retentionDays: orUnknown(days),
    preservationTermDays: orUnknown(days),
    renewals: orUnknown(z.int().min(0).max(20)),
    directToProvider: orUnknown(z.boolean()),
  }),
  P22: z.strictObject({ text: TextIn, threshold: Money.optional() }),
  P23: z.strictObject({ urgentHours: orUnknown(z.int().min(1).max(720)), normalDays: orUnknown(days) }),
  P24: z.strictObject({
    defaultSecrecy: orUnknown(z.boolean()),
    noticeToPerson: orUnknown(z.enum(['never', 'after-execution', 'before-execution', 'on-order'])),
  }),
  P25: z.strictObject({ use: TextIn, retention: TextIn.optional(), onward: TextIn.optional() }),
  P26: z.strictObject({
    questions: z.array(
      z.strictObject({
        measure: MeasureCode,
        text: TextIn,
        asked: z.strictObject({ times: z.int(), of: z.int() }).optional(),
      }),
    ),
  }),
  P27: z.strictObject({
    safeConductDays: orUnknown(days),
    limitation: orUnknown(TextIn),
    offenceDateMustFollowEntryIntoForce: orUnknown(z.boolean()),
  }),
} as const;

export type ItemCode = keyof typeof itemValues;
export const itemCodes = Object.keys(itemValues) as [ItemCode, ...ItemCode[]];
export type ItemValue<C extends ItemCode> = z.infer<(typeof itemValues)[C]>;

/** What an item drives: rules of requests (V..), of treaties (R..), request types (T..). */
export const drives: Record<ItemCode, readonly string[]> = {
  P01: ['V10'],
  P02: ['V10', 'V51'],
  P03: ['V12'],
  P04: ['V11'],
  P05: ['V11', 'V50'],
  P06: ['R21', 'V06'],
  P07: ['R21', 'V06'],
  P08: ['V04', 'V05', 'V06'],
  P09: ['V13', 'V14'],
  P10: ['V34'],
  P11: ['V32'],
  P12: ['V30', 'V31'],
  P13: ['T25'],
  P14: ['V40'],
  P15: ['V36'],
  P16: ['V45', 'V13'],
  P17: ['V48'],
  P18: ['V29'],
  P19: ['V22'],
  P20: ['T5', 'T2', 'T18', 'T22', 'T21', 'T12'],
  P21: ['V46'],
  P22: ['V55'],
  P23: ['clocks'],
  P24: ['V22', 'T5'],
  P25: ['V59'],
  P26: ['advice'],
  P27: ['V25', 'V35', 'R97'],
};

/** Groups of the editor and of the State page, in the order of the table. */
export const itemGroups = {
  languages: ['P01', 'P02', 'P03', 'P04', 'P05'],
  'legal-basis': ['P06', 'P07', 'P08', 'P09'],
  extradition: ['P10', 'P11', 'P12', 'P13', 'P14', 'P15'],
  measures: ['P16', 'P17', 'P18', 'P20', 'P21'],
  handling: ['P19', 'P22', 'P23', 'P24', 'P25', 'P26', 'P27'],
} as const satisfies Record<string, readonly ItemCode[]>;
export type ItemGroup = keyof typeof itemGroups;

function item<T extends z.ZodType>(value: T) {
  return z.strictObject({
    value,
    source: z.string().max(500),
    locator: z.string().max(200).optional(),
    date: PlainDate.optional(),
    asOf: PlainDate,
    by: z.string().max(200).optional(),
    method: z.string().max(200).optional(),
    recordedAt: Instant,
    validFrom: PlainDate,
    until: PlainDate.nullable(),
    note: TextIn.optional(),
  });
}

export type ProfileItem<C extends ItemCode = ItemCode> = {
  value: ItemValue<C>;
  source: string;
  locator?: string;
  date?: PlainDate;
  asOf: PlainDate;
  by?: string;
  method?: string;
  recordedAt: Instant;
  validFrom: PlainDate;
  until: PlainDate | null;
  note?: TextIn;
};

const items = z.strictObject({
  P01: item(itemValues.P01).optional(),
  P02: item(itemValues.P02).optional(),
  P03: item(itemValues.P03).optional(),
  P04: item(itemValues.P04).optional(),
  P05: item(itemValues.P05).optional(),
  P06: item(itemValues.P06).optional(),
  P07: item(itemValues.P07).optional(),
  P08: item(itemValues.P08).optional(),
  P09: item(itemValues.P09).optional(),
  P10: item(itemValues.P10).optional(),
  P11: item(itemValues.P11).optional(),
  P12: item(itemValues.P12).optional(),
  P13: item(itemValues.P13).optional(),
  P14: item(itemValues.P14).optional(),
  P15: item(itemValues.P15).optional(),
  P16: item(itemValues.P16).optional(),
  P17: item(itemValues.P17).optional(),
  P18: item(itemValues.P18).optional(),
  P19: item(itemValues.P19).optional(),
  P20: item(itemValues.P20).optional(),
  P21: item(itemValues.P21).optional(),
  P22: item(itemValues.P22).optional(),
  P23: item(itemValues.P23).optional(),
  P24: item(itemValues.P24).optional(),
  P25: item(itemValues.P25).optional(),
  P26: item(itemValues.P26).optional(),
  P27: item(itemValues.P27).optional(),
} satisfies Record<ItemCode, z.ZodType>);

/** What a State requires of requests made to it. An absent item is unknown (`not-coded`): rules that need it warn. */
export const Profile = z.strictObject({
  state: StateCode,
  territory: Territory,
  items,
  validFrom: PlainDate,
  until: PlainDate.nullable(),
  custodian: z.boolean(),
});
export type Profile = z.infer<typeof Profile>;

/** A profile as it speaks on a day: every item there, with its statement or `not-coded`. */
export interface ProfileOn {
  state: StateCode;
  territory: string | null;
  on: PlainDate;
  /** Version and hash of the record; null when the State has no profile. */
  version: number | null;
  hash: string | null;
  items: { [C in ItemCode]: ProfileItem<C> | Unknown };
}

export const notCoded: Unknown = unknown('not-coded');
