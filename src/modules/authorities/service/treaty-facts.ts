import type { Tx } from '../../../platform/db/index.ts';
import { isUnknown, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import type { Measure, ProfileFacts as TreatyProfileFacts, ProfileLookup } from '../../treaties/index.ts';
import { asksDualCriminality, profileFacts, profileFor } from '../rules/index.ts';
import type { MeasureCode, Profile, ProfileOn } from '../schema/index.ts';
import { byRecord, listStates, listVersions, toProfile } from '../store/index.ts';

/** Which of our measures stand behind a measure of `treaties`. */
const behind: Partial<Record<Measure, readonly MeasureCode[]>> = {
  mla: ['general-assistance', 'search', 'bank-records', 'stored-data'],
  extradition: ['extradition'],
  'provisional-arrest': ['provisional-arrest'],
  freezing: ['freezing'],
  confiscation: ['confiscation-order'],
  'asset-return': ['return-of-assets'],
  'joint-investigation': ['joint-investigation'],
  'controlled-delivery': ['controlled-delivery'],
  'special-techniques': ['undercover', 'interception'],
  'transfer-of-proceedings': ['transfer-of-proceedings'],
  'transfer-of-sentenced-person': ['transfer-of-sentenced-person'],
  'police-cooperation': ['police-information'],
  'vessel-boarding': ['drugs-at-sea', 'migrants-at-sea'],
  'firearm-tracing': ['firearm-tracing'],
  'spontaneous-information': ['spontaneous-information'],
};

/** The facts in the words of `treaties`, where null stands for unknown. */
export function toTreatyFacts(profile: ProfileOn): TreatyProfileFacts {
  const facts = profileFacts(profile);
  const basis = facts.takesAsExtraditionBasis['XVIII-12'];
  const months = facts.minPenaltyMonths;
  const insists = facts.offenceDateMustFollowEntryIntoForce;
  const asked = Object.keys(behind) as Measure[];
  return {
    treatyRequiredForExtradition: isUnknown(facts.extraditionTreatyRequired)
      ? null
      : facts.extraditionTreatyRequired === 'yes',
    conventionAsBasis: isUnknown(basis) ? null : basis === 'yes' || basis === 'no' ? basis : 'conditions',
    minimumPenaltyYears: isUnknown(months) ? null : months / 12,
    insistsOnOffenceDate: isUnknown(insists) ? null : insists,
    dualCriminalityFor: isUnknown(facts.dualCriminalityMeasures)
      ? null
      : asked.filter((measure) => behind[measure]?.some((one) => asksDualCriminality(profile, one) === 'yes')),
  };
}

/**
 * Reads every profile once and answers `treaties` from memory. Read it again after a profile is published: the answer
 * is that of the moment of reading.
 */
export async function loadProfileLookup(tx: Tx): Promise<ProfileLookup> {
  const found = new Map<StateCode, { profile: Profile; version: number; hash: string }[]>();
  for (const state of await listStates(tx)) {
    const versions = byRecord(await listVersions(tx, { kind: 'requirement-profile', state })).find(
      (list) => list[0]?.territory === null,
    );
    if (versions) found.set(state, versions.map(toProfile));
  }
  return (state: StateCode, on: PlainDate) => {
    const profile = found
      .get(state)
      ?.findLast((one) => one.profile.validFrom <= on && (one.profile.until === null || on < one.profile.until));
    return profile ? toTreatyFacts(profileFor({ state, territory: null, on }, profile)) : null;
  };
}
