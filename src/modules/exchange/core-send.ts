import type { Instant, Sha256 } from '../../platform/values/index.ts';
import {
  after,
  afterStart,
  decideExpiry,
  makesEvents,
  maySend,
  rankOf,
  rewind,
  timeouts,
  type Breaker,
  type SentOutcome,
  type StreamOut,
} from './rules/index.ts';
import type { EventType, Priority } from './schema.ts';

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
  /**
   * Whether the peer gave a receipt or a final refusal, or the message left its number: then the next of the stream may
   * go. An event may tell more before that; the receipt is the proof that counts, and is asked for until it is there.
   */
  isSettled: boolean;
  /** Times that it was begun to be sent; 0: it never left. */
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
/** A worker that does not come back loses its message after the longest attempt and a margin. */
const leaseMillis = timeouts.connect + timeouts.answer + 30_000;

export type SendEffect =
  /** Keep the receipt or the refusal that came: it is the proof of what this decides. */
  | { do: 'keep-answer' }
  /** State it. `isTold`: the other side is told. */
  | { do: 'event'; type: EventType; reason?: string; isTold?: true }
  /** Tell the module that wrote the message. */
  | { do: 'tell'; outcome: SentOutcome; reason: string | null }
  /** The peer does not hold the number: the stream goes back to it, and what is behind is signed again. */
  | { do: 'reissue' }
  /** Ask once more for the receipt. */
  | { do: 'ask-receipt' }
  /** The peer answers again: waits that grew while it was away are over. */
  | { do: 'try-all' }
  | { do: 'alarm'; code: string };

/** Whether it still has to be given to the peer: also after its time, so that its number is answered for. */
export function isUnsettled(row: Outgoing): boolean {
  return !row.isSettled && row.status !== 'parked';
}

function isDue(row: Outgoing, now: Instant): boolean {
  return isUnsettled(row) && row.notBefore <= now && (row.leaseUntil === null || row.leaseUntil <= now);
}

/**
 * Messages to send now: of each stream only the first that is not settled; urgent first across streams, then the oldest;
 * peers in turns, so that a slow one takes only its own places; no peer while its breaker is open, but for one probe.
 * @param underWay messages in flight per peer
 */
export function chooseToSend<R extends Outgoing>(
  rows: readonly R[],
  peers: ReadonlyMap<string, PeerState>,
  underWay: ReadonlyMap<string, number>,
  now: Instant,
): R[] {
  const heads = new Map<string, R>();
  for (const row of rows) {
    if (row.isSettled) continue;
    const head = heads.get(row.stream);
    if (!head || row.sequence < head.sequence) heads.set(row.stream, row);
  }
  const byPeer = new Map<string, R[]>();
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
  const chosen: R[] = [];
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

/**
 * Messages to give a peer that came to collect them. What it was given in a later collection than the last one it kept was
 * lost on the way: it is given again at once.
 * @param kept number of the last collection that the peer kept whole
 */
export function chooseToGive<R extends Outgoing & { givenAs: number | null }>(
  rows: readonly R[],
  kept: number,
  now: Instant,
): R[] {
  const free = rows.map((row) => (row.givenAs !== null && row.givenAs > kept ? { ...row, leaseUntil: null } : row));
  // It is here: whatever was tried before says nothing any more.
  return chooseToSend(free, new Map(), new Map(), now);
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
  const status = row.status === 'queued' ? 'sending' : row.status;
  return {
    row: { ...row, status, attempts: row.attempts + 1, leaseUntil: after(now, leaseMillis) },
    peer: afterStart(peer, now),
  };
}

/** What time alone does to a message: asks once more, then states that no receipt was obtained by expiry. */
export function tickOutgoing<R extends Outgoing>(row: R, now: Instant): { row: R; effects: SendEffect[] } {
  const isWaiting = row.status === 'queued' || row.status === 'sending' || row.status === 'parked';
  const due = row.isSettled || !isWaiting ? 'wait' : decideExpiry(row.expiresAt, now);
  if (due === 'wait') return { row, effects: [] };
  if (due === 'ask') return { row, effects: row.attempts > 0 ? [{ do: 'ask-receipt' }] : [] };
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
  | { do: 'ask-peer'; effects: SendEffect[] }
  /** The other side has it in hand, or it came to another end. */
  | { do: 'too-late' };

const recalled = 'exchange.recalled';

/** Takes a message back. */
export function recall<R extends Outgoing>(row: R): RecallDecision<R> {
  const word: SendEffect = { do: 'event', type: 'RelayFailure', reason: recalled };
  switch (row.status) {
    case 'handed-over':
    case 'refused':
    case 'expired':
    case 'recalled':
      return { do: 'too-late' };
    case 'sending':
    case 'relayed':
    case 'consigned':
      return { do: 'ask-peer', effects: [{ ...word, isTold: true }] };
    case 'queued':
    case 'parked':
      if (row.attempts > 0) return { do: 'ask-peer', effects: [{ ...word, isTold: true }] };
      return {
        do: 'withdrawn',
        row: { ...row, status: 'recalled', isSettled: true, lastCode: recalled },
        effects: [word, { do: 'tell', outcome: 'recalled', reason: null }, { do: 'reissue' }],
      };
  }
}

/** What an official does with a message that waits to leave. `undefined`: not as it stands now. */
export function byHand<R extends Outgoing>(row: R, act: 'send-now' | 'park', now: Instant): R | undefined {
  if (row.isSettled) return undefined;
  if (act === 'send-now')
    return { ...row, status: row.status === 'parked' ? 'queued' : row.status, notBefore: now, leaseUntil: null };
  return row.status === 'queued' || row.status === 'sending'
    ? { ...row, status: 'parked', leaseUntil: null }
    : undefined;
}

/**
 * Frees the number of a message that the peer does not hold. What is behind it never left: it is signed again, in its
 * order, from the number that is free now; what ended meanwhile leaves its number without being signed again.
 * @param behind unsettled messages of the stream with higher numbers, ascending
 */
export function reissue<R extends Outgoing>(
  stream: StreamOut,
  freed: R,
  behind: readonly R[],
): { stream: StreamOut; again: R[]; ended: R[] } {
  const rest = behind.filter((row) => row.sequence > freed.sequence && !row.isSettled);
  return {
    stream: rewind(stream, freed),
    again: rest.filter((row) => row.status !== 'expired'),
    ended: rest.filter((row) => row.status === 'expired').map((row) => ({ ...row, isSettled: true })),
  };
}
