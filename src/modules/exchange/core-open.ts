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
  /** Whether it was stated that its content is in the reach of its authority. */
  isConsigned: boolean;
}

/**
 * What came of opening it. `refused`: its seal, its manifest or its handler says no for good. `failed`: it may work later.
 * `wasOpened`: the content could be read, and what failed is behind that.
 */
export type Opened =
  | { is: 'handed-over' }
  | { is: 'not-understood' }
  | { is: 'refused'; code: string; wasOpened: boolean }
  | { is: 'failed'; code: string; wasOpened: boolean };

/** Openings that may fail before a person has to look. */
export const mostOpenings = 5;

export interface OpeningDecision {
  status: Opening['status'];
  attempts: number;
  /** Next opening not before; null when none follows by itself. */
  nextAt: Instant | null;
  code: string | null;
  /** To be stated, in this order, and told to the sender. */
  events: { type: EventType; reason?: string }[];
  alarm: boolean;
}

/**
 * What becomes of a message that was opened. What is behind it in its stream waits while it is tried again, and while it is
 * parked until an official has decided: order is kept inside a stream. Other streams flow.
 * @param share between 0 and 1, by chance
 */
export function afterOpening(row: Opening, opened: Opened, now: Instant, share: number): OpeningDecision {
  const speaks = makesEvents(row.subjectKind);
  const isInReach = opened.is === 'handed-over' || opened.is === 'not-understood' || opened.wasOpened;
  const events: OpeningDecision['events'] =
    speaks && isInReach && !row.isConsigned ? [{ type: 'ContentConsignment' }] : [];
  const end = { attempts: row.attempts, nextAt: null, events, alarm: false };
  switch (opened.is) {
    case 'handed-over':
      if (speaks) events.push({ type: 'ContentHandover' });
      return { ...end, status: 'handed-over', code: null };
    case 'not-understood':
      return { ...end, status: 'not-understood', code: 'exchange.kind-not-understood' };
    case 'refused': {
      const { code } = opened;
      const type = isInReach ? 'ContentHandoverFailure' : 'ContentConsignmentFailure';
      if (speaks) events.push({ type, reason: code });
      return { ...end, status: 'refused', code };
    }
    case 'failed': {
      const attempts = row.attempts + 1;
      const { code } = opened;
      if (attempts >= mostOpenings) return { ...end, status: 'parked', attempts, code, alarm: true };
      return { ...end, status: row.status, attempts, nextAt: nextAttempt(now, 'urgent', attempts, share), code };
    }
  }
}

/** What an official does with a parked message. `undefined`: it is not parked. */
export function afterParked(
  row: Opening,
  act: { do: 'retry' } | { do: 'refuse'; code: string },
  now: Instant,
): OpeningDecision | undefined {
  if (row.status !== 'parked') return undefined;
  if (act.do === 'retry') return { status: 'received', attempts: 0, nextAt: now, code: null, events: [], alarm: false };
  const { code } = act;
  return {
    status: 'refused',
    attempts: row.attempts,
    nextAt: null,
    code,
    events: makesEvents(row.subjectKind) ? [{ type: 'ContentHandoverFailure', reason: code }] : [],
    alarm: false,
  };
}

/**
 * What a recall does at the receiver: what was not opened yet is withdrawn, and that is stated; otherwise only the notice is
 * shown. Nothing is erased silently.
 */
export function afterRecall(
  row: Pick<Opening, 'status'>,
): { do: 'withdraw'; code: string; event: { type: EventType; reason: string } } | { do: 'notice' } {
  if (row.status !== 'received' && row.status !== 'held' && row.status !== 'parked') return { do: 'notice' };
  const code = 'exchange.recalled';
  return { do: 'withdraw', code, event: { type: 'ContentHandoverFailure', reason: code } };
}
