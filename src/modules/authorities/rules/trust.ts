import { addDays, daysBetween, isUnknown, type PlainDate } from '../../../platform/values/index.ts';
import type { PingFacts, Trust, TrustMark } from '../schema/choice.ts';
import type { Entry } from '../schema/entry.ts';

/** A State confirms each entry at least this often, in days. */
export const confirmationTerm = 90;
const staleAfter = 180;
const pingsToSilence = 3;

/** `confirmed` up to 90 days, `due` up to 180, `stale` beyond or when never confirmed; `silent` after three failed pings. */
export function trustMark(days: number | null, failedPings: number): TrustMark {
  if (failedPings >= pingsToSilence) return 'silent';
  if (days === null || days > staleAfter) return 'stale';
  return days > confirmationTerm ? 'due' : 'confirmed';
}

/** How far an entry may be relied on that day. */
export function trustOf(entry: Pick<Entry, 'confirmedOn'>, ping: PingFacts | undefined, today: PlainDate): Trust {
  const confirmedOn = entry.confirmedOn;
  const days = isUnknown(confirmedOn) ? null : daysBetween(confirmedOn, today);
  return {
    mark: trustMark(days, ping?.failed ?? 0),
    confirmedOn,
    days,
    nextDue: isUnknown(confirmedOn) ? null : nextConfirmationDue(confirmedOn),
    lastPing: ping?.lastAnsweredAt ?? null,
  };
}

export function nextConfirmationDue(confirmedOn: PlainDate): PlainDate {
  return addDays(confirmedOn, confirmationTerm);
}
