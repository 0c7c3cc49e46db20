/** Never longer, whoever guesses and however often: a lock-out would be a weapon against the owner. */
export const longestBlockSeconds = 900;
/** Failures after which the owner and the log hear of it. */
export const alertAfter = 10;

const free = { account: 4, address: 20, pair: 4 } as const;
export type AttemptKind = keyof typeof free;

/** Seconds to wait after so many failures in a row. */
export function blockSeconds(kind: AttemptKind, failures: number): number {
  const over = failures - free[kind];
  return over <= 0 ? 0 : Math.min(longestBlockSeconds, 5 * 2 ** Math.min(over - 1, 10));
}

/** Failures so far, given those stored: an hour without one starts afresh. */
export function failuresNow(stored: { failures: number; lastAt: string } | undefined, now: string): number {
  if (!stored) return 0;
  return Date.parse(now) - Date.parse(stored.lastAt) > 3_600_000 ? 0 : stored.failures;
}
