import { fail, ok, type Instant, type Result, type Sha256 } from '../../../platform/values/index.ts';
import { after, minute } from './times.ts';

/** Where a stream stands at its receiver. */
export interface StreamIn {
  /** Sequence of the next message that takes effect. */
  next: number;
  /** Payload hash of the one before it; null before the first. */
  lastSha256: Sha256 | null;
}

export const emptyStreamIn: StreamIn = { next: 1, lastSha256: null };

/** What of a message decides its place. */
export interface Link {
  sequence: number;
  previous: Sha256 | null;
  messageSha256: Sha256;
}

export type Place = 'next' | 'ahead' | 'sequence-conflict' | 'chain-broken';

/**
 * Place of a message whose id was not seen before.
 * @param taken whether another message holds its number in the stream
 */
export function placeOf(stream: StreamIn, link: Link, taken: boolean): Place {
  if (taken || link.sequence < stream.next) return 'sequence-conflict';
  if (link.sequence > stream.next) return 'ahead';
  return link.previous === stream.lastSha256 ? 'next' : 'chain-broken';
}

export function advance(stream: StreamIn, link: Link): StreamIn {
  return { ...stream, next: link.sequence + 1, lastSha256: link.messageSha256 };
}

/** Where a stream stands at its sender. */
export interface StreamOut {
  /** Sequence of the next message to be signed. */
  next: number;
  lastSha256: Sha256 | null;
  /** Who holds the next number while a message is being signed, and until when. */
  reservedBy: string | null;
  reservedUntil: Instant | null;
}

export const emptyStreamOut: StreamOut = { next: 1, lastSha256: null, reservedBy: null, reservedUntil: null };

/** A card or a person may take this long to sign. */
export const leaseLength = 10 * minute;

/** Reserves the next number. `reserved`: another holds it, and its time has not passed. */
export function reserve(
  stream: StreamOut,
  holder: string,
  now: Instant,
): Result<{ stream: StreamOut; sequence: number; previous: Sha256 | null }, 'reserved'> {
  const { reservedBy, reservedUntil } = stream;
  if (reservedBy !== null && reservedBy !== holder && reservedUntil !== null && now < reservedUntil)
    return fail('reserved');
  const held = { ...stream, reservedBy: holder, reservedUntil: after(now, leaseLength) };
  return ok({ stream: held, sequence: stream.next, previous: stream.lastSha256 });
}

/**
 * Uses reserved numbers for messages that follow each other. `lost`: the time passed and another took them, so nothing may
 * be sent under them.
 */
export function commit(stream: StreamOut, holder: string, links: readonly Link[]): Result<StreamOut, 'lost'> {
  if (stream.reservedBy !== holder) return fail('lost');
  let { next, lastSha256 } = stream;
  for (const link of links) {
    if (link.sequence !== next || link.previous !== lastSha256) return fail('lost');
    next += 1;
    lastSha256 = link.messageSha256;
  }
  return ok({ next, lastSha256, reservedBy: null, reservedUntil: null });
}

/** Gives a reserved number back. */
export function release(stream: StreamOut, holder: string): StreamOut {
  return stream.reservedBy === holder ? { ...stream, reservedBy: null, reservedUntil: null } : stream;
}

/**
 * Frees the number of a message that the peer did not take, and with it those of all behind it, which never left: they are
 * signed again. A lease on a later number is void.
 */
export function rewind(stream: StreamOut, link: Pick<Link, 'sequence' | 'previous'>): StreamOut {
  if (link.sequence >= stream.next) return stream;
  return { next: link.sequence, lastSha256: link.previous, reservedBy: null, reservedUntil: null };
}
