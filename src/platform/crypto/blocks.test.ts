import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../random.ts';
import { encodeRecipient, x25519 } from './age-header.ts';
import { sealBytes } from './age.ts';
import {
  blockCount,
  BlockFault,
  blockHasher,
  blockLength,
  blockPath,
  isBlock,
  isBlockOf,
  isPart,
  partChecker,
  rootOfLeaves,
} from './blocks.ts';

const hash = (...parts: Uint8Array[]) => parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
const leavesOf = (count: number) => Buffer.concat(Array.from({ length: count }, (_, n) => hash(Buffer.from([n]))));

describe('the tree over blocks', () => {
  // Leaves and roots that the Certificate Transparency project publishes for RFC 6962 implementations.
  const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const leaves = Buffer.concat(data.map((hex) => hash(Buffer.from([0]), Buffer.from(hex, 'hex'))));

  test('has the published roots', () => {
    expect(rootOfLeaves(leaves.subarray(0, 0))).toBe(hash().toString('hex'));
    expect(rootOfLeaves(leaves.subarray(0, 3 * 32))).toBe(
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    );
    expect(rootOfLeaves(leaves)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('shows each block alone by its path, and no other block at that place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, place, step) => {
        const index = place % count;
        const blocks = Array.from({ length: count }, (_, n) => Buffer.from([n]));
        const all = Buffer.concat(blocks.map((block) => hash(Buffer.from([0]), block)));
        const root = rootOfLeaves(all);
        const path = blockPath(all, index);
        expect(isBlockOf(blocks[index]!, index, count, path, root)).toBe(true);
        expect(isBlockOf(Buffer.from([99]), index, count, path, root)).toBe(false);
        expect(isBlockOf(blocks[index]!, index, count, [...path, root], root)).toBe(false);
        expect(isBlockOf(blocks[index]!, count, count, path, root)).toBe(false);
        if (count > 1) {
          const other = (index + 1 + (step % (count - 1))) % count;
          expect(isBlockOf(blocks[index]!, other, count, path, root)).toBe(false);
          expect(isBlockOf(blocks[index]!, index, count, path.slice(1), root)).toBe(false);
          expect(isBlockOf(blocks[index]!, index, count, path.with(0, root), root)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(() => blockPath(leavesOf(3), 3)).toThrow();
  });

  test('is the same however the bytes come', () => {
    const bytes = Buffer.from(systemRandom.bytes(2 * blockLength + 77));
    const whole = blockHasher();
    whole.update(bytes);
    const expected = whole.finish();
    expect(expected.leaves).toHaveLength(3 * 32);
    expect(blockCount(bytes.length)).toBe(3);
    for (const length of [1000, 65_552, blockLength, blockLength + 1]) {
      const hasher = blockHasher();
      for (let at = 0; at < bytes.length; at += length) hasher.update(bytes.subarray(at, at + length));
      expect(hasher.finish()).toEqual(expected);
    }
    expect(isBlock(expected.leaves, 2, bytes.subarray(2 * blockLength))).toBe(true);
    expect(isBlock(expected.leaves, 1, bytes.subarray(2 * blockLength))).toBe(false);
    expect(isBlock(expected.leaves, 3, Buffer.alloc(0))).toBe(false);
  });
});

describe('a part is checked as it arrives', () => {
  const base = Buffer.alloc(32);
  base[0] = 9;
  const recipient = encodeRecipient(x25519(Buffer.alloc(32, 1), base));
  const { bytes, leaves, ...facts } = sealBytes(systemRandom.bytes(3_300_000), [recipient], systemRandom);
  const header = bytes.length - (3_300_000 + 16 + 51 * 16);

  test.each([1000, 65_536, blockLength, 5_000_000])('in pieces of %i bytes', (length) => {
    const checker = partChecker(facts, leaves);
    let verified = 0;
    for (let at = 0; at < bytes.length; at += length) {
      const now = checker.push(bytes.subarray(at, at + length));
      expect(now).toBeGreaterThanOrEqual(verified);
      expect(now === 0 || now === bytes.length || (now - header) % blockLength === 0).toBe(true);
      verified = now;
    }
    expect(verified).toBe(bytes.length);
    checker.finish();
    expect(isPart(facts, bytes)).toBe(true);
  });

  test('and goes on where an earlier check stood', () => {
    const first = partChecker(facts, leaves);
    first.push(bytes.subarray(0, header + blockLength + 500));
    const place = first.place()!;
    expect(place).toEqual({ headerLength: header, verified: header + blockLength });
    const second = partChecker(facts, leaves, place);
    expect(second.push(bytes.subarray(place.verified))).toBe(bytes.length);
    second.finish();
  });

  test('a bad block is named, refused and taken again when it is right', () => {
    const checker = partChecker(facts, leaves);
    checker.push(bytes.subarray(0, header + blockLength));
    const bad = Buffer.from(bytes.subarray(header + blockLength, header + 2 * blockLength));
    bad[5]! ^= 1;
    expect(() => checker.push(bad)).toThrow(new BlockFault(1));
    expect(checker.place()).toEqual({ headerLength: header, verified: header + blockLength });
    expect(checker.push(bytes.subarray(header + blockLength))).toBe(bytes.length);
    checker.finish();
  });

  test('another header, a tree of another root, bytes too many and a part not finished are refused', () => {
    const changed = Buffer.from(bytes.subarray(0, 1000));
    changed[40]! ^= 1;
    expect(() => partChecker(facts, leaves).push(changed)).toThrow(BlockFault);
    expect(() => partChecker(facts, leaves.subarray(32))).toThrow(BlockFault);
    const wrong = Buffer.from(leaves);
    wrong[0]! ^= 1;
    expect(() => partChecker(facts, wrong)).toThrow(BlockFault);
    expect(() => partChecker({ ...facts, length: facts.length - 1 }, leaves).push(bytes)).toThrow(BlockFault);
    const short = partChecker(facts, leaves);
    short.push(bytes.subarray(0, -1));
    expect(() => short.finish()).toThrow(BlockFault);
    expect(() => partChecker({ ...facts, length: 10 * blockLength }, leaves).push(bytes)).toThrow(BlockFault);
    expect(isPart(facts, bytes.subarray(1))).toBe(false);
    expect(isPart({ ...facts, payloadRoot: facts.headerSha256 }, bytes)).toBe(false);
  });
});
