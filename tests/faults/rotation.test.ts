import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextFor } from '../../src/app/node.ts';
import { announceKey } from '../../src/modules/exchange/trust/index.ts';
import type { Actor } from '../../src/modules/identity/index.ts';
import { fakeClock, systemClock } from '../../src/platform/clock.ts';
import { isNightly } from '../support/nightly.ts';
import { startNetwork, takeNotes, until, type Network, type NetworkNode } from '../support/network.ts';

// Two whole nodes on one clock that the test moves: keys change while messages wait.
const clock = fakeClock(systemClock.now());
const day = 86_400_000;
let network: Network;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'], proxies: true, clocks: { XA: clock, XB: clock } });
}, 180_000);
afterAll(() => network?.stop());

function administrator({ node }: NetworkNode) {
  const actor: Actor = {
    kind: 'person',
    id: '01890000-0000-7000-8000-0000000000a1',
    name: 'Mira Sandor',
    officeId: '01890000-0000-7000-8000-0000000000aa',
    authority: null,
    roles: ['administrator'],
    steppedUpAt: clock.now(),
  };
  return contextFor(node, actor, 'en');
}

const keysOf = ({ exchange, authority }: NetworkNode) =>
  exchange.system.transaction(async (tx) => (await exchange.trust.ownKeys(tx)).authorities.get(authority)!);

async function tryNow({ database, exchange }: NetworkNode): Promise<void> {
  await sql`update exchange_outbox set not_before = ${clock.now()}::timestamptz where message_id in (
    select message_id from exchange_outbox where not is_settled and lease_until is null for update skip locked)`.execute(
    database.owner,
  );
  await sql`update exchange_peer set probe_at = ${clock.now()}::timestamptz where node in (
    select node from exchange_peer where probe_at is not null for update skip locked)`.execute(database.owner);
  exchange.delivery.wake.send();
}

test('K1: keys of both sides change while messages wait: all are delivered, each verified by the key of its day', async () => {
  const [alba, borea] = [network.of('XA'), network.of('XB')];
  const sent = takeNotes(alba);
  const taken = takeNotes(borea);
  const to = borea.authority;
  borea.proxy!.set({ down: true });
  borea.proxy!.reset();
  const ids: string[] = [];
  for (let n = 0; n < (isNightly ? 1_000 : 30); n += 1)
    ids.push(await sent.send({ to, text: `${n}`, expiresAfterHours: 4_000 }));
  const signed = async () => {
    const { rows } = await sql<{
      count: string;
    }>`select count(*) from exchange_outbox where kind = 'test-note/1'`.execute(alba.database.owner);
    return Number(rows[0]?.count ?? 0);
  };
  await until(async () => (await signed()) === ids.length, 'all are signed and wait', 120);

  const before = { alba: await keysOf(alba), borea: await keysOf(borea) };
  for (const side of [alba, borea])
    for (const use of ['authority-sign', 'authority-seal'] as const)
      await announceKey(administrator(side), side.exchange.trust.publish, use, side.authority);
  clock.advance(31 * day);
  // The view of own keys is asked again once a second of the clock.
  const now = { alba: await keysOf(alba), borea: await keysOf(borea) };
  expect(now.alba.sign.kid).not.toBe(before.alba.sign.kid);
  expect(now.borea.seal.kid).not.toBe(before.borea.seal.kid);

  borea.proxy!.set({});
  for (const side of [alba, borea]) await side.exchange.replication()?.once();
  await until(
    async () => {
      await tryNow(alba);
      return ids.every((id) => taken.taken.some((note) => note.id === id));
    },
    'all that waited is taken',
    isNightly ? 600 : 120,
  );
  expect(new Set(taken.taken.map((note) => note.signedBy))).toEqual(new Set([before.alba.sign.kid]));
  expect(taken.taken).toHaveLength(ids.length);
  const after = await sent.send({ to, text: 'after' });
  await until(
    async () => {
      await tryNow(alba);
      return taken.taken.some((note) => note.id === after);
    },
    'the next is taken',
    120,
  );
  expect(taken.taken.find((note) => note.id === after)?.signedBy).toBe(now.alba.sign.kid);
}, 900_000);
