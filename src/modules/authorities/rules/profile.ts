import { isUnknown, unknown, type PlainDate, type Unknown } from '../../../platform/values/index.ts';
import { measures, type MeasureCode } from '../schema/functions.ts';
import {
  drives,
  itemCodes,
  notCoded,
  type DualCriminality,
  type ItemCode,
  type ItemValue,
  type Profile,
  type ProfileItem,
  type ProfileOn,
} from '../schema/profile.ts';

/** Reads a profile for a day: items that speak for it, and `not-coded` for all others. Without a profile all are. */
export function profileFor(
  question: { state: ProfileOn['state']; territory: string | null; on: PlainDate },
  found: { profile: Profile; version: number; hash: string } | undefined,
): ProfileOn {
  const said = found?.profile.items;
  const items = Object.fromEntries(
    itemCodes.map((code) => {
      const item = said?.[code];
      const speaks = item && item.validFrom <= question.on && (item.until === null || question.on < item.until);
      return [code, speaks ? item : notCoded];
    }),
  ) as ProfileOn['items'];
  return { ...question, version: found?.version ?? null, hash: found?.hash ?? null, items };
}

/** Value of an item, or the unknown in its place. */
export function itemValue<C extends ItemCode>(profile: ProfileOn, code: C): ItemValue<C> | Unknown {
  const item: ProfileItem<C> | Unknown = profile.items[code];
  return isUnknown(item) ? item : item.value;
}

/**
 * Whether the State asks that the act be an offence at home too before it grants this measure.
 * @source UNTOC art. 18(9); UNCAC art. 46(9)
 */
export function asksDualCriminality(
  profile: ProfileOn,
  measure: MeasureCode,
): 'yes' | 'no' | 'list-of-offences' | Unknown {
  const said = itemValue(profile, 'P09');
  if (isUnknown(said)) return said;
  const rule: DualCriminality = said.byMeasure?.[measure] ?? said.general;
  switch (rule) {
    case 'always':
      return 'yes';
    case 'never':
      return 'no';
    case 'coercive-only':
      return measures[measure].coercive ? 'yes' : 'no';
    case 'list-of-offences':
      return 'list-of-offences';
  }
}

/** What module `treaties` asks of the requested State, handed over as plain facts. */
export interface ProfileFacts {
  /** Item P06. @source UNTOC art. 16(4), 16(5)(a) */
  extraditionTreatyRequired: 'yes' | 'no' | Unknown;
  /** Item P07, by instrument: whether the State takes it as the basis of extradition. */
  takesAsExtraditionBasis: Record<
    'XVIII-12' | 'XVIII-14' | 'VI-19',
    'yes' | 'no' | 'on-reciprocity' | 'with-conditions' | Unknown
  >;
  /** Item P08. */
  mlaTreatyRequired: 'yes' | 'no' | Unknown;
  reciprocity: 'yes' | 'no' | 'assurance-text' | Unknown;
  /** Item P10, months. */
  minPenaltyMonths: number | Unknown;
  minRemainingMonths: number | Unknown;
  /** Item P11. */
  nationals: 'never' | 'with-return' | 'yes' | Unknown;
  /** Item P27: the offence must follow the entry into force between the two States. */
  offenceDateMustFollowEntryIntoForce: boolean | Unknown;
  /** Measures for which item P09 asks dual criminality; unknown when the item is. */
  dualCriminalityMeasures: MeasureCode[] | Unknown;
}

export function profileFacts(profile: ProfileOn): ProfileFacts {
  const [p06, p07, p08, p10, p11, p27] = [
    itemValue(profile, 'P06'),
    itemValue(profile, 'P07'),
    itemValue(profile, 'P08'),
    itemValue(profile, 'P10'),
    itemValue(profile, 'P11'),
    itemValue(profile, 'P27'),
  ];
  const dual = itemValue(profile, 'P09');
  return {
    extraditionTreatyRequired: isUnknown(p06) ? p06 : p06.treatyRequired,
    takesAsExtraditionBasis: {
      'XVIII-12': isUnknown(p07) ? p07 : p07.untoc16,
      'XVIII-14': isUnknown(p07) ? p07 : p07.uncac44,
      'VI-19': isUnknown(p07) ? p07 : p07.drugs6,
    },
    mlaTreatyRequired: isUnknown(p08) ? p08 : p08.treatyRequired,
    reciprocity: isUnknown(p08) ? p08 : p08.reciprocity,
    minPenaltyMonths: isUnknown(p10) ? p10 : p10.minPenaltyMonths,
    minRemainingMonths: isUnknown(p10) ? p10 : p10.minRemainingMonths,
    nationals: isUnknown(p11) ? p11 : p11.nationals,
    offenceDateMustFollowEntryIntoForce: isUnknown(p27) ? p27 : p27.offenceDateMustFollowEntryIntoForce,
    dualCriminalityMeasures: isUnknown(dual)
      ? dual
      : (Object.keys(measures) as MeasureCode[]).filter((measure) => asksDualCriminality(profile, measure) === 'yes'),
  };
}

/** One rule that a profile switches on for a request, with the item that does it. */
export interface Switch {
  item: ItemCode;
  rules: readonly string[];
  /** `applies`: the rule decides; `warns`: the item is unknown, so the rule can only warn. */
  effect: 'applies' | 'warns';
}

/** Everything a profile switches on: rules it decides, and those that can only warn because nobody has coded them. */
export function profileSwitches(profile: ProfileOn): Switch[] {
  return itemCodes.map((item) => ({
    item,
    rules: drives[item],
    effect: isUnknown(profile.items[item]) ? 'warns' : 'applies',
  }));
}

/** What the State's desk usually asks back for a measure: advice beside the fields. */
export function usualQuestions(profile: ProfileOn, measure: MeasureCode): ItemValue<'P26'>['questions'] | Unknown {
  const said = itemValue(profile, 'P26');
  if (isUnknown(said)) return said;
  const questions = said.questions.filter((one) => one.measure === measure);
  return questions.length > 0 ? questions : unknown('not-stated');
}
