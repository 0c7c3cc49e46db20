import type { Instant, Sha256 } from '../../platform/values/index.ts';
import {
  after,
  afterAnswer,
  afterFailure,
  afterLater,
  afterStart,
  decideExpiry,
  makesEvents,
  maySend,
  nextAttempt,
  nextOutcome,
  numberAfter,
  outcomeOf,
  rankOf,
  timeouts,
  type Breaker,
  type SentOutcome,
} from './rules/index.ts';
import { refusalCodes, type EventType, type Priority, type RefusalCode } from './schema.ts';

export type SendStatus =
  'queued' | 'sending' | 'relayed' | 'consigned' | 'handed-over' | 'refused' | 'expired' | 'recalled' | 'parked';

/** A message that was signed and sealed here, as far as sending asks. */
export interface Outgoing {
  messageId: string;
  peer: string;
  stream: string;
  sequence: number;
  previous: Sha256 | null;
  subjectKind: string;
  priority: Priority;
  status: SendStatus;
  /** Whether the peer gave a receipt or a final refusal: then the next of the stream may go. */
  isSettled: boolean;
  attempts: number;
  notBefore: Instant;
  leaseUntil: Instant | null;
  queuedAt: Instant;
  expiresAt: Instant;
  /** Code of the last failure. */
  lastCode: string | null;
}

export interface PeerState extends Breaker {
  node: string;
  /** Answers in a row that were no receipt for what was sent. */
  invalidReceipts: number;
}

export const inFlight = { perPeer: 32, inAll: 256 };
/** Invalid receipts in a row before a person has to look. */
const invalidToAlarm = 5;
/** A worker that does not come back loses its message after the longest attempt and a margin. */
const leaseMillis = timeouts.connect + timeouts.answer + 30_000;

/** Whether it still has to be given to the peer: also after its time, so that its number is answered for. */
export function isUnsettled(row: Outgoing): boolean {
  return !row.isSettled && (row.status === 'queued' || row.status === 'sending' || row.status === 'expired');
}

function isDue(row: Outgoing, now: Instant): boolean {
  return isUnsettled(row) && row.notBefore <= now && (row.leaseUntil === null || row.leaseUntil <= now);
}

/**
 * Messages to send now: of each stream only the first that is not settled; urgent first across streams, then the oldest;
 * peers in turns, so that a slow one takes only its own places; no peer while its breaker is open, but for one probe.
 * @param underWay messages in flight per peer
 */
export function chooseToSend(
  rows: readonly Outgoing[],
  peers: ReadonlyMap<string, PeerState>,
  underWay: ReadonlyMap<string, number>,
  now: Instant,
): Outgoing[] {
  const heads = new Map<string, Outgoing>();
  for (const row of rows) {
    if (row.isSettled || row.status === 'recalled' || row.status === 'refused') continue;
    const head = heads.get(row.stream);
    if (!head || row.sequence < head.sequence) heads.set(row.stream, row);
  }
  const byPeer = new Map<string, Outgoing[]>();
  for (const row of heads.values()) {
    const peer = peers.get(row.peer);
    if (isDue(row, now) && (!peer || maySend(peer, now))) byPeer.set(row.peer, [...(byPeer.get(row.peer) ?? []), row]);
  }
  const turns = [...byPeer].map(([node, mine]) => {
    const isOpen = (peers.get(node)?.breaker ?? 'closed') !== 'closed';
    const room = isOpen ? 1 : inFlight.perPeer - (underWay.get(node) ?? 0);
    return mine.sort(firstToGo).slice(0, Math.max(0, room));
  });
  let room = inFlight.inAll - [...underWay.values()].reduce((sum, count) => sum + count, 0);
  const chosen: Outgoing[] = [];
  for (let turn = 0; room > 0 && turns.some((mine) => turn < mine.length); turn += 1) {
    for (const mine of turns) {
      const row = mine[turn];
      if (!row || room === 0) continue;
      chosen.push(row);
      room -= 1;
    }
  }
  return chosen;
}

/** Order in which messages of one peer go: priority, then who waits longest. */
export function firstToGo(a: Outgoing, b: Outgoing): number {
  return (
    rankOf(a.priority) - rankOf(b.priority) ||
    (a.queuedAt < b.queuedAt ? -1 : a.queuedAt > b.queuedAt ? 1 : 0) ||
    a.sequence - b.sequence
  );
}

/** State while an attempt is under way. A crash in between costs the lease and nothing else. */
export function sendStarted<R extends Outgoing, P extends PeerState>(
  row: R,
  peer: P,
  now: Instant,
): { row: R; peer: P } {
  const status = row.status === 'expired' ? row.status : 'sending';
  return {
    row: { ...row, status, attempts: row.attempts + 1, leaseUntil: after(now, leaseMillis) },
    peer: afterStart(peer, now),
  };
}

/** What came back, once receipts and refusals were verified. */
export type Answer =
  | { is: 'receipt' }
  | { is: 'refusal'; code: RefusalCode; after?: number }
  | { is: 'waiting-for-parts' }
  /** Anything else: no connection, a status without signature, a receipt for something else. */
  | { is: 'failure'; code: string; retryAfter?: number; isInvalidReceipt?: boolean };

export type SendEffect =
  | { do: 'event'; type: EventType; reason?: string }
  | { do: 'tell'; outcome: SentOutcome; reason: string | null }
  /** The peer does not hold the number: the stream goes back to it, and what is behind is signed again. */
  | { do: 'reissue'; sequence: number; previous: Sha256 | null }
  | { do: 'alarm'; code: string };

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
  const waits = (code: string, retryAfter?: number): R => ({
    ...row,
    status: row.status === 'sending' ? 'queued' : row.status,
    leaseUntil: null,
    lastCode: code,
    notBefore: nextAttempt(now, row.priority, Math.max(1, row.attempts), share, retryAfter),
  });
  switch (answer.is) {
    case 'receipt':
      return { ...settle(row, 'relayed', null, []), peer: { ...afterAnswer(peer), invalidReceipts: 0 } };
    case 'refusal': {
      if (!refusalCodes[answer.code].final)
        return {
          row: isUnsettled(row) ? waits(answer.code, answer.after) : row,
          peer: afterLater(peer, now),
          effects: [],
        };
      const effects: SendEffect[] = [];
      const number = numberAfter(answer.code);
      if (number === 'free') effects.push({ do: 'reissue', sequence: row.sequence, previous: row.previous });
      if (number !== 'used' && number !== 'free') effects.push({ do: 'alarm', code: answer.code });
      const status = answer.code === 'exchange.expired' ? 'expired' : 'refused';
      return { ...settle(row, status, answer.code, effects), peer: { ...afterAnswer(peer), invalidReceipts: 0 } };
    }
    case 'waiting-for-parts':
      return {
        row: isUnsettled(row) ? waits('exchange.waits-for-parts', 5) : row,
        peer: { ...afterAnswer(peer), invalidReceipts: 0 },
        effects: [],
      };
    case 'failure': {
      const invalidReceipts = answer.isInvalidReceipt ? peer.invalidReceipts + 1 : peer.invalidReceipts;
      const effects: SendEffect[] =
        invalidReceipts >= invalidToAlarm && peer.invalidReceipts < invalidToAlarm
          ? [{ do: 'alarm', code: 'exchange.invalid-receipt' }]
          : [];
      return {
        row: isUnsettled(row) ? waits(answer.code, answer.retryAfter) : row,
        peer: { ...afterFailure(peer, now), invalidReceipts },
        effects,
      };
    }
  }
}

function settle<R extends Outgoing>(
  row: R,
  status: 'relayed' | 'refused' | 'expired',
  code: RefusalCode | null,
  effects: SendEffect[],
): { row: R; effects: SendEffect[] } {
  if (row.isSettled) return { row, effects: [] };
  // It was stated that no receipt came: one that comes now is taken and shown as late, a refusal only confirms it.
  const isLate = row.status === 'expired';
  const word = isLate && status === 'refused' ? 'expired' : status;
  const lastCode = isLate && status === 'relayed' ? 'exchange.receipt-late' : code;
  const type: EventType = status === 'relayed' ? 'RelayAcceptance' : 'RelayRejection';
  const outcome: SentOutcome = word === 'relayed' ? 'delivered' : word;
  const told: SendEffect[] = makesEvents(row.subjectKind)
    ? [
        { do: 'event', type, reason: lastCode ?? undefined },
        ...(isLate && word === 'expired' ? [] : [{ do: 'tell', outcome, reason: lastCode } as const]),
      ]
    : [];
  return { row: { ...row, status: word, isSettled: true, leaseUntil: null, lastCode }, effects: [...told, ...effects] };
}

/** What time alone does to a message: asks once more, then states that no receipt was obtained by expiry. */
export function tickOutgoing<R extends Outgoing>(row: R, now: Instant): { row: R; effects: SendEffect[] } {
  if (!isUnsettled(row) || row.status === 'expired') return { row, effects: [] };
  const due = decideExpiry(row.expiresAt, now);
  if (due === 'wait') return { row, effects: [] };
  if (due === 'ask') return { row: row.notBefore > now ? { ...row, notBefore: now } : row, effects: [] };
  const reason = 'no-receipt-by-expiry';
  const effects: SendEffect[] = makesEvents(row.subjectKind)
    ? [
        { do: 'event', type: 'RelayFailure', reason },
        { do: 'tell', outcome: 'expired', reason },
      ]
    : [];
  // An attempt under way keeps its lease: its answer, if one comes, is a late one.
  return { row: { ...row, status: 'expired', lastCode: reason }, effects };
}

export type RecallDecision<R extends Outgoing> =
  /** It never left: it is gone, and what is behind it gets its number. */
  | { do: 'withdrawn'; row: R; effects: SendEffect[] }
  /** It left or may have: the other side is asked, by an event. */
  | { do: 'ask-peer' }
  | { do: 'too-late' };

/** Takes a message back. */
export function recall<R extends Outgoing>(row: R): RecallDecision<R> {
  if (row.status === 'queued' && row.attempts === 0) {
    return {
      do: 'withdrawn',
      row: { ...row, status: 'recalled', isSettled: true, lastCode: 'exchange.recalled' },
      effects: [
        { do: 'tell', outcome: 'recalled', reason: null },
        { do: 'reissue', sequence: row.sequence, previous: row.previous },
      ],
    };
  }
  return row.status === 'refused' || row.status === 'recalled' ? { do: 'too-late' } : { do: 'ask-peer' };
}

const statusOf: Partial<Record<SentOutcome, SendStatus>> = {
  received: 'consigned',
  'handed-over': 'handed-over',
  refused: 'refused',
  recalled: 'recalled',
};

/**
 * What an event of the receiving side means for a message that was sent there. One whose receipt is still out goes on being
 * sent until that comes: the receipt is the proof that counts.
 */
export function heardEvent<R extends Outgoing>(
  row: R,
  shown: SentOutcome,
  event: { type: EventType; reason?: string },
): { row: R; shown: SentOutcome; effects: SendEffect[] } {
  const proven = outcomeOf(event.type, event.reason);
  const next = proven === null ? shown : nextOutcome(shown, proven);
  if (next === shown) return { row, shown, effects: [] };
  const reason = event.reason ?? null;
  const status = row.isSettled ? (statusOf[next] ?? row.status) : row.status;
  return {
    row: { ...row, status, lastCode: reason ?? row.lastCode },
    shown: next,
    effects: [{ do: 'tell', outcome: next, reason }],
  };
}
