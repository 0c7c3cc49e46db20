import {
  addDays,
  dayIn,
  toInstant,
  workingDays,
  type Instant,
  type PlainDate,
} from '../../../platform/values/index.ts';
import type { DraftRequest, RequestAction, RequestFacts, Status } from '../schema/index.ts';
import { calendarOf } from './tests-law.ts';
import { endStatuses, sentBy, statusAfter } from './workflow.ts';

/** A term that runs: until a day, or until a moment when it counts hours. */
export interface Clock {
  kind: 'stage' | 'deadline' | 'hearing' | 'retention' | 'measure';
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

/** Stage terms at the requesting State. */
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

/** Moment at which the present status was reached. */
export function since(actions: readonly RequestAction[]): Instant | undefined {
  let status: Status = 'draft';
  let at = actions[0]?.at;
  for (const action of actions) {
    const next = statusAfter(status, action.kind, action.data);
    if (next !== status) at = action.at;
    status = next;
  }
  return at;
}

/** Statuses in which the other State works on the request, and its own usual time is what to expect. */
const inTheirHands: readonly Status[] = ['registered', 'in-execution'];

/** The time that the State asked says it usually takes (P23): a term we watch, not one it owes. */
function usualTime(
  request: DraftRequest,
  status: Status,
  facts: Pick<RequestFacts, 'profile'>,
  start: PlainDate,
  started: Instant,
): Clock[] {
  const usual = facts.profile?.items.P23;
  if (!usual || !inTheirHands.includes(status) || request.deadline?.date) return [];
  const { urgentHours, normalDays } = usual.value;
  const base = {
    kind: 'stage',
    start,
    calendar: null,
    weekendsOnly: false,
    paused: false,
    source: usual.source,
  } as const;
  if (request.urgency?.level === 'urgent' && urgentHours !== undefined)
    return [{ ...base, due: toInstant(new Date(Date.parse(started) + urgentHours * 3_600_000)), unit: 'hours' }];
  return normalDays === undefined ? [] : [{ ...base, due: addDays(start, normalDays), unit: 'days' }];
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
  const started = since(actions);
  if (!started || endStatuses.includes(status)) return [];
  const start = dayIn(zone, started);
  const clocks: Clock[] = [];
  // The alarm on delivery is for what the node sends; a letter takes its days.
  const byPost = status === 'sent' && (sentBy(actions) ?? 'node') !== 'node';
  const stage = byPost ? undefined : stageTerms[status];
  if (stage) {
    const state = stage.whose === 'own' ? request.requesting?.state : request.requested?.state;
    const base = { kind: 'stage', start, calendar: state ?? null, paused: false, source: 'practice' } as const;
    if ('workingDays' in stage.term) {
      const { due, weekendsOnly } = workingDays(start, stage.term.workingDays, calendarOf(facts, state));
      clocks.push({ ...base, due, unit: 'working-days', weekendsOnly });
    } else {
      const minutes = request.urgency?.level === 'urgent' ? stage.term.urgentMinutes : stage.term.hours * 60;
      clocks.push({
        ...base,
        due: new Date(Date.parse(started) + minutes * 60_000).toISOString() as Instant,
        unit: 'hours',
        calendar: null,
        weekendsOnly: false,
      });
    }
  } else clocks.push(...usualTime(request, status, facts, start, started));
  const waiting = status === 'postponed';
  const fixed = (kind: Clock['kind'], due: PlainDate | null | undefined, source: string, item?: string) => {
    if (due)
      clocks.push({
        kind,
        start,
        due,
        unit: 'date',
        calendar: null,
        weekendsOnly: false,
        paused: waiting && kind === 'deadline',
        source,
        ...(item ? { item } : {}),
      });
  };
  fixed('deadline', request.deadline?.date, 'UNTOC art. 18(24)');
  for (const measure of request.measures ?? []) fixed('measure', measure.due, 'UNTOC art. 18(24)', measure.id);
  fixed('hearing', request.proceeding?.nextHearing, 'practice');
  fixed('retention', request.handling?.retainUntil, 'practice');
  return clocks;
}
