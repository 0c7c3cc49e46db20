import type { Readable } from 'node:stream';
import type { EventType } from '../schema.ts';

/** A container on its way into another system: an ASiC file that stands for itself. */
export interface Relay {
  /** Id of the message, also the name of its folder. */
  messageId: string;
  conversationId: string;
  /** Authorities as the other system knows them. */
  from: string;
  to: string;
  fileName: string;
  mediaType: string;
  size: number;
  open(): Promise<Readable>;
}

/**
 * What another system states of a message. It never rises above `RelayToNonERDS`: a receipt between access points says
 * that a machine has it, not that an authority does.
 */
export type RelayState = 'waiting' | 'handed-over' | 'failed' | 'unknown';

export interface RelayStatus {
  state: RelayState;
  /** The other system's own words for it, `SEND_FAILURE`. */
  detail: string | null;
}

/** Something that came from another system. Its words about itself are claims; the container inside is checked as ever. */
export interface RelayedIn {
  ref: string;
  from: string;
  to: string;
  conversationId: string | null;
  files: { name: string; mediaType: string; open(): Promise<Readable> }[];
}

/** Door to another delivery system, such as an authorised access point. We are never one ourselves. */
export interface Connector {
  /** Largest container that the other system takes, in bytes; checked before anything is written. */
  readonly mostBytes: number;
  /** Hands a container over; returns what to ask for later. The same message twice is handed over once. */
  submit(relay: Relay): Promise<string>;
  /** What has come and was not taken yet. */
  poll(): Promise<RelayedIn[]>;
  /** Says that one was taken for good, so that it is not offered again. */
  taken(ref: string): Promise<void>;
  status(ref: string): Promise<RelayStatus>;
}

/** The event that a state stands for; null while nothing is decided. @source ETSI EN 319 522-3 */
export function eventOf(state: RelayState): EventType | null {
  if (state === 'handed-over') return 'RelayToNonERDS';
  return state === 'failed' ? 'RelayToNonERDSFailure' : null;
}
