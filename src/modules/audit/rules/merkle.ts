import { hash as sha256 } from 'node:crypto';

function hash(...parts: Uint8Array[]): Buffer {
  return sha256('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer');
}

const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);

/** Data of a leaf: tells nothing about the entry without its salt. */
export function leafData(salt: Uint8Array, entry: string): Buffer {
  return hash(salt, hash(Buffer.from(entry, 'utf8')));
}

/** @source RFC 6962 section 2.1 */
export function leafHash(data: Uint8Array): Buffer {
  return hash(leafMark, data);
}

/** @source RFC 6962 section 2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash(nodeMark, left, right);
}

/** Next link of the chain that names the place of a change. */
export function chainAfter(chain: Uint8Array, data: Uint8Array): Buffer {
  return hash(chain, data);
}

export const emptyRoot: Buffer = hash(Buffer.alloc(0));
export const emptyChain: Buffer = Buffer.alloc(32);

/** Largest power of two smaller than `size`, for size above 1. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Root over leaf data. @source RFC 6962 section 2.1 */
export function rootOf(data: readonly Uint8Array[]): Buffer {
  let frontier: readonly Buffer[] = [];
  data.forEach((item, size) => (frontier = appendToFrontier(frontier, size, item)));
  return rootOfFrontier(frontier);
}

/** Roots of the full subtrees after one more leaf; `size` counts the leaves before it. */
export function appendToFrontier(frontier: readonly Buffer[], size: number, data: Uint8Array): Buffer[] {
  const next = [...frontier];
  let node = leafHash(data);
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(next.pop() ?? emptyRoot, node);
  next.push(node);
  return next;
}

export function rootOfFrontier(frontier: readonly Buffer[]): Buffer {
  const last = frontier.at(-1);
  if (!last) return emptyRoot;
  return frontier.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** Path that shows a leaf to be in the tree. @source RFC 6962 section 2.1.1 */
export function inclusionProof(data: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= data.length) throw new Error('No leaf at this place');
  if (data.length === 1) return [];
  const split = splitOf(data.length);
  return index < split
    ? [...inclusionProof(data.slice(0, split), index), rootOf(data.slice(split))]
    : [...inclusionProof(data.slice(split), index - split), rootOf(data.slice(0, split))];
}

/** Path that shows a tree of `from` leaves to be the beginning of this one. @source RFC 6962 section 2.1.2 */
export function consistencyProof(data: readonly Uint8Array[], from: number): Buffer[] {
  if (!Number.isInteger(from) || from < 1 || from > data.length) throw new Error('No earlier tree of this size');
  return subproof(data, from, true);
}

function subproof(data: readonly Uint8Array[], from: number, known: boolean): Buffer[] {
  if (from === data.length) return known ? [] : [rootOf(data)];
  const split = splitOf(data.length);
  return from <= split
    ? [...subproof(data.slice(0, split), from, known), rootOf(data.slice(split))]
    : [...subproof(data.slice(split), from - split, false), rootOf(data.slice(0, split))];
}

/** Says whether the path leads from the leaf data to the root. @source RFC 9162 section 2.1.3.2 */
export function verifyInclusion(
  data: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let place = index;
  let last = size - 1;
  let node = leafHash(data);
  for (const step of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = nodeHash(step, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else node = nodeHash(node, step);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && node.equals(root);
}

/**
 * Says whether the tree with `root` begins with the tree of `from` leaves with `fromRoot`.
 * A proof from size 0 shows nothing and is refused.
 * @source RFC 9162 section 2.1.4.2
 */
export function verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(size) || from < 1 || from > size) return false;
  if (from === size) return proof.length === 0 && Buffer.from(fromRoot).equals(root);
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let place = from - 1;
  let last = size - 1;
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let older: Buffer = Buffer.from(first);
  let newer = older;
  for (const step of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = nodeHash(step, older);
      newer = nodeHash(step, newer);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else newer = nodeHash(newer, step);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && older.equals(fromRoot) && newer.equals(root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return value === 2 ** Math.round(Math.log2(value));
}
