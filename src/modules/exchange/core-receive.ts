import type { Instant, Sha256 } from '../../platform/values/index.ts';
import {
  advance,
  between,
  decideArrival,
  decideGap,
  gapTimes,
  makesEvents,
  type Arrived,
  type ArrivalFacts,
  type ArrivalSlice,
  type Link,
  type StreamIn,
} from './rules/index.ts';
import type { EventType, RefusalCode } from './schema.ts';

/** A message that came before one that is missing, or that was refused there: it holds its number. */
export interface HeldMessage extends Link {
  messageId: string;
  subjectKind: string;
  status: 'held' | 'refused' | 'expired';
}

/** What of the database one arrival concerns, loaded under lock of its stream. */
export interface ReceiveState extends ArrivalSlice {
  /** Messages of the stream with numbers above `next`, ascending. */
  waiting: readonly HeldMessage[];
}

export type ReceivedStatus = 'received' | 'held' | 'refused' | 'expired';

export type ReceiveEffect =
  /** Give the answer that stands in the row of this message, byte for byte. */
  | { do: 'answer-stored' }
  /** Promise nothing: 202, and the sender posts again when its blobs are whole. */
  | { do: 'answer-waiting' }
  /** Sign a refusal. `keep`: under the hash of the body, and the same one is given again. */
  | { do: 'refuse'; code: RefusalCode; keep: boolean }
  /** Sign a receipt. */
  | { do: 'receipt'; order: 'applied' | 'held'; expects?: number }
  /** Keep the message, with the answer that this decision signs. */
  | { do: 'store'; status: ReceivedStatus; code: RefusalCode | null }
  | { do: 'advance'; stream: StreamIn }
  /** A message held until now gets its turn, or ends. */
  | { do: 'release'; messageId: string; status: 'received' | 'refused'; code: RefusalCode | null }
  | { do: 'event'; type: EventType; messageId: string; reason?: string }
  | { do: 'alarm'; code: RefusalCode };

export interface ReceiveDecision {
  stream: StreamIn;
  waiting: readonly HeldMessage[];
  effects: ReceiveEffect[];
}

/** Steps 5 to 7 of receiving: repeat, parts, order. Signatures were verified; step 8 carries the effects out and flushes. */
export function receive(state: ReceiveState, arrived: Arrived, facts: ArrivalFacts, now: Instant): ReceiveDecision {
  const verdict = decideArrival(state, arrived, facts, now);
  const { stream, waiting } = state;
  const { id, subjectKind, sequence, previous } = arrived.message;
  const link = { sequence, previous, messageSha256: arrived.messageSha256 };
  switch (verdict.do) {
    case 'answer-stored':
    case 'answer-waiting':
      return { stream, waiting, effects: [{ do: verdict.do }] };
    case 'refuse': {
      const refuse: ReceiveEffect = { do: 'refuse', code: verdict.code, keep: verdict.alarm };
      return { stream, waiting, effects: verdict.alarm ? [refuse, { do: 'alarm', code: verdict.code }] : [refuse] };
    }
    case 'place': {
      const { code, place } = verdict;
      const status = code === null ? (place === 'next' ? 'received' : 'held') : ended(code);
      const effects: ReceiveEffect[] = [{ do: 'store', status, code }];
      if (code !== null) effects.push({ do: 'refuse', code, keep: false });
      else if (place === 'ahead') effects.push({ do: 'receipt', order: 'held', expects: stream.next });
      else effects.push({ do: 'receipt', order: 'applied' });
      if (place === 'ahead') {
        const held = { ...link, messageId: id, subjectKind, status: status === 'received' ? 'held' : status } as const;
        const behind = [...waiting, held].sort((a, b) => a.sequence - b.sequence);
        return { stream, waiting: behind, effects };
      }
      const released = releaseBehind(advance(stream, link), waiting);
      return { ...released, effects: [...effects, { do: 'advance', stream: released.stream }, ...released.effects] };
    }
  }
}

function ended(code: RefusalCode): 'refused' | 'expired' {
  return code === 'exchange.expired' ? 'expired' : 'refused';
}

/** Gives their turn to messages that waited right behind where the stream now stands. */
function releaseBehind(start: StreamIn, waiting: readonly HeldMessage[]): ReceiveDecision {
  let stream = start;
  const effects: ReceiveEffect[] = [];
  let rest = waiting.filter((one) => one.sequence >= start.next);
  for (let next = rest[0]; next?.sequence === stream.next; next = rest[0]) {
    rest = rest.slice(1);
    const { messageId, subjectKind } = next;
    const follows = next.previous === stream.lastSha256;
    stream = advance(stream, next);
    if (next.status !== 'held') continue;
    if (follows) {
      effects.push({ do: 'release', messageId, status: 'received', code: null });
      continue;
    }
    // It has its receipt, so it ends with an event; its number is used up, since the one behind it names it.
    const code = 'exchange.chain-broken';
    effects.push({ do: 'release', messageId, status: 'refused', code }, { do: 'alarm', code });
    if (makesEvents(subjectKind))
      effects.push({ do: 'event', type: 'ContentHandoverFailure', messageId, reason: code });
  }
  return { stream, waiting: rest, effects };
}

export type GapEffect =
  | { do: 'ask-missing' }
  | { do: 'tell-officers' }
  | { do: 'end'; status: 'refused'; code: 'gap-not-filled' }
  | { do: 'event'; type: EventType; reason: string };

/**
 * What becomes of a message that waits for one before it, as time passes.
 * @param askedAt when its sender was last asked for what is missing; null: not yet
 */
export function tickHeld(
  held: { subjectKind: string; receivedAt: Instant; askedAt: Instant | null },
  now: Instant,
): GapEffect[] {
  const asks: GapEffect[] =
    held.askedAt === null || between(held.askedAt, now) >= gapTimes.askAgain ? [{ do: 'ask-missing' }] : [];
  switch (decideGap(held.receivedAt, now)) {
    case 'wait':
      return [];
    case 'ask':
      return asks;
    case 'tell':
      return [...asks, { do: 'tell-officers' }];
    case 'give-up': {
      const end: GapEffect = { do: 'end', status: 'refused', code: 'gap-not-filled' };
      if (!makesEvents(held.subjectKind)) return [end];
      return [end, { do: 'event', type: 'ContentHandoverFailure', reason: 'gap-not-filled' }];
    }
  }
}

export type { Arrived, ArrivalFacts, Sha256 };
