import { addDays, type PlainDate, type StateCode } from '../../../../platform/values/index.ts';
import type { Answer, InstrumentId, Measure, OffenceCode, ShownReading, Status } from '../../schema/index.ts';
import type { Reading, TreatyFacts } from '../facts.ts';
import { shownReading } from '../looks.ts';
import { findArticlePath, overlaps, type ArticlePath } from '../provision.ts';
import { isOwnOffence, mayBeOwnOffence, offenceScope, protocolScope, untocScope, type Scope } from '../scope.ts';
import { statusOn, type StatusOn } from '../status.ts';
import { combine, say, type Asking, type BasisFinding, type Condition, type Missing, type Plan } from './condition.ts';
import { otherPlan, scopeOf } from './others.ts';
import { protocolPlan, untocPlans } from './untoc.ts';

const protocols = ['XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c'];

export function isProtocol(id: InstrumentId): boolean {
  return protocols.includes(id);
}

export function planFor(id: InstrumentId, measure: Measure): Plan | undefined {
  if (id === 'XVIII-12') return untocPlans[measure];
  if (isProtocol(id)) return protocolPlan(id, measure);
  return otherPlan(id, measure);
}

/** Instruments looked at when no offence is named: those that carry cooperation in general. */
const general = ['XVIII-12', 'XVIII-14', 'VI-19', 'XVIII-11'];

/** Instruments that may carry the measure for these offences, in the order of the data. */
export function candidates(facts: TreatyFacts, measure: Measure, offences: readonly OffenceCode[]): InstrumentId[] {
  const byMeasure =
    measure === 'vessel-boarding' ? ['XVIII-12-b', 'VI-19'] : measure === 'firearm-tracing' ? ['XVIII-12-c'] : null;
  const found: InstrumentId[] = [];
  for (const id of facts.instruments.keys()) {
    const wanted =
      byMeasure !== null
        ? byMeasure.includes(id)
        : id === 'XVIII-12' ||
          (offences.length === 0
            ? general.includes(id)
            : offences.some((code) => isOwnOffence(id, code) || mayBeOwnOffence(id, code)));
    if (wanted && planFor(id, measure)) found.push(id);
  }
  return found;
}

export function answerOfStatus(status: Status): Answer {
  return status === 'party' ? 'yes' : status === 'unknown' ? 'unknown' : 'no';
}

function statusCondition(
  facts: TreatyFacts,
  id: InstrumentId,
  state: StateCode,
  found: StatusOn,
  on: PlainDate,
): Condition {
  const answer = answerOfStatus(found.status);
  const spell = found.acts[0];
  const params = { state, on, instrument: id };
  const missing = answer === 'unknown' ? { missing: 'status' as const } : {};
  if (found.parentMissing) {
    const other = facts.instruments.get(id)!.parent!;
    return {
      code: 'R02',
      answer,
      article: '37(2)',
      say: say(answer === 'unknown' ? 'r02-unknown' : 'r02-no', { ...params, other }),
      ...missing,
    };
  }
  if (
    found.status === 'deposited-not-in-force' &&
    typeof spell?.deposited === 'string' &&
    typeof spell.effect === 'string'
  ) {
    return {
      code: 'R01',
      answer,
      say: say('r01-deposited', { ...params, deposited: spell.deposited, effect: spell.effect }),
    };
  }
  const completeUntil = facts.tracks.get(id)?.get(state)?.completeUntil ?? facts.completeForAll.get(id) ?? '';
  if (found.status === 'unknown' && completeUntil !== '' && on > completeUntil) {
    return { code: 'R01', answer, say: say('r01-unknown-after', { ...params, day: completeUntil }), ...missing };
  }
  return { code: 'R01', answer, say: say(`r01-${found.status}`, params), ...missing };
}

/** An objection of one of the two that says it has no treaty relations with the other under this instrument. */
function objection(facts: TreatyFacts, id: InstrumentId, one: StateCode, other: StateCode): boolean {
  const stated = facts.readings
    .get(id)
    ?.get(one)
    ?.some((reading) => reading.effect === 'excludes' && reading.provision === `relations:${other}`);
  if (stated === true) return true;
  return (facts.tracks.get(id)?.get(one)?.acts ?? []).some(
    (act) =>
      act.kind === 'objection' &&
      act.preventsRelations === true &&
      act.refersTo !== null &&
      facts.acts.get(act.refersTo)?.participant === other,
  );
}

function territoryConditions(asking: Asking, id: InstrumentId): Condition[] {
  const { from, to, territoryFrom, territoryTo } = asking.question;
  const conditions: Condition[] = [];
  for (const [state, territory] of [
    [from, territoryFrom],
    [to, territoryTo],
  ] as const) {
    if (territory === null) continue;
    const known = asking.facts.tracks
      .get(id)
      ?.get(state)
      ?.territories.findLast(
        (one) => one.territory === territory && one.from.last !== null && one.from.last <= asking.on,
      );
    const params = { state, territory, instrument: id };
    if (!known)
      conditions.push({
        code: 'R01',
        answer: 'unknown',
        say: say('r01-territory-unknown', params),
        missing: 'territory',
      });
    else
      conditions.push({
        code: 'R01',
        answer: known.extended ? 'yes' : 'no',
        say: say(known.extended ? 'r01-territory-yes' : 'r01-territory-no', params),
      });
  }
  return conditions;
}

/**
 * Both bound on the day, territory included, no objection preventing relations (R01); a Protocol needs the parent
 * too (R02).
 * @source UNTOC art. 37(2)
 */
export function boundConditions(asking: Asking, id: InstrumentId, from: StatusOn, to: StatusOn): Condition[] {
  const { facts, question, on } = asking;
  const conditions: Condition[] = [];
  if (from.status === 'party' && to.status === 'party') {
    conditions.push({
      code: 'R01',
      answer: 'yes',
      say:
        from.since !== null && to.since !== null
          ? say('r01-both', { on, from: question.from, to: question.to, fromSince: from.since, toSince: to.since })
          : say('r01-both-undated', { on, from: question.from, to: question.to }),
    });
  } else {
    for (const [state, found] of [
      [question.from, from],
      [question.to, to],
    ] as const) {
      if (found.status !== 'party') conditions.push(statusCondition(facts, id, state, found, on));
    }
  }
  if (objection(facts, id, question.from, question.to) || objection(facts, id, question.to, question.from)) {
    conditions.push({ code: 'R01', answer: 'no', say: say('r01-objection', { from: question.from, to: question.to }) });
  }
  return [...conditions, ...territoryConditions(asking, id)];
}

/** Clauses on settling disputes between the parties: they never change an answer (R95). */
const disputeArticles: Readonly<Record<string, string>> = {
  'XVIII-12': '35',
  'XVIII-12-a': '15',
  'XVIII-12-b': '20',
  'XVIII-12-c': '16',
  'XVIII-14': '66',
  'VI-19': '32',
  'XVIII-11': '24',
};

const offenceArticles: Partial<Record<OffenceCode, string>> = {
  'participation-in-group': '5',
  laundering: '6',
  'corruption-public-official': '8',
  obstruction: '23',
};

const paths = new Map<string, ArticlePath[]>();

/** Articles of the plans are few: each is read once. */
function pathOf(article: string): ArticlePath[] {
  let path = paths.get(article);
  if (!path) paths.set(article, (path = [findArticlePath(article) ?? []].flat()));
  return path;
}

function touched(asking: Asking, id: InstrumentId, plan: Plan): ArticlePath[] {
  const articles = [...plan.touches];
  if (id === 'XVIII-12') {
    if (asking.question.legalPerson === true) articles.push('10');
    for (const offence of asking.question.offences) {
      const article = offenceArticles[offence.code];
      if (article !== undefined) articles.push(article);
    }
  }
  return articles.flatMap(pathOf);
}

interface Readings {
  conditions: Condition[];
  reservations: ShownReading[];
  noEffect: ShownReading[];
}

const nothing: Readings = { conditions: [], reservations: [], noEffect: [] };

/** A reservation bites only on its provision (R95); one not yet read there leaves the condition open (R96). */
function readReservations(asking: Asking, id: InstrumentId, plan: Plan): Readings {
  const byState = asking.facts.readings.get(id);
  if (!byState) return nothing;
  const { from, to } = asking.question;
  const own = [...(byState.get(from) ?? []), ...(byState.get(to) ?? [])];
  if (own.length === 0) return nothing;
  const places = touched(asking, id, plan);
  const dispute = disputeArticles[id];
  const result: Readings = { conditions: [], reservations: [], noEffect: [] };
  for (const reading of own) {
    if (reading.articles.length > 0 && reading.articles.every((path) => path.article === dispute)) {
      result.noEffect.push(shownReading(reading, false));
      continue;
    }
    const near = reading.articles.some((path) => places.some((other) => overlaps(path, other)));
    const condition = near ? readingCondition(reading, id) : null;
    if (condition) result.conditions.push(condition);
    if (near || reading.articles.length === 0) result.reservations.push(shownReading(reading, condition !== null));
  }
  return result;
}

/** Notifications on which another rule rests already. */
const readElsewhere: Readonly<Record<string, readonly string[]>> = {
  'XVIII-12': ['16(5)(a)'],
  'XVIII-14': ['44(6)(a)'],
  'VI-19': ['6(3)'],
};

function readingCondition(reading: Reading, id: InstrumentId): Condition | null {
  const params = { state: reading.state, instrument: id, article: reading.provision };
  const shared = { article: reading.provision };
  if (reading.unread)
    return { code: 'R96', answer: 'unknown', ...shared, say: say('r96-unread', params), missing: 'reading' };
  if (readElsewhere[id]?.includes(reading.provision) === true) return null;
  const confirmed = reading.confirmed ? 'yes' : 'no';
  // Leaving out one paragraph of the article takes that paragraph away, not the whole.
  const whole = reading.articles.some((path) => path.steps.length === 0);
  if (reading.effect === 'excludes') {
    return whole
      ? { code: 'R95', answer: 'no', ...shared, say: say('r95-excludes', { ...params, confirmed }) }
      : { code: 'R95', answer: 'needs-consent', ...shared, say: say('r95-excludes-part', { ...params, confirmed }) };
  }
  if (reading.effect === 'modifies')
    return { code: 'R95', answer: 'needs-consent', ...shared, say: say('r95-modifies', { ...params, confirmed }) };
  return null;
}

function scopeFor(asking: Asking, id: InstrumentId): Scope {
  if (id === 'XVIII-12') return untocScope(asking);
  if (isProtocol(id)) return protocolScope(asking, id);
  const { code, article } = scopeOf(id);
  return offenceScope(asking, id, code, article);
}

function offenceDays(asking: Asking): PlainDate | null {
  const { offenceDate } = asking.question;
  if (offenceDate === null) return null;
  return typeof offenceDate === 'string' ? offenceDate : offenceDate.from;
}

/** "Bound on the request date" and "bound on the offence date" are both shown (R97). */
function temporal(asking: Asking, id: InstrumentId): { bound: Answer | null; conditions: Condition[] } {
  const day = offenceDays(asking);
  if (day === null) return { bound: null, conditions: [] };
  const { facts, question } = asking;
  const bound = combine(
    [question.from, question.to].map((state) => ({ answer: answerOfStatus(statusOn(facts, id, state, day).status) })),
  );
  if (bound === 'yes')
    return { bound, conditions: [{ code: 'R97', answer: 'yes', say: say('r97-both', { day }), bar: false }] };
  const insists = asking.to?.insistsOnOffenceDate === true;
  if (insists)
    return {
      bound,
      conditions: [{ code: 'R97', answer: bound, say: say('r97-insists', { day, state: question.to }) }],
    };
  return {
    bound,
    conditions: [
      {
        code: 'R97',
        answer: bound,
        say: say(bound === 'no' ? 'r97-not-then' : 'r97-unknown-then', { day }),
        bar: false,
      },
    ],
  };
}

/** All conditions of one instrument for a question. Pure; the days of change are added by the caller. */
export function evaluate(asking: Asking, id: InstrumentId, plan: Plan): BasisFinding {
  const { facts, question, on } = asking;
  const from = statusOn(facts, id, question.from, on);
  const to = statusOn(facts, id, question.to, on);
  const bound = boundConditions(asking, id, from, to);
  const scope = scopeFor(asking, id);
  const readings = readReservations(asking, id, plan);
  const time = temporal(asking, id);
  const conditions = [
    ...bound,
    ...scope.conditions,
    ...plan.conditions(asking, id),
    ...readings.conditions,
    ...time.conditions,
  ];
  const missing = [...new Set(conditions.flatMap((one): Missing[] => (one.missing ? [one.missing] : [])))];
  return {
    instrument: id,
    article: plan.article,
    answer: combine(conditions),
    conditions,
    acts: { [question.from]: [...from.acts], [question.to]: [...to.acts] },
    status: { [question.from]: from.status, [question.to]: to.status },
    reservations: readings.reservations,
    noEffect: readings.noEffect,
    offences: scope.offences,
    boundOnOffenceDate: time.bound,
    notices: plan.notices ?? [],
    missing,
    changesOn: [],
    presumedContinuing: from.presumedContinuing || to.presumedContinuing,
  };
}

/** Days inside the window on which the answer of a basis becomes another one (R98). */
export function changesAround(
  asking: Asking,
  id: InstrumentId,
  plan: Plan,
  days: Iterable<PlainDate>,
): BasisFinding['changesOn'] {
  const [first, last] = [addDays(asking.on, -400), addDays(asking.on, 400)];
  const found: BasisFinding['changesOn'] = [];
  for (const date of [...new Set(days)].sort()) {
    if (date < first || date > last) continue;
    const before = evaluate({ ...asking, on: addDays(date, -1) }, id, plan).answer;
    const after = evaluate({ ...asking, on: date }, id, plan).answer;
    if (before === after) continue;
    const { from, to } = asking.question;
    const [one, other] = [statusOn(asking.facts, id, from, date).status, statusOn(asking.facts, id, to, date).status];
    const key =
      one === 'party' && other === 'party'
        ? 'change-both-bound'
        : one === 'unknown' || other === 'unknown'
          ? 'change-unknown'
          : 'change-not-bound';
    found.push({ date, answer: after, because: say(key) });
  }
  return found;
}
