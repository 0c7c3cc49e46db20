import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeNode, trustOf } from '../../../../tests/support/exchange-world.ts';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { createLog } from '../../../platform/log.ts';
import type { PeerAnswer } from '../client.ts';
import type { NodeId } from '../schema.ts';
import { createHearing, type Hearing } from './heard.ts';

let database: TestDatabase;
let hearing: Hearing;
let clock = fakeClock('2026-05-14T12:00:00.000Z');
let asked: string[] = [];
let isThere = false;
let woken = 0;
const world = [makeNode('XA'), makeNode('XB'), makeNode('XC')];
// Nodes with an address: others come by themselves.
const known = trustOf(world);
const trust = {
  ...known,
  node: (id: NodeId) => {
    const found = known.node(id);
    return found && { ...found, entry: { ...found.entry, endpoints: [`https://${id}.localhost`] } };
  },
};

beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  await sql`delete from exchange_peer`.execute(database.owner);
  clock = fakeClock('2026-05-14T12:00:00.000Z');
  asked = [];
  isThere = false;
  woken = 0;
  const ask = (node: NodeId): Promise<PeerAnswer> => {
    asked.push(node);
    return isThere
      ? Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0) })
      : Promise.reject(new Unavailable('exchange.not-reached'));
  };
  hearing = createHearing(
    {
      db: database.db,
      clock,
      log: createLog('silent'),
      trust: { loadTrust: () => Promise.resolve(trust), ownKeys: () => Promise.reject(new Error('not asked')) },
    },
    ask,
    { send: () => (woken += 1) },
  );
});

/** A peer that something waits for since a while, its breaker open for another 50 seconds. */
async function awaited(node: string, code = 'exchange.not-reached'): Promise<void> {
  await sql`insert into exchange_peer (node, breaker, failures, probe_at, waiting_since, last_code)
    values (${node}, 'open', 12, '2026-05-14T12:00:50Z', '2026-05-14T11:00:00Z', ${code})`.execute(database.owner);
}
const probeOf = async (node: string) =>
  (
    await database.owner
      .selectFrom('exchange_peer')
      .select('probe_at')
      .where('node', '=', node)
      .executeTakeFirstOrThrow()
  ).probe_at;

test('N1: a peer that calls, whatever for, gets what waits for it at once and not a minute later', async () => {
  await awaited('xb');
  await hearing.heard('xb');
  expect(await probeOf('xb')).toBe(clock.now());
  expect(woken).toBe(1);
  // However much it says, it is noted every five seconds.
  await hearing.heard('xb');
  expect(woken).toBe(1);
  // Of one that nothing waits for it is only noted that it was heard.
  await hearing.heard('xc');
  expect(woken).toBe(1);
});

test('N1: who was not reached is knocked at, and a door that opens lets what waits go', async () => {
  await awaited('xb');
  await awaited('xc', 'exchange.answered-503');
  expect(await hearing.knock()).toBe(1);
  expect(asked).toEqual(['xb']);
  expect(await probeOf('xb')).toBe('2026-05-14T12:00:50.000Z');
  clock.advance(10_000);
  isThere = true;
  await hearing.knock();
  expect(await probeOf('xb')).toBe(clock.now());
  expect(woken).toBe(1);
});

test('N6: a door that opens to a node that takes no messages makes one probe a minute, not more', async () => {
  await awaited('xb', 'exchange.timeout');
  isThere = true;
  for (let second = 0; second < 180; second += 10) {
    await hearing.knock();
    clock.advance(10_000);
  }
  expect(asked).toHaveLength(3);
  expect(woken).toBe(3);
});

test('what is remembered of peers that were not reached ends with the wait for them', async () => {
  await awaited('xb');
  isThere = true;
  await hearing.knock();
  await sql`update exchange_peer set waiting_since = null`.execute(database.owner);
  await hearing.knock();
  await sql`update exchange_peer set waiting_since = '2026-05-14T12:00:00Z'`.execute(database.owner);
  // A new wait begins anew: nobody counts the minute of the last one.
  expect(await hearing.knock()).toBe(1);
});
