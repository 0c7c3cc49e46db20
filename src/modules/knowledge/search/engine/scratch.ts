import type { Segment } from './segment.ts';

/**
 * Room to answer one question in a segment. The next question writes over it, so nothing in it may be looked at after
 * anything was awaited: a fresh million of numbers for every question would cost more than the question.
 */
export interface Scratch {
  flags: Uint8Array;
  scores: Float64Array;
  units: Uint32Array;
  failed: Uint16Array;
  counts: Uint16Array;
  first: Float64Array;
  second: Float64Array;
  firstCounts: Uint16Array;
  secondCounts: Uint16Array;
}

type OfSegment = Pick<Scratch, 'flags' | 'scores' | 'units' | 'failed'>;
type Shared = Omit<Scratch, keyof OfSegment>;

const ofSegments = new WeakMap<Segment, OfSegment>();
// Needed only while one segment is read: segment after segment takes the same.
let shared: Shared | undefined;

export function scratchOf(segment: Segment): Scratch {
  const { units } = segment;
  let own = ofSegments.get(segment);
  if (!own) {
    own = {
      flags: new Uint8Array(units),
      scores: new Float64Array(units),
      units: new Uint32Array(units),
      failed: new Uint16Array(units),
    };
    ofSegments.set(segment, own);
  }
  if (!shared || shared.counts.length < units)
    shared = {
      counts: new Uint16Array(units),
      first: new Float64Array(units),
      second: new Float64Array(units),
      firstCounts: new Uint16Array(units),
      secondCounts: new Uint16Array(units),
    };
  return { ...own, ...shared };
}
