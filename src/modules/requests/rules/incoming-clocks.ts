import { dayIn, type Instant } from '../../../platform/values/index.ts';
import type { DraftRequest, IncomingAction, IncomingStatus, RequestFacts, ResultTerm } from '../schema/index.ts';
import {
  fixedClock,
  hoursClock,
  resultClocks,
  statedClocks,
  usualClock,
  workingDaysClock,
  type Clock,
} from './clocks.ts';
import { foldIncoming, incomingAfter, type IncomingState } from './incoming.ts';
import { answerBy, termsOfResults } from './result-terms.ts';

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

/** Working days in which the other side answers when no day is set. */
const answerTerms: Partial<Record<IncomingStatus, number>> = { 'information-asked': 20, 'conditions-proposed': 10 };
/** Nothing is owed any more; what was frozen and what is kept still has its day. */
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

/** Terms of the results that have left: those sent in part, and the report that was sent. */
function sentTerms(actions: readonly IncomingAction[]): ResultTerm[] {
  const sent = actions.findLastIndex((one) => one.kind === 'send-results');
  const reports = actions.flatMap((one, n) =>
    one.kind === 'report-partial' || (one.kind === 'report-executed' && n < sent) ? [one.data.reply] : [],
  );
  return reports.flatMap(termsOfResults);
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
  if (!reached) return [];
  const start = dayIn(zone, reached.at);
  const stands = status in answerTerms || status === 'postponed';
  const stated = statedClocks(request, start, { deadline: stands, items: stands });
  const returned = actions.some((one) => one.kind === 'receive-return');
  const results = resultClocks(start, sentTerms(actions), returned);
  if (over.includes(status)) return [...results, ...stated.filter((one) => one.kind === 'retention')];
  return [...stageClocks(request, status, reached, facts, start), ...results, ...stated];
}

function stageClocks(
  request: DraftRequest,
  status: IncomingStatus,
  { at, action }: { at: Instant; action: IncomingAction },
  facts: Pick<RequestFacts, 'calendars' | 'profile'>,
  start: Clock['start'],
): Clock[] {
  const term = incomingTerms[status];
  if (term) {
    if (request.urgency?.level === 'urgent' && term.urgentHours !== undefined)
      return [hoursClock(start, at, term.urgentHours, term.source)];
    return [workingDaysClock(start, term.workingDays, request.requested?.state ?? null, facts, term.source)];
  }
  if (status === 'in-execution') return usualClock(request, facts, start, at);
  const set = answerBy(action.data.reply);
  if (status === 'postponed') return fixedClock('stage', start, set, 'UNTOC art. 18(25)');
  const days = answerTerms[status];
  if (days === undefined) return [];
  if (set) return fixedClock('stage', start, set, 'UNTOC art. 18(16)');
  return [workingDaysClock(start, days, request.requesting?.state ?? null, facts, 'practice')];
}
