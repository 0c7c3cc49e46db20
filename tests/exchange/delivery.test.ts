import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutgoingFile } from '../../src/platform/outbox/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { after, day } from '../../src/modules/exchange/rules/index.ts';
import { feedsLookedAt, saveFeedState } from '../../src/modules/exchange/trust/store/index.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

let network: Network;
let alba: Notes;
let borea: Notes;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  alba = takeNotes(network.of('XA'), { readFiles: true });
  borea = takeNotes(network.of('XB'), { readFiles: true });
});
afterAll(() => network.stop());

test('a message reaches the other node sealed, is opened there, and both sides know', async () => {
  const id = await alba.send({ to: 'XB:central-authority', text: 'Good morning' });
  await until(() => borea.taken.some((note) => note.id === id), 'the note is there');
  const note = borea.taken.find((one) => one.id === id);
  expect(note?.body).toEqual({ kind: 'test-note', version: 1, text: 'Good morning' });
  expect(note?.subject).toBe('Subject of Good morning');
  await until(
    () => alba.outcomes.some((one) => one.id === id && one.outcome === 'handed-over'),
    'the sender knows that casework has it',
  );
  expect(alba.outcomes.filter((one) => one.id === id).map((one) => one.outcome)).toEqual([
    'held-here',
    'delivered',
    'received',
    'handed-over',
  ]);
});

test('messages of one conversation arrive in the order in which they were written', async () => {
  const conversationId = newConversation();
  const texts = Array.from({ length: 12 }, (_, n) => `note ${n}`);
  for (const text of texts) await alba.send({ to: 'XB:central-authority', conversationId, text });
  const here = () => borea.taken.filter((note) => note.conversationId === conversationId);
  await until(() => here().length === texts.length, 'all are there');
  expect(here().map((note) => note.body.text)).toEqual(texts);
  expect(here().map((note) => note.sequence)).toEqual(texts.map((_, n) => n + 1));
});

test('what is known of the sender and has grown old is asked for again before a message is refused for it', async () => {
  const { db } = network.of('XB').exchange.parts;
  // As if nobody had been reached for two days, and each feed had been tried just now.
  await withTransaction(db, 'system:test', async (tx) => {
    for (const feed of ['nodes', 'directory', 'treaties'])
      await saveFeedState(tx, 'XA', feed, {
        triedAt: systemClock.now(),
        checkedAt: after(systemClock.now(), -2 * day),
      });
    await feedsLookedAt(tx);
  });
  // A node looks at its directory at most once a second: until then it does not know that it grew old.
  const known = Date.parse(systemClock.now()) + 1_000;
  await until(() => Date.parse(systemClock.now()) > known, 'the next look at the directory is due');
  const id = await alba.send({ to: 'XB:central-authority', text: 'After a silence' });
  await until(() => borea.taken.some((note) => note.id === id), 'it is taken at the first try');
});

function fileOf(name: string, bytes: Buffer): OutgoingFile {
  return {
    fileName: name,
    mediaType: 'application/octet-stream',
    size: bytes.length,
    sha256: sha256(bytes),
    custodyRef: null,
    open: () => Promise.resolve(Readable.from([bytes])),
  };
}

test('files travel as parts of their own, whole, and a small message does not wait for them', async () => {
  const bytes = randomBytes(5_000_000);
  const id = await alba.send({
    to: 'XB:central-authority',
    text: 'with a file',
    files: [fileOf('scan.bin', bytes), fileOf('small.txt', Buffer.from('a few words'))],
  });
  await until(() => borea.taken.some((note) => note.id === id), 'the note is there');
  expect(borea.files.get(`${id}/scan.bin`)?.equals(bytes)).toBe(true);
  expect(borea.files.get(`${id}/small.txt`)?.toString()).toBe('a few words');
});
