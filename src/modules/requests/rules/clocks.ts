import {
  addDays,
  dayIn,
  toInstant,
  workingDays,
  type Instant,
  type PlainDate,
} from '../../../platform/values/index.ts';
import type { DraftRequest, RequestAction, RequestFacts, ResultTerm, Status } from '../schema/index.ts';
import { calendarOf } from './tests-law.ts';
import { sentBy, statusAfter } from './workflow.ts';

/** A term that runs: until a day, or until a moment when it counts hours. */
export interface Clock {
  kind: 'stage' | 'deadline' | 'hearing' | 'retention' | 'measure' | 'freeze-end' | 'item-return' | 'draft-expiry';
  start: PlainDate;
  due: PlainDate | Instant;
  unit: 'hours' | 'working-days' | 'days' | 'date';
  /** State whose calendar counts. */
  calendar: string | null;
  /** True when the year has no holidays entered. */
  weekendsOnly: boolean;
  /** Waiting for the other side, so our term stands still. */
  paused: boolean;
  source: string;
  item?: string;
}

type Term = { workingDays: number } | { hours: number; urgentMinutes: number };

/** Stage terms at the requesting State. A day that the other side set goes before them. */
export const stageTerms: Partial<Record<Status, { term: Term; whose: 'own' | 'theirs' }>> = {
  'peer-review': { term: { workingDays: 2 }, whose: 'own' },
  'legal-clearance': { term: { workingDays: 3 }, whose: 'own' },
  'draft-shared': { term: { workingDays: 10 }, whose: 'theirs' },
  'to-sign': { term: { workingDays: 2 }, whose: 'own' },
  sent: { term: { hours: 4, urgentMinutes: 15 }, whose: 'theirs' },
  delivered: { term: { workingDays: 2 }, whose: 'theirs' },
  'information-asked': { term: { workingDays: 20 }, whose: 'own' },
  'conditions-proposed': { term: { workingDays: 10 }, whose: 'own' },
  'results-sent': { term: { workingDays: 5 }, whose: 'own' },
  refused: { term: { workingDays: 20 }, whose: 'own' },
  'returned-unexecuted': { term: { workingDays: 20 }, whose: 'own' },
};

/** Days for which a draft is shown to the other State. */
export const draftDays = 30;

/** A term that ends on a day somebody set: it is never moved. */
export function fixedClock(
  kind: Clock['kind'],
  start: PlainDate,
  due: PlainDate | null | undefined,
  source: string,
  { paused = false, item }: { paused?: boolean; item?: string | undefined } = {},
): Clock[] {
  if (!due) return [];
  const clock: Clock = { kind, start, due, unit: 'date', calendar: null, weekendsOnly: false, paused, source };
  return [item === undefined ? clock : { ...clock, item }];
}

/** A term in hours from a moment. */
export function hoursClock(start: PlainDate, from: Instant, hours: number, source: string): Clock {
  return {
    kind: 'stage',
    start,
    due: toInstant(new Date(Date.parse(from) + hours * 3_600_000)),
    unit: 'hours',
    calendar: null,
    weekendsOnly: false,
    paused: false,
    source,
  };
}

/** A term in working days of the State that must act. */
export function workingDaysClock(
  start: PlainDate,
  days: number,
  state: string | null,
  facts: Pick<RequestFacts, 'calendars'>,
  source: string,
): Clock {
  const { due, weekendsOnly } = workingDays(start, days, calendarOf(facts, state ?? undefined));
  return { kind: 'stage', start, due, unit: 'working-days', calendar: state, weekendsOnly, paused: false, source };
}

/** What ends with the results, at most once for each item. */
export function resultClocks(start: PlainDate, terms: readonly ResultTerm[], itemsReturned: boolean): Clock[] {
  const last = new Map(terms.map((one) => [`${one.kind} ${one.item ?? ''}`, one]));
  return [...last.values()]
    .filter((one) => !(one.kind === 'item-return' && itemsReturned))
    .flatMap(({ kind, due, item }) => fixedClock(kind, start, due, 'practice', { item }));
}

/** The other State's usual time (P23): a term we watch, not one it owes. */
export function usualClock(
  request: DraftRequest,
  facts: Pick<RequestFacts, 'profile'>,
  start: PlainDate,
  started: Instant,
): Clock[] {
  const usual = facts.profile?.items.P23;
  if (!usual || request.deadline?.date) return [];
  const { urgentHours, normalDays } = usual.value;
  if (request.urgency?.level === 'urgent' && urgentHours !== undefined)
    return [hoursClock(start, started, urgentHours, usual.source)];
  if (normalDays === undefined) return [];
  return fixedClock('stage', start, addDays(start, normalDays), usual.source).map((one) => ({ ...one, unit: 'days' }));
}

/** Days that the request itself names: deadline, day of an item, hearing, end of retention. */
export function statedClocks(request: DraftRequest, start: PlainDate, paused: { deadline: boolean; items: boolean }) {
  return [
    ...fixedClock('deadline', start, request.deadline?.date, 'UNTOC art. 18(24)', { paused: paused.deadline }),
    ...(request.measures ?? []).flatMap((measure) =>
      fixedClock('measure', start, measure.due, 'UNTOC art. 18(24)', { paused: paused.items, item: measure.id }),
    ),
    // A hearing does not wait for anybody.
    ...fixedClock('hearing', start, request.proceeding?.nextHearing, 'practice'),
    ...fixedClock('retention', start, request.handling?.retainUntil, 'practice'),
  ];
}

/** When the present status was reached, and the action that led there. */
function reachedBy(actions: readonly RequestAction[]): RequestAction | undefined {
  let status: Status = 'draft';
  let reached = actions[0];
  for (const action of actions) {
    const next = statusAfter(status, action.kind, action.data);
    if (next !== status) reached = action;
    status = next;
  }
  return reached;
}

/** Statuses in which the other State works on the request, and its own usual time is what to expect. */
const inTheirHands: readonly Status[] = ['registered', 'in-execution'];
/** Nothing is owed any more; what was frozen and what is kept still has its day. */
const ended: readonly Status[] = ['withdrawn', 'closed', 'discarded'];

function stageClocks(
  request: DraftRequest,
  actions: readonly RequestAction[],
  reached: RequestAction,
  status: Status,
  facts: Pick<RequestFacts, 'calendars' | 'profile'>,
  start: PlainDate,
): Clock[] {
  if (status === 'postponed') return fixedClock('stage', start, setDay(actions), 'UNTOC art. 18(25)');
  if (status === 'information-asked' && setDay(actions))
    return fixedClock('stage', start, setDay(actions), 'UNTOC art. 18(16)');
  if (inTheirHands.includes(status)) return usualClock(request, facts, start, reached.at);
  const stage = stageTerms[status];
  // The alarm on delivery is for what the node sends; a letter takes its days.
  if (!stage || (status === 'sent' && (sentBy(actions) ?? 'node') !== 'node')) return [];
  const { term, whose } = stage;
  if ('hours' in term) {
    const hours = request.urgency?.level === 'urgent' ? term.urgentMinutes / 60 : term.hours;
    return [hoursClock(start, reached.at, hours, 'practice')];
  }
  const state = whose === 'own' ? request.requesting?.state : request.requested?.state;
  return [workingDaysClock(start, term.workingDays, state ?? null, facts, 'practice')];
}

/** The day that the last reply set. */
function setDay(actions: readonly RequestAction[]): PlainDate | undefined {
  return actions.findLast((one) => one.kind === 'receive-reply')?.data.until;
}

/**
 * Every term that runs for a request. Terms in working days count in the calendar of the State that must act; a fixed
 * date is never moved.
 * @param zone IANA zone of the own State
 */
export function clocksOf(
  request: DraftRequest,
  actions: readonly RequestAction[],
  status: Status,
  facts: Pick<RequestFacts, 'calendars' | 'profile'>,
  zone: string,
): Clock[] {
  const reached = reachedBy(actions);
  if (!reached) return [];
  const start = dayIn(zone, reached.at);
  const results = resultClocks(
    start,
    actions.flatMap((one) => one.data.terms ?? []),
    ended.includes(status) || actions.some((one) => one.kind === 'return-items'),
  );
  const stated = statedClocks(request, start, { deadline: status === 'postponed', items: false });
  if (ended.includes(status)) return [...results, ...stated.filter((one) => one.kind === 'retention')];
  return [
    ...stageClocks(request, actions, reached, status, facts, start),
    ...(status === 'draft-shared' ? fixedClock('draft-expiry', start, addDays(start, draftDays), 'practice') : []),
    ...results,
    ...stated,
  ];
}
