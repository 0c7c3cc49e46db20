import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildMessage, buildTransport, verifyReceipt, verifyRefusal } from '../../src/modules/exchange/envelope.ts';
import type { NodeId } from '../../src/modules/exchange/index.ts';
import { refusalCodes } from '../../src/modules/exchange/schema.ts';
import { readOwnMessage } from '../../src/modules/exchange/service/reissue.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import { toInstant } from '../../src/platform/values/index.ts';
import { newConversation, startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

// What an enrolled node that lies can try with what it has seen and with its own keys.
let network: Network;
let alba: Notes;
let borea: Notes;
let sentId: string;
const to = 'XB:central-authority';
const posts = { method: 'POST', path: '/exchange/v1/messages', type: 'application/jose+json' } as const;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  alba = takeNotes(network.of('XA'));
  borea = takeNotes(network.of('XB'));
  sentId = await alba.send({ to, text: 'the true one' });
  await until(
    () => alba.outcomes.some((one) => one.id === sentId && one.outcome === 'handed-over'),
    'it is there',
    120,
  );
});
afterAll(() => network.stop());

const rowOf = (id: string) =>
  withTransaction(network.of('XA').node.database.db, 'system:tests', (tx) =>
    tx.selectFrom('exchange_outbox').selectAll().where('message_id', '=', id).executeTakeFirstOrThrow(),
  );

const known = (state: 'XA' | 'XB') => {
  const { exchange, node } = network.of(state);
  return withTransaction(node.database.db, 'system:tests', async (tx) => ({
    trust: await exchange.trust.loadTrust(tx),
    own: await exchange.trust.ownKeys(tx),
  }));
};

function codeOf(body: Buffer): string {
  const { payload } = JSON.parse(body.toString('utf8')) as { payload: string };
  return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { code?: string }).code ?? '';
}

test('M1: a message that comes again gets the same receipt, byte for byte, and has no second effect', async () => {
  const row = await rowOf(sentId);
  const { client } = network.of('XA').exchange;
  const first = await client.ask('xb' as NodeId, { ...posts, body: row.transport_bytes! });
  const second = await client.ask('xb' as NodeId, { ...posts, body: row.transport_bytes! });
  expect(first.status).toBe(200);
  expect(first.body.equals(row.receipt_bytes!)).toBe(true);
  expect(second.body.equals(first.body)).toBe(true);
  expect(borea.taken.filter((note) => note.id === sentId)).toHaveLength(1);
  const again = await client.ask('xb' as NodeId, { method: 'GET', path: `/exchange/v1/messages/${sentId}/receipt` });
  expect(again.body.equals(first.body)).toBe(true);
});

test('M2: a message for one node is refused by another, with a signature', async () => {
  const row = await rowOf(sentId);
  // Borea shows to Alba what Alba wrote to Borea.
  const answer = await network.of('XB').exchange.client.ask('xa' as NodeId, { ...posts, body: row.transport_bytes! });
  expect(answer.status).toBe(403);
  expect(codeOf(answer.body)).toBe('exchange.key-not-valid');
});

test('M4: a node that signs for an authority of another State is refused, and an alarm says so', async () => {
  const { exchange } = network.of('XA');
  const { own } = await known('XA');
  const row = await rowOf(sentId);
  const { kind: _, version: __, ...said } = readOwnMessage(row);
  const id = uuidv7(systemRandom, Date.parse(exchange.parts.clock.now())) as typeof said.id;
  const kid = own.authorities.get('XA:central-authority')!.sign.kid;
  const forged = await buildMessage(exchange.parts.keys, kid, {
    ...said,
    id,
    from: 'XB:central-authority',
    to: 'XB:public-prosecutor',
    conversationId: newConversation(),
    sequence: 1,
    previous: null,
  });
  const transport = await buildTransport(exchange.parts.keys, own.nodeSign.kid, {
    message: forged.jws,
    fromNode: 'xa' as NodeId,
    toNode: 'xb' as NodeId,
    sentAt: exchange.parts.clock.now(),
    checkpoint: null,
    consistency: null,
    cosignature: null,
    inline: new Map(),
  });
  const answer = await exchange.client.ask('xb' as NodeId, { ...posts, body: Buffer.from(transport.text) });
  expect(answer.status).toBe(403);
  expect(codeOf(answer.body)).toBe('exchange.key-not-valid');
  const { database } = network.of('XB');
  const peer = await database.owner.selectFrom('exchange_peer').selectAll().where('node', '=', 'xa').executeTakeFirst();
  expect(peer?.alarm_code).toBe('exchange.key-not-valid');
  const kept = await database.owner
    .selectFrom('exchange_refusal')
    .select(['code', 'log_index'])
    .where('transport_sha256', '=', transport.textSha256)
    .execute();
  expect(kept).toHaveLength(1);
  expect(kept[0]?.log_index).not.toBeNull();
});

test('M3: one byte turned over anywhere in an envelope is refused', async () => {
  const row = await rowOf(sentId);
  const { client } = network.of('XA').exchange;
  const body = row.transport_bytes!;
  for (let n = 0; n < 24; n += 1) {
    const spoilt = Buffer.from(body);
    const at = Math.floor(((n + 0.5) * body.length) / 24);
    spoilt[at]! ^= 0x01;
    const answer = await client.ask('xb' as NodeId, { ...posts, body: spoilt });
    expect(answer.status, `byte ${at}`).not.toBe(200);
  }
});

test('M10: a receipt counts only for exactly what was sent', async () => {
  const row = await rowOf(sentId);
  const { trust } = await known('XA');
  const sent = {
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    transportSha256: row.transport_sha256!,
    toNode: 'xb',
  };
  const now = network.of('XA').node.clock.now();
  expect(verifyReceipt(row.receipt_bytes!, sent, trust, now).ok).toBe(true);
  const other = 'f'.repeat(64) as typeof row.message_sha256;
  for (const wrong of [{ messageSha256: other }, { transportSha256: other }, { toNode: 'xa' }])
    expect(verifyReceipt(row.receipt_bytes!, { ...sent, ...wrong }, trust, now).ok).toBe(false);
});

/** What Alba sent last, to be made anew with changes: as its authority and its node would sign it. */
type Change = Partial<Parameters<typeof buildMessage>[2]>;
async function made(change: Change, how: { by?: 'authority' | 'node'; spoil?: boolean } = {}) {
  const { exchange } = network.of('XA');
  const { own } = await known('XA');
  const { kind: _, version: __, ...said } = readOwnMessage(await rowOf(sentId));
  const now = exchange.parts.clock.now();
  const sign = how.by === 'node' ? own.nodeSign.kid : own.authorities.get('XA:central-authority')!.sign.kid;
  const fresh = { id: uuidv7(systemRandom, Date.parse(now)) as typeof said.id, conversationId: newConversation() };
  const message = await buildMessage(exchange.parts.keys, sign, {
    ...said,
    ...fresh,
    sequence: 1,
    previous: null,
    ...change,
  });
  const { signature } = message.jws;
  const spoilt = { ...message.jws, signature: `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}` };
  const transport = await buildTransport(exchange.parts.keys, own.nodeSign.kid, {
    message: how.spoil ? spoilt : message.jws,
    fromNode: 'xa' as NodeId,
    toNode: 'xb' as NodeId,
    sentAt: now,
    checkpoint: null,
    consistency: null,
    cosignature: null,
    inline: new Map(),
  });
  return { message, transport };
}

/** Posts it to Borea; the answer must be its signed no to exactly these bytes, kept, in its log and in its audit log. */
async function refusal({ message, transport }: Awaited<ReturnType<typeof made>>): Promise<string> {
  const { client } = network.of('XA').exchange;
  const answer = await client.ask('xb' as NodeId, { ...posts, body: Buffer.from(transport.text) });
  const { trust } = await known('XA');
  const { value, payloadSha256: messageSha256 } = message;
  const sent = { messageId: value.id, messageSha256, transportSha256: transport.textSha256, toNode: 'xb' };
  const read = verifyRefusal(answer.body, sent, trust, network.of('XA').node.clock.now());
  if (!read.ok) throw new Error(`no signed refusal: ${answer.status} ${read.error}`);
  const { code, log, retry } = read.value.value;
  expect([answer.status, retry, log === null]).toEqual([refusalCodes[code].status, 'never', false]);
  const { owner } = network.of('XB').database;
  const { rows } = await sql<{ code: string }>`select entry::jsonb -> 'details' ->> 'code' as code from audit_entries
    where action = 'exchange.receive' and outcome = 'denied' and subject_id in (${value.id}, ${transport.textSha256})`.execute(
    owner,
  );
  expect(rows.map((row) => row.code)).toContain(code);
  expect(borea.taken.some((note) => note.id === value.id && value.id !== sentId)).toBe(false);
  return code;
}

const ago = (minutes: number) => toInstant(new Date(Date.parse(network.of('XA').node.clock.now()) - minutes * 60_000));

test('M4: signed with a key of another kind, of the node, it is refused with a signed reason and audited', async () => {
  expect(await refusal(await made({}, { by: 'node' }))).toBe('exchange.key-not-valid');
});

test('M5: an expired message is refused with a signed reason and audited', async () => {
  expect(await refusal(await made({ signedAt: ago(120), expiresAt: ago(1) }))).toBe('exchange.expired');
});

test('M3: a message with a changed signature in a rightly signed envelope is refused with a signed reason and audited', async () => {
  expect(await refusal(await made({}, { spoil: true }))).toBe('exchange.signature');
});

test('M1: an old id with other words, or an old place in a conversation, is refused with a signed reason and audited', async () => {
  const { id, conversationId } = readOwnMessage(await rowOf(sentId));
  expect(await refusal(await made({ id }))).toBe('exchange.id-reused');
  // The same conversation and number, signed again as if nothing had been sent before.
  expect(await refusal(await made({ conversationId }))).toBe('exchange.sequence-conflict');
});

test('M4: what another State signed, signed again by somebody else in its name, is refused with a signed reason and audited', async () => {
  const { database } = network.of('XB');
  const id = await borea.send({ to: 'XA:central-authority', text: 'words of Borea' });
  await until(() => alba.taken.some((note) => note.id === id), 'Alba has it', 120);
  const row = await database.owner
    .selectFrom('exchange_outbox')
    .select('message_bytes')
    .where('message_id', '=', id)
    .executeTakeFirstOrThrow();
  const { kind: _, version: __, ...said } = readOwnMessage(row);
  // Alba signs Borea's own message anew and shows it to Borea as if Borea's authority had sent it elsewhere.
  expect(await refusal(await made({ ...said, to: 'XB:public-prosecutor' }))).toBe('exchange.key-not-valid');
});

test('M15: a recall before the message leaves keeps it here; the numbers behind it close up', async () => {
  const { exchange, node } = network.of('XA');
  const held = exchange.client.ask;
  exchange.client.ask = () => Promise.reject(Object.assign(new Error('away'), { code: 'exchange.not-reached' }));
  const conversationId = newConversation();
  const ids: string[] = [];
  for (const text of ['first', 'second', 'third']) ids.push(await alba.send({ to, conversationId, text }));
  const statusOf = async (id: string) =>
    withTransaction(
      node.database.db,
      'system:tests',
      async (tx) =>
        (await tx.selectFrom('exchange_outbox').select('status').where('message_id', '=', id).executeTakeFirst())
          ?.status,
    );
  await until(async () => (await statusOf(ids[2]!)) === 'queued', 'all are signed', 120);
  const stays = await withTransaction(node.database.db, 'system:tests', (tx) =>
    exchange.delivery.acts.recallIn(tx, ids[1]!),
  );
  expect(stays).toBe(true);
  exchange.client.ask = held;
  await until(
    async () => {
      await withTransaction(node.database.db, 'system:exchange', (tx) =>
        tx
          .updateTable('exchange_outbox')
          .set({ not_before: node.clock.now() })
          .where('conversation_id', '=', conversationId)
          .where('lease_until', 'is', null)
          .execute(),
      );
      return borea.taken.filter((note) => note.conversationId === conversationId).length === 2;
    },
    'the two others are there',
    120,
  );
  expect(borea.taken.filter((note) => note.conversationId === conversationId).map((note) => note.body.text)).toEqual([
    'first',
    'third',
  ]);
  expect(alba.outcomes.some((one) => one.id === ids[1] && one.outcome === 'recalled')).toBe(true);
}, 200_000);
