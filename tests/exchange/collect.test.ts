import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { withTransaction } from '../../src/platform/db/index.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

let network: Network;
let alba: Notes;
let borea: Notes;

beforeAll(async () => {
  network = await startNetwork({
    states: ['XA', 'XB'],
    environment: {
      XB: { COMITY_EXCHANGE_PORT: '', COMITY_EXCHANGE_ORIGIN: '', COMITY_EXCHANGE_COLLECTS: 'yes' },
    },
  });
  alba = takeNotes(network.of('XA'), { readFiles: true });
  borea = takeNotes(network.of('XB'), { readFiles: true });
});
afterAll(() => network.stop());

const inside = <T>(state: 'XA' | 'XB', work: Parameters<typeof withTransaction<T>>[2]) =>
  withTransaction(network.of(state).exchange.parts.db, 'system:test', work);

const ended = (notes: Notes, id: string) =>
  notes.outcomes.some((one) => one.id === id && one.outcome === 'handed-over');

test('a node that accepts no connection listens nowhere and says so in its entry', async () => {
  const { exchange } = network.of('XB');
  expect(exchange.isOn).toBe(true);
  expect(exchange.port()).toBeUndefined();
  const seen = await inside('XA', (tx) => network.of('XA').exchange.trust.loadTrust(tx));
  expect(seen.node('xb')?.entry.endpoints).toEqual([]);
});

test('it collects what waits for it, in the order of each conversation, and every message gets its receipt', async () => {
  const conversationId = newConversation();
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1)
    ids.push(await alba.send({ to: 'XB:central-authority', conversationId, text: `${n}` }));
  const back = await borea.send({ to: 'XA:central-authority', text: 'from one who is not reached' });
  await until(() => [...ids.map((id) => ended(alba, id)), ended(borea, back)].every(Boolean), 'all are handed over');
  const here = borea.taken.filter((note) => note.conversationId === conversationId);
  expect(here.map((note) => note.body.text)).toEqual(['0', '1', '2', '3', '4', '5']);
  // Nothing was ever posted there: what was begun was given to one who came.
  const { rows } = await inside('XA', (tx) =>
    sql<{ given: boolean; attempts: number }>`
      select given_as is not null as given, attempts from exchange_outbox where peer = 'xb' and is_settled`.execute(tx),
  );
  expect(rows.every((row) => row.given)).toBe(true);
  const kept = await inside('XB', (tx) =>
    tx.selectFrom('exchange_peer').select('pull_cursor').where('node', '=', 'xa').executeTakeFirstOrThrow(),
  );
  expect(Number(kept.pull_cursor)).toBeGreaterThan(0);
});

test('large parts are collected apart and whole, and a small message does not wait for them', async () => {
  const bytes = randomBytes(20_000_000);
  const file = {
    fileName: 'ledger.bin',
    mediaType: 'application/octet-stream',
    size: bytes.length,
    sha256: sha256(bytes),
    custodyRef: null,
    open: () => Promise.resolve(Readable.from([bytes])),
  };
  const id = await alba.send({ to: 'XB:central-authority', text: 'with a file', files: [file] });
  const small = await alba.send({ to: 'XB:central-authority', text: 'small' });
  await until(() => ended(alba, small), 'the small one is there');
  await until(() => ended(alba, id), 'the file is there');
  expect(sha256(borea.files.get(`${id}/ledger.bin`) ?? '')).toBe(sha256(bytes));
});

test('what was given and did not arrive is given again at once, byte for byte', async () => {
  const xb = network.of('XB').exchange;
  await xb.delivery.stop();
  const id = await alba.send({ to: 'XB:central-authority', text: 'lost on the way' });
  const pull = (after: number) =>
    xb.client.ask('xa' as never, { method: 'GET', path: `/exchange/v1/pull?after=${after}&wait=20` });
  const kept = await inside('XB', (tx) =>
    tx.selectFrom('exchange_peer').select('pull_cursor').where('node', '=', 'xa').executeTakeFirstOrThrow(),
  );
  const first = await pull(Number(kept.pull_cursor));
  const again = await pull(Number(kept.pull_cursor));
  expect(first.status).toBe(200);
  expect(first.body.toString()).toContain('"payload"');
  expect(again.body.equals(first.body)).toBe(true);
  // Named as kept, it is not given a third time while its receipt may still come.
  const later = await xb.client.ask('xa' as never, {
    method: 'GET',
    path: `/exchange/v1/pull?after=${String(again.headers['comity-cursor'])}`,
  });
  expect(later.status).toBe(204);
  expect(alba.outcomes.some((one) => one.id === id && one.outcome === 'delivered')).toBe(false);
});
