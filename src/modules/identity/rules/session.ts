export const idleMillis = 15 * 60_000;
export const warnMillis = 13 * 60_000;
export const absoluteMillis = 10 * 3_600_000;
/** How long the cookie before a rotation still serves calls that were under way. */
export const graceMillis = 10_000;

interface Times {
  createdAt: string;
  lastSeenAt: string;
  endedAt: string | null;
}

export type SessionState = 'live' | 'idle' | 'absolute' | 'ended';

/** Whether a session still opens anything. Ends at the limit, not after it. */
export function stateOfSession(session: Times, now: string): SessionState {
  if (session.endedAt !== null) return 'ended';
  const at = Date.parse(now);
  // Opened by a clock that ran ahead: it would last as long as that clock was wrong.
  if (Date.parse(session.createdAt) - at >= idleMillis) return 'absolute';
  if (at - Date.parse(session.createdAt) >= absoluteMillis) return 'absolute';
  return at - Date.parse(session.lastSeenAt) >= idleMillis ? 'idle' : 'live';
}
