import { fields, searchLanguages, type AccessClass, type FacetName, type SearchLanguage } from '../schema.ts';
import { unpackColumns } from './bytes.ts';

/** What a term tells of the units of a segment, decoded: frequencies of unit n stand at `n * fields`. */
export interface Decoded {
  units: Uint32Array;
  /** Frequency in each field, six numbers per unit. */
  frequencies: Uint16Array;
}

/** Bytes of a term in a segment; positions only when a phrase asks for them. */
export interface StoredTerm {
  units: number;
  postings: Buffer;
  positions?: Buffer;
}

export interface FacetColumn {
  ends: Uint32Array;
  values: Uint32Array;
  texts: readonly string[];
  /** Every unit has exactly one value: that of unit n stands at n. */
  single: boolean;
}

/** A segment as it is held in memory: everything but the postings. */
export interface Segment {
  id: string;
  access: AccessClass;
  units: number;
  /** Marks above this number tell of units that are gone from here. */
  through: number;
  lengths: readonly Uint16Array[];
  language: Uint8Array;
  work: Uint32Array;
  works: readonly string[];
  place: Uint32Array;
  date: Int32Array;
  from: Int32Array;
  until: Int32Array;
  prior: Float32Array;
  facets: Partial<Record<FacetName, FacetColumn>>;
  idEnds: Uint32Array;
  ids: Buffer;
  /** 1 where the unit is gone; made when the first one is. */
  dead: Uint8Array | undefined;
  deadCount: number;
  bytes: number;
}

export function openSegment(
  packed: Buffer,
  row: { id: string; access: AccessClass; units: number; through: number },
): Segment {
  const { columns, texts } = unpackColumns(packed);
  const { works, facets } = texts as { works: string[]; facets: Partial<Record<FacetName, string[]>> };
  const opened: Partial<Record<FacetName, FacetColumn>> = {};
  for (const [facet, values] of Object.entries(facets) as [FacetName, string[]][])
    opened[facet] = {
      ends: columns[`ends.${facet}`] as Uint32Array,
      values: columns[`values.${facet}`] as Uint32Array,
      texts: values,
      single: (columns[`ends.${facet}`] as Uint32Array).every((end, unit) => end === unit + 1),
    };
  const ids = columns['ids'] as Uint8Array;
  return {
    ...row,
    lengths: fields.map((field) => columns[`length.${field}`] as Uint16Array),
    language: columns['language'] as Uint8Array,
    work: columns['work'] as Uint32Array,
    works,
    place: columns['place'] as Uint32Array,
    date: columns['date'] as Int32Array,
    from: columns['from'] as Int32Array,
    until: columns['until'] as Int32Array,
    prior: columns['prior'] as Float32Array,
    facets: opened,
    idEnds: columns['idEnds'] as Uint32Array,
    ids: Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength),
    dead: undefined,
    deadCount: 0,
    bytes: packed.length,
  };
}

export function idBytes(segment: Segment, ordinal: number): Buffer {
  return segment.ids.subarray(ordinal === 0 ? 0 : segment.idEnds[ordinal - 1]!, segment.idEnds[ordinal]);
}

export const idAt = (segment: Segment, ordinal: number): string => idBytes(segment, ordinal).toString('utf8');

export const languageAt = (segment: Segment, ordinal: number): SearchLanguage =>
  searchLanguages[segment.language[ordinal]!]!;

/** Place of a unit in the segment, or -1. */
export function findOrdinal(segment: Segment, id: string): number {
  const wanted = Buffer.from(id);
  let low = 0;
  let high = segment.units - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = Buffer.compare(idBytes(segment, middle), wanted);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function markDead(segment: Segment, id: string): void {
  const ordinal = findOrdinal(segment, id);
  if (ordinal < 0) return;
  segment.dead ??= new Uint8Array(segment.units);
  if (segment.dead[ordinal] === 0) segment.deadCount += 1;
  segment.dead[ordinal] = 1;
}

const allOnce = 64;
const width = fields.length;

/** Reads the postings of a term, without the units that are gone. */
export function decodePostings(segment: Segment, bytes: Buffer, count: number): Decoded {
  const units = new Uint32Array(count);
  const frequencies = new Uint16Array(count * width);
  const { dead } = segment;
  let at = 0;
  let unit = -1;
  let filled = 0;
  const end = bytes.length;
  while (at < end) {
    let step = bytes[at++]!;
    if (step >= 0x80) {
      step &= 0x7f;
      let shift = 7;
      for (;;) {
        const byte = bytes[at++]!;
        step |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
        shift += 7;
      }
    }
    unit += step + 1;
    const code = bytes[at++]!;
    const isDead = dead !== undefined && dead[unit] === 1;
    const base = filled * width;
    for (let field = 0; field < width; field += 1) {
      if ((code & (1 << field)) === 0) continue;
      let frequency = 1;
      if (code < allOnce) {
        frequency = bytes[at++]!;
        if (frequency >= 0x80) {
          frequency &= 0x7f;
          let shift = 7;
          for (;;) {
            const byte = bytes[at++]!;
            frequency |= (byte & 0x7f) << shift;
            if (byte < 0x80) break;
            shift += 7;
          }
        }
      }
      if (!isDead) frequencies[base + field] = frequency;
    }
    if (!isDead) units[filled++] = unit;
  }
  return { units: units.subarray(0, filled), frequencies: frequencies.subarray(0, filled * width) };
}
