import type { Instant, Sha256 } from '../../../src/platform/values/index.ts';
import type { EventType } from '../../../src/modules/exchange/schema.ts';
import type { OpeningDecision } from '../../../src/modules/exchange/core.ts';

export {
  closedBreaker,
  emptyStreamIn,
  emptyStreamOut,
  rewind,
  type StreamIn,
  type StreamOut,
} from '../../../src/modules/exchange/rules/index.ts';

/** A message that was received: the row outlives it, so that a repeat is known for ever. */
export interface HeldRow {
  messageId: string;
  messageSha256: Sha256;
  transportSha256: Sha256;
  fromNode: string;
  stream: string;
  sequence: number;
  previous: Sha256 | null;
  subjectKind: string;
  status: OpeningDecision['status'];
  answer: string;
  answerStatus: number;
  receivedAt: Instant;
  nextAt: Instant;
  attempts: number;
  /** Openings in all, those before an official let it be tried again included. */
  tries: number;
  isConsigned: boolean;
  conversationId: string;
  from: string;
  inline: ReadonlyMap<string, Buffer>;
}

/** What one side states about a message of the other. */
export interface StatedEvent {
  messageId: string;
  type: EventType;
  reason?: string;
}

export const eventKind = 'event/1';
