import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clockFrom, systemClock } from '../../src/platform/clock.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { addJob } from '../../src/platform/jobs/index.ts';
import { dayIn, Instant, instant } from '../../src/platform/values/index.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

// Two whole nodes whose clocks go wrong, each by itself: what is said about it, and that nothing is lost or stuck for it.
const minute = 60_000;
const hour = 60 * minute;
const year = 365.25 * 24 * hour;
const off = { XA: 0, XB: 0 };
let network: Network;
let alba: Notes;
let borea: Notes;
const to = 'XB:central-authority';

beforeAll(async () => {
  network = await startNetwork({
    states: ['XA', 'XB'],
    proxies: true,
    clocks: {
      XA: clockFrom(() => Date.parse(systemClock.now()) + off.XA),
      XB: clockFrom(() => Date.parse(systemClock.now()) + off.XB),
    },
  });
  alba = takeNotes(network.of('XA'));
  borea = takeNotes(network.of('XB'));
}, 180_000);
afterAll(() => network?.stop());
afterEach(() => void Object.assign(off, { XA: 0, XB: 0 }));

const handedOver = (id: string) => alba.outcomes.some((one) => one.id === id && one.outcome === 'handed-over');
const taken = (id: string) => borea.taken.filter((note) => note.id === id);
const ofAlba = <T>(work: Parameters<typeof withTransaction<T>>[2]) =>
  withTransaction(network.of('XA').node.database.db, 'system:tests', work);
const peer = () =>
  ofAlba((tx) => tx.selectFrom('exchange_peer').selectAll().where('node', '=', 'xb').executeTakeFirstOrThrow());
const row = (id: string) =>
  ofAlba((tx) =>
    tx.selectFrom('exchange_outbox').select(['last_code', 'status']).where('message_id', '=', id).executeTakeFirst(),
  );
/** What a node does by itself every fifteen seconds, now. */
const look = () => Promise.all(network.nodes.map(({ exchange }) => exchange.delivery.housekeeping.look()));

/** Lets what waits be tried now, as an operator does. */
async function tryNow(): Promise<void> {
  const { exchange, database, node } = network.of('XA');
  await sql`update exchange_outbox set not_before = ${node.clock.now()}::timestamptz where message_id in (
    select message_id from exchange_outbox where not is_settled and lease_until is null for update skip locked)`.execute(
    database.owner,
  );
  await sql`update exchange_peer set probe_at = ${node.clock.now()}::timestamptz where node in (
    select node from exchange_peer where probe_at is not null for update skip locked)`.execute(database.owner);
  exchange.delivery.wake.send();
}
const deliver = (id: string, what: string) =>
  until(async () => {
    if (!handedOver(id)) await tryNow();
    return handedOver(id);
  }, what);

test('N9: a clock that is minutes off is no hindrance, and the difference is known', async () => {
  for (const minutes of [4, -4]) {
    off.XB = minutes * minute;
    const id = await alba.send({ to, text: `${minutes} minutes` });
    await deliver(id, `delivered with ${minutes} minutes between the clocks`);
    expect(Math.round(Number((await peer()).clock_skew_ms) / minute)).toBe(minutes);
  }
});

test('N9: hours or years off, a message is refused with both clocks named and goes when they agree', async () => {
  // Two hours behind ours: the other side says so, and we know by how much.
  off.XB = -2 * hour;
  const early = await alba.send({ to, text: 'two hours early' });
  await until(async () => (await row(early))?.last_code === 'exchange.clock-skew', 'the refusal is here');
  expect(Math.round(Number((await peer()).clock_skew_ms) / minute)).toBe(-120);
  expect(taken(early)).toEqual([]);
  off.XB = 0;
  await deliver(early, 'delivered once the clocks agree');

  // Ten years, either way and on either side: nothing goes wrong but time.
  for (const [state, millis] of [
    ['XB', -10 * year],
    ['XB', 10 * year],
    ['XA', -10 * year],
    ['XA', 10 * year],
  ] as const) {
    // prettier-ignore
    const what = `${state} ${Math.round(millis / year)} years off`;
    off[state] = millis;
    const id = await alba.send({ to, text: what });
    await tryNow();
    await look();
    expect(taken(id), what).toEqual([]);
    off[state] = 0;
    await look();
    await deliver(id, `delivered after ${what}`);
    expect(taken(id), what).toHaveLength(1);
  }
}, 400_000);

test('N10: a clock set back keeps the order, doubles nothing, and what was to wait by the wrong clock waits no longer', async () => {
  const conversationId = newConversation();
  const { proxy } = network.of('XB');
  const { database } = network.of('XA');
  proxy!.set({ down: true });
  proxy!.reset();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push(await alba.send({ to, conversationId, text: `${n}` }));
  await until(async () => (await peer()).waiting_since !== null, 'a try failed');
  const farAway = async () => {
    const { rows } = await sql<{ messages: string; peers: string; jobs: string }>`
      select (select count(*) from exchange_outbox where not is_settled and not_before > now() + interval '2 hours') as messages,
             (select count(*) from exchange_peer where probe_at > now() + interval '2 hours') as peers,
             (select count(*) from jobs where dead_at is null and run_at > now() + interval '2 hours') as jobs`.execute(
      database.owner,
    );
    return rows[0]!;
  };
  const workNow = () => sql`select pg_notify('comity_jobs', '')`.execute(database.owner);
  // Five hours ahead: whatever is tried again, or done each hour, is put off by that clock.
  off.XA = 5 * hour;
  await tryNow();
  await until(async () => {
    await workNow();
    const { messages, jobs } = await farAway();
    return Number(messages) > 0 && Number(jobs) > 0;
  }, 'the wrong clock put things off');
  // It was wrong for longer than the node needs to look once.
  await look();
  off.XA = 0;
  proxy!.set({});
  await look();
  await workNow();
  await until(async () => Number((await farAway()).jobs) === 0, 'the work of each hour is done again in time');
  expect(await farAway()).toEqual({ messages: '0', peers: '0', jobs: '0' });
  await until(() => ids.every(handedOver), 'all are delivered by the node alone');
  const there = borea.taken.filter((note) => note.conversationId === conversationId);
  expect(there.map((note) => [note.sequence, note.body.text])).toEqual([[1, '0'], [2, '1'], [3, '2']]); // prettier-ignore
}, 300_000);

test('N10: moments past 2038 are kept as they are, and a second that is none is refused', async () => {
  const moments = ['2038-01-19T03:14:07.999Z', '2038-01-19T03:14:08.000Z', '2106-02-07T06:28:16.000Z'].map(instant);
  const { node } = network.of('XA');
  await ofAlba(async (tx) => {
    for (const runAt of moments.toReversed()) await addJob(tx, node, { kind: 'far-away', key: runAt, runAt });
  });
  const kept = await ofAlba((tx) =>
    tx.selectFrom('jobs').select('run_at').where('kind', '=', 'far-away').orderBy('run_at').execute(),
  );
  expect(kept.map((one) => one.run_at)).toEqual(moments);
  expect(Instant.safeParse('2016-12-31T23:59:60.000Z').success).toBe(false);
  // The night in which an hour is missing, and the one in which it comes twice.
  expect(
    [
      '2026-03-28T22:59:59.999Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T21:59:59.999Z',
      '2026-03-29T22:00:00.000Z',
    ].map((at) => dayIn('Europe/Vienna', instant(at))),
  ).toEqual(['2026-03-28', '2026-03-29', '2026-03-29', '2026-03-30']);
  expect(
    ['2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z'].map((at) =>
      dayIn('Europe/Vienna', instant(at)),
    ),
  ).toEqual(['2026-10-25', '2026-10-25', '2026-10-26']);
});
