import type { Instant } from '../../../platform/values/index.ts';
import { after, minute } from './times.ts';

/** Failures in a row before a peer is left alone but for one probe a minute. */
export const failuresToOpen = 10;
const probeEvery = minute;

/** How this node and one peer get on. */
export interface Breaker {
  breaker: 'closed' | 'open' | 'probing';
  /** Failures in a row. */
  failures: number;
  /** Open: when the next probe may go. Probing: when the probe counts as lost. */
  probeAt: Instant | null;
  /** First failure since the last receipt: what the queue page shows. */
  waitingSince: Instant | null;
}

export const closedBreaker: Breaker = { breaker: 'closed', failures: 0, probeAt: null, waitingSince: null };

/** Whether something may be sent to the peer now: anything while closed, one probe a minute otherwise. */
export function maySend(state: Breaker, now: Instant): boolean {
  return state.breaker === 'closed' || state.probeAt === null || now >= state.probeAt;
}

/**
 * Whether to ask a peer that was not reached if it is there again, which costs it nothing: a door that opened says that a
 * probe may go, and is not asked again for as long as a probe may take to be lost.
 * @param openedAt when it opened last since it was waited for
 */
export function mayKnock(openedAt: Instant | null, now: Instant): boolean {
  return openedAt === null || now >= after(openedAt, probeEvery);
}

/** The state while an attempt is under way. */
export function afterStart<S extends Breaker>(state: S, now: Instant): S {
  return state.breaker === 'closed' ? state : { ...state, breaker: 'probing', probeAt: after(now, probeEvery) };
}

export function afterFailure<S extends Breaker>(state: S, now: Instant): S {
  const failures = state.failures + 1;
  const waitingSince = state.waitingSince ?? now;
  if (failures < failuresToOpen && state.breaker === 'closed') return { ...state, failures, waitingSince };
  return { ...state, breaker: 'open', failures, waitingSince, probeAt: after(now, probeEvery) };
}

/** A receipt, or a signed final refusal, shows that the peer works. */
export function afterAnswer<S extends Breaker>(state: S): S {
  return { ...state, ...closedBreaker };
}

/** A signed "later": the peer is there and takes nothing now. It neither counts as a failure nor closes the breaker. */
export function afterLater<S extends Breaker>(state: S, now: Instant): S {
  return state.breaker === 'closed' ? state : { ...state, breaker: 'open', probeAt: after(now, probeEvery) };
}
