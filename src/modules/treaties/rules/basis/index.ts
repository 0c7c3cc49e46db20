import type { PlainDate, StateCode } from '../../../../platform/values/index.ts';
import type {
  Agreement,
  AgreementKind,
  Answer,
  Conflict,
  InstrumentId,
  Measure,
  Question,
  ShownAct,
} from '../../schema/index.ts';
import { actId } from '../build.ts';
import { pairKey, type TreatyFacts } from '../facts.ts';
import { isOwnOffence } from '../scope.ts';
import { changeDays, statusOn } from '../status.ts';
import {
  missingCodes,
  say,
  type Asking,
  type BasisFinding,
  type Missing,
  type ProfileLookup,
  type Say,
} from './condition.ts';
import { candidates, changesAround, evaluate, planFor } from './evaluate.ts';

export * from './condition.ts';
export { candidates, evaluate, planFor } from './evaluate.ts';

/** What the resolver found; `explain.ts` turns it into the answer in the reader's language. */
export interface BasisResult {
  question: Question;
  answer: Answer;
  bases: BasisFinding[];
  alternatives: Say[];
  missing: Missing[];
  conflicts: Conflict[];
  instruments: InstrumentId[];
}

const agreementKindOf: Readonly<Record<Measure, AgreementKind>> = {
  mla: 'mla',
  extradition: 'extradition',
  'provisional-arrest': 'extradition',
  freezing: 'confiscation',
  confiscation: 'confiscation',
  'asset-return': 'confiscation',
  'joint-investigation': 'police',
  'controlled-delivery': 'police',
  'special-techniques': 'police',
  'transfer-of-proceedings': 'transfer',
  'transfer-of-sentenced-person': 'transfer',
  'police-cooperation': 'police',
  'vessel-boarding': 'police',
  'firearm-tracing': 'police',
  'spontaneous-information': 'police',
};

function findAgreement(facts: TreatyFacts, question: Question): Agreement | 'none' | null {
  const kind = agreementKindOf[question.measure];
  const known = (facts.agreements.get(pairKey(question.from, question.to)) ?? []).filter((one) => one.kind === kind);
  const inForce = known.find(
    (one) =>
      one.exists === 'yes' &&
      one.inForceFrom !== null &&
      one.inForceFrom <= question.on &&
      (one.until === null || question.on < one.until),
  );
  if (inForce) return inForce;
  return known.some((one) => one.exists === 'none') ? 'none' : null;
}

/** The treaty between the two as a basis of its own, which governs. */
function agreementBasis(agreement: Agreement, question: Question): BasisFinding {
  const act: ShownAct = {
    id: actId('agreement', agreement.id),
    kind: 'ratification-or-equivalent',
    deposited: { unknown: 'not-stated' },
    effect: agreement.inForceFrom!,
    effectBasis: 'stated',
    source: agreement.enteredBy,
    asOf: agreement.inForceFrom!,
  };
  return {
    instrument: `agreement:${agreement.id}`,
    article: '',
    answer: agreement.confirmedByBoth ? 'yes' : 'needs-consent',
    conditions: [
      {
        code: 'R11',
        answer: agreement.confirmedByBoth ? 'yes' : 'needs-consent',
        say: say(agreement.confirmedByBoth ? 'agreement-both' : 'agreement-one', {
          effect: agreement.inForceFrom!,
          from: question.from,
          to: question.to,
        }),
      },
    ],
    acts: { [question.from]: [act], [question.to]: [act] },
    status: { [question.from]: 'party', [question.to]: 'party' },
    reservations: [],
    noEffect: [],
    offences: [],
    boundOnOffenceDate: null,
    notices: [],
    missing: [],
    changesOn: [],
    presumedContinuing: false,
  };
}

const answerRank: Readonly<Record<Answer, number>> = { yes: 0, 'needs-consent': 1, unknown: 2, no: 3 };

function isSpecific(basis: BasisFinding, question: Question): boolean {
  return (
    basis.instrument !== 'XVIII-12' &&
    question.offences.some((offence) => isOwnOffence(basis.instrument as InstrumentId, offence.code))
  );
}

function asOf(facts: TreatyFacts, basis: BasisFinding): string {
  return facts.instruments.get(basis.instrument as InstrumentId)?.asOf ?? '9999';
}

/** Orders the bases: answer, governing agreement, specific before general, fewer open facts, fewer reservations, later data. */
function order(facts: TreatyFacts, question: Question): (one: BasisFinding, other: BasisFinding) => number {
  const governs = (basis: BasisFinding) => (basis.instrument.startsWith('agreement:') ? 0 : 1);
  const open = (basis: BasisFinding) =>
    basis.conditions.filter((condition) => condition.answer === 'unknown' && condition.bar !== false).length;
  const proofs = (basis: BasisFinding) => (basis.instrument.startsWith('XVIII-12') ? 1 : 0);
  const bites = (basis: BasisFinding) => basis.reservations.filter((reading) => reading.affects).length;
  return (one, other) =>
    answerRank[one.answer] - answerRank[other.answer] ||
    governs(one) - governs(other) ||
    Number(isSpecific(other, question)) - Number(isSpecific(one, question)) ||
    open(one) - open(other) ||
    proofs(one) - proofs(other) ||
    bites(one) - bites(other) ||
    (asOf(facts, one) < asOf(facts, other) ? 1 : asOf(facts, one) > asOf(facts, other) ? -1 : 0) ||
    (one.instrument < other.instrument ? -1 : 1);
}

function findAlternatives(facts: TreatyFacts, question: Question, bases: readonly BasisFinding[]): Say[] {
  const found: Say[] = [];
  const uncac = 'XVIII-14' as InstrumentId;
  const corruption = question.offences.some((offence) => isOwnOffence(uncac, offence.code));
  if (!corruption && facts.instruments.has(uncac)) {
    const both = [question.from, question.to].map((state) => ({
      state,
      found: statusOn(facts, uncac, state, question.on),
    }));
    const open = both.find(({ found: one }) => one.status === 'unknown');
    if (both.every(({ found: one }) => one.status === 'party'))
      found.push(say('alternative-corruption', { instrument: uncac }));
    else if (open && both.every(({ found: one }) => one.status === 'party' || one.status === 'unknown')) {
      const day = facts.tracks.get(uncac)?.get(open.state)?.completeUntil ?? facts.completeForAll.get(uncac);
      if (day !== undefined)
        found.push(say('alternative-corruption-unknown', { instrument: uncac, state: open.state, day }));
    }
  }
  for (const basis of bases) {
    if (basis.answer !== 'no') continue;
    const better = basis.changesOn.find((change) => change.date > question.on && change.answer !== 'no');
    if (better) found.push(say('alternative-wait', { instrument: basis.instrument, date: better.date }));
    if (basis.conditions.some((condition) => condition.code === 'R02' || condition.code === 'R80')) {
      found.push(say('alternative-convention', { instrument: 'XVIII-12', other: basis.instrument }));
    }
  }
  return found;
}

export interface ResolveOptions {
  profileFacts?: ProfileLookup;
  /** Bases and answer only, without days of change, alternatives and missing facts: for tables of many pairs. */
  brief?: boolean;
}

function askingOf(facts: TreatyFacts, question: Question, options: ResolveOptions): Asking {
  return {
    facts,
    question,
    on: question.on,
    to: options.profileFacts?.(question.to, question.on) ?? null,
    from: options.profileFacts?.(question.from, question.on) ?? null,
    agreement: findAgreement(facts, question),
  };
}

/**
 * On which instruments `from` may ask `to` on a day, ranked, with every condition. Advises; an official decides.
 * The question is taken as parsed: codes known, `from` and `to` differ.
 */
export function decideBasis(facts: TreatyFacts, question: Question, options: ResolveOptions = {}): BasisResult {
  const asking = askingOf(facts, question, options);
  let ids = candidates(
    facts,
    question.measure,
    question.offences.map((offence) => offence.code),
  );
  const organization = [question.from, question.to].find(
    (state) => facts.states.byCode.get(state)?.kind === 'organization',
  );
  if (organization !== undefined) ids = ids.filter((id) => facts.tracks.get(id)?.get(organization));
  const older = ['VI-15', 'VI-16', 'VI-17', 'VI-18'];
  const common1988 = (['from', 'to'] as const).every(
    (side) => statusOn(facts, 'VI-19' as InstrumentId, question[side], question.on).status === 'party',
  );
  if (common1988) ids = ids.filter((id) => !older.includes(id));
  const bases: BasisFinding[] = [];
  for (const id of ids) {
    const plan = planFor(id, question.measure)!;
    const basis = evaluate(asking, id, plan);
    if (options.brief !== true) {
      basis.changesOn = changesAround(asking, id, plan, [
        ...changeDays(facts, id, question.from),
        ...changeDays(facts, id, question.to),
      ]);
    }
    bases.push(basis);
  }
  if (asking.agreement !== null && asking.agreement !== 'none') bases.push(agreementBasis(asking.agreement, question));
  bases.sort(order(facts, question));
  if (options.brief === true) {
    return {
      question,
      answer: bases[0]?.answer ?? 'no',
      bases,
      alternatives: [],
      missing: [],
      conflicts: [],
      instruments: ids,
    };
  }
  const missing = [...new Set(bases.filter((basis) => basis.answer !== 'no').flatMap((basis) => basis.missing))];
  if (question.offences.length === 0 && !missing.includes('offence')) missing.unshift('offence');
  if (asking.agreement === null && !missing.includes('other-treaty')) missing.push('other-treaty');
  if (question.offenceDate === null) missing.push('offence-date');
  return {
    question,
    answer: bases[0]?.answer ?? 'no',
    bases,
    alternatives: findAlternatives(facts, question, bases),
    missing,
    conflicts: ids.flatMap((id) =>
      [question.from, question.to].flatMap((state) => facts.tracks.get(id)?.get(state)?.conflicts ?? []),
    ),
    instruments: ids,
  };
}

/** The best answer of every ordered pair of participants for one measure on a day. */
export function decideMatrix(
  facts: TreatyFacts,
  measure: Measure,
  on: PlainDate,
  options: ResolveOptions & { states?: readonly StateCode[] } = {},
): { from: StateCode; to: StateCode; answer: Answer; instrument: InstrumentId | null }[] {
  const states =
    options.states ??
    [...facts.states.byCode.values()].filter((entry) => entry.kind === 'State').map((entry) => entry.code);
  const rows: { from: StateCode; to: StateCode; answer: Answer; instrument: InstrumentId | null }[] = [];
  for (const from of states) {
    for (const to of states) {
      if (from === to) continue;
      const question: Question = { ...emptyQuestion, from, to, measure, on };
      const { answer, bases } = decideBasis(facts, question, { ...options, brief: true });
      const best = bases[0];
      const instrument =
        best && best.answer !== 'no' && !best.instrument.startsWith('agreement:')
          ? (best.instrument as InstrumentId)
          : null;
      rows.push({ from, to, answer, instrument });
    }
  }
  return rows;
}

/** A question's facts when nothing but the States, the measure and the day is known. */
export const emptyQuestion: Omit<Question, 'from' | 'to' | 'measure' | 'on'> = {
  offenceDate: null,
  offences: [],
  group: null,
  transnational: [],
  personIn: null,
  legalPerson: null,
  territoryFrom: null,
  territoryTo: null,
  coercive: null,
};

export function codeOfMissing(missing: Missing): (typeof missingCodes)[Missing] {
  return missingCodes[missing];
}
