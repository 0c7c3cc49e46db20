import { firstOf, FirstOf, type Compare, type Place, type Ranked } from './order.ts';
import { noTie } from './settings.ts';

/** Results of one work: the units shown, best first, and how many there are in all. */
export interface Group {
  best: Place;
  shown: Place[];
  units: number;
}

const shownInGroup = 3;

/** The first units that pass all filters, each for itself. */
export function firstUnits(
  ranked: readonly Ranked[],
  compare: Compare,
  page: { from: number; count: number; byScore: boolean },
): Place[] {
  const best = new FirstOf(page.from + page.count, compare);
  const byScore = hasPlainOrder(ranked, page);
  ranked.forEach(({ units, failed, scores }, segment) => {
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      if (failed[unit] !== 0) continue;
      const { last } = best;
      if (byScore && last && scores[unit]! < ranked[last.segment]!.scores[last.unit]! - noTie) continue;
      best.offer({ segment, unit });
    }
  });
  return best.done().slice(page.from);
}

/** Most units differ in their score: the whole order is asked for the others only. */
function hasPlainOrder(ranked: readonly Ranked[], { byScore }: { byScore: boolean }): boolean {
  return byScore && ranked.every(({ tiers }) => tiers === undefined);
}

/** One page of groups; a group stands where its best unit stands. */
export function pageOfGroups(
  ranked: readonly Ranked[],
  compare: Compare,
  allWorks: number,
  page: { from: number; count: number; byScore: boolean },
): { groups: Group[]; works: number; units: number } {
  const counts = new Uint32Array(allWorks);
  const bestSegment = new Int32Array(allWorks);
  const bestUnit = new Uint32Array(allWorks);
  const bestScore = new Float64Array(allWorks);
  const byScore = hasPlainOrder(ranked, page);
  let works = 0;
  let all = 0;
  ranked.forEach(({ segment, units, failed, scores, works: numbers }, place) => {
    const { work: workOf, date } = segment;
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      if (failed[unit] !== 0) continue;
      all += 1;
      const work = numbers[workOf[unit]!]!;
      const score = scores[unit]!;
      counts[work]! += 1;
      if (counts[work] === 1) works += 1;
      else if (byScore && score < bestScore[work]! - noTie) continue;
      else if (!byScore || score <= bestScore[work]! + noTie) {
        const before = { segment: bestSegment[work]!, unit: bestUnit[work]! };
        // Units of a segment stand in the order of their ids.
        const isLater = before.segment === place && date[before.unit] === date[unit];
        if (byScore && isLater && score === bestScore[work]!) continue;
        if (compare({ segment: place, unit }, before) >= 0) continue;
      }
      bestSegment[work] = place;
      bestUnit[work] = unit;
      bestScore[work] = score;
    }
  });
  const best = new FirstOf<Place & { work: number }>(page.count === 0 ? 0 : page.from + page.count, compare);
  for (let work = 0; page.count > 0 && work < allWorks; work += 1) {
    if (counts[work] === 0) continue;
    const { last } = best;
    if (byScore && last && bestScore[work]! < bestScore[last.work]! - noTie) continue;
    best.offer({ segment: bestSegment[work]!, unit: bestUnit[work]!, work });
  }
  const chosen = best.done().slice(page.from);
  const inPage = unitsOfWorks(
    ranked,
    chosen.map(({ work }) => work),
    allWorks,
  );
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

/** What was found of some works, by the number of the work. */
function unitsOfWorks(ranked: readonly Ranked[], chosen: readonly number[], allWorks: number): Map<number, Place[]> {
  const found = new Map(chosen.map((work) => [work, [] as Place[]]));
  const wanted = new Uint8Array(allWorks);
  for (const work of chosen) wanted[work] = 1;
  ranked.forEach(({ segment, units, failed, works: numbers }, place) => {
    if (!numbers.some((work) => wanted[work] === 1)) return;
    const { work: workOf } = segment;
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index]!;
      const work = numbers[workOf[unit]!]!;
      if (wanted[work] === 1 && failed[unit] === 0) found.get(work)!.push({ segment: place, unit });
    }
  });
  return found;
}
