import {
  isUnknown,
  PlainDate,
  Sha256,
  type PartialDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { AskedQuestion, BasisAnswer, BasisFinding, Treaties } from '../../treaties/index.ts';
import type { DraftRequest } from '../schema/index.ts';

export type LawAnswer = BasisAnswer['answer'];

/** What this module asks of `treaties`. */
export type Law = Pick<Treaties, 'facts' | 'decide' | 'basis' | 'readQuestion'>;

/** A statement of one of the two States on an article relied on: to be read before the basis is used. */
export interface BasisReservation {
  /** Stands in `basis.snapshot.acknowledged` once read. */
  id: string;
  state: StateCode;
  article: string;
  /** What the State stated, as its reader put it: a code of `treaties`. */
  position: string;
  source: string;
  confirmed: boolean;
  acknowledged: boolean;
}

/** One instrument on which the request may rest, for everything it asks. */
export interface BasisOption {
  /** Depositary number, or `agreement:` and the id of a treaty between the two. */
  instrument: string;
  /** Articles that carry what is asked; fills `basis.primary.article`. */
  article: string;
  /** On the day of the request. */
  answer: LawAnswer;
  /** Whether both were bound on the day of the offence; null when no day is stated yet. */
  onOffence: LawAnswer | null;
  conditions: { code: string; answer: LawAnswer; article: string | null; text: string; informs: boolean }[];
  reservations: BasisReservation[];
  chosen: 'primary' | 'alternative' | null;
}

/** The law's answer to a request as it stands, best basis first. */
export interface BasisOptions {
  onRequest: PlainDate;
  onOffence: PlainDate | null;
  /** Best answer of all options; `unknown` when nothing can be asked yet. */
  answer: LawAnswer;
  options: BasisOption[];
  /** Facts that would settle what is open: message code and question in words. */
  missing: { code: string; ask: string }[];
  /** Assistance treaties between the two; null when nobody recorded any or that there is none. */
  otherTreaties: { title: string; reference: string }[] | null;
  /** What stands against asking at all: no State chosen, or one the treaty data do not know. */
  problem: 'requests.no-requested-state' | 'requests.state-not-in-data' | null;
  datasetSha256: Sha256 | null;
}

/** The basis an official chose. The article is that of the option when absent. */
export interface BasisChoice {
  instrument: string;
  article?: string;
  as?: 'primary' | 'alternative';
  /** Ids of reservations that were read; those acknowledged before stay. */
  acknowledged?: string[];
  /** Revision the writer saw; the newest when absent. */
  seen?: number;
}

export type BasisOutcome<View> = Result<View, { problems: Problem[] }>;

const measureOfType: Readonly<Record<string, string>> = {
  T8: 'confiscation',
  T9: 'freezing',
  T10: 'confiscation',
  T11: 'confiscation',
  T12: 'confiscation',
  T13: 'asset-return',
  T18: 'special-techniques',
  T21: 'controlled-delivery',
  T22: 'joint-investigation',
  T23: 'special-techniques',
  T24: 'extradition',
  T25: 'extradition',
  T26: 'provisional-arrest',
  T27: 'extradition',
  T28: 'extradition',
  T29: 'extradition',
  T30: 'extradition',
  T31: 'transfer-of-proceedings',
  T32: 'transfer-of-sentenced-person',
  T33: 'vessel-boarding',
  T34: 'firearm-tracing',
  T35: 'spontaneous-information',
};

const offenceOf: Readonly<Record<string, string>> = {
  'organized-group': 'participation-in-group',
  laundering: 'laundering',
  corruption: 'corruption-public-official',
  obstruction: 'obstruction',
  'trafficking-persons': 'trafficking-persons',
  'smuggling-migrants': 'smuggling-migrants',
  firearms: 'firearms',
};

const transnationalOf: Readonly<Record<string, string>> = {
  'group-active-elsewhere': 'group-active-in-several',
  'evidence-there': 'victims-witnesses-proceeds-evidence-there',
};

const groupOf: Readonly<Record<string, string>> = { proved: 'established', suspected: 'suspected', no: 'no' };

function firstDay(value: PartialDate | undefined): PlainDate | undefined {
  const whole = value && `${value}-01-01`.slice(0, 10);
  const read = PlainDate.safeParse(value?.length === 7 ? `${value}-01` : whole);
  return read.success ? read.data : undefined;
}

/** First day on which the offence may have been committed, as counts and facts tell it; unknown ones are left out. */
export function offenceDay(draft: DraftRequest, today: PlainDate): PlainDate | null {
  const counts = (draft.offences ?? []).flatMap((offence) => (offence.counts ?? []).map((one) => one.when));
  const told = counts.some((one) => one !== undefined) ? counts : (draft.facts ?? []).map((one) => one.when);
  const days = told.flatMap((when) => {
    if (!when || isUnknown(when)) return [];
    const { date, after, before }: { date?: PartialDate; after?: PlainDate; before?: PlainDate } = when;
    const given = date ?? after ?? before;
    return firstDay(given) ?? [];
  });
  // A day yet to come is a mistake that the check tells; the law of that day is not known.
  return days.filter((day) => day <= today).sort()[0] ?? null;
}

/** The questions a draft puts to the treaty data: one for each form of help, or none while it cannot be asked. */
export function questionsOf(law: Law, draft: DraftRequest, today: PlainDate): AskedQuestion[] {
  const [from, to] = [draft.requesting?.state, draft.requested?.state];
  const { byCode } = law.facts().states;
  if (!from || !to || from === to || !byCode.has(from) || !byCode.has(to)) return [];
  const scope = draft.scope ?? {};
  const months = (draft.offences ?? []).flatMap((one) => one.penalty?.maxMonths ?? []);
  const offences = (scope.convention ?? []).flatMap((one) => offenceOf[one] ?? []);
  const measures = new Set((draft.types ?? []).map((type) => measureOfType[type] ?? 'mla'));
  return [...(measures.size > 0 ? measures : ['mla'])].map((measure) => ({
    from,
    to,
    measure,
    on: today,
    offenceDate: offenceDay(draft, today) ?? undefined,
    offences: offences.length > 0 ? offences : scope.seriousCrime === true ? ['other-serious'] : [],
    penalty: months.length > 0 ? String(Math.floor(Math.max(...months) / 12)) : undefined,
    group: scope.group === undefined ? undefined : groupOf[scope.group],
    transnational: (scope.transnational ?? []).map((one) => transnationalOf[one] ?? one),
    coercive: (draft.measures ?? []).some((one) => one.coercive === true) || undefined,
    legalPerson: (draft.persons ?? []).some((one) => one.kind === 'legal') || undefined,
    territoryTo: draft.requested?.territory ?? undefined,
  }));
}

const rank: Readonly<Record<LawAnswer, number>> = { yes: 0, 'needs-consent': 1, unknown: 2, no: 3 };

function worst(answers: readonly LawAnswer[]): LawAnswer {
  return [...answers].sort((a, b) => rank[b] - rank[a])[0] ?? 'unknown';
}

/** Statements that take the Convention away as basis for extradition. */
const groundArticles: Readonly<Record<string, string>> = {
  'XVIII-12': '16(5)(a)',
  'XVIII-14': '44(6)(a)',
  'VI-19': '6(3)',
};

type Shown = BasisFinding['reservations'][number];

export function reservationId(one: Pick<Shown, 'state' | 'provision'>): string {
  return `reservation:${one.state}:${one.provision}`;
}

/** Statements that touch what is relied on, each provision once. */
export function statementsOn(instrument: string, shown: readonly Shown[]): Shown[] {
  const touching = shown.filter((one) => one.affects || one.provision === groundArticles[instrument]);
  return [...new Map(touching.map((one) => [reservationId(one), one])).values()];
}

/** Treaties between two States as the node's agreements have them; null when nothing is recorded. */
export function treatiesBetween(
  law: Law,
  from: StateCode,
  to: StateCode,
  on: PlainDate,
): { title: string; reference: string }[] | null {
  const pair = from < to ? `${from} ${to}` : `${to} ${from}`;
  const known = (law.facts().agreements.get(pair) ?? []).filter((one) => one.kind === 'mla');
  if (known.length === 0) return null;
  return known
    .filter((one) => one.exists === 'yes' && (one.inForceFrom ?? on) <= on && (one.until === null || on < one.until))
    .map((one) => ({ title: one.text ?? one.id, reference: one.id }));
}

/**
 * Facts for the rules on the basis: what the two States stated on the articles relied on, and other treaties.
 * @source UNTOC art. 18(7), 16(5)(a)
 */
export function lawFacts(law: Law, ctx: Context, draft: DraftRequest, today: PlainDate) {
  const [from, to] = [draft.requesting?.state, draft.requested?.state];
  const instrument = draft.basis?.primary?.instrument;
  const shown = instrument
    ? questionsOf(law, draft, today).flatMap((asked) => {
        const question = law.readQuestion(ctx, asked);
        const basis = law.decide(question).bases.find((one) => one.instrument === instrument);
        return (basis?.reservations ?? []).map((reading) => ({ reading, measure: question.measure }));
      })
    : [];
  const touching = new Set(
    statementsOn(
      instrument ?? '',
      shown.map(({ reading }) => reading),
    ).map(reservationId),
  );
  const byId = new Map(
    shown
      .filter(({ reading }) => touching.has(reservationId(reading)))
      .map(({ reading, measure }) => [
        reservationId(reading),
        {
          id: reservationId(reading),
          state: reading.state,
          instrument: reading.instrument,
          article: reading.provision,
          ground:
            (measure === 'extradition' || measure === 'provisional-arrest') &&
            reading.provision === groundArticles[instrument ?? ''] &&
            reading.effectOnProvision === 'excludes',
        },
      ]),
  );
  const sha256 = Sha256.safeParse(law.facts().sha256);
  return {
    reservations: [...byId.values()],
    otherTreaties: from && to ? treatiesBetween(law, from, to, today) : null,
    datasetSha256: sha256.success ? sha256.data : null,
  };
}

function merged(instrument: string, answers: readonly BasisAnswer[], draft: DraftRequest): BasisOption {
  const parts = answers.map((answer) => answer.bases.find((one) => one.instrument === instrument));
  const found = parts.flatMap((one) => one ?? []);
  const offence = found.flatMap((one) => one.boundOnOffenceDate ?? []);
  const acknowledged = new Set(draft.basis?.snapshot?.acknowledged ?? []);
  const { primary, alternatives } = draft.basis ?? {};
  const conditions = found
    .flatMap((one) => one.conditions)
    .map(({ code, answer, article, text, bar }) => ({
      code,
      answer,
      article: article ?? null,
      text,
      informs: bar === false,
    }));
  return {
    instrument,
    article: [...new Set(found.flatMap((one) => one.article.split(/,\s*/)).filter((one) => one !== ''))].join(', '),
    // Offers nothing for one form of help asked: the request cannot rest on it whole.
    answer: parts.includes(undefined) ? 'no' : worst(found.map((one) => one.answer)),
    onOffence: offence.length > 0 ? worst(offence) : null,
    conditions: [...new Map(conditions.map((one) => [`${one.code} ${one.text}`, one])).values()],
    reservations: statementsOn(
      instrument,
      found.flatMap((one) => one.reservations),
    ).map((one) => ({
      id: reservationId(one),
      state: one.state,
      article: one.provision,
      position: one.position,
      source: one.source,
      confirmed: one.confirmed,
      acknowledged: acknowledged.has(reservationId(one)),
    })),
    chosen:
      primary?.instrument === instrument
        ? 'primary'
        : alternatives?.some((one) => one.instrument === instrument)
          ? 'alternative'
          : null,
  };
}

/** Every instrument on which a draft may rest today, with words in the reader's language. */
export function optionsFor(law: Law, ctx: Context, draft: DraftRequest): BasisOptions {
  const today = ctx.today();
  const [from, to] = [draft.requesting?.state, draft.requested?.state];
  const answers = questionsOf(law, draft, today).map((asked) => law.basis(ctx, asked));
  const instruments = [...new Set(answers.flatMap((one) => one.bases.map((basis) => basis.instrument as string)))];
  const options = instruments.map((one) => merged(one, answers, draft)).sort((a, b) => rank[a.answer] - rank[b.answer]);
  const sha256 = Sha256.safeParse(law.facts().sha256);
  return {
    onRequest: today,
    onOffence: offenceDay(draft, today),
    answer: options[0]?.answer ?? 'unknown',
    options,
    missing: [...new Map(answers.flatMap((one) => one.missing).map((one) => [one.code, one])).values()],
    otherTreaties: from && to ? treatiesBetween(law, from, to, today) : null,
    problem: !to ? 'requests.no-requested-state' : answers.length === 0 ? 'requests.state-not-in-data' : null,
    datasetSha256: sha256.success ? sha256.data : null,
  };
}

type Snapshot = NonNullable<NonNullable<DraftRequest['basis']>['snapshot']>;

/** What the law says of the primary basis today and on the day of the offence, as it stays in the request. */
export function snapshotOf(law: Law, ctx: Context, draft: DraftRequest, acknowledged: readonly string[]): Snapshot {
  const found = optionsFor(law, ctx, draft);
  const option = found.options.find((one) => one.instrument === draft.basis?.primary?.instrument);
  return {
    onRequest: found.onRequest,
    onOffence: found.onOffence,
    answer: option?.answer ?? 'unknown',
    ...(option?.onOffence ? { boundOnOffence: option.onOffence } : {}),
    datasetSha256: found.datasetSha256,
    acknowledged: [...new Set(acknowledged)].sort(),
  };
}

/** The basis of a draft after a choice. What the law says of it never stands in the way. */
export function basisAfter(law: Law, ctx: Context, draft: DraftRequest, choice: BasisChoice): DraftRequest['basis'] {
  const before = draft.basis ?? {};
  const option = optionsFor(law, ctx, draft).options.find((one) => one.instrument === choice.instrument);
  const same = [before.primary, ...(before.alternatives ?? [])].find((one) => one?.instrument === choice.instrument);
  const article = choice.article ?? (option?.article || same?.article);
  const basis = { instrument: choice.instrument, ...(article ? { article } : {}) };
  const others = (before.alternatives ?? []).filter((one) => one.instrument !== choice.instrument);
  const isPrimary = choice.as !== 'alternative';
  const next: NonNullable<DraftRequest['basis']> = isPrimary
    ? { ...before, primary: basis, alternatives: others }
    : { ...before, alternatives: [...others, basis] };
  const isNew = isPrimary && before.primary?.instrument !== choice.instrument;
  const kept = isNew ? [] : (before.snapshot?.acknowledged ?? []);
  return {
    ...next,
    snapshot: snapshotOf(law, ctx, { ...draft, basis: next }, [...kept, ...(choice.acknowledged ?? [])]),
  };
}
