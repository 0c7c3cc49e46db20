import type { Operative, Resolution } from '../schema.ts';

/** One operative paragraph of two versions side by side. */
export interface ParagraphChange {
  change: 'same' | 'words' | 'verb' | 'added' | 'removed';
  old: { number: string; verb: string | null; kind: string | null; text: string } | null;
  new: { number: string; verb: string | null; kind: string | null; text: string } | null;
  /** Share of words that both have, 0 to 1. */
  similarity: number;
  /** Words taken out and put in, in the order of the text. */
  removed: string[];
  added: string[];
  addressees: { removed: string[]; added: string[] };
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];
const shortOf = ({ number, verb, kind, text }: Operative) => ({ number, verb, kind, text });
const least = 0.5;

/** Share of words in common, each counted as often as it stands in both. */
export function likeness(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.length + right.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of right) {
    const left_ = counts.get(word) ?? 0;
    if (left_ > 0) {
      shared += 1;
      counts.set(word, left_ - 1);
    }
  }
  return (2 * shared) / (left.length + right.length);
}

/** Longest run of what stays, so that the rest is what changed. */
function wordChanges(a: string, b: string): { removed: string[]; added: string[] } {
  const [left, right] = [wordsOf(a).slice(0, 1500), wordsOf(b).slice(0, 1500)];
  const width = right.length + 1;
  const table = new Uint16Array((left.length + 1) * width);
  for (let n = left.length - 1; n >= 0; n -= 1)
    for (let m = right.length - 1; m >= 0; m -= 1)
      table[n * width + m] =
        left[n] === right[m]
          ? table[(n + 1) * width + m + 1]! + 1
          : Math.max(table[(n + 1) * width + m]!, table[n * width + m + 1]!);
  const removed: string[] = [];
  const added: string[] = [];
  let [n, m] = [0, 0];
  while (n < left.length || m < right.length) {
    if (n < left.length && m < right.length && left[n] === right[m]) {
      n += 1;
      m += 1;
    } else if (m >= right.length || (n < left.length && table[(n + 1) * width + m]! >= table[n * width + m + 1]!)) {
      removed.push(left[n]!);
      n += 1;
    } else {
      added.push(right[m]!);
      m += 1;
    }
  }
  return { removed, added };
}

const idsOf = (one: Operative) => one.addressees.map((to) => to.id ?? to.text);

function compared(old: Operative, now: Operative, similarity: number): ParagraphChange {
  const verb = old.verb !== now.verb || old.kind !== now.kind;
  const [before, after] = [idsOf(old), idsOf(now)];
  return {
    change: verb ? 'verb' : old.text === now.text ? 'same' : 'words',
    old: shortOf(old),
    new: shortOf(now),
    similarity,
    ...wordChanges(old.text, now.text),
    addressees: { removed: before.filter((id) => !after.includes(id)), added: after.filter((id) => !before.includes(id)) },
  };
} // prettier-ignore

/** Operative paragraphs of two resolutions, each beside the one that is most like it; in the order of the new one, what went last. */
export function diffResolutions(old: Resolution, now: Resolution): ParagraphChange[] {
  const pairs = old.operative
    .flatMap((a, n) => now.operative.map((b, m) => ({ n, m, similarity: likeness(a.text, b.text) })))
    .filter((one) => one.similarity >= least)
    .sort((a, b) => b.similarity - a.similarity || Math.abs(a.n - a.m) - Math.abs(b.n - b.m));
  const partner = new Map<number, { n: number; similarity: number }>();
  const taken = new Set<number>();
  for (const { n, m, similarity } of pairs)
    if (!taken.has(n) && !partner.has(m)) {
      taken.add(n);
      partner.set(m, { n, similarity });
    }
  const none = { similarity: 0, removed: [], added: [], addressees: { removed: [], added: [] } };
  return [
    ...now.operative.map((one, m): ParagraphChange => {
      const found = partner.get(m);
      return found
        ? compared(old.operative[found.n]!, one, Number(found.similarity.toFixed(4)))
        : { change: 'added', old: null, new: shortOf(one), ...none };
    }),
    ...old.operative.flatMap((one, n): ParagraphChange[] =>
      taken.has(n) ? [] : [{ change: 'removed', old: shortOf(one), new: null, ...none }],
    ),
  ];
}
