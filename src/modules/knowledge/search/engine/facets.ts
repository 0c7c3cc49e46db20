import type { FacetCount, FacetName } from '../schema.ts';
import type { Filter } from './filters.ts';
import type { Segment } from './segment.ts';

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
    if (column.single && countBy === 'unit') {
      const { values } = column;
      const others = ~ownBit;
      const isFiltered = filters.length > (own < 0 ? 0 : 1);
      // By turns in two rows: adding to the same number twice running has to wait for the first.
      const second = new Uint32Array(local.length);
      for (let index = 0; index < units.length; index += 1) {
        const unit = units[index]!;
        if (isFiltered && (failed[unit]! & others) !== 0) continue;
        if ((index & 1) === 0) local[values[unit]!]! += 1;
        else second[values[unit]!]! += 1;
      }
      second.forEach((count, value) => (local[value]! += count));
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
