import { keyWeights, type KeyKind, type NameKey } from './keys.ts';

/** One candidate: the entry's number in the list and how much of the query's keys it shares, by rarity. */
export interface Candidate {
  entry: number;
  score: number;
}

export interface Retrieved {
  candidates: Candidate[];
  /** Keys that too many entries share were left aside. */
  truncated: boolean;
}

export const defaultBudget = 60_000;
const longerName = 0.06;

/** Rarity of a key that `df` of `all` names have. */
export function rarity(all: number, df: number): number {
  return Math.log(1 + all / Math.max(1, df));
}

const pageBits = 15;
const pageLength = 1 << pageBits;
const buckets = 64;

/** Whole numbers in pages: they grow without ever being copied, and a page that is read out can be written anew. */
class Pages {
  private readonly pages: Uint32Array[] = [];
  private readonly spare: Uint32Array[];
  length = 0;

  constructor(spare: Uint32Array[] = []) {
    this.spare = spare;
  }

  push(value: number): void {
    const at = this.length & (pageLength - 1);
    if (at === 0) this.pages.push(this.spare.pop() ?? new Uint32Array(pageLength));
    this.pages[this.pages.length - 1]![at] = value;
    this.length += 1;
  }

  get(n: number): number {
    return this.pages[n >>> pageBits]![n & (pageLength - 1)]!;
  }

  /** Writes all into one array and gives the pages away. */
  drainTo(target: Uint32Array, spare: Uint32Array[]): void {
    for (const [n, page] of this.pages.entries()) {
      const from = n * pageLength;
      target.set(page.subarray(0, Math.min(pageLength, this.length - from)), from);
    }
    spare.push(...this.pages.splice(0));
    this.length = 0;
  }

  get bytes(): number {
    return this.pages.length * pageLength * 4;
  }
}

/**
 * Takes names in, then gives the index. Keys are kept by their upper bits; each such part is sorted on its own and what
 * it filled is used again, so that a million names fit where they must.
 */
export class IndexBuilder {
  /** Name and key in turn. */
  private parts = Array.from({ length: buckets }, () => new Pages());
  private entryOf: Uint32Array = new Uint32Array(1024);
  private sizes: Uint8Array = new Uint8Array(1024);
  private names = 0;

  /** Adds one name of an entry. @param size parts of the name */
  add(entry: number, keys: readonly NameKey[], size: number): void {
    if (this.names === this.entryOf.length) {
      this.entryOf = grown(this.entryOf, Uint32Array);
      this.sizes = grown(this.sizes, Uint8Array);
    }
    this.entryOf[this.names] = entry;
    this.sizes[this.names] = Math.min(255, size);
    for (const { key } of keys) {
      const part = this.parts[key >>> 26]!;
      part.push(this.names);
      part.push(key);
    }
    this.names += 1;
  }

  /** The finished index; the builder is empty afterwards. */
  build(): NameIndex {
    const spare: Uint32Array[] = [];
    const [distinct, offsets, postings] = [new Pages(spare), new Pages(spare), new Pages(spare)];
    const longest = this.parts.reduce((most, part) => Math.max(most, part.length), 0);
    // Name and key of a pair are the lower and the upper half of one number, so that one sort orders both.
    const words = new Uint32Array(longest);
    const pairs = new BigUint64Array(words.buffer);
    let last = -1;
    for (const part of this.parts) {
      const { length } = part;
      part.drainTo(words, spare);
      pairs.subarray(0, length / 2).sort();
      for (let at = 0; at < length; at += 2) {
        const key = words[at + 1]!;
        if (key !== last) {
          distinct.push(key);
          offsets.push(postings.length);
          last = key;
        }
        postings.push(words[at]!);
      }
    }
    offsets.push(postings.length);
    const index = new NameIndex(distinct, offsets, postings, this.entryOf.slice(0, this.names), this.sizes.slice(0, this.names)); // prettier-ignore
    this.entryOf = new Uint32Array(0);
    return index;
  }
}

function grown<T extends Uint32Array | Uint8Array>(old: T, make: new (length: number) => T): T {
  const next = new make(Math.ceil(old.length * 1.5));
  next.set(old);
  return next;
}

/** Names of one list, found by their keys; packed, read-only. */
export class NameIndex {
  readonly names: number;
  private readonly keys: Pages;
  private readonly offsets: Pages;
  private readonly postings: Pages;
  private readonly entryOf: Uint32Array;
  private readonly sizes: Uint8Array;
  private readonly scores: Float32Array;

  constructor(keys: Pages, offsets: Pages, postings: Pages, entryOf: Uint32Array, sizes: Uint8Array) {
    this.keys = keys;
    this.offsets = offsets;
    this.postings = postings;
    this.entryOf = entryOf;
    this.sizes = sizes;
    this.names = entryOf.length;
    this.scores = new Float32Array(this.names);
  }

  /** Bytes the index holds. */
  get bytes(): number {
    const { keys, offsets, postings, entryOf, sizes, scores } = this;
    return keys.bytes + offsets.bytes + postings.bytes + entryOf.byteLength + sizes.byteLength + scores.byteLength;
  }

  private find(key: number): number {
    let [low, high] = [0, this.keys.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.keys.get(middle);
      if (at === key) return middle;
      if (at < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** How many names have a key. */
  frequency(key: number): number {
    const at = this.find(key);
    return at < 0 ? 0 : this.offsets.get(at + 1) - this.offsets.get(at);
  }

  /**
   * Entries that share the rarest keys, best first.
   * @param size parts of the query's name; longer names than that are a little further down
   */
  retrieve(keys: readonly NameKey[], size: number, limit: number, budget = defaultBudget): Retrieved {
    const { spent, truncated } = spendBudget(keys, (key) => this.frequency(key), budget);
    const touched: number[] = [];
    for (const { key, kind, most, frequency } of spent) {
      const from = this.offsets.get(this.find(key));
      const worth = rarity(this.names, frequency) * keyWeights[kind];
      for (let n = from; n < from + most; n += 1) {
        const name = this.postings.get(n);
        if (this.scores[name] === 0) touched.push(name);
        this.scores[name]! += worth;
      }
    }
    const candidates = best(touched, this.scores, this.entryOf, this.sizes, size, limit);
    for (const name of touched) this.scores[name] = 0;
    return { candidates, truncated };
  }
}

export interface SpentKey extends NameKey {
  frequency: number;
  /** Names of the key that are looked at. */
  most: number;
}

/** Which keys are looked up: from the rarest on, until so many names were looked at as the budget allows. */
export function spendBudget(
  keys: readonly NameKey[],
  frequency: (key: number) => number,
  budget = defaultBudget,
): { spent: SpentKey[]; truncated: boolean } {
  const known = keys
    .map((one) => ({ ...one, frequency: frequency(one.key) }))
    .filter((one) => one.frequency > 0)
    .sort((one, other) => one.frequency - other.frequency);
  const spent: SpentKey[] = [];
  let left = budget;
  for (const one of known) {
    // A key is looked at whole or not at all: the first of very many names are no better than the last. Only when nothing
    // else is known of the name, some of them are shown.
    if (one.frequency > left && spent.length > 0) return { spent, truncated: true };
    spent.push({ ...one, most: Math.min(one.frequency, left) });
    left -= one.frequency;
  }
  return { spent, truncated: left < 0 };
}

/** The best entries of the names that were touched, by the best name of each. */
function best(
  touched: readonly number[],
  scores: Float32Array,
  entryOf: Uint32Array,
  sizes: Uint8Array,
  size: number,
  limit: number,
): Candidate[] {
  let most = 0;
  for (const name of touched) {
    const longer = sizes[name]! - size;
    if (longer > 0) scores[name]! /= 1 + longerName * longer;
    if (scores[name]! > most) most = scores[name]!;
  }
  // A histogram tells from which score on names are wanted: no sort of all that were touched.
  const buckets = new Uint32Array(1025);
  const bucketOf = (name: number) => Math.floor((scores[name]! / most) * 1024);
  for (const name of touched) buckets[bucketOf(name)]! += 1;
  let [from, count] = [1024, 0];
  for (; from > 0; from -= 1) {
    count += buckets[from]!;
    if (count >= limit) break;
  }
  const found = new Map<number, number>();
  for (const name of touched) {
    const score = scores[name]!;
    const entry = entryOf[name]!;
    if (bucketOf(name) >= from && score > (found.get(entry) ?? 0)) found.set(entry, score);
  }
  return [...found]
    .map(([entry, score]) => ({ entry, score }))
    .sort((one, other) => other.score - one.score || one.entry - other.entry)
    .slice(0, limit);
}

/** Names of a looked-up key as a table holds them. */
export interface Posting {
  kind: KeyKind;
  frequency: number;
  names: readonly { name: number; entry: number; size: number }[];
}

/** The same answer as `NameIndex.retrieve`, from rows of the table of keys. @param all names in the list */
export function pickCandidates(postings: readonly Posting[], all: number, size: number, limit: number): Candidate[] {
  const places = new Map<number, number>();
  const [entries, sizes]: [number[], number[]] = [[], []];
  for (const { names } of postings)
    for (const { name, entry, size: parts } of names)
      if (!places.has(name)) {
        places.set(name, entries.length);
        entries.push(entry);
        sizes.push(parts);
      }
  const scores = new Float32Array(entries.length);
  for (const { kind, frequency, names } of postings) {
    const worth = rarity(all, frequency) * keyWeights[kind];
    for (const { name } of names) scores[places.get(name)!]! += worth;
  }
  const touched = Array.from(entries, (_, n) => n);
  return best(touched, scores, Uint32Array.from(entries), Uint8Array.from(sizes), size, limit);
}
