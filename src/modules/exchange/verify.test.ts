import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logSides, type LogSide, type LogSides } from '../../../tests/support/log-sides.ts';
import { canonical, type Instant, type Sha256 } from '../../platform/values/index.ts';
import { systemRandom, uuidv7 } from '../../platform/random.ts';
import { appendLeaves } from '../audit/index.ts';
import { buildEvent, buildMessage, buildReceipt, buildTransport, type Signed } from './envelope.ts';
import type { MessageProof, ProofKey } from './rules/proof.ts';
import type { AuthorityRef, Event, Message, MessageId, Receipt } from './schema.ts';
import { logEntry } from './service/record.ts';
import { getProof } from './service/proof.ts';
import { reconcile } from './service/reconcile.ts';
import { verifyFile, verifyProof } from './verify.ts';

let net: LogSides;
let alba: LogSide;
let borea: LogSide;
let message: Signed<Message>;
let receipt: Signed<Receipt>;
let received: MessageProof;
let sent: MessageProof;
const actor = { kind: 'system', id: 'test' } as const;
const from = 'XA:central-authority' as AuthorityRef;
const to = 'XB:central-authority' as AuthorityRef;

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  const at = net.clock.now();
  const expiresAt = '2026-06-13T12:00:00.000Z' as Instant;
  const authority = await alba.parts.keys.ensure('authority/sign', 'ES256');
  net.addAuthority(from, 'xa', authority);
  net.addAuthority(to, 'xb', await borea.parts.keys.ensure('authority/sign', 'ES256'));
  const id = uuidv7(systemRandom, Date.parse(at)) as MessageId;
  const part = {
    name: 'part-000',
    mediaType: 'application/age' as const,
    length: 10,
    headerSha256: 'a'.repeat(64) as Sha256,
    payloadRoot: 'b'.repeat(64) as Sha256,
  };
  message = await buildMessage(alba.parts.keys, authority.kid, {
    id,
    subjectKind: 'draft-remark/1',
    from,
    to,
    conversationId: 'A'.repeat(22),
    sequence: 1,
    previous: null,
    inReplyTo: null,
    legalBasis: null,
    tlp: 'AMBER',
    priority: 'routine',
    signedAt: at,
    expiresAt,
    mode: 'basic',
    parts: [part],
  });
  const own = async (side: LogSide) => (await side.inside((tx) => side.parts.trust.ownKeys(tx))).nodeSign.kid;
  const silent = { checkpoint: null, consistency: null, cosignature: null };
  const transport = await buildTransport(alba.parts.keys, await own(alba), {
    message: message.jws,
    fromNode: alba.node,
    toNode: borea.node,
    sentAt: at,
    ...silent,
    inline: new Map(),
  });
  const fact = { what: 'received' as const, peer: 'xa', messageId: id, sha256: message.payloadSha256, at };
  const events: Signed<Event>[] = [];
  const [place, eventPlace] = await borea.inside(async (tx) => {
    const event = await buildEvent(borea.parts.keys, await own(borea), {
      eventId: uuidv7(systemRandom, Date.parse(at)),
      type: 'ContentConsignment',
      messageId: id,
      messageSha256: message.payloadSha256,
      at,
      by: { node: borea.node },
      previousEvent: null,
    });
    events.push(event);
    const said = logEntry({
      what: 'event',
      peer: 'xb',
      messageId: id,
      sha256: event.payloadSha256,
      at,
      code: 'ContentConsignment',
    });
    return appendLeaves(tx, 'exchange', [logEntry(fact), said], systemRandom);
  });
  receipt = await buildReceipt(borea.parts.keys, await own(borea), {
    messageId: id,
    messageSha256: message.payloadSha256,
    transportSha256: transport.textSha256,
    receivedAt: at,
    receiver: borea.node,
    order: 'applied',
    log: place!,
    durability: 'flushed',
    ...silent,
  });
  for (const side of [alba, borea])
    await sql`insert into exchange_stream (stream) values ('s')`.execute(side.database.owner);
  await sql`insert into exchange_outbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
    priority, tlp, message_sha256, message_bytes, transport_bytes, transport_sha256, signed_at, expires_at, status, not_before,
    queued_at, receipt_bytes) values (${id}, 'xb', 's', 1, 'c', ${from}, ${to}, 'draft-remark/1', 2, 'AMBER', ${message.payloadSha256},
    ${Buffer.from(message.text)}, ${Buffer.from(transport.text)}, ${transport.textSha256}, ${at}, ${expiresAt}, 'consigned', ${at}, ${at},
    ${Buffer.from(receipt.text)})`.execute(alba.database.owner);
  await sql`insert into exchange_inbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
    priority, tlp, message_sha256, envelope_sha256, transport_bytes, receipt_bytes, log_index, signed_at, expires_at, received_at,
    status, next_at) values (${id}, 'xa', 's', 1, 'c', ${from}, ${to}, 'draft-remark/1', 2, 'AMBER', ${message.payloadSha256},
    ${transport.textSha256}, ${Buffer.from(transport.text)}, ${Buffer.from(receipt.text)}, ${place!.index}, ${at}, ${expiresAt}, ${at},
    'received', ${at})`.execute(borea.database.owner);
  const [event] = events;
  for (const side of [alba, borea])
    await sql`insert into exchange_event (event_id, message_id, type, at, by_node, payload_sha256, bytes, log_index)
      values (${event!.value.eventId}, ${id}, 'ContentConsignment', ${at}, 'xb', ${event!.payloadSha256}, ${Buffer.from(event!.text)},
      ${side === borea ? String(eventPlace!.index) : null})`.execute(side.database.owner);
  // A comparison carries checkpoints and cosignatures both ways.
  await reconcile(borea.parts, alba.node, { actor });
  await reconcile(borea.parts, alba.node, { actor });
  received = await borea.inside((tx) => getProof(borea.parts, tx, id));
  sent = await alba.inside((tx) => getProof(alba.parts, tx, id));
});
afterAll(() => net.close());

const codes = (proof: MessageProof, trusted?: ProofKey[]) =>
  verifyProof(proof, trusted ? { trusted } : {})
    .statements.filter((one) => !one.holds)
    .map((one) => one.code);

test('the proof of a received message holds, says what it proves, and names a witness', () => {
  const found = verifyProof(received);
  expect(found.holds, JSON.stringify(found.statements.filter((one) => !one.holds))).toBe(true);
  expect(found.statements.map((one) => one.code)).toEqual([
    'log.verify-own-keys',
    'log.verify-message',
    'log.verify-receipt',
    'log.verify-event',
    'log.verify-checkpoint',
    'log.verify-entry',
    'log.verify-entry',
    'log.verify-cosignature',
  ]);
  expect(found.statements.at(-1)!.params).toMatchObject({ witness: 'comity/XA/exchange/1' });
  expect(verifyFile(JSON.stringify(received)).holds).toBe(true);
});

test('the proof of a sent message holds: the receipt is the other node’s word', () => {
  expect(verifyProof(sent)).toMatchObject({ holds: true });
  expect(verifyProof(sent).statements).toContainEqual(
    expect.objectContaining({ code: 'log.verify-receipt', params: { signer: 'xb', at: net.clock.now() } }),
  );
});

test('keys that the reader gives take the place of those in the file', () => {
  expect(codes(received, received.keys)).toEqual([]);
  expect(
    codes(
      received,
      received.keys.filter((key) => key.use !== 'authority-sign'),
    ),
  ).toContain('log.verify-no-key');
  const swapped = received.keys.map((key) => (key.use === 'node-sign' ? { ...key, holder: 'xc' } : key));
  expect(codes(received, swapped)).toContain('log.verify-no-key');
});

test('M10: a receipt for another digest is found, and so is one of a receiver who denies it', async () => {
  const keyOf = async (side: LogSide) => (await side.inside((tx) => side.parts.trust.ownKeys(tx))).nodeSign.kid;
  const kid = await keyOf(borea);
  const { kind: _kind, version: _version, ...fields } = receipt.value;
  const other = await buildReceipt(borea.parts.keys, kid, { ...fields, messageSha256: 'c'.repeat(64) as Sha256 });
  expect(codes({ ...received, receipts: [other.jws] })).toContain('log.verify-other-message');
  // Whoever denies cannot deny the signature: the sender's copy proves it with the receiver's published key alone.
  expect(sent.receipts).toEqual(received.receipts);
  expect(codes(sent, received.keys)).toEqual([]);
  const forged = await buildReceipt(alba.parts.keys, await keyOf(alba), fields);
  expect(codes({ ...received, receipts: [forged.jws] })).toContain('log.verify-no-key');
});

test('each byte changed in any part of the proof is found', () => {
  const text = canonical(received);
  let tried = 0;
  for (let at = 0; at < text.length; at += 7) {
    const old = text[at]!;
    const changed = `${text.slice(0, at)}${old === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    const found = verifyFile(changed);
    if (!found.holds) {
      tried += 1;
      continue;
    }
    // What was changed says nothing of the message: certificates, hints and moments of keys.
    const place = JSON.parse(changed) as MessageProof;
    expect({ ...place, keys: [] }, `byte ${at}: ${text.slice(at - 30, at + 10)}`).toEqual({ ...received, keys: [] });
  }
  expect(tried).toBeGreaterThan(600);
});

test('an entry of another place, a cosignature of another log and a missing event are found', () => {
  const [first, second] = received.log;
  expect(codes({ ...received, log: [{ ...first!, index: second!.index }] })).toEqual(['log.verify-entry-not-in-log']);
  expect(codes({ ...received, log: [{ ...first!, path: [...first!.path, '0'.repeat(64)] }] })).toEqual([
    'log.verify-entry-not-in-log',
  ]);
  expect(
    codes({ ...received, cosignatures: [sent.checkpoint ?? received.checkpoint!.replace(/\n\d+\n/, '\n1\n')] }),
  ).toContain('log.verify-cosignature-of-another');
  expect(codes({ ...received, events: [] })).toContain('log.verify-entry-of-another');
  expect(verifyProof({ ...received, checkpoint: null }).statements.map((one) => one.code)).toContain(
    'log.verify-entry-without-checkpoint',
  );
});

test('single files are checked with keys of the reader: message, receipt, checkpoint with cosignature', () => {
  const options = { trusted: received.keys };
  expect(verifyFile(message.text, options)).toMatchObject({ what: 'message', holds: true });
  expect(verifyFile(receipt.text, options)).toMatchObject({ what: 'receipt' });
  expect(verifyFile(received.cosignatures[0]!, options)).toMatchObject({ what: 'checkpoint', holds: true });
  expect(verifyFile(message.text)).toMatchObject({ holds: false });
  for (const text of ['', '{}', 'no', '{"kind":"exchange.proof"}']) expect(verifyFile(text).holds).toBe(false);
});
