import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { canonical, stateCode } from '../../platform/values/index.ts';
import { appendLeaves, leafHash, rootAt, rootOf } from '../audit/index.ts';
import { createContext } from '../identity/index.ts';
import { logTileRoutes, readTileNumber } from './log-routes.ts';
import type { PeerReply, PeerRoute } from './server.ts';

const clock = fakeClock('2026-05-14T12:00:00.000Z');
const size = 300;
let database: TestDatabase;
let routes: PeerRoute[];

beforeAll(async () => {
  database = await testDatabase();
  await database.owner
    .updateTable('log_heads')
    .set({ name: 'XA' } as never)
    .execute();
  const entries = Array.from({ length: size }, (_, n) => canonical({ kind: 'test', n }));
  await withTransaction(database.db, 'system:exchange', (tx) => appendLeaves(tx, 'exchange', entries, systemRandom));
  const ctx = createContext({
    actor: { kind: 'system', id: 'exchange' },
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  });
  routes = logTileRoutes(ctx);
});
afterAll(() => database?.close());

async function get(path: string): Promise<PeerReply> {
  const route = routes.find((one) => one.path.test(path));
  if (!route) return { status: 404 };
  const question = { method: 'GET', path, query: new URLSearchParams(), peer: null, headers: {} };
  const body = { body: Buffer.alloc(0), stream: Readable.from([]) };
  return route.answer({ ...question, ...body }, { ...route.path.exec(path)?.groups });
}

/** Leaf data of a bundle of entries. */
function leavesOf(reply: PeerReply): Buffer[] {
  const bytes = reply.body as Buffer;
  const leaves: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt16BE(at);
    leaves.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves;
}

test('an auditor builds the root of the log from its entries alone, and the tiles say the same', async () => {
  const full = await get('/log/v1/tile/entries/000');
  const rest = await get('/log/v1/tile/entries/001.p/44');
  expect(full.headers?.['Cache-Control']).toContain('immutable');
  expect(rest.headers).toBeUndefined();
  const leaves = [...leavesOf(full), ...leavesOf(rest)];
  expect(leaves).toHaveLength(size);
  const root = await withTransaction(database.db, 'system:exchange', (tx) => rootAt(tx, 'exchange', size));
  expect(rootOf(leaves)).toEqual(root);
  expect((await get('/log/v1/tile/0/000')).body).toEqual(Buffer.concat(leaves.slice(0, 256).map(leafHash)));
  expect((await get('/log/v1/tile/1/000.p/1')).body).toEqual(rootOf(leaves.slice(0, 256)));
});

test.each([
  '/log/v1/tile/0/001',
  '/log/v1/tile/0/001.p/45',
  '/log/v1/tile/0/000.p/0',
  '/log/v1/tile/0/0',
  '/log/v1/tile/0/x000/001',
  '/log/v1/tile/64/000',
  '/log/v1/tile/entries/002.p/1',
  '/log/v1/tile/entries/../checkpoint',
])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('numbers of tiles are read the one way in which they are written', () => {
  expect(readTileNumber('067')).toBe(67);
  expect(readTileNumber('x001/x234/067')).toBe(1_234_067);
  expect(readTileNumber('x000/067')).toBeUndefined();
});
