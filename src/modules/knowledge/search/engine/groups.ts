import { firstOf, type Compare, type Place, type Ranked } from './order.ts';

/** Results of one work: the units shown, best first, and how many there are in all. */
export interface Group {
  best: Place;
  shown: Place[];
  units: number;
}

const shownInGroup = 3;

/** Every unit that passes all filters. */
export function* passing(ranked: readonly Ranked[]): Generator<Place> {
  for (const [segment, { units, failed }] of ranked.entries())
    for (const unit of units) if (failed[unit] === 0) yield { segment, unit };
}

/** One page of groups; a group stands where its best unit stands. */
export function pageOfGroups(
  ranked: readonly Ranked[],
  compare: Compare,
  allWorks: number,
  page: { from: number; count: number; byScore: boolean },
): { groups: Group[]; works: number; units: number } {
  const counts = new Uint32Array(allWorks);
  const bestSegment = new Int32Array(allWorks).fill(-1);
  const bestUnit = new Uint32Array(allWorks);
  // Most units differ in their score: the whole order is asked for the others only.
  const byScore = page.byScore && ranked.every(({ tiers }) => tiers === undefined);
  const isPlainlyBetter = (segment: number, unit: number, other: number, otherUnit: number): boolean =>
    ranked[segment]!.scores[unit]! > ranked[other]!.scores[otherUnit]!;
  let works = 0;
  let all = 0;
  ranked.forEach(({ segment, units, failed, works: numbers }, place) => {
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      if (failed[unit] !== 0) continue;
      all += 1;
      const work = numbers[segment.work[unit]!]!;
      if (counts[work]! === 0) works += 1;
      counts[work]! += 1;
      const before = bestSegment[work]!;
      if (before < 0 || (byScore && isPlainlyBetter(place, unit, before, bestUnit[work]!))) {
        bestSegment[work] = place;
        bestUnit[work] = unit;
        continue;
      }
      if (byScore && isPlainlyBetter(before, bestUnit[work]!, place, unit)) continue;
      if (compare({ segment: place, unit }, { segment: before, unit: bestUnit[work]! }) < 0) {
        bestSegment[work] = place;
        bestUnit[work] = unit;
      }
    }
  });
  const bests = function* (): Generator<Place & { work: number }> {
    for (let work = 0; work < allWorks; work += 1)
      if (counts[work]! > 0) yield { segment: bestSegment[work]!, unit: bestUnit[work]!, work };
  };
  const chosen = firstOf(bests(), page.from + page.count, compare).slice(page.from);
  const inPage = new Map(chosen.map(({ work }) => [work, [] as Place[]]));
  ranked.forEach(({ segment, units, failed, works: numbers }, place) => {
    const wanted = Uint8Array.from(numbers, (work) => (inPage.has(work) ? 1 : 0));
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      const work = segment.work[unit]!;
      if (wanted[work] === 1 && failed[unit] === 0) inPage.get(numbers[work]!)!.push({ segment: place, unit });
    }
  });
  return {
    groups: chosen.map(({ segment, unit, work }) => ({
      best: { segment, unit },
      shown: firstOf(inPage.get(work)!, shownInGroup, compare),
      units: counts[work]!,
    })),
    works,
    units: all,
  };
}
