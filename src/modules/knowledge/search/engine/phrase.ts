import { fields } from '../schema.ts';
import { decodePostings, type Decoded, type Segment, type StoredTerm } from './segment.ts';

const width = fields.length;
// Place within a field in the low bits, the field above.
const fieldStep = 2 ** 24;

/** Places of a term in the units that are wanted, unit by unit. */
interface Places {
  ends: Uint32Array;
  places: Uint32Array;
}

function readNumber(bytes: Buffer, from: { at: number }): number {
  let value = 0;
  let shift = 0;
  for (;;) {
    const byte = bytes[from.at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
    shift += 7;
  }
}

/** Units in all lists; lists are in order. */
function inAll(lists: readonly Uint32Array[]): Uint32Array {
  const [first, ...others] = [...lists].sort((one, other) => one.length - other.length);
  let kept = first!;
  for (const other of others) {
    const both = new Uint32Array(kept.length);
    let count = 0;
    let at = 0;
    for (const unit of kept) {
      while (at < other.length && other[at]! < unit) at += 1;
      if (other[at] === unit) both[count++] = unit;
    }
    kept = both.subarray(0, count);
  }
  return kept;
}

function placesIn(stored: StoredTerm, wanted: Uint32Array): Places {
  const { postings, positions } = stored;
  if (!positions) throw new Error('A phrase needs the positions of its words');
  const ends = new Uint32Array(wanted.length);
  const places: number[] = [];
  const counts = new Uint32Array(width);
  const head = { at: 0 };
  const tail = { at: 0 };
  let unit = -1;
  let next = 0;
  while (head.at < postings.length && next < wanted.length) {
    unit += readNumber(postings, head) + 1;
    const code = postings[head.at++]!;
    for (let field = 0; field < width; field += 1)
      counts[field] = (code & (1 << field)) === 0 ? 0 : code < 64 ? readNumber(postings, head) : 1;
    const isWanted = wanted[next] === unit;
    for (let field = 0; field < width; field += 1) {
      let place = 0;
      for (let left = counts[field]!; left > 0; left -= 1) {
        place += readNumber(positions, tail);
        if (isWanted) places.push(field * fieldStep + place);
      }
    }
    if (isWanted) ends[next++] = places.length;
  }
  return { ends, places: Uint32Array.from(places) };
}

/** How often the parts stand at their distances, in each field of each unit. */
export function findPhrase(segment: Segment, parts: readonly { stored: StoredTerm; offset: number }[]): Decoded {
  const candidates = inAll(parts.map(({ stored }) => decodePostings(segment, stored.postings, stored.units).units));
  const found = parts.map(({ stored, offset }) => ({ offset, ...placesIn(stored, candidates) }));
  const units = new Uint32Array(candidates.length);
  const frequencies = new Uint16Array(candidates.length * width);
  let count = 0;
  candidates.forEach((unit, index) => {
    const [first, ...others] = found;
    const slices = others.map(({ ends, places, offset }) => ({
      offset: offset - first!.offset,
      places: places.subarray(index === 0 ? 0 : ends[index - 1]!, ends[index]),
    }));
    const from = index === 0 ? 0 : first!.ends[index - 1]!;
    let holds = false;
    for (let at = from; at < first!.ends[index]!; at += 1) {
      const place = first!.places[at]!;
      if (!slices.every((other) => other.places.includes(place + other.offset))) continue;
      frequencies[count * width + Math.floor(place / fieldStep)]! += 1;
      holds = true;
    }
    if (holds) units[count++] = unit;
  });
  return { units: units.subarray(0, count), frequencies: frequencies.subarray(0, count * width) };
}
