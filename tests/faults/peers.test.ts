import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendFromAlba } from '../../src/app/demo-request.ts';
import { contextFor } from '../../src/app/node.ts';
import { addSamplePeople, builder } from '../../src/app/sample-people-at.ts';
import { createDemoLink } from '../../src/modules/identity/index.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { createClient } from '../support/client.ts';
import { isNightly } from '../support/nightly.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

// Three whole nodes, one of them away, slow or broken off in the middle of a part: what the others lose by it.
let network: Network;
let alba: Notes;
let borea: Notes;
let cordia: Notes;
const toBorea = 'XB:central-authority';
const toCordia = 'XC:central-authority';

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB', 'XC'], proxies: true });
  alba = takeNotes(network.of('XA'));
  borea = takeNotes(network.of('XB'), { readFiles: true });
  cordia = takeNotes(network.of('XC'));
}, 180_000);
afterAll(() => network?.stop());

/** Lets what waits be tried now, as an operator does. */
async function tryNow(): Promise<void> {
  const { exchange, database } = network.of('XA');
  await sql`update exchange_outbox set not_before = now() where message_id in (
    select message_id from exchange_outbox where not is_settled and lease_until is null for update skip locked)`.execute(
    database.owner,
  );
  await sql`update exchange_peer set probe_at = now() where node in (
    select node from exchange_peer where probe_at > now() for update skip locked)`.execute(database.owner);
  exchange.delivery.wake.send();
}

const handedOver = (id: string) => alba.outcomes.some((one) => one.id === id && one.outcome === 'handed-over');

test('N5: a peer as slow as a letter keeps nobody else waiting', async () => {
  const slow = network.of('XC').proxy!;
  slow.set({ bytesPerSecond: 200 });
  slow.reset();
  const late: string[] = [];
  for (let n = 0; n < 40; n += 1) late.push(await alba.send({ to: toCordia, text: `slow ${n}` }));
  const ids: string[] = [];
  for (let n = 0; n < (isNightly ? 200 : 20); n += 1) ids.push(await alba.send({ to: toBorea, text: `quick ${n}` }));
  await until(() => ids.every(handedOver), 'the others are delivered', 120);
  expect(cordia.taken).toEqual([]);
  slow.set({});
  slow.reset();
  await until(
    async () => {
      await tryNow();
      return late.every(handedOver);
    },
    'what went slowly is delivered as well',
    120,
  );
  expect(cordia.taken.map((note) => note.id).toSorted()).toEqual(late.toSorted());
}, 400_000);

test('M11: a part broken off in the middle is never half there: it goes on where it stood, and its message waits for it', async () => {
  const { proxy } = network.of('XB');
  const bytes = randomBytes((isNightly ? 30 : 18) * 1_048_576);
  const before = proxy!.bytes().up;
  const breaks = (isNightly ? [5, 13, 14, 25] : [5, 14]).map((mebibytes) => mebibytes * 1_048_576);
  const id = await alba.send({
    to: toBorea,
    text: 'with an image',
    files: [
      {
        fileName: 'disk.img',
        mediaType: 'application/octet-stream',
        size: bytes.length,
        sha256: sha256(bytes),
        custodyRef: null,
        open: () => Promise.resolve(Readable.from([bytes])),
      },
    ],
  });
  proxy!.set({ bytesPerSecond: 400_000_000 });
  for (const at of breaks) {
    await until(() => proxy!.bytes().up - before >= at, `${at} bytes to have passed`, 120);
    expect(borea.taken.some((note) => note.id === id)).toBe(false);
    proxy!.reset();
  }
  proxy!.set({});
  await until(() => handedOver(id), 'it is delivered in the end', 240);
  expect(borea.files.get(`${id}/disk.img`)?.equals(bytes)).toBe(true);
  expect(borea.taken.filter((note) => note.id === id)).toHaveLength(1);
  // Between two flushes lie 8 MiB; more than that is not sent again for a break.
  expect(proxy!.bytes().up - before).toBeLessThan(bytes.length + breaks.length * 10 * 1_048_576);
}, 400_000);

/** A very large file that is nowhere: the same megabyte again and again, each time with its number at the beginning. */
function* largeFile(mebibytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(1_048_576, 'large');
  for (let n = 0; n < mebibytes; n += 1) {
    piece.writeUInt32BE(n);
    yield Buffer.from(piece);
  }
}

test('F7: a large file arrives whole though the line is cut again and again, and little of it is sent again', async () => {
  const { proxy } = network.of('XB');
  const [mebibytes, cuts] = isNightly ? [10_240, 20] : [18, 6];
  const hash = createHash('sha256');
  for (const piece of largeFile(mebibytes)) hash.update(piece);
  const digest = hash.digest('hex');
  const before = proxy!.bytes().up;
  const id = await alba.send({
    to: toBorea,
    text: 'with a very large image',
    files: [
      {
        fileName: 'large.img',
        mediaType: 'application/octet-stream',
        size: mebibytes * 1_048_576,
        sha256: digest as never,
        custodyRef: null,
        open: () => Promise.resolve(Readable.from(largeFile(mebibytes))),
      },
    ],
  });
  for (let cut = 1; cut <= cuts; cut += 1) {
    const at = Math.floor((mebibytes * 1_048_576 * cut) / (cuts + 1));
    await until(
      async () => {
        await tryNow();
        return proxy!.bytes().up - before >= at || handedOver(id);
      },
      `${at} bytes to have passed`,
      isNightly ? 1_200 : 120,
    );
    proxy!.reset();
  }
  await until(
    async () => {
      await tryNow();
      return handedOver(id);
    },
    'it is delivered in the end',
    isNightly ? 3_600 : 240,
  );
  expect(borea.hashes.get(`${id}/large.img`)).toBe(digest);
  expect(borea.taken.filter((note) => note.id === id)).toHaveLength(1);
  expect(proxy!.bytes().up - before).toBeLessThan((mebibytes + cuts * 10) * 1_048_576);
}, 7_200_000);

test('N1: a node that is off for ten minutes loses nothing and gets nothing twice, and the officer reads since when it is waited for', async () => {
  const { node, running, origin } = network.of('XA');
  const people = await addSamplePeople(node);
  await addSamplePeople(network.of('XB').node);
  const ctx = contextFor(node, builder, 'en');
  const noor = createClient({ port: running.port, origin });
  await noor.enter(await ctx.transaction((tx) => createDemoLink(tx, ctx, people.get('noor')!)));

  network.of('XB').proxy!.set({ down: true });
  network.of('XB').proxy!.reset();
  const conversations = Array.from({ length: 5 }, newConversation);
  const ids: string[] = [];
  const write = async (count: number) => {
    for (let n = 0; n < count; n += 1)
      ids.push(await alba.send({ to: toBorea, conversationId: conversations[ids.length % 5]!, text: `${ids.length}` }));
  };
  await write(25);
  const { reference } = await sendFromAlba({ node, live: running.live });
  const page = async () => (await noor.get(`/requests/${reference}`)).text.replace(/[⁨⁩]/g, '');
  await until(async () => /[Ww]aiting for Borea[^<]* since/.test(await page()), 'the page says since when', 120);
  await pause(isNightly ? 600_000 : 1_000);
  await write(25);
  expect(borea.taken.filter((note) => ids.includes(note.id))).toEqual([]);

  network.of('XB').proxy!.set({});
  await until(
    async () => {
      // For a night the node is left to itself: it finds the way back within a minute.
      if (!isNightly) await tryNow();
      return ids.every(handedOver);
    },
    'all are delivered',
    isNightly ? 600 : 180,
  );
  const there = borea.taken.filter((note) => ids.includes(note.id));
  expect(there.map((note) => note.id).toSorted()).toEqual(ids.toSorted());
  for (const conversation of conversations) {
    const own = there.filter((note) => note.conversationId === conversation);
    expect(own.map((note) => Number(note.body.text))).toEqual(
      ids.map((_, index) => index).filter((index) => conversations[index % 5] === conversation),
    );
  }
  await until(async () => !/[Ww]aiting for Borea/.test(await page()), 'the page says it no more', 120);
}, 1_200_000);
