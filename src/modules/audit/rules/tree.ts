import { emptyRoot, leafHash, nodeHash, rootOfFrontier } from './merkle.ts';

/** A full subtree: `2^level` leaves from `index * 2^level` on. */
export interface Subtree {
  level: number;
  index: number;
}

/** Subtrees from left to right whose roots, folded from the right, make one step of a proof. */
export type Step = readonly Subtree[];

/** Full subtrees that cover `[from, to)` of a tree, where `from` is the border of one that holds the whole range. */
export function coverOf(from: number, to: number): Subtree[] {
  const cover: Subtree[] = [];
  for (let place = from; place < to;) {
    let level = 0;
    while (place % 2 ** (level + 1) === 0 && place + 2 ** (level + 1) <= to) level += 1;
    cover.push({ level, index: place / 2 ** level });
    place += 2 ** level;
  }
  return cover;
}

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** What an inclusion proof is made of, from the leaf upwards. @source RFC 6962 section 2.1.1 */
export function inclusionSteps(index: number, size: number): Step[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new Error('No leaf at this place');
  const steps: Step[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      steps.push(coverOf(middle, to));
      to = middle;
    } else {
      steps.push(coverOf(from, middle));
      from = middle;
    }
  }
  return steps.reverse();
}

/** What a proof is made of that a tree of `size` leaves begins with one of `older`. @source RFC 6962 section 2.1.2 */
export function consistencySteps(older: number, size: number): Step[] {
  if (!Number.isSafeInteger(older) || !Number.isSafeInteger(size) || older < 1 || older > size)
    throw new Error('No earlier tree of this size');
  const steps: Step[] = [];
  let [from, to, known] = [0, size, true];
  while (to !== older) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      steps.push(coverOf(middle, to));
      to = middle;
    } else {
      steps.push(coverOf(from, middle));
      from = middle;
      known = false;
    }
  }
  if (!known) steps.push(coverOf(from, to));
  return steps.reverse();
}

/** Root of what a step covers. */
export function foldStep(hashes: readonly Buffer[]): Buffer {
  const last = hashes.at(-1);
  if (!last) return emptyRoot;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** Root of one full subtree from the hashes of its `2^n` parts. */
export function rootOfFull(parts: readonly Buffer[]): Buffer {
  let row = parts;
  while (row.length > 1) {
    const above: Buffer[] = [];
    for (let place = 0; place < row.length; place += 2) above.push(nodeHash(row[place]!, row[place + 1]!));
    row = above;
  }
  return row[0] ?? emptyRoot;
}

/** Height of a tile: C2SP tlog-tiles of 256 hashes. */
export const tileHeight = 8;
export const tileWidth = 2 ** tileHeight;

/** A tree that grows leaf by leaf, in little memory: what a full check walks along. */
export class TreeWalk {
  size = 0;
  readonly #full: Buffer[] = [];

  /** Adds a leaf; `completed` hears of each full subtree at a tile border. */
  add(data: Uint8Array, completed: (subtree: Subtree, hash: Buffer) => void): void {
    let node = leafHash(data);
    let rest = this.size;
    for (let level = 1; rest % 2 === 1; level += 1) {
      node = nodeHash(this.#full.pop()!, node);
      rest = (rest - 1) / 2;
      if (level % tileHeight === 0) completed({ level, index: rest }, node);
    }
    this.#full.push(node);
    this.size += 1;
  }

  get frontier(): readonly Buffer[] {
    return this.#full;
  }

  root(): Buffer {
    return rootOfFrontier(this.#full);
  }
}
