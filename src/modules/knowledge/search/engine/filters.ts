import type { FacetName } from '../schema.ts';
import { dayNumber } from './build.ts';
import { scratchOf } from './scratch.ts';
import type { Segment } from './segment.ts';

export interface Filter {
  facet: FacetName | 'on';
  values: readonly string[];
}

/** For each filter, by its place in the list, a bit where the unit does not pass. Values of one filter are alternatives. */
export function failedFilters(segment: Segment, filters: readonly Filter[]): Uint16Array {
  const { failed } = scratchOf(segment);
  failed.fill(0);
  filters.forEach(({ facet, values }, place) => {
    const bit = 1 << place;
    if (facet === 'on') {
      const day = dayNumber(values[0]!);
      for (let unit = 0; unit < segment.units; unit += 1)
        if (segment.from[unit]! > day || segment.until[unit]! <= day) failed[unit]! |= bit;
      return;
    }
    const column = segment.facets[facet];
    if (!column) {
      for (let unit = 0; unit < segment.units; unit += 1) failed[unit]! |= bit;
      return;
    }
    const wanted = Uint8Array.from(column.texts, (text) => (values.includes(text) ? 1 : 0));
    if (column.single) {
      const of = column.values;
      for (let unit = 0; unit < segment.units; unit += 1) if (wanted[of[unit]!] !== 1) failed[unit]! |= bit;
      return;
    }
    let at = 0;
    for (let unit = 0; unit < segment.units; unit += 1) {
      const end = column.ends[unit]!;
      let passes = false;
      for (; at < end; at += 1) if (wanted[column.values[at]!] === 1) passes = true;
      if (!passes) failed[unit]! |= bit;
    }
  });
  return failed;
}
