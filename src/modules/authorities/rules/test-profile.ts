import { isUnknown } from '../../../platform/values/index.ts';
import { measures, type MeasureCode } from '../schema/functions.ts';
import { drives, itemCodes, type ItemCode, type ProfileOn } from '../schema/profile.ts';
import { asksDualCriminality, itemValue } from './profile.ts';

/** A request as far as a profile cares. */
export interface SampleRequest {
  measure: MeasureCode;
  urgent: boolean;
}

/** What an item does to a request: decides a rule, can only warn because nobody coded it, or does not concern it. */
export interface Tested {
  item: ItemCode;
  rules: readonly string[];
  effect: 'applies' | 'warns' | 'off';
}

const extraditionItems: readonly ItemCode[] = ['P06', 'P07', 'P10', 'P11', 'P12', 'P13', 'P15'];
const permissions: Partial<Record<MeasureCode, string>> = {
  'bank-records': 'bankData',
  'stored-data': 'telecom',
  interception: 'interception',
  'video-link': 'videoLink',
  'joint-investigation': 'jointInvestigation',
  'controlled-delivery': 'controlledDelivery',
  'non-conviction-based': 'nonConvictionBased',
};
const electronic: readonly MeasureCode[] = [
  'preservation',
  'stored-data',
  'emergency-disclosure',
  'voluntary-disclosure',
];

/** Whether an item can matter to this request at all, whatever the State says. */
function concerns(item: ItemCode, { measure, urgent }: SampleRequest): boolean {
  const forExtradition = measures[measure].function === 'extradition';
  if (extraditionItems.includes(item)) return forExtradition;
  switch (item) {
    case 'P04':
      return urgent;
    case 'P08':
      return !forExtradition;
    case 'P14':
      return measure === 'provisional-arrest';
    case 'P17':
      return measure === 'service';
    case 'P20':
      return measure in permissions;
    case 'P21':
      return electronic.includes(measure);
    default:
      return true;
  }
}

/** Whether what the State said switches the rule on for this request. */
function switchedOn(profile: ProfileOn, item: ItemCode, { measure }: SampleRequest): boolean {
  switch (item) {
    case 'P09': {
      const asked = asksDualCriminality(profile, measure);
      return isUnknown(asked) || asked !== 'no';
    }
    case 'P16': {
      const said = itemValue(profile, 'P16');
      return isUnknown(said) || measure in said.byMeasure;
    }
    case 'P18': {
      const said = itemValue(profile, 'P18');
      return isUnknown(said) || said.kinds.length === 0 || said.kinds.includes(measure);
    }
    case 'P26': {
      const said = itemValue(profile, 'P26');
      return isUnknown(said) || said.questions.some((one) => one.measure === measure);
    }
    default:
      return true;
  }
}

/**
 * Runs a profile against a request: which rules its answers decide, and which can only warn.
 * @source UNTOC art. 18(9), 18(13), 18(14)
 */
export function testProfile(profile: ProfileOn, request: SampleRequest): Tested[] {
  return itemCodes.map((item) => {
    const rules = drives[item];
    if (!concerns(item, request)) return { item, rules, effect: 'off' };
    if (isUnknown(profile.items[item])) return { item, rules, effect: 'warns' };
    return { item, rules, effect: switchedOn(profile, item, request) ? 'applies' : 'off' };
  });
}
