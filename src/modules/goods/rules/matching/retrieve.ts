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
const radix = 1 << 16;

/** Rarity of a key that `df` of `all` names have. */
export function rarity(all: number, df: number): number {
  return Math.log(1 + all / Math.max(1, df));
}

const blockLength = 1 << 18;

/** Takes names in, then gives the index. Keeps what it gets in blocks, so that a million names fit where they must. */
export class IndexBuilder {
  /** Keys and their names in turn. */
  private blocks: Uint32Array[] = [];
  private used = 0;
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
      const at = (this.used * 2) % blockLength;
      if (at === 0) this.blocks.push(new Uint32Array(blockLength));
      const block = this.blocks.at(-1)!;
      block[at] = key;
      block[at + 1] = this.names;
      this.used += 1;
    }
    this.names += 1;
  }

  /** The finished index; the builder is empty afterwards. */
  build(): NameIndex {
    const [keys, owners] = sortBlocks(this.blocks, this.used);
    this.blocks = [];
    let unique = 0;
    for (let n = 0; n < keys.length; n += 1) if (n === 0 || keys[n] !== keys[n - 1]) unique += 1;
    const distinct = new Uint32Array(unique);
    const offsets = new Uint32Array(unique + 1);
    for (let n = 0, at = -1; n < keys.length; n += 1)
      if (n === 0 || keys[n] !== keys[n - 1]) {
        at += 1;
        distinct[at] = keys[n]!;
        offsets[at] = n;
      }
    offsets[unique] = keys.length;
    const index = new NameIndex(
      distinct,
      offsets,
      owners,
      this.entryOf.slice(0, this.names),
      this.sizes.slice(0, this.names),
    );
    this.entryOf = new Uint32Array(0);
    return index;
  }
}

function grown<T extends Uint32Array | Uint8Array>(old: T, make: new (length: number) => T): T {
  const next = new make(Math.ceil(old.length * 1.5));
  next.set(old);
  return next;
}

/** By the upper half of the key; a block is let go as soon as it was read. */
function sortBlocks(blocks: Uint32Array[], used: number): [Uint32Array, Uint32Array] {
  const starts = new Uint32Array(radix + 1);
  const countIn = (n: number) => Math.min(blockLength, used * 2 - n * blockLength);
  for (const [n, block] of blocks.entries())
    for (let at = 0; at < countIn(n); at += 2) starts[(block[at]! >>> 16) + 1]! += 1;
  for (let n = 0; n < radix; n += 1) starts[n + 1]! += starts[n]!;
  const keys = new Uint32Array(used);
  const owners = new Uint32Array(used);
  const next = starts.slice();
  const total = blocks.length;
  for (let n = 0; n < total; n += 1) {
    const block = blocks[n]!;
    for (let at = 0; at < countIn(n); at += 2) {
      const to = next[block[at]! >>> 16]!++;
      keys[to] = block[at]!;
      owners[to] = block[at + 1]!;
    }
    blocks[n] = new Uint32Array(0);
  }
  sortGroups(keys, owners, starts);
  return [keys, owners];
}

/** Within each upper half by the lower half and the name: both fit one number, so that no second copy is needed. */
function sortGroups(keys: Uint32Array, owners: Uint32Array, starts: Uint32Array): void {
  let longest = 0;
  for (let n = 0; n < radix; n += 1) longest = Math.max(longest, starts[n + 1]! - starts[n]!);
  const pairs = new Float64Array(longest);
  for (let upper = 0; upper < radix; upper += 1) {
    const [from, to] = [starts[upper]!, starts[upper + 1]!];
    const some = pairs.subarray(0, to - from);
    for (let n = from; n < to; n += 1) some[n - from] = (keys[n]! & 0xffff) * 0x1_0000_0000 + owners[n]!;
    some.sort();
    for (let n = from; n < to; n += 1) {
      const pair = some[n - from]!;
      const lower = Math.floor(pair / 0x1_0000_0000);
      keys[n] = ((upper << 16) | lower) >>> 0;
      owners[n] = pair - lower * 0x1_0000_0000;
    }
  }
}

/** Names of one list, found by their keys; packed, read-only. */
export class NameIndex {
  readonly names: number;
  private readonly keys: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly postings: Uint32Array;
  private readonly entryOf: Uint32Array;
  private readonly sizes: Uint8Array;
  private readonly scores: Float32Array;

  constructor(keys: Uint32Array, offsets: Uint32Array, postings: Uint32Array, entryOf: Uint32Array, sizes: Uint8Array) {
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
    const arrays = [this.keys, this.offsets, this.postings, this.entryOf, this.sizes, this.scores];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  private find(key: number): number {
    let [low, high] = [0, this.keys.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.keys[middle]!;
      if (at === key) return middle;
      if (at < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** How many names have a key. */
  frequency(key: number): number {
    const at = this.find(key);
    return at < 0 ? 0 : this.offsets[at + 1]! - this.offsets[at]!;
  }

  /**
   * Entries that share the rarest keys, best first.
   * @param size parts of the query's name; longer names than that are a little further down
   */
  retrieve(keys: readonly NameKey[], size: number, limit: number, budget = defaultBudget): Retrieved {
    const { spent, truncated } = spendBudget(keys, (key) => this.frequency(key), budget);
    const touched: number[] = [];
    for (const { key, kind, most, frequency } of spent) {
      const from = this.offsets[this.find(key)]!;
      const worth = rarity(this.names, frequency) * keyWeights[kind];
      for (let n = from; n < from + most; n += 1) {
        const name = this.postings[n]!;
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
