import type { EventType } from '../schema.ts';

/** What may be said of a message that was sent. */
export type SentOutcome =
  'held-here' | 'delivered' | 'received' | 'opened' | 'handed-over' | 'refused' | 'expired' | 'recalled';

/** The lowest proof that each word rests on. A lower one never shows as a higher one. @source ETSI EN 319 522-1 */
const words: Partial<Record<EventType, SentOutcome>> = {
  SubmissionAcceptance: 'held-here',
  SubmissionRejection: 'refused',
  RelayAcceptance: 'delivered',
  RelayRejection: 'refused',
  RelayFailure: 'expired',
  ConsignmentRejection: 'refused',
  AcceptanceRejectionExpiry: 'expired',
  ContentConsignment: 'received',
  ContentConsignmentFailure: 'refused',
  ContentAccessTracking: 'opened',
  ContentHandover: 'handed-over',
  ContentHandoverFailure: 'refused',
};

/** Word that an event proves; null for events that tell only of notices, of asking or of other systems. */
export function outcomeOf(type: EventType, reason?: string): SentOutcome | null {
  if (type === 'ContentHandoverFailure' && reason === 'exchange.recalled') return 'recalled';
  return words[type] ?? null;
}

const ladder: readonly SentOutcome[] = ['held-here', 'delivered', 'received', 'handed-over', 'opened'];
const ends: readonly SentOutcome[] = ['refused', 'expired', 'recalled'];

/**
 * Word to show after another proof came: upwards only; an end without effect replaces what stood, except that a receipt
 * that came late replaces `expired`, since that only said that none had come.
 */
export function nextOutcome(shown: SentOutcome, proven: SentOutcome): SentOutcome {
  if (shown === 'expired' && !ends.includes(proven) && proven !== 'held-here') return proven;
  if (ends.includes(shown)) return shown;
  // What casework has taken is not undone by a later word of failure.
  if (ends.includes(proven)) return shown === 'handed-over' || shown === 'opened' ? shown : proven;
  return ladder.indexOf(proven) > ladder.indexOf(shown) ? proven : shown;
}

/** Messages that carry events make no events of their own. */
export function makesEvents(subjectKind: string): boolean {
  return !subjectKind.startsWith('event/');
}
