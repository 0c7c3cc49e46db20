import type { Instant, Sha256 } from '../../../platform/values/index.ts';
import type { Message, RefusalCode } from '../schema.ts';
import { isAhead, isExpired } from './expire.ts';
import { placeOf, type Place, type StreamIn } from './order.ts';
import { mayCross } from './trust.ts';

/** A message whose signatures hold, as the core takes it. */
export interface Arrived {
  message: Message;
  messageSha256: Sha256;
  transportSha256: Sha256;
  fromNode: string;
}

/** What is known at the moment of arrival, beside the stream. */
export interface ArrivalFacts {
  parts: 'whole' | 'missing' | 'wrong';
  /** Whether this State, and the instrument named, are agreed for the authority it is to. */
  isAccepted: boolean;
  /** When directory and revocations of the sender's State were last up to date here. */
  freshAt: Instant | null;
  /** Why nothing may be taken now: `exchange.not-recording`, `exchange.history-went-back`. */
  gate: RefusalCode | null;
}

/** Rows and stream that a message concerns, loaded under lock. */
export interface ArrivalSlice {
  /** Message of this id that was taken or finally refused before. */
  byId: { messageSha256: Sha256 } | null;
  /** Message of this stream that holds this number. */
  atSequence: { messageId: string } | null;
  stream: StreamIn;
}

export type Verdict =
  | { do: 'answer-stored' }
  | { do: 'answer-waiting' }
  /** Nothing is kept but the refusal, and that only when it is final. */
  | { do: 'refuse'; code: RefusalCode; alarm: boolean }
  /** The message holds its number, with effect or, with a code, without. */
  | { do: 'place'; place: 'next' | 'ahead'; code: RefusalCode | null };

const conflicts: Partial<Record<Place, RefusalCode>> = {
  'sequence-conflict': 'exchange.sequence-conflict',
  'chain-broken': 'exchange.chain-broken',
};

/**
 * Decides about a message whose signatures hold.
 * A repeat comes first, so that it gets its answer whatever happened since: its key withdrawn, its time over.
 * A message that is rightly signed and rightly placed and yet refused for good uses its number up, so that those behind it
 * are not held for ever.
 */
export function decideArrival(slice: ArrivalSlice, arrived: Arrived, facts: ArrivalFacts, now: Instant): Verdict {
  const { message, messageSha256 } = arrived;
  if (slice.byId) {
    if (slice.byId.messageSha256 === messageSha256) return { do: 'answer-stored' };
    return { do: 'refuse', code: 'exchange.id-reused', alarm: true };
  }
  if (facts.gate) return { do: 'refuse', code: facts.gate, alarm: false };
  if (isAhead(message.signedAt, now)) return { do: 'refuse', code: 'exchange.clock-skew', alarm: false };
  const { sequence, previous } = message;
  const place = placeOf(slice.stream, { sequence, previous, messageSha256 }, slice.atSequence !== null);
  const conflict = conflicts[place];
  if (conflict || place === 'sequence-conflict' || place === 'chain-broken')
    return { do: 'refuse', code: conflict ?? 'exchange.sequence-conflict', alarm: true };
  const code = withoutEffect(message, facts, now);
  if (code) return { do: 'place', place, code };
  if (!mayCross(message.tlp, facts.freshAt, now)) return { do: 'refuse', code: 'exchange.stale-trust', alarm: false };
  return facts.parts === 'missing' ? { do: 'answer-waiting' } : { do: 'place', place, code: null };
}

function withoutEffect(message: Message, facts: ArrivalFacts, now: Instant): RefusalCode | null {
  if (isExpired(message.expiresAt, now)) return 'exchange.expired';
  if (!facts.isAccepted) return 'exchange.not-accepted-from';
  return facts.parts === 'wrong' ? 'exchange.part-mismatch' : null;
}

/** Final refusals after which the number of a message is used up at the receiver. */
const usesNumber: ReadonlySet<RefusalCode> = new Set([
  'exchange.expired',
  'exchange.not-accepted-from',
  'exchange.part-mismatch',
] as const);

/** Final refusals that say that another message holds the place: nothing is to be freed, two persons look. */
const placeTaken: ReadonlySet<RefusalCode> = new Set(['exchange.sequence-conflict', 'exchange.chain-broken'] as const);

/** What a final refusal means for the number of the message at its sender. */
export function numberAfter(code: RefusalCode): 'used' | 'taken' | 'free' {
  return usesNumber.has(code) ? 'used' : placeTaken.has(code) ? 'taken' : 'free';
}
