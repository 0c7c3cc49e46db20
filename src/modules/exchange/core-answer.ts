import type { Instant } from '../../platform/values/index.ts';
import { isUnsettled, type Outgoing, type PeerState, type SendEffect, type SendStatus } from './core-send.ts';
import {
  afterAnswer,
  afterFailure,
  afterLater,
  makesEvents,
  nextAttempt,
  nextOutcome,
  numberAfter,
  outcomeOf,
  type SentOutcome,
} from './rules/index.ts';
import { refusalCodes, type EventType, type RefusalCode } from './schema.ts';

/** Invalid receipts in a row before a person has to look. */
const invalidToAlarm = 5;

/** What came back, once receipts and refusals were verified. */
export type Answer =
  | { is: 'receipt' }
  | { is: 'refusal'; code: RefusalCode; after?: number }
  | { is: 'waiting-for-parts' }
  /** Anything else: no connection, a status without signature, a receipt for something else. */
  | { is: 'failure'; code: string; retryAfter?: number; isInvalidReceipt?: boolean };

export interface SendDecision<R extends Outgoing = Outgoing, P extends PeerState = PeerState> {
  row: R;
  peer: P;
  effects: SendEffect[];
}

/**
 * What an answer means for a message and for its peer. Final is only a signed refusal; an answer to what is settled
 * changes nothing.
 * @param share between 0 and 1, by chance
 */
export function sendAnswered<R extends Outgoing, P extends PeerState>(
  row: R,
  peer: P,
  answer: Answer,
  now: Instant,
  share: number,
): SendDecision<R, P> {
  const said = answered(row, answer, now, share);
  const told = heardOf(peer, answer, now);
  return { row: said.row, peer: told.peer, effects: [...said.effects, ...told.effects] };
}

/** What an answer means for the message that was sent. */
function answered<R extends Outgoing>(
  row: R,
  answer: Answer,
  now: Instant,
  share: number,
): { row: R; effects: SendEffect[] } {
  const again = (code: string, retryAfter?: number): { row: R; effects: SendEffect[] } => {
    if (!isUnsettled(row)) return { row, effects: [] };
    const status = row.status === 'sending' ? 'queued' : row.status;
    const notBefore = nextAttempt(now, row.priority, Math.max(1, row.attempts), share, retryAfter);
    return { row: { ...row, status, leaseUntil: null, lastCode: code, notBefore }, effects: [] };
  };
  switch (answer.is) {
    case 'receipt':
      return settle(row, 'delivered', null);
    case 'refusal': {
      const { code } = answer;
      if (!refusalCodes[code].final) return again(code, answer.after);
      const settled = settle(row, code === 'exchange.expired' ? 'expired' : 'refused', code);
      if (settled.effects.length === 0) return settled;
      const number = numberAfter(code);
      if (number === 'free') settled.effects.push({ do: 'reissue' });
      if (number === 'taken') settled.effects.push({ do: 'alarm', code });
      return settled;
    }
    case 'waiting-for-parts':
      return again('exchange.waits-for-parts', 5);
    case 'failure':
      return again(answer.code, answer.retryAfter);
  }
}

/** What an answer says of the peer itself. */
function heardOf<P extends PeerState>(peer: P, answer: Answer, now: Instant): { peer: P; effects: SendEffect[] } {
  if (answer.is === 'failure') {
    const invalidReceipts = answer.isInvalidReceipt ? peer.invalidReceipts + 1 : peer.invalidReceipts;
    const effects: SendEffect[] =
      invalidReceipts >= invalidToAlarm && peer.invalidReceipts < invalidToAlarm
        ? [{ do: 'alarm', code: 'exchange.invalid-receipt' }]
        : [];
    return { peer: { ...afterFailure(peer, now), invalidReceipts }, effects };
  }
  if (answer.is === 'refusal' && !refusalCodes[answer.code].final) return { peer: afterLater(peer, now), effects: [] };
  const next = { ...afterAnswer(peer), invalidReceipts: 0 };
  return { peer: next, effects: peer.waitingSince === null ? [] : [{ do: 'try-all' }] };
}

/** What may be said of a message as it stands. */
const wordOf: Record<SendStatus, SentOutcome> = {
  queued: 'held-here',
  sending: 'held-here',
  parked: 'held-here',
  relayed: 'delivered',
  consigned: 'received',
  'handed-over': 'handed-over',
  refused: 'refused',
  expired: 'expired',
  recalled: 'recalled',
};

/** That somebody opened it is told and no status of its own. */
const statusOf: Partial<Record<SentOutcome, SendStatus>> = {
  delivered: 'relayed',
  received: 'consigned',
  'handed-over': 'handed-over',
  refused: 'refused',
  expired: 'expired',
  recalled: 'recalled',
};

function settle<R extends Outgoing>(
  row: R,
  proven: 'delivered' | 'refused' | 'expired',
  code: RefusalCode | null,
): { row: R; effects: SendEffect[] } {
  if (row.isSettled) return { row, effects: [] };
  const shown = wordOf[row.status];
  const word = nextOutcome(shown, proven);
  // It was stated that no receipt came: one that comes now is taken and shown as late, a refusal only confirms it.
  const isLate = shown === 'expired' && word === 'delivered';
  const lastCode = isLate ? 'exchange.receipt-late' : code;
  const type: EventType = proven === 'delivered' ? 'RelayAcceptance' : 'RelayRejection';
  const effects: SendEffect[] = [{ do: 'keep-answer' }];
  if (makesEvents(row.subjectKind)) {
    effects.push({ do: 'event', type, ...(lastCode === null ? {} : { reason: lastCode }) });
    if (word !== shown) effects.push({ do: 'tell', outcome: word, reason: lastCode });
  }
  const status = statusOf[word] ?? row.status;
  return {
    row: { ...row, status, isSettled: true, leaseUntil: null, lastCode: word === proven ? lastCode : row.lastCode },
    effects,
  };
}

/**
 * What an event of the receiving side means for a message that was sent there. One whose receipt is still out goes on being
 * sent until that comes: the receipt is the proof that counts.
 */
export function heardEvent<R extends Outgoing>(
  row: R,
  event: { type: EventType; reason?: string },
): { row: R; effects: SendEffect[] } {
  const proven = outcomeOf(event.type, event.reason);
  const shown = wordOf[row.status];
  const next = proven === null ? shown : nextOutcome(shown, proven);
  if (next === shown) return { row, effects: [] };
  const reason = event.reason ?? null;
  return {
    row: { ...row, status: statusOf[next] ?? row.status, lastCode: reason ?? row.lastCode },
    effects: [{ do: 'tell', outcome: next, reason }],
  };
}
