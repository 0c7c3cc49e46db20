import type { PlainDate, StateCode } from '../../../../platform/values/index.ts';
import type {
  Agreement,
  Answer,
  InstrumentId,
  Measure,
  Offence,
  Question,
  ShownAct,
  ShownReading,
  Status,
} from '../../schema/index.ts';
import type { TreatyFacts } from '../facts.ts';

/**
 * A sentence to be said in the reader's language: a message key and what fills it. Parameters named `state`,
 * `from` and `to` are State codes, `instrument` and `other` are instruments, days are `PlainDate`.
 */
export interface Say {
  key: string;
  params: Readonly<Record<string, string | number>>;
}

/** What is missing, as short words; the message keys are `missingCodes`. */
export const missingCodes = {
  offence: 'treaties.offence-needed',
  penalty: 'treaties.penalty-needed',
  group: 'treaties.group-needed',
  transnational: 'treaties.transnational-needed',
  'person-location': 'treaties.person-location-needed',
  'dual-criminality': 'treaties.dual-criminality-needed',
  'offence-detail': 'treaties.offence-detail-needed',
  'other-treaty': 'treaties.other-treaty-unknown',
  notification: 'treaties.notification-unknown',
  reading: 'treaties.reading-needed',
  status: 'treaties.status-unknown',
  'final-judgment': 'treaties.final-judgment-needed',
  'article-not-read': 'treaties.article-not-read',
  territory: 'treaties.territory-unknown',
  'treaty-requirement': 'treaties.treaty-requirement-unknown',
  'offence-date': 'treaties.offence-date-needed',
} as const;
export type Missing = keyof typeof missingCodes;

/** One condition of a basis. Conditions never stop at the first failure: all are listed. */
export interface Condition {
  code: string;
  answer: Answer;
  article?: string;
  say: Say;
  missing?: Missing;
  /** False: informs, does not change the answer of the basis. */
  bar?: false;
}

export function say(key: string, params: Say['params'] = {}): Say {
  return { key: `treaties.say.${key}`, params };
}

/** What the requested State's profile says, handed in by `authorities`. Null: not stated. */
export interface ProfileFacts {
  treatyRequiredForExtradition: boolean | null;
  /** Whether the State takes the Convention as basis for extradition, where it requires a treaty. */
  conventionAsBasis: 'yes' | 'conditions' | 'no' | null;
  minimumPenaltyYears: number | null;
  insistsOnOffenceDate: boolean | null;
  /** Measures for which dual criminality is asked; null when unknown. */
  dualCriminalityFor: readonly Measure[] | null;
}

export type ProfileLookup = (state: StateCode, on: PlainDate) => ProfileFacts | null;

/** A question with everything that answers it. */
export interface Asking {
  facts: TreatyFacts;
  question: Question;
  on: PlainDate;
  to: ProfileFacts | null;
  from: ProfileFacts | null;
  /** `none`: a node has stated that there is none; null: nothing is recorded. */
  agreement: Agreement | 'none' | null;
}

export interface Notice {
  article: string;
  say: Say;
}

/** How one instrument answers one measure. */
export interface Plan {
  article: string;
  /** Articles on which a reservation bites. */
  touches: readonly string[];
  conditions(asking: Asking, id: InstrumentId): Condition[];
  notices?: readonly Notice[];
}

export interface BasisFinding {
  instrument: InstrumentId | `agreement:${string}`;
  article: string;
  answer: Answer;
  conditions: Condition[];
  acts: Record<string, ShownAct[]>;
  status: Record<string, Status>;
  reservations: ShownReading[];
  noEffect: ShownReading[];
  offences: { code: string; answer: Answer }[];
  boundOnOffenceDate: Answer | null;
  notices: readonly Notice[];
  missing: Missing[];
  changesOn: { date: PlainDate; answer: Answer; because: Say }[];
  presumedContinuing: boolean;
}

/** `no` if any is `no`; else `unknown`; else `needs-consent`; else `yes`. */
export function combine(conditions: readonly Pick<Condition, 'answer' | 'bar'>[]): Answer {
  let result: Answer = 'yes';
  for (const { answer, bar } of conditions) {
    if (bar === false) continue;
    if (answer === 'no') return 'no';
    if (answer === 'unknown') result = 'unknown';
    else if (answer === 'needs-consent' && result === 'yes') result = 'needs-consent';
  }
  return result;
}

/**
 * Several offences in one question: all covered is `yes`, none is `no`; where only some are, the requested State
 * may still apply the article to the others.
 * @source UNTOC art. 16(2)
 */
export function combineOffences(answers: readonly Answer[]): Answer {
  if (answers.length === 0) return 'unknown';
  if (answers.every((one) => one === answers[0])) return answers[0]!;
  if (answers.some((one) => one === 'yes' || one === 'needs-consent')) return 'needs-consent';
  return 'unknown';
}

export function highestPenalty(offence: Offence): number | null {
  return offence.maxPenaltyYearsFrom;
}
