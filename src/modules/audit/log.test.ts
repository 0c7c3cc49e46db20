import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import type { Tx } from '../../platform/db/index.ts';
import { systemRandom } from '../../platform/random.ts';
import { appendLeaf, appendLeaves, consistencyPath, getOrigin, inclusionPath, readTile, rootAt } from './log.ts';
import {
  consistencyProof,
  consistencySteps,
  coverOf,
  inclusionProof,
  inclusionSteps,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './rules/index.ts';
import { checkLog } from './check.ts';
import { getHead, listLeafData, nameLog } from './store/index.ts';

let database: TestDatabase;
const inside = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction().execute(work);
const fill = (count: number) =>
  inside((tx) =>
    appendLeaves(
      tx,
      'exchange',
      Array.from({ length: count }, (_, n) => `{"n":${n}}`),
      systemRandom,
    ),
  );

beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

test('nothing is appended before the log has its name, and the name never changes', async () => {
  await expect(inside((tx) => appendLeaf(tx, 'exchange', '{}', systemRandom))).rejects.toThrow('audit.log-not-open');
  await inside((tx) => nameLog(tx, 'XA'));
  await inside((tx) => nameLog(tx, 'XA'));
  expect(await inside((tx) => getOrigin(tx))).toBe('comity/XA/exchange/1');
  await expect(inside((tx) => nameLog(tx, 'XB'))).rejects.toThrow('audit.other-log-name');
});

test('a leaf has its place inside the transaction, and none when it fails', async () => {
  const place = await inside((tx) => appendLeaf(tx, 'exchange', '{"a":1}', systemRandom));
  expect(place).toMatchObject({ origin: 'comity/XA/exchange/1', index: 0 });
  const [data] = await inside((tx) => listLeafData(tx, 0, 1, 'exchange'));
  expect(place.leafHash).toBe(leafHash(data!).toString('hex'));
  await expect(
    inside(async (tx) => {
      expect((await appendLeaf(tx, 'exchange', '{"lost":1}', systemRandom)).index).toBe(1);
      throw new Error('the act failed');
    }),
  ).rejects.toThrow('the act failed');
  expect((await inside((tx) => getHead(tx, 'exchange'))).size).toBe(1);
});

test('A12: 50 writers at once leave no gap and no fork in the exchange log', async () => {
  const before = (await inside((tx) => getHead(tx, 'exchange'))).size;
  const places = (await Promise.all(Array.from({ length: 50 }, () => fill(3)))).flat().map((place) => place.index);
  expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, n) => before + n));
  expect(await inside((tx) => checkLog(tx, 'exchange'))).toMatchObject({ whole: true, size: before + 150 });
});

test('the application can only append', async () => {
  for (const statement of [
    `update log_leaves set entry = '{}'`,
    'delete from log_leaves',
    'update log_heads set size = 0',
    `insert into log_nodes (log, level, index, hash) values ('exchange', 8, 99, sha256('x'))`,
    'delete from log_checkpoints',
    'update log_witnessed set size = 1',
    `select log_grow('exchange', 1, sha256('x'), sha256('x'))`,
  ])
    await expect(sql.raw(statement).execute(database.db), statement).rejects.toThrow(/permission denied|append-only/);
  await expect(sql`delete from log_leaves`.execute(database.owner)).rejects.toThrow('audit.append-only');
});

describe('proofs read from stored subtrees', () => {
  let data: Buffer[];
  beforeAll(async () => {
    for (let n = 0; n < 7; n += 1) await fill(1000);
    data = await inside((tx) => listLeafData(tx, 0, 100_000, 'exchange'));
  });

  test('name the same subtrees as RFC 6962', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.nat(), (size, pick) => {
        const leaves = Array.from({ length: size }, (_, n) => Buffer.from([n]));
        const root = (steps: ReturnType<typeof inclusionSteps>) =>
          steps.map((step) => {
            const from = step[0]!.index * 2 ** step[0]!.level;
            const last = step.at(-1)!;
            expect(coverOf(from, (last.index + 1) * 2 ** last.level)).toEqual([...step]);
            return rootOf(leaves.slice(from, (last.index + 1) * 2 ** last.level));
          });
        expect(root(inclusionSteps(pick % size, size))).toEqual(inclusionProof(leaves, pick % size));
        expect(root(consistencySteps((pick % size) + 1, size))).toEqual(consistencyProof(leaves, (pick % size) + 1));
      }),
      { numRuns: 300 },
    );
    expect(() => consistencySteps(0, 8)).toThrow();
  });

  test('A8: 200 random proofs from the database, right ones pass and wrong ones fail; size 0 is refused', async () => {
    const size = data.length;
    const pick = (below: number) => Buffer.from(systemRandom.bytes(4)).readUInt32BE() % below;
    await inside(async (tx) => {
      for (let n = 0; n < 100; n += 1) {
        const at = 1 + pick(size);
        const index = pick(at);
        const root = await rootAt(tx, 'exchange', at);
        if (n < 20) expect(root).toEqual(rootOf(data.slice(0, at)));
        const path = await inclusionPath(tx, 'exchange', index, at);
        expect(verifyInclusion(data[index]!, index, at, path, root)).toBe(true);
        expect(verifyInclusion(data[index]!, (index + 1) % at, at, path, root)).toBe(at === 1);
        const older = 1 + pick(at);
        const olderRoot = await rootAt(tx, 'exchange', older);
        const grown = await consistencyPath(tx, 'exchange', older, at);
        expect(verifyConsistency(older, olderRoot, at, root, grown)).toBe(true);
        expect(verifyConsistency(older, leafHash(olderRoot), at, root, grown)).toBe(false);
      }
      await expect(consistencyPath(tx, 'exchange', 0, size)).rejects.toThrow('audit.no-such-size');
      await expect(consistencyPath(tx, 'exchange', 5, size + 1)).rejects.toThrow('audit.no-such-size');
      await expect(inclusionPath(tx, 'exchange', size, size)).rejects.toThrow('audit.no-such-size');
    });
  });

  test('tiles hold 256 hashes each, and a partial one what there is', async () => {
    await inside(async (tx) => {
      expect(await readTile(tx, 'exchange', 0, 3)).toEqual(Buffer.concat(data.slice(768, 1024).map(leafHash)));
      const upper = await readTile(tx, 'exchange', 1, 0, 20);
      expect(upper!.subarray(32, 64)).toEqual(rootOf(data.slice(256, 512)));
      expect(await readTile(tx, 'exchange', 1, 0)).toBeUndefined();
      expect(await readTile(tx, 'exchange', 0, 900)).toBeUndefined();
    });
  });
});
