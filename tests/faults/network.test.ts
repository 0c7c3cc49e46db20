import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { withTransaction } from '../../src/platform/db/index.ts';
import type { NodeId } from '../../src/modules/exchange/index.ts';
import { createReceiver } from '../../src/modules/exchange/service/receive.ts';
import { isNightly } from '../support/nightly.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

// Two whole nodes with a fault proxy before each: what breaks on the way, and what both sides know afterwards.
let network: Network;
let alba: Notes;
let borea: Notes;
const to = 'XB:central-authority';

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'], proxies: true });
  alba = takeNotes(network.of('XA'));
  borea = takeNotes(network.of('XB'));
});
afterAll(() => network.stop());

const cuts = isNightly ? 200 : 10;
const many = isNightly ? 2_000 : 48;

const proxy = () => network.of('XB').proxy!;

/** Lets what waits be tried now, as an operator does. */
async function tryNow(): Promise<void> {
  const { exchange, database } = network.of('XA');
  // Rows that a worker has in hand are left to it.
  await sql`update exchange_outbox set not_before = now() where message_id in (
    select message_id from exchange_outbox where receipt_bytes is null and refusal_bytes is null and lease_until is null
       for update skip locked)`.execute(database.owner);
  await sql`update exchange_peer set probe_at = now() where node in (
    select node from exchange_peer where probe_at > now() for update skip locked)`.execute(database.owner);
  exchange.delivery.wake.send();
}

const takenOf = (ids: readonly string[]) => borea.taken.filter((note) => ids.includes(note.id));
const delivered = (id: string) => alba.outcomes.some((one) => one.id === id && one.outcome === 'handed-over');
/** The same of very many, looked at once. */
function areDelivered(ids: readonly string[]): boolean {
  const ended = new Set(alba.outcomes.flatMap((one) => (one.outcome === 'handed-over' ? [one.id] : [])));
  return ids.every((id) => ended.has(id));
}

async function peerRow() {
  return withTransaction(network.of('XA').node.database.db, 'system:tests', (tx) =>
    tx.selectFrom('exchange_peer').selectAll().where('node', '=', 'xb').executeTakeFirstOrThrow(),
  );
}

test('N1: a link that was down delivers everything once when it is back, and told meanwhile since when it waited', async () => {
  proxy().set({ down: true });
  proxy().reset();
  const ids: string[] = [];
  for (let n = 0; n < 50; n += 1) ids.push(await alba.send({ to, text: `while down ${n}` }));
  await until(async () => (await peerRow()).waiting_since !== null, 'the sender says since when it waits');
  expect(takenOf(ids)).toEqual([]);
  proxy().set({});
  // Nobody lends a hand: the sender itself finds out that the line is back.
  await until(() => ids.every(delivered), 'all are delivered', 90);
  expect(
    takenOf(ids)
      .map((note) => note.id)
      .sort(),
  ).toEqual([...ids].sort());
  expect((await peerRow()).waiting_since).toBeNull();
}, 120_000);

test('N2: when receipts are lost the sender tries again, and the receiver takes the message once', async () => {
  proxy().reset();
  proxy().set({ dropAnswers: true });
  // The handshake needs answers: they are lost only once the line stands.
  proxy().set({});
  await alba.send({ to, text: 'opens the line' });
  await until(() => borea.taken.some((note) => note.body.text === 'opens the line'), 'the line stands');
  proxy().set({ dropAnswers: true });
  const id = await alba.send({ to, text: 'the receipt gets lost' });
  await until(() => takenOf([id]).length === 1, 'it has arrived');
  expect(delivered(id)).toBe(false);
  proxy().set({});
  proxy().reset();
  await until(async () => {
    await tryNow();
    return delivered(id);
  }, 'the sender knows');
  expect(takenOf([id])).toHaveLength(1);
}, 120_000);

test('N3: cut after any number of bytes, in either direction, nothing is doubled and nothing half is seen', async () => {
  const ids: string[] = [];
  for (let n = 0; n < cuts; n += 1) {
    proxy().reset();
    const bytes = 1 + Math.floor((n * 23_000) / cuts);
    proxy().set(n % 2 === 0 ? { cutAfterUp: bytes } : { cutAfterDown: Math.floor(bytes / 5) + 1 });
    ids.push(await alba.send({ to, text: `cut ${n}` }));
    await tryNow();
    await pause(150);
  }
  proxy().set({});
  proxy().reset();
  await until(
    async () => {
      await tryNow();
      return ids.every(delivered);
    },
    'all are delivered',
    150,
  );
  for (const id of ids) expect(takenOf([id])).toHaveLength(1);
  for (const note of takenOf(ids)) expect(String(note.body.text)).toMatch(/^cut \d+$/);
}, 180_000);

test('N4: doubled, delayed and in another order, every message takes effect once and each conversation in its order', async () => {
  const { client } = network.of('XA').exchange;
  const { ask } = client;
  const sent: Buffer[] = [];
  let count = 0;
  client.ask = async (node, request) => {
    if (request.path !== '/exchange/v1/messages' || !(request.body instanceof Uint8Array)) return ask(node, request);
    count += 1;
    const body = Buffer.from(request.body);
    sent.push(body);
    if (count % 10 === 3) await pause(40);
    const answer = await ask(node, request);
    // One in ten comes twice, and an older one once more.
    if (count % 10 === 5) {
      const again = await ask(node, request);
      expect(again.body.equals(answer.body)).toBe(true);
      const old = sent[Math.floor(sent.length / 2)];
      if (old) expect((await ask(node, { ...request, body: old })).status).toBe(200);
    }
    return answer;
  };
  proxy().set({ jitterMs: 5 });
  const conversations = Array.from({ length: 8 }, newConversation);
  const ids: string[] = [];
  for (let n = 0; n < many; n += 1)
    ids.push(await alba.send({ to, conversationId: conversations[n % 8]!, text: `${n}` }));
  await until(() => takenOf(ids).length >= ids.length, 'all have arrived', 150);
  client.ask = ask;
  proxy().set({});
  expect(takenOf(ids)).toHaveLength(ids.length);
  for (const conversation of conversations) {
    const own = borea.taken.filter((note) => note.conversationId === conversation);
    expect(own.map((note) => note.sequence)).toEqual(own.map((_, index) => index + 1));
    expect(own.map((note) => Number(note.body.text))).toEqual(
      own.map((note) => Number(note.body.text)).toSorted((a, b) => a - b),
    );
  }
}, 180_000);

test('N7: an answer that is no receipt is never a delivery: pages, nothing, redirects, bombs', async () => {
  const { client } = network.of('XA').exchange;
  const { ask } = client;
  const answers = [
    { status: 200, headers: {}, body: Buffer.from('<html>welcome</html>') },
    { status: 200, headers: {}, body: Buffer.alloc(0) },
    { status: 302, headers: { location: 'https://elsewhere.example/' }, body: Buffer.alloc(0) },
    { status: 200, headers: {}, body: Buffer.alloc(900_000, 'x') },
    { status: 403, headers: {}, body: Buffer.from('{"code":"exchange.signature"}') },
    { status: 500, headers: { 'retry-after': '1' }, body: Buffer.from('down') },
  ];
  let asked = 0;
  client.ask = (node, request) =>
    request.path === '/exchange/v1/messages' && answers[asked] !== undefined
      ? Promise.resolve(answers[asked++]!)
      : ask(node, request);
  const id = await alba.send({ to, text: 'answered with rubbish' });
  await until(async () => {
    await tryNow();
    return asked === answers.length;
  }, 'all answers were given');
  client.ask = ask;
  expect(alba.outcomes.filter((one) => one.id === id && one.outcome === 'delivered').length).toBeLessThanOrEqual(1);
  await until(async () => {
    await tryNow();
    return delivered(id);
  }, 'it is delivered in the end');
  expect(takenOf([id])).toHaveLength(1);
}, 120_000);

test('N6: a line on which nothing passes is given up after its time, and what waited goes when it is back', async () => {
  proxy().set({ blackHole: true });
  proxy().reset();
  const id = await alba.send({ to, text: 'into a black hole' });
  await until(async () => (await peerRow()).last_code === 'exchange.timeout', 'the line is given up', 90);
  expect((await peerRow()).waiting_since).not.toBeNull();
  expect(takenOf([id])).toEqual([]);
  proxy().set({});
  proxy().reset();
  await until(async () => {
    await tryNow();
    return delivered(id);
  }, 'it is delivered in the end');
  expect(takenOf([id])).toHaveLength(1);
}, 150_000);

test('N8: over a line that comes and goes everything arrives once and in order, and nothing waits when it is calm', async () => {
  const flaps = isNightly ? 150 : 5;
  const conversations = Array.from({ length: 4 }, newConversation);
  const ids: string[] = [];
  for (let n = 0; n < flaps; n += 1) {
    for (let more = 0; more < 4; more += 1)
      ids.push(await alba.send({ to, conversationId: conversations[ids.length % 4]!, text: `${ids.length}` }));
    proxy().set(n % 2 === 0 ? { down: true } : { jitterMs: 5 });
    proxy().reset();
    await pause(isNightly ? 2_000 : 200);
  }
  proxy().set({});
  proxy().reset();
  await until(async () => {
    await tryNow();
    return ids.every(delivered);
  }, 'all are delivered');
  for (const conversation of conversations) {
    const own = takenOf(ids).filter((note) => note.conversationId === conversation);
    expect(own.map((note) => Number(note.body.text))).toEqual(
      ids.map((_, index) => index).filter((index) => conversations[index % 4] === conversation),
    );
  }
  expect(takenOf(ids)).toHaveLength(ids.length);
  expect((await peerRow()).waiting_since).toBeNull();
}, 900_000);

test(
  'N13: a backlog is drained in the order of each conversation, what is urgent before the rest',
  async () => {
    const routine = isNightly ? 5_000 : 90;
    proxy().set({ down: true });
    proxy().reset();
    const conversations = Array.from({ length: 30 }, newConversation);
    const ids: string[] = [];
    for (let n = 0; n < routine; n += 1)
      ids.push(await alba.send({ to, conversationId: conversations[n % 30]!, text: `${n}` }));
    const urgent: string[] = [];
    for (let n = 0; n < 6; n += 1) urgent.push(await alba.send({ to, text: `urgent ${n}`, priority: 'urgent' }));
    const all = [...ids, ...urgent];
    await until(
      async () => {
        const row = await network
          .of('XA')
          .database.owner.selectFrom('exchange_outbox')
          .select((eb) => eb.fn.countAll<string>().as('count'))
          .where('message_id', 'in', all)
          .executeTakeFirstOrThrow();
        return Number(row.count) === all.length;
      },
      'all are signed and wait',
      isNightly ? 900 : 60,
    );
    proxy().set({});
    await until(
      async () => {
        if ((await peerRow()).waiting_since !== null) await tryNow();
        await pause(isNightly ? 500 : 20);
        return areDelivered(all);
      },
      'all are delivered',
      isNightly ? 1_800 : 90,
    );
    const order = takenOf(all).map((note) => note.id);
    expect(order).toHaveLength(all.length);
    // One probe goes alone, then thirty-two at a time: the urgent ones are in the first of them.
    expect(Math.max(...urgent.map((id) => order.indexOf(id)))).toBeLessThan(40);
    for (const conversation of conversations) {
      const own = takenOf(ids).filter((note) => note.conversationId === conversation);
      expect(own.map((note) => note.sequence)).toEqual(own.map((_, index) => index + 1));
    }
  },
  isNightly ? 3_600_000 : 900_000,
);

test('N14: a message that makes its handler throw is put aside after five tries, others flow, and an operator can act', async () => {
  const { exchange, database } = network.of('XB');
  borea.onApply = (message) => {
    if (message.body.text === 'poison') throw new Error('The handler breaks');
  };
  const poison = await alba.send({ to, text: 'poison' });
  const others = [await alba.send({ to, text: 'fine 1' }), await alba.send({ to, text: 'fine 2' })];
  await until(() => takenOf(others).length === 2, 'others flow');
  const status = async () =>
    (await database.owner
      .selectFrom('exchange_inbox')
      .select(['status', 'attempts'])
      .where('message_id', '=', poison)
      .executeTakeFirst()) ?? {
      status: '',
      attempts: 0,
    };
  await until(async () => {
    await sql`update exchange_inbox set next_at = now() where status = 'received'`.execute(database.owner);
    exchange.delivery.wake.open();
    return (await status()).status === 'parked';
  }, 'it is put aside');
  expect((await status()).attempts).toBe(5);
  borea.onApply = undefined;
  await withTransaction(network.of('XB').node.database.db, 'system:tests', (tx) =>
    tx
      .updateTable('exchange_inbox')
      .set({ status: 'received', attempts: 0 })
      .where('message_id', '=', poison)
      .execute(),
  );
  exchange.delivery.wake.open();
  await until(() => takenOf([poison]).length === 1, 'it is taken after all');
}, 120_000);

test('N15: a peer that sends more than is agreed gets a signed answer that says when to come again', async () => {
  const { exchange } = network.of('XB');
  const kept = await withTransaction(network.of('XA').node.database.db, 'system:tests', (tx) =>
    tx
      .selectFrom('exchange_outbox')
      .select('transport_bytes')
      .where('receipt_bytes', 'is not', null)
      .limit(1)
      .executeTakeFirstOrThrow(),
  );
  const limits = { perSecond: 1, stagedBytes: 1 };
  const strict = createReceiver({ ...exchange.parts, limits }, exchange.delivery.wake);
  const replies = [];
  for (let n = 0; n < 40; n += 1) replies.push(await strict.receive('xa' as NodeId, kept.transport_bytes!));
  const refused = replies.filter((reply) => reply.status === 429);
  expect(replies.slice(0, 10).map((reply) => reply.status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(refused.length).toBeGreaterThan(0);
  for (const { body, headers } of refused) {
    const { payload } = JSON.parse(String(body)) as { payload: string };
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).toMatchObject({
      kind: 'exchange.refusal',
      code: 'exchange.over-quota',
      retry: 'after',
    });
    expect(Number(headers?.['Retry-After'])).toBeGreaterThan(0);
  }
}, 60_000);

test('N16: a kind that this version does not know is kept and shown as such, and taken by the version that knows it', async () => {
  const { exchange, database } = network.of('XB');
  const handler = exchange.parts.uses.handlers['test-note/1']!;
  delete exchange.parts.uses.handlers['test-note/1'];
  const id = await alba.send({ to, text: 'from the future' });
  const status = async () =>
    (await database.owner.selectFrom('exchange_inbox').select('status').where('message_id', '=', id).executeTakeFirst())
      ?.status;
  await until(async () => (await status()) === 'not-understood', 'it is kept');
  exchange.parts.uses.handlers['test-note/1'] = handler;
  const { reviveUnderstood } = await import('../../src/modules/exchange/store/index.ts');
  await withTransaction(network.of('XB').node.database.db, 'system:tests', (tx) =>
    reviveUnderstood(tx, ['test-note/1'], network.of('XB').node.clock.now()),
  );
  exchange.delivery.wake.open();
  await until(() => takenOf([id]).length === 1, 'the version that knows it takes it');
}, 60_000);
