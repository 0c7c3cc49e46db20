import {
  addDays,
  dayIn,
  toInstant,
  workingDays,
  type Instant,
  type PlainDate,
} from '../../../platform/values/index.ts';
import type { DraftRequest, IncomingAction, IncomingStatus, RequestFacts } from '../schema/index.ts';
import type { Clock } from './clocks.ts';
import { foldIncoming, incomingAfter, type IncomingState } from './incoming.ts';
import { calendarOf } from './tests-law.ts';

interface Term {
  workingDays: number;
  /** Instead, when the request is urgent. */
  urgentHours?: number;
  source: string;
}

/** Terms of the own desk at each status. */
export const incomingTerms: Partial<Record<IncomingStatus, Term>> = {
  received: { workingDays: 1, urgentHours: 1, source: 'practice' },
  registered: { workingDays: 2, urgentHours: 24, source: 'UNTOC art. 18(24)' },
  assessed: { workingDays: 10, urgentHours: 24, source: 'UNTOC art. 18(24)' },
  forwarded: { workingDays: 5, urgentHours: 24, source: 'practice' },
  consultation: { workingDays: 10, source: 'UNTOC art. 18(26)' },
  executed: { workingDays: 5, urgentHours: 24, source: 'practice' },
};

/** Statuses in which the other side is waited for. */
const waiting: readonly IncomingStatus[] = ['information-asked', 'conditions-proposed'];
const over: readonly IncomingStatus[] = ['refused', 'returned-unexecuted', 'withdrawn', 'closed', 'results-sent'];

/** Moment at which the present status was reached, and the act that led there. */
export function sinceIncoming(actions: readonly IncomingAction[]): { at: Instant; action: IncomingAction } | undefined {
  let state: IncomingState = foldIncoming([]);
  let reached: { at: Instant; action: IncomingAction } | undefined;
  for (const action of actions) {
    const next = incomingAfter(state, action);
    if (next.status !== state.status || !reached) reached = { at: action.at, action };
    state = next;
  }
  return reached;
}

/** Day by which the other side is to answer, as the reply that waits says; null when it says none. */
function setDate(action: IncomingAction): PlainDate | null {
  const { reply } = action.data;
  if (reply?.reply === 'more-information') return reply.questions.map((one) => one.by).sort()[0] ?? null;
  return reply?.reply === 'secrecy-not-possible' ? reply.question.by : null;
}

/**
 * Every term that runs for an incoming request. While the other side is waited for, the own terms stand still and say
 * so; an urgent request counts hours.
 * @param zone IANA zone of the own State
 * @source UNTOC art. 18(24)
 */
export function incomingClocks(
  request: DraftRequest,
  actions: readonly IncomingAction[],
  facts: Pick<RequestFacts, 'calendars' | 'profile'>,
  zone: string,
): Clock[] {
  const { status } = foldIncoming(actions);
  const reached = sinceIncoming(actions);
  if (!reached || over.includes(status)) return [];
  const own = request.requested?.state ?? null;
  const other = request.requesting?.state ?? null;
  const start = dayIn(zone, reached.at);
  const urgent = request.urgency?.level === 'urgent';
  const isWaiting = waiting.includes(status);
  const clocks: Clock[] = [];
  const fixed = (
    kind: Clock['kind'],
    due: PlainDate | null | undefined,
    source: string,
    paused: boolean,
    item?: string,
  ) => {
    if (due)
      clocks.push({
        kind,
        start,
        due,
        unit: 'date',
        calendar: null,
        weekendsOnly: false,
        paused,
        source,
        ...(item ? { item } : {}),
      });
  };
  const term = incomingTerms[status];
  if (term) {
    if (urgent && term.urgentHours !== undefined)
      clocks.push({
        kind: 'stage',
        start,
        due: toInstant(new Date(Date.parse(reached.at) + term.urgentHours * 3_600_000)),
        unit: 'hours',
        calendar: null,
        weekendsOnly: false,
        paused: false,
        source: term.source,
      });
    else {
      const { due, weekendsOnly } = workingDays(start, term.workingDays, calendarOf(facts, own ?? undefined));
      clocks.push({
        kind: 'stage',
        start,
        due,
        unit: 'working-days',
        calendar: own,
        weekendsOnly,
        paused: false,
        source: term.source,
      });
    }
  } else if (isWaiting) {
    const set = setDate(reached.action);
    if (set) fixed('stage', set, 'UNTOC art. 18(16)', false);
    else {
      const days = status === 'information-asked' ? 20 : 10;
      const { due, weekendsOnly } = workingDays(start, days, calendarOf(facts, other ?? undefined));
      clocks.push({
        kind: 'stage',
        start,
        due,
        unit: 'working-days',
        calendar: other,
        weekendsOnly,
        paused: false,
        source: 'practice',
      });
    }
  } else if (status === 'postponed') {
    const { reply } = reached.action.data;
    fixed('stage', reply?.reply === 'postponed' ? reply.review : null, 'UNTOC art. 18(25)', false);
  } else if (status === 'in-execution' && !request.deadline?.date) {
    const usual = facts.profile?.items.P23;
    const hours = usual?.value.urgentHours;
    if (usual && urgent && hours !== undefined)
      clocks.push({
        kind: 'stage',
        start,
        due: toInstant(new Date(Date.parse(reached.at) + hours * 3_600_000)),
        unit: 'hours',
        calendar: null,
        weekendsOnly: false,
        paused: false,
        source: usual.source,
      });
    else if (usual?.value.normalDays !== undefined)
      fixed('stage', addDays(start, usual.value.normalDays), usual.source, false);
  }
  const stands = isWaiting || status === 'postponed';
  fixed('deadline', request.deadline?.date, 'UNTOC art. 18(24)', stands);
  for (const measure of request.measures ?? []) fixed('measure', measure.due, 'UNTOC art. 18(24)', stands, measure.id);
  // A hearing does not wait for anybody.
  fixed('hearing', request.proceeding?.nextHearing, 'practice', false);
  fixed('retention', request.handling?.retainUntil, 'practice', false);
  return clocks;
}
