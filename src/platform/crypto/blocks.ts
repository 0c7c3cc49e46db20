import { createHash } from 'node:crypto';
import { type Sha256, sha256 } from '../values/index.ts';
import { readAgeHeader } from './age-header.ts';

/** Sealed payloads are cut in blocks of this length; the last one is what is left. */
export const blockLength = 1_048_576;

const hashLength = 32;
const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);

function leafOf(block: Uint8Array): Buffer {
  return createHash('sha256').update(leafMark).update(block).digest();
}

function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodeMark).update(left).update(right).digest();
}

function leafAt(leaves: Buffer, index: number): Buffer {
  return leaves.subarray(index * hashLength, (index + 1) * hashLength);
}

/** Largest power of two smaller than `count`, for counts above 1. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function rootBetween(leaves: Buffer, from: number, to: number): Buffer {
  const count = to - from;
  if (count === 0) return createHash('sha256').digest();
  if (count === 1) return leafAt(leaves, from);
  const split = from + splitOf(count);
  return nodeOf(rootBetween(leaves, from, split), rootBetween(leaves, split, to));
}

/** Root over leaf hashes, 32 bytes each, one after another. @source RFC 6962 section 2.1 */
export function rootOfLeaves(leaves: Buffer): Sha256 {
  if (leaves.length % hashLength !== 0) throw new Error('Leaf hashes have 32 bytes each');
  return rootBetween(leaves, 0, leaves.length / hashLength).toString('hex') as Sha256;
}

/** Counts the blocks that a payload of this length has. */
export function blockCount(payloadLength: number): number {
  return Math.ceil(payloadLength / blockLength);
}

export interface BlockTree {
  root: Sha256;
  /** One hash of 32 bytes a block. */
  leaves: Buffer;
  /** Bytes hashed. */
  length: number;
}

/** Hashes a payload as it passes; holds no block. */
export function blockHasher(): { update(bytes: Uint8Array): void; finish(): BlockTree } {
  const leaves: Buffer[] = [];
  let length = 0;
  let inBlock = 0;
  let sum = createHash('sha256').update(leafMark);
  return {
    update(bytes) {
      length += bytes.length;
      for (let at = 0; at < bytes.length;) {
        const take = Math.min(bytes.length - at, blockLength - inBlock);
        sum.update(bytes.subarray(at, at + take));
        at += take;
        inBlock += take;
        if (inBlock < blockLength) continue;
        leaves.push(sum.digest());
        sum = createHash('sha256').update(leafMark);
        inBlock = 0;
      }
    },
    finish() {
      if (inBlock > 0) leaves.push(sum.digest());
      const all = Buffer.concat(leaves);
      return { root: rootOfLeaves(all), leaves: all, length };
    },
  };
}

/** Whether bytes are the block at this place. */
export function isBlock(leaves: Buffer, index: number, bytes: Uint8Array): boolean {
  return index >= 0 && (index + 1) * hashLength <= leaves.length && leafOf(bytes).equals(leafAt(leaves, index));
}

function pathBetween(leaves: Buffer, index: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const split = from + splitOf(to - from);
  return index < split
    ? [...pathBetween(leaves, index, from, split), rootBetween(leaves, split, to)]
    : [...pathBetween(leaves, index, split, to), rootBetween(leaves, from, split)];
}

/** Path from one block to the root, the lowest step first. @source RFC 6962 section 2.1.1 */
export function blockPath(leaves: Buffer, index: number): Sha256[] {
  const count = leaves.length / hashLength;
  if (!Number.isInteger(index) || index < 0 || index >= count) throw new Error('No block at this place');
  return pathBetween(leaves, index, 0, count).map((step) => step.toString('hex') as Sha256);
}

/** Whether bytes are block `index` of the `count` that hash to the root: what a court is shown of a large file. */
export function isBlockOf(
  bytes: Uint8Array,
  index: number,
  count: number,
  path: readonly string[],
  root: string,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || index < 0 || index >= count) return false;
  let steps = path.map((step) => Buffer.from(step, 'hex'));
  if (steps.some((step) => step.length !== hashLength)) return false;
  const climb = (from: number, to: number): Buffer | undefined => {
    if (to - from === 1) return leafOf(bytes);
    const last = steps.at(-1);
    if (!last) return undefined;
    steps = steps.slice(0, -1);
    const split = from + splitOf(to - from);
    const below = index < split ? climb(from, split) : climb(split, to);
    return below && (index < split ? nodeOf(below, last) : nodeOf(last, below));
  };
  const found = climb(0, count);
  return steps.length === 0 && found?.toString('hex') === root;
}

/** What a signed message says of one part. */
export interface PartFacts {
  /** Bytes of the whole part: header of the seal and payload. */
  length: number;
  headerSha256: string;
  payloadRoot: string;
}

/** Bytes that are not what the signed message says. `index` is the block, or null for header, length and tree. */
export class BlockFault extends Error {
  readonly index: number | null;
  constructor(index: number | null) {
    super(index === null ? 'The part differs from its message' : `Block ${index} differs from its hash`);
    this.name = 'BlockFault';
    this.index = index;
  }
}

/** Where a check stands: on the end of the header or of a block. Kept by whoever keeps the bytes. */
export interface PartPlace {
  headerLength: number;
  verified: number;
}

/**
 * Checks a part as its bytes arrive, from the first one or from where an earlier check stood. `push` takes what comes next
 * and answers how many bytes of the part are verified: only up to there may be promised. Holds no block.
 * @param leaves hashes of the blocks; they must lead to the root
 * @throws BlockFault; the check then stands where it stood before that block and takes its bytes again
 */
export function partChecker(
  facts: PartFacts,
  leaves: Buffer,
  from?: PartPlace,
): { push(bytes: Uint8Array): number; place(): PartPlace | undefined; finish(): void } {
  if (leaves.length % hashLength !== 0 || rootOfLeaves(leaves) !== facts.payloadRoot) throw new BlockFault(null);
  let headerLength = from?.headerLength;
  let verified = from?.verified ?? 0;
  let head: Buffer = Buffer.alloc(0);
  let sum = createHash('sha256').update(leafMark);
  let inBlock = 0;

  function fault(index: number | null): never {
    sum = createHash('sha256').update(leafMark);
    inBlock = 0;
    head = Buffer.alloc(0);
    throw new BlockFault(index);
  }
  /** Gives what follows the header, once there is one. */
  function afterHeader(bytes: Uint8Array): Uint8Array {
    if (headerLength !== undefined) return bytes;
    head = Buffer.concat([head, bytes]);
    let read: ReturnType<typeof readAgeHeader>;
    try {
      read = readAgeHeader(head);
    } catch {
      fault(null);
    }
    if (!read) return Buffer.alloc(0);
    if (sha256(read.bytes) !== facts.headerSha256) fault(null);
    if (blockCount(facts.length - read.length) * hashLength !== leaves.length) fault(null);
    headerLength = read.length;
    verified = read.length;
    const rest = head.subarray(read.length);
    head = Buffer.alloc(0);
    return rest;
  }
  return {
    push(bytes) {
      if (verified + inBlock + head.length + bytes.length > facts.length) fault(null);
      const rest = afterHeader(bytes);
      for (let at = 0; at < rest.length && headerLength !== undefined;) {
        const end = Math.min(blockLength, facts.length - verified);
        const take = Math.min(rest.length - at, end - inBlock);
        sum.update(rest.subarray(at, at + take));
        at += take;
        inBlock += take;
        if (inBlock < end) break;
        const index = (verified - headerLength) / blockLength;
        if (!sum.digest().equals(leafAt(leaves, index))) fault(index);
        sum = createHash('sha256').update(leafMark);
        inBlock = 0;
        verified += end;
      }
      return verified;
    },
    place: () => (headerLength === undefined ? undefined : { headerLength, verified }),
    finish() {
      if (headerLength === undefined || verified !== facts.length) throw new BlockFault(null);
    },
  };
}

/** Whether bytes are the whole part: for parts small enough to be held. */
export function isPart(facts: PartFacts, bytes: Uint8Array): boolean {
  try {
    const header = bytes.length === facts.length ? readAgeHeader(bytes) : undefined;
    if (!header || sha256(header.bytes) !== facts.headerSha256) return false;
    const hasher = blockHasher();
    hasher.update(bytes.subarray(header.length));
    return hasher.finish().root === facts.payloadRoot;
  } catch {
    return false;
  }
}
