import type { Instant } from '../../platform/values/index.ts';
import { makesEvents, nextAttempt } from './rules/index.ts';
import type { EventType } from './schema.ts';

/** A message whose turn it is, at its receiver. */
export interface Opening {
  subjectKind: string;
  status:
    'received' | 'parked' | 'held' | 'opened' | 'handed-over' | 'refused' | 'expired' | 'recalled' | 'not-understood';
  /** Openings that failed. */
  attempts: number;
}

/** What came of opening it. `refused`: its seal, its manifest or its handler says no for good. `failed`: it may work later. */
export type Opened =
  { is: 'handed-over' } | { is: 'not-understood' } | { is: 'refused'; code: string } | { is: 'failed'; code: string };

/** Openings that may fail before a person has to look. */
export const mostOpenings = 5;

export interface OpeningDecision {
  status: Opening['status'];
  attempts: number;
  /** Next opening not before; null when none follows by itself. */
  nextAt: Instant | null;
  code: string | null;
  event: { type: EventType; reason?: string } | null;
  alarm: boolean;
}

/**
 * What becomes of a message that was opened. Others of its stream wait while it is tried again, and flow once it is parked.
 * @param share between 0 and 1, by chance
 */
export function afterOpening(row: Opening, opened: Opened, now: Instant, share: number): OpeningDecision {
  const speak = (type: EventType, reason?: string) => (makesEvents(row.subjectKind) ? { type, reason } : null);
  const end = { attempts: row.attempts, nextAt: null, alarm: false };
  switch (opened.is) {
    case 'handed-over':
      return { ...end, status: 'handed-over', code: null, event: speak('ContentHandover') };
    case 'not-understood':
      return { ...end, status: 'not-understood', code: 'exchange.not-understood', event: null };
    case 'refused':
      return { ...end, status: 'refused', code: opened.code, event: speak('ContentHandoverFailure', opened.code) };
    case 'failed': {
      const attempts = row.attempts + 1;
      if (attempts >= mostOpenings)
        return { status: 'parked', attempts, nextAt: null, code: opened.code, event: null, alarm: true };
      const nextAt = nextAttempt(now, 'urgent', attempts, share);
      return { status: row.status, attempts, nextAt, code: opened.code, event: null, alarm: false };
    }
  }
}

/** What an official does with a parked message. */
export function afterParked(
  row: Opening,
  act: { do: 'retry' } | { do: 'refuse'; code: string },
  now: Instant,
): OpeningDecision {
  if (row.status !== 'parked') throw new Error('Only a parked message is taken up by hand');
  if (act.do === 'retry')
    return { status: 'received', attempts: 0, nextAt: now, code: null, event: null, alarm: false };
  return afterOpening(row, { is: 'refused', code: act.code }, now, 0);
}

/**
 * What a recall does at the receiver: what was not opened yet is withdrawn, and that is stated; otherwise only the notice is
 * shown. Nothing is erased silently.
 */
export function afterRecall(
  row: Opening,
): { do: 'withdraw'; event: { type: EventType; reason: string } } | { do: 'notice' } {
  if (row.status !== 'received' && row.status !== 'held' && row.status !== 'parked') return { do: 'notice' };
  return { do: 'withdraw', event: { type: 'ContentHandoverFailure', reason: 'exchange.recalled' } };
}
