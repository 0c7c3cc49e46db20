import { formatsFor, stateName } from '../../platform/i18n/formats.ts';
import type { OfferedLocale, Translate } from '../../platform/i18n/index.ts';
import { PlainDate, type StateCode, type PlainDate as Day } from '../../platform/values/index.ts';
import {
  codeOfMissing,
  nameOn,
  recount,
  stampOf,
  toAlpha2,
  type BasisFinding,
  type BasisResult,
  type Say,
  type TreatyFacts,
} from './rules/index.ts';
import type { BasisAnswer, InstrumentId, ShownBasis, VerifyAnswer } from './schema/index.ts';

/** Who speaks: the reader's language and its words. */
export interface Speech {
  t: Translate;
  locale: OfferedLocale;
}

const stateParams = new Set(['state', 'from', 'to']);
const instrumentParams = new Set(['instrument', 'other']);

/** Name of a participant on a day in the reader's language; a former name as the data hold it. */
export function spokenState(facts: TreatyFacts, speech: Speech, state: StateCode, on: Day): string {
  const recorded = nameOn(facts.states, state, on);
  if (facts.states.byCode.get(state)?.name !== recorded) return recorded;
  return stateName(formatsFor(speech.locale), state, toAlpha2(facts.states, state), recorded);
}

function spokenInstrument(facts: TreatyFacts, text: string): string {
  return text.startsWith('agreement:') ? text.slice('agreement:'.length) : facts.names.print(text as InstrumentId);
}

/** Puts a finding into words: State codes, instruments, days and offences become names. */
export function speak(facts: TreatyFacts, speech: Speech, what: Say, on: Day): string {
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(what.params)) {
    if (typeof value === 'number') params[name] = value;
    else if (stateParams.has(name)) params[name] = spokenState(facts, speech, value as StateCode, on);
    else if (instrumentParams.has(name)) params[name] = spokenInstrument(facts, value);
    else if (name === 'offence') params[name] = speech.t.code(`treaties.offence.${value}`);
    else params[name] = PlainDate.safeParse(value).success ? formatsFor(speech.locale).day(value) : value;
  }
  return speech.t.code(what.key, params);
}

function showBasis(facts: TreatyFacts, speech: Speech, basis: BasisFinding, rank: number, on: Day): ShownBasis {
  return {
    rank,
    instrument: basis.instrument,
    article: basis.article,
    answer: basis.answer,
    conditions: basis.conditions.map((condition) => ({
      code: condition.code,
      answer: condition.answer,
      ...(condition.article === undefined || condition.article === '' ? {} : { article: condition.article }),
      text: speak(facts, speech, condition.say, on),
      ...(condition.missing === undefined ? {} : { ask: speech.t.code(codeOfMissing(condition.missing)) }),
      ...(condition.bar === false ? { bar: false as const } : {}),
    })),
    acts: basis.acts,
    status: basis.status,
    reservations: basis.reservations,
    noEffect: basis.noEffect,
    offences: basis.offences,
    boundOnOffenceDate: basis.boundOnOffenceDate,
    notices: basis.notices.map((notice) => ({ article: notice.article, text: speak(facts, speech, notice.say, on) })),
    missing: basis.missing,
    changesOn: basis.changesOn.map((change) => ({
      date: change.date,
      answer: change.answer,
      because: speak(facts, speech, change.because, on),
    })),
    presumedContinuing: basis.presumedContinuing,
  };
}

function explain(
  speech: Speech,
  facts: TreatyFacts,
  result: BasisResult,
  shown: ShownBasis[],
  missing: string[],
  alternatives: string[],
  residual: string[],
): string {
  const { question } = result;
  const { t } = speech;
  const day = formatsFor(speech.locale).day(question.on);
  const lines = [
    t('treaties.explain.asked', {
      measure: t.code(`treaties.measure.${question.measure}`),
      from: spokenState(facts, speech, question.from, question.on),
      to: spokenState(facts, speech, question.to, question.on),
      on: day,
    }),
  ];
  if (shown.every((basis) => basis.answer === 'no')) lines.push(t('treaties.explain.none', { on: day }));
  for (const basis of shown) {
    lines.push(
      t('treaties.explain.basis', {
        instrument: spokenInstrument(facts, basis.instrument),
        article: basis.article === '' ? 'none' : basis.article,
        answer: t.code(`treaties.answer.${basis.answer}`),
      }),
      ...new Set(basis.conditions.map((condition) => condition.text)),
    );
  }
  if (missing.length > 0) lines.push(t('treaties.explain.missing'), ...missing);
  lines.push(t('treaties.explain.alternatives'), ...alternatives, ...residual);
  return lines.join(' ');
}

/** The answer of section 9: the finding in the reader's language, with the data it was made from. */
export function showBasisAnswer(facts: TreatyFacts, speech: Speech, result: BasisResult): BasisAnswer {
  const { question } = result;
  const { t } = speech;
  const bases = result.bases.map((basis, index) => showBasis(facts, speech, basis, index + 1, question.on));
  const missing = result.missing.map((one) => ({ code: codeOfMissing(one), ask: t.code(codeOfMissing(one)) }));
  const alternatives = result.alternatives.map((one) => speak(facts, speech, one, question.on));
  const to = spokenState(facts, speech, question.to, question.on);
  const residual = [
    {
      basis: 'domestic-law' as const,
      answer: 'needs-consent' as const,
      rule: 'R90',
      text: t('treaties.say.r90', { to }),
    },
    {
      basis: 'reciprocity' as const,
      answer: 'needs-consent' as const,
      rule: 'R91',
      text: t('treaties.say.r91', { to }),
    },
  ];
  const days = result.instruments.map((id) => facts.instruments.get(id)!.asOf).sort();
  const organization = [question.from, question.to].find(
    (state) => facts.states.byCode.get(state)?.kind === 'organization',
  );
  const notices = [
    ...(days[0] === undefined ? [] : [t('treaties.notice-as-of', { day: days[0] })]),
    ...(organization === undefined
      ? []
      : [t('treaties.notice-organization', { state: spokenState(facts, speech, organization, question.on) })]),
  ];
  return {
    kind: 'treaties.basis',
    version: 1,
    question,
    answer: result.answer,
    bases,
    residual,
    alternatives,
    missing,
    explanation: explain(
      speech,
      facts,
      result,
      bases,
      missing.map((one) => one.ask),
      alternatives,
      residual.map((one) => one.text),
    ),
    conflicts: result.conflicts,
    notice: notices.join(' '),
    dataset: stampOf(facts, result.instruments),
  };
}

/** Published totals recounted, each difference explained. */
export function showVerification(facts: TreatyFacts, speech: Speech): VerifyAnswer {
  const rows = recount(facts).map(({ row, ...counted }) => ({
    day: row.day,
    instrument: row.instrument,
    what: row.what,
    published: row.published,
    source: row.source,
    ...counted,
    explanation: counted.equalsExpectation
      ? speech.t.code(`treaties.verify.${row.explanation}`)
      : speech.t('treaties.verify.moved'),
  }));
  return {
    kind: 'treaties.verify',
    version: 1,
    rows,
    asExpected: rows.every((row) => row.equalsExpectation),
    dataset: stampOf(facts),
  };
}
