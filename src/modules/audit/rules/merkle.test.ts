import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendToFrontier,
  consistencyProof,
  consistencySteps,
  emptyRoot,
  foldStep,
  inclusionProof,
  inclusionSteps,
  leafData,
  leafHash,
  rootOf,
  rootOfFrontier,
  TreeWalk,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

// The leaves, roots and proofs that the Certificate Transparency project publishes for RFC 6962 implementations.
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hex = (proof: readonly Uint8Array[]) => proof.map((step) => Buffer.from(step).toString('hex'));

describe('the tree of RFC 6962', () => {
  test('the root of nothing is the hash of nothing', () => {
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(rootOf([])).toEqual(emptyRoot);
  });

  test.each(roots.map((root, index) => [index + 1, root] as const))('the published root of %i leaves', (size, root) => {
    expect(rootOf(leaves.slice(0, size)).toString('hex')).toBe(root);
  });

  test('the published inclusion proofs', () => {
    expect(hex(inclusionProof(leaves, 0))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(inclusionProof(leaves, 5))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hex(inclusionProof(leaves.slice(0, 3), 2))).toEqual([
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    ]);
  });

  test('the published consistency proofs', () => {
    expect(hex(consistencyProof(leaves, 1))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(consistencyProof(leaves, 6))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});

const tree = fc.integer({ min: 1, max: 70 }).chain((size) =>
  fc.record({
    data: fc.array(fc.uint8Array({ minLength: 0, maxLength: 8 }), { minLength: size, maxLength: size }),
    place: fc.nat(size - 1),
  }),
);

describe('proofs', () => {
  test('every leaf of every tree has a proof that leads to the root', () => {
    fc.assert(
      fc.property(tree, ({ data, place }) => {
        const proof = inclusionProof(data, place);
        expect(verifyInclusion(data[place]!, place, data.length, proof, rootOf(data))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a proof with one bit changed, a step missing, a step more or another place leads nowhere', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(7), ({ data, place }, which, bit) => {
        const root = rootOf(data);
        const proof = inclusionProof(data, place);
        const wrong = (changed: readonly Uint8Array[]) =>
          verifyInclusion(data[place]!, place, data.length, changed, root);
        expect(wrong([...proof, emptyRoot])).toBe(false);
        if (proof.length === 0) return;
        expect(wrong(proof.slice(1))).toBe(false);
        const step = which % proof.length;
        const flipped = Buffer.from(proof[step]!);
        flipped[which % 32]! ^= 1 << bit;
        expect(wrong(proof.with(step, flipped))).toBe(false);
        const other = Buffer.concat([data[place]!, Buffer.from([1])]);
        expect(verifyInclusion(other, place, data.length, proof, root)).toBe(false);
        expect(verifyInclusion(data[place]!, data.length, data.length, proof, root)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a tree is shown to begin with each of its earlier trees, and with no other', () => {
    fc.assert(
      fc.property(tree, ({ data, place }) => {
        const from = place + 1;
        const [older, newer] = [rootOf(data.slice(0, from)), rootOf(data)];
        const proof = consistencyProof(data, from);
        expect(verifyConsistency(from, older, data.length, newer, proof)).toBe(true);
        expect(verifyConsistency(from, emptyRoot, data.length, newer, proof)).toBe(false);
        expect(verifyConsistency(from, older, data.length, newer, [...proof, emptyRoot])).toBe(false);
        if (from < data.length) {
          expect(verifyConsistency(from, older, data.length, older, proof)).toBe(false);
          expect(verifyConsistency(from, older, data.length, newer, proof.slice(1))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('consistency from size 0 is refused as a proof', () => {
    expect(verifyConsistency(0, emptyRoot, 8, rootOf(leaves), [])).toBe(false);
    expect(() => consistencyProof(leaves, 0)).toThrow();
  });

  test('the frontier gives the root after each append', () => {
    let frontier: Buffer[] = [];
    leaves.forEach((leaf, size) => {
      frontier = appendToFrontier(frontier, size, leaf);
      expect(rootOfFrontier(frontier).toString('hex')).toBe(roots[size]);
    });
    expect(frontier).toHaveLength(1);
  });
});

test('A8: 10 000 random proofs, right ones pass and wrong ones fail', () => {
  const all = Array.from({ length: 700 }, (_, n) => leafData(Buffer.alloc(16, n), `{"n":${n}}`));
  const roots700: Buffer[] = [emptyRoot];
  const walk = new TreeWalk();
  for (const data of all) {
    walk.add(data, () => {});
    roots700.push(walk.root());
  }
  const subtree = (level: number, index: number) => rootOf(all.slice(index * 2 ** level, (index + 1) * 2 ** level));
  const kept = new Map<string, Buffer>();
  const hashOf = ({ level, index }: { level: number; index: number }) => {
    const name = `${level} ${index}`;
    const known = kept.get(name) ?? subtree(level, index);
    kept.set(name, known);
    return known;
  };
  const path = (steps: ReturnType<typeof inclusionSteps>) => steps.map((step) => foldStep(step.map(hashOf)));
  let [right, wrong] = [0, 0];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), fc.nat(255), (size, a, b, bit) => {
      const [index, older] = [a % size, (b % size) + 1];
      const inclusion = path(inclusionSteps(index, size));
      const growth = path(consistencySteps(older, size));
      if (verifyInclusion(all[index]!, index, size, inclusion, roots700[size]!)) right += 1;
      if (verifyConsistency(older, roots700[older]!, size, roots700[size]!, growth)) right += 1;
      const flip = (bytes: Buffer) =>
        Buffer.from(bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
      if (!verifyInclusion(all[index]!, index, size, inclusion, flip(roots700[size]!))) wrong += 1;
      if (!verifyConsistency(older, flip(roots700[older]!), size, roots700[size]!, growth)) wrong += 1;
      if (inclusion[0]) {
        const changed = inclusion.with(b % inclusion.length, flip(inclusion[b % inclusion.length]!));
        expect(verifyInclusion(all[index]!, index, size, changed, roots700[size]!)).toBe(false);
      }
      expect(verifyConsistency(0, emptyRoot, size, roots700[size]!, growth)).toBe(false);
    }),
    { numRuns: 2500 },
  );
  expect([right, wrong]).toEqual([5000, 5000]);
});

describe('leaf data', () => {
  test('equal entries under different salts have different leaves', () => {
    const [a, b] = [leafData(Buffer.alloc(16, 1), '{}'), leafData(Buffer.alloc(16, 2), '{}')];
    expect(a).toHaveLength(32);
    expect(leafHash(a).equals(leafHash(b))).toBe(false);
  });
});
