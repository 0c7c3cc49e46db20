// Figures of how well scores tell equal from different, with how far chance may have moved them.

/** A score with the truth. */
export interface Judged {
  score: number;
  isMatch: boolean;
}

/** Area under the curve: how often a match scores above a non-match. Null when one of both is missing. */
export function auc(rows: readonly Judged[]): number | null {
  const sorted = rows.toSorted((one, other) => one.score - other.score);
  const matches = rows.filter((row) => row.isMatch).length;
  const others = rows.length - matches;
  if (matches === 0 || others === 0) return null;
  let ranks = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let n = from; n < to; n += 1) if (sorted[n]!.isMatch) ranks += rank;
    from = to;
  }
  return (ranks - (matches * (matches + 1)) / 2) / (matches * others);
}

/** F1 when everything from `threshold` on is called a match. */
export function f1At(rows: readonly Judged[], threshold: number): number {
  let [hit, wrong, missed] = [0, 0, 0];
  for (const { score, isMatch } of rows) {
    if (score >= threshold && isMatch) hit += 1;
    else if (score >= threshold) wrong += 1;
    else if (isMatch) missed += 1;
  }
  return hit === 0 ? 0 : (2 * hit) / (2 * hit + wrong + missed);
}

export function bestF1(rows: readonly Judged[]): { f1: number; threshold: number } {
  let best = { f1: 0, threshold: 1 };
  for (const threshold of new Set(rows.map((row) => row.score))) {
    const f1 = f1At(rows, threshold);
    if (f1 > best.f1) best = { f1, threshold };
  }
  return best;
}

/** Mean distance between stated probability and what came true, over ten bins, weighted by their size. */
export function calibrationError(rows: readonly { probability: number; isMatch: boolean }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ stated: 0, matches: 0 }));
  for (const { probability, isMatch } of rows) {
    const bin = bins[Math.min(9, Math.floor(probability * 10))]!;
    bin.stated += probability;
    bin.matches += isMatch ? 1 : 0;
  }
  return bins.reduce((sum, { stated, matches }) => sum + Math.abs(stated - matches), 0) / Math.max(1, rows.length);
}

/** Share with its interval of 95 %. @source Wilson 1927 */
export function wilson(hits: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.959964;
  const share = hits / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const under = 1 + (z * z) / of;
  return [Math.max(0, (middle - half) / under), Math.min(1, (middle + half) / under)];
}

/** Interval of 95 % of a figure by drawing the rows again a thousand times, the same draws in each run. */
export function bootstrap(
  rows: readonly Judged[],
  figure: (rows: readonly Judged[]) => number | null,
  draws = 1000,
): [number, number] {
  let state = 20_131;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const figures: number[] = [];
  for (let draw = 0; draw < draws && rows.length > 0; draw += 1) {
    const found = figure(Array.from(rows, () => rows[next(rows.length)]!));
    if (found !== null) figures.push(found);
  }
  figures.sort((one, other) => one - other);
  return [figures[Math.floor(figures.length * 0.025)] ?? 0, figures[Math.floor(figures.length * 0.975)] ?? 1];
}
