import type { FacetCount, FacetName } from '../schema.ts';
import type { Filter } from './filters.ts';
import type { FacetColumn, Segment } from './segment.ts';

/** A segment with what was found in it. */
export interface Matched {
  segment: Segment;
  /** Units of the match set, before the filters. */
  units: Uint32Array;
  /** Bit for each filter a unit does not pass, by unit. */
  failed: Uint16Array;
  /** Number of each work of the segment among all works of the index. */
  works: Uint32Array;
}

export const mostValues = 200;

/** Bitmaps of what was found, by segment and by the filter left out: facets of one answer share them. */
export type FoundBits = Map<Segment, Map<string, Uint32Array>>;

const columnBits = new WeakMap<FacetColumn, Uint32Array[]>();

/** For each value of a facet a bitmap of the units that have it. */
function bitmapsOf(column: FacetColumn, units: number): Uint32Array[] {
  let bits = columnBits.get(column);
  if (!bits) {
    bits = column.texts.map(() => new Uint32Array(Math.ceil(units / 32)));
    let at = 0;
    for (let unit = 0; unit < units; unit += 1)
      for (const end = column.ends[unit]!; at < end; at += 1) bits[column.values[at]!]![unit >> 5]! |= 1 << (unit & 31);
    columnBits.set(column, bits);
  }
  return bits;
}

/** Units in the order of their numbers, those left out that fail one of the filters of the mask. */
function toBitmap(units: Uint32Array, failed: Uint16Array, mask: number, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  let place = 0;
  let word = 0;
  for (let index = 0; index < units.length; index += 1) {
    const unit = units[index]!;
    if (mask !== 0 && (failed[unit]! & mask) !== 0) continue;
    if (unit >> 5 !== place) {
      bits[place] = word;
      place = unit >> 5;
      word = 0;
    }
    word |= 1 << (unit & 31);
  }
  bits[place] = word;
  return bits;
}

function countCommon(one: Uint32Array, other: Uint32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) {
    let bits = one[index]! & other[index]!;
    bits -= (bits >>> 1) & 0x5555_5555;
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
    bits = (bits + (bits >>> 4)) & 0x0f0f_0f0f;
    sum += Math.imul(bits, 0x0101_0101) >>> 24;
  }
  return sum;
}

/**
 * Counts the values of a facet under all other filters, exactly: its own filter is left out, so that several values of
 * it can be chosen.
 */
export function countFacet(
  matched: readonly Matched[],
  facet: FacetName,
  filters: readonly Filter[],
  countBy: 'unit' | 'work',
  allWorks: number,
  found: FoundBits,
): FacetCount[] {
  const own = filters.findIndex((filter) => filter.facet === facet);
  const ownBit = own < 0 ? 0 : 1 << own;
  const chosen = new Set(own < 0 ? [] : filters[own]!.values);
  const counts = new Map<string, number>();
  const seen = new Set<number>();
  const numbers = new Map<string, number>();
  for (const { segment, units, failed, works } of matched) {
    const column = segment.facets[facet];
    if (!column) continue;
    const local = new Uint32Array(column.texts.length);
    const numberOf = column.texts.map((text) => {
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, (number = numbers.size));
      return number;
    });
    const isFiltered = filters.length > (own < 0 ? 0 : 1);
    const words = Math.ceil(segment.units / 32);
    // Few values of many units: each value is counted by its bitmap. Otherwise each unit is counted by its values.
    if (countBy === 'unit' && column.texts.length * words < units.length) {
      const key = isFiltered ? facet : 'all';
      let bits = found.get(segment)?.get(key);
      if (!bits) {
        bits = toBitmap(units, failed, isFiltered ? ~ownBit : 0, words);
        found.set(segment, (found.get(segment) ?? new Map<string, Uint32Array>()).set(key, bits));
      }
      bitmapsOf(column, segment.units).forEach((of, value) => (local[value] = countCommon(bits, of)));
    } else if (column.single && countBy === 'unit') {
      const { values } = column;
      for (let index = 0; index < units.length; index += 1) {
        const unit = units[index]!;
        if (!isFiltered || (failed[unit]! & ~ownBit) === 0) local[values[unit]!]! += 1;
      }
    } else
      for (let index = 0; index < units.length; index += 1) {
        const unit = units[index]!;
        if ((failed[unit]! & ~ownBit) !== 0) continue;
        const end = column.ends[unit]!;
        for (let at = unit === 0 ? 0 : column.ends[unit - 1]!; at < end; at += 1) {
          const value = column.values[at]!;
          if (countBy === 'work') {
            const pair = numberOf[value]! * allWorks + works[segment.work[unit]!]!;
            if (seen.has(pair)) continue;
            seen.add(pair);
          }
          local[value]! += 1;
        }
      }
    column.texts.forEach((text, value) => {
      if (local[value]! > 0) counts.set(text, (counts.get(text) ?? 0) + local[value]!);
    });
  }
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  return [...counts]
    .map(([value, count]) => ({ value, count, chosen: chosen.has(value) }))
    .sort(
      (one, other) =>
        Number(other.chosen) - Number(one.chosen) || other.count - one.count || (one.value < other.value ? -1 : 1),
    )
    .slice(0, mostValues);
}
