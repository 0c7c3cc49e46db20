import { parseName, formOf, type NamedAs, type ParsedName, type Part } from './parse.ts';
import { compareParts, joinParts, type PartRule } from './parts.ts';

/** One line of why: which parts stood against each other, by which rule, and what it moved. */
export interface NameReason {
  rule: PartRule | 'left-out' | 'added' | 'conflict' | 'numeral' | 'generation' | 'legal-form' | 'patronymic';
  left: string | null;
  right: string | null;
  /** Share of the similarity gained, or lost when negative. */
  points: number;
}

export interface NameScore {
  similarity: number;
  reasons: NameReason[];
}

// What an omission, a contradiction and the rest take away. Order-free: a name is a set of parts.
const model = {
  /** Below this two parts are different words rather than two spellings. */
  different: 0.62,
  conflict: 0.4,
  omittedPerson: 0.45,
  omittedBody: 0.75,
  omittedAroundOne: 1.1,
  numeralDiffers: 0.15,
  numeralMissing: 0.12,
  generationDiffers: 0.32,
  legalDiffers: 0.03,
  fatherForGiven: 0.7,
  joined: 0.97,
  joinFrom: 0.82,
} as const;
const optimalUpTo = 8;
const greedyUpTo = 24;

interface Pairing {
  left: number;
  right: number;
  similarity: number;
  rule: PartRule;
}

function isStrong(part: Part): boolean {
  return part.tag !== 'particle' && part.tag !== 'honorific';
}

/** Writes neighbours on one side as one where the other side does. */
function align(left: Part[], right: Part[], isPerson: boolean): [Part[], Part[], boolean] {
  let joined = false;
  const once = (from: Part[], against: Part[]): Part[] => {
    for (let n = 0; n + 1 < from.length; n += 1) {
      const [one, two] = [from[n]!, from[n + 1]!];
      if (one.forms.length === 0 || two.forms.length === 0 || one.script === 'Hani') continue;
      const length = one.forms[0]!.latin.length + two.forms[0]!.latin.length;
      for (const other of against) {
        const close = other.forms.some(
          (form) => Math.abs(form.latin.length - length) <= (form.frame || one.forms[0]!.frame ? length : 2),
        );
        if (!close || one.word === other.word || two.word === other.word) continue;
        const both = joinParts(one, two, (latin, frame) => formOf({ latin, frame }));
        const together = compareParts(both, other, isPerson).similarity;
        if (together < model.joinFrom) continue;
        const apart = Math.max(
          compareParts(one, other, isPerson).similarity,
          compareParts(two, other, isPerson).similarity,
        );
        const weak = one.weight < 0.5 || two.weight < 0.5;
        if (together <= apart || (weak && apart > 0.9)) continue;
        joined = true;
        return once([...from.slice(0, n), both, ...from.slice(n + 2)], against);
      }
    }
    return from;
  };
  if (left.length > 1 && left.length <= optimalUpTo) left = joinToRun(left, right, isPerson);
  if (right.length > 1 && right.length <= optimalUpTo) right = joinToRun(right, left, isPerson);
  if (left.length > 1 && left.length <= optimalUpTo) left = once(left, right);
  if (right.length > 1 && right.length <= optimalUpTo) right = once(right, left);
  return [left, right, joined];
}

const writtenInRuns = new Set<string>(['Hani', 'Hang', 'Thai', 'Kana']);

/** Several words that stand for one run of a script that writes none: their syllables, put together, are compared with it. */
function joinToRun(from: Part[], against: readonly Part[], isPerson: boolean): Part[] {
  for (const other of against) {
    if (!writtenInRuns.has(other.script)) continue;
    for (let length = Math.min(5, from.length); length >= 3; length -= 1)
      for (let at = 0; at + length <= from.length; at += 1) {
        const some = from.slice(at, at + length);
        if (some.some((part) => part.script !== 'Latn' || part.forms.length === 0)) continue;
        const both = some.reduce((one, two) => joinParts(one, two, (latin, frame) => formOf({ latin, frame })));
        if (compareParts(both, other, isPerson).similarity < model.joinFrom) continue;
        return [...from.slice(0, at), both, ...from.slice(at + length)];
      }
  }
  return from;
}

/** The assignment of parts with the greatest weighted likeness: exact for names of up to eight parts, greedy beyond. */
function assign(left: readonly Part[], right: readonly Part[], isPerson: boolean): Pairing[] {
  const [rows, columns] = [Math.min(left.length, greedyUpTo), Math.min(right.length, greedyUpTo)];
  const table: Pairing[][] = [];
  for (let i = 0; i < rows; i += 1) {
    const row: Pairing[] = [];
    for (let j = 0; j < columns; j += 1) {
      const [one, other] = [left[i]!, right[j]!];
      const found =
        isStrong(one) === isStrong(other) || one.word === other.word
          ? compareParts(one, other, isPerson)
          : { similarity: 0, rule: 'different' as const };
      row.push({ left: i, right: j, ...found });
    }
    table.push(row);
  }
  const worth = (pair: Pairing) =>
    (0.02 + pair.similarity) *
    (isStrong(left[pair.left]!) === isStrong(right[pair.right]!) ? 1 : 0.1) *
    (left[pair.left]!.weight + right[pair.right]!.weight);
  if (columns > optimalUpTo || rows > optimalUpTo) return greedy(table.flat(), worth);
  return optimal(table, rows, columns, worth);
}

function greedy(pairs: Pairing[], worth: (pair: Pairing) => number): Pairing[] {
  const [usedLeft, usedRight] = [new Set<number>(), new Set<number>()];
  return pairs
    .sort((one, other) => worth(other) - worth(one))
    .filter((pair) => {
      if (usedLeft.has(pair.left) || usedRight.has(pair.right)) return false;
      usedLeft.add(pair.left);
      usedRight.add(pair.right);
      return true;
    });
}

const best = new Float64Array(1 << optimalUpTo);
const choice = Array.from({ length: optimalUpTo }, () => new Int8Array(1 << optimalUpTo));

function optimal(table: Pairing[][], rows: number, columns: number, worth: (pair: Pairing) => number): Pairing[] {
  const full = 1 << columns;
  best.fill(0, 0, full);
  for (let i = rows - 1; i >= 0; i -= 1) {
    const values = table[i]!.map(worth);
    const chosen = choice[i]!;
    // Masks with more bits come from masks with fewer: walking upwards would use a row twice, so downwards from the rest.
    for (let free = full - 1; free >= 0; free -= 1) {
      let most = best[free]!;
      let at = -1;
      for (let j = 0; j < columns; j += 1) {
        if (!(free & (1 << j))) continue;
        const value = values[j]! + best[free ^ (1 << j)]!;
        if (value > most) [most, at] = [value, j];
      }
      best[free] = most;
      chosen[free] = at;
    }
  }
  const pairs: Pairing[] = [];
  let free = full - 1;
  for (let i = 0; i < rows; i += 1) {
    const at = choice[i]![free]!;
    if (at < 0) continue;
    pairs.push(table[i]![at]!);
    free ^= 1 << at;
  }
  return pairs;
}

function scoreWays(a: ParsedName, b: ParsedName, wayA: Part[], wayB: Part[]): NameScore {
  const isPerson = a.as === 'person';
  const [left, right, joined] = align(wayA, wayB, isPerson);
  const pairs = assign(left, right, isPerson);
  const reasons: NameReason[] = [];
  let [mass, gained, worst, strong] = [0, 0, 0, 0];
  const fathers = left.some((part) => part.tag === 'patronymic') && right.some((part) => part.tag === 'patronymic');
  const lines: { reason: NameReason; weight: number }[] = [];
  for (const pair of pairs) {
    const [one, other] = [left[pair.left]!, right[pair.right]!];
    const conflicting = pair.similarity < model.different;
    // A weak part against a strong one is one left out and one added, rather than a contradiction.
    const weight = conflicting ? Math.min(one.weight, other.weight) : (one.weight + other.weight) / 2;
    let { similarity } = pair;
    let rule: NameReason['rule'] = conflicting && pair.rule !== 'initial' ? 'conflict' : pair.rule;
    if (joined && rule === 'spelling' && one.word === other.word) rule = 'joined';
    if (fathers && (one.tag === 'patronymic') !== (other.tag === 'patronymic')) {
      similarity *= model.fatherForGiven;
      rule = 'patronymic';
    }
    if (rule === 'conflict') worst = Math.max(worst, Math.min(1, weight) * (1 - similarity / model.different));
    else if (isStrong(one) && one.tag !== 'beginning' && one.tag !== 'initial') strong += 1;
    mass += weight;
    gained += weight * similarity;
    lines.push({ reason: { rule, left: one.word, right: other.word, points: similarity }, weight });
  }
  const rest = (parts: readonly Part[], taken: Set<number>) => parts.filter((_, n) => !taken.has(n));
  const leftRest = rest(left, new Set(pairs.map((pair) => pair.left)));
  const rightRest = rest(right, new Set(pairs.map((pair) => pair.right)));
  const omitted = [...leftRest, ...rightRest].reduce((sum, part) => sum + part.weight, 0);
  let similarity = mass === 0 ? 1 : gained / mass;
  for (const { reason, weight } of lines)
    reasons.push({ ...reason, points: (weight * reason.points) / Math.max(mass, 0.01) });
  const take = (reason: Omit<NameReason, 'points'>, points: number) => {
    similarity -= points;
    reasons.push({ ...reason, points: -points });
  };
  if (worst > 0) take({ rule: 'conflict', left: null, right: null }, similarity * model.conflict * worst);
  if (omitted > 0 && mass > 0) {
    const rate = strong < 2 ? model.omittedAroundOne : isPerson ? model.omittedPerson : model.omittedBody;
    const share = Math.min(1, (rate * omitted) / (omitted + mass));
    const words = (parts: readonly Part[]) => parts.map((part) => part.word).join(' ') || null;
    const lost = similarity * share;
    if (leftRest.length > 0)
      take({ rule: 'left-out', left: words(leftRest), right: null }, rightRest.length > 0 ? lost / 2 : lost);
    if (rightRest.length > 0)
      take({ rule: 'added', left: null, right: words(rightRest) }, leftRest.length > 0 ? lost / 2 : lost);
  }
  compareMarks(a, b, take);
  return { similarity: Math.max(0, Math.min(1, similarity)), reasons };
}

/** Numerals, generations and legal forms: said beside the name's words. */
function compareMarks(
  a: ParsedName,
  b: ParsedName,
  take: (reason: Omit<NameReason, 'points'>, points: number) => void,
) {
  const [one, other] = [a.numerals.toSorted().join(' '), b.numerals.toSorted().join(' ')];
  if (one !== other) {
    const missing = one === '' || other === '';
    take({ rule: 'numeral', left: one || null, right: other || null }, missing ? model.numeralMissing : model.numeralDiffers); // prettier-ignore
  }
  if (a.generation !== b.generation && a.generation && b.generation)
    take({ rule: 'generation', left: a.generation, right: b.generation }, model.generationDiffers);
  if (a.legal && b.legal && a.legal !== b.legal)
    take({ rule: 'legal-form', left: a.legal, right: b.legal }, model.legalDiffers);
}

/** How alike two read names are written or heard, with the reasons of the best way to part them; the same both ways. */
export function scoreNames(a: ParsedName, b: ParsedName): NameScore {
  if (a.text > b.text) {
    const { similarity, reasons } = scoreNames(b, a);
    return { similarity, reasons: reasons.map(turned) };
  }
  let top: NameScore | undefined;
  for (const wayA of a.ways)
    for (const wayB of b.ways) {
      const found = scoreWays(a, b, wayA, wayB);
      if (!top || found.similarity > top.similarity) top = found;
    }
  const found = top ?? { similarity: 0, reasons: [] };
  // Only the same letters are the same name.
  const equal = sameLetters(a.text) === sameLetters(b.text);
  if (equal) return { ...found, similarity: 1 };
  return { ...found, similarity: Math.min(found.similarity, 0.995) };
}

function turned(reason: NameReason): NameReason {
  const rule = reason.rule === 'added' ? 'left-out' : reason.rule === 'left-out' ? 'added' : reason.rule;
  return { ...reason, rule, left: reason.right, right: reason.left };
}

function sameLetters(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** Reads and compares; undefined when a side is no name. */
export function similarityOf(left: string, right: string, as: NamedAs): number | undefined {
  const [a, b] = [parseName(left, as), parseName(right, as)];
  return a.ok && b.ok ? scoreNames(a.name, b.name).similarity : undefined;
}
