import type { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorityOf, deliver, logSides, type LogSide, type LogSides } from '../../../tests/support/log-sides.ts';
import { developmentSigner, developmentStampAuthority, type DevelopmentSigner } from '../../platform/crypto/index.ts';
import { systemRandom } from '../../platform/random.ts';
import { canonical, type Sha256 } from '../../platform/values/index.ts';
import { appendLeaf, findNewestCheckpoint, getOrigin } from '../audit/index.ts';
import { stampUses } from '../evidence/service/stamps.ts';
import { saveToken } from '../evidence/store/stamps.ts';
import { buildReceipt, type Signed } from './envelope.ts';
import type { MessageProof, ProofKey } from './rules/proof.ts';
import type { Message, Receipt } from './schema.ts';
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

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  net.addAuthority(authorityOf(borea), 'xb', await borea.parts.keys.ensure('authority/sign', 'ES256'));
  const done = await deliver(net, alba, borea, { sequence: 1 });
  ({ message, receipt } = done);
  // A comparison carries checkpoints and cosignatures both ways.
  await reconcile(borea.parts, alba.node, { actor });
  await reconcile(borea.parts, alba.node, { actor });
  received = await borea.inside((tx) => getProof(borea.parts, tx, done.id));
  sent = await alba.inside((tx) => getProof(alba.parts, tx, done.id));
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
    'log.verify-no-stamp',
  ]);
  expect(found.statements.at(-2)!.params).toMatchObject({ witness: 'comity/XA/exchange/1' });
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

test('a file that is cut off or lacks a member says so, and names the place', () => {
  const text = canonical(received);
  const say = (one: string) => verifyFile(one).statements.map(({ code, params }) => [code, params]);
  expect(say(text.slice(0, 500))).toEqual([['log.verify-cut', { length: 500 }]]);
  const { checkpoint: _, ...without } = received;
  expect(say(canonical(without))).toEqual([['log.verify-bad-field', { field: 'checkpoint' }]]);
  const [first] = received.log;
  expect(say(canonical({ ...received, log: [{ ...first!, path: ['x'] }] }))).toEqual([
    ['log.verify-bad-field', { field: 'log.0.path.0' }],
  ]);
  expect(say(canonical({ ...received, more: 1 }))).toEqual([['log.verify-bad-field', { field: 'more' }]]);
});

describe('the time stamp over the log', () => {
  const made = { label: 'dev/tsa', name: 'Development stamps', use: 'stamp' as const };
  const parts = () => ({ keys: borea.parts.keys, clock: net.clock, random: systemRandom });
  let stamped: MessageProof;
  let stamps: DevelopmentSigner;

  beforeAll(async () => {
    stamps = await developmentSigner(parts(), made);
    const uses = stampUses(developmentStampAuthority(stamps, parts()));
    await borea.inside(async (tx) => {
      const state = await findNewestCheckpoint(tx, 'exchange', await getOrigin(tx));
      await uses.askForState(tx, state!, net.clock.now());
      const { imprint, subject } = await tx.selectFrom('time_stamps').selectAll().executeTakeFirstOrThrow();
      const { token, stamp } = await developmentStampAuthority(stamps, parts()).stamp(imprint);
      await saveToken(tx, subject, token, stamp.at);
      // What came later does not take the earlier stamp away: it is joined to the newest state by a proof.
      await appendLeaf(tx, 'exchange', '{"later":1}', systemRandom);
    });
    const { id } = message.value;
    stamped = await borea.inside((tx) => getProof(borea.parts, tx, id));
  });
  const say = (proof: MessageProof, stampRoots?: X509Certificate[]) =>
    verifyProof(proof, stampRoots ? { stampRoots } : {})
      .statements.filter((one) => /stamp/.test(one.code))
      .map(({ holds, code, params }) => [holds, code, params['why']]);

  test('goes with the proof and is checked offline under the root that the reader has', () => {
    expect(stamped.stamps).toHaveLength(1);
    expect(stamped.consistency.some((one) => one.to === stamped.log[0]!.size)).toBe(true);
    const found = verifyProof(stamped, { stampRoots: [stamps.root] });
    expect(found.holds, JSON.stringify(found.statements.filter((one) => !one.holds))).toBe(true);
    expect(found.statements.at(-1)).toMatchObject({
      code: 'log.verify-stamp',
      params: { by: 'Development stamps', at: net.clock.now(), size: stamped.log[0]!.size - 1 },
    });
    expect(say(stamped)).toEqual([[true, 'log.verify-stamp-unchecked', undefined]]);
    expect(verifyFile(canonical(stamped), { stampRoots: [stamps.root] }).holds).toBe(true);
  });

  test('of another authority, over something else, too early or of another log does not hold', async () => {
    const other = await developmentSigner(parts(), { ...made, label: 'dev/other' });
    expect(say(stamped, [other.root])).toEqual([[false, 'log.verify-bad-stamp', 'crypto.cms-untrusted']]);
    const [one] = stamped.stamps;
    const { token } = await developmentStampAuthority(stamps, parts()).stamp('a'.repeat(64) as Sha256);
    const wrong = { ...stamped, stamps: [{ ...one!, token: token.toString('base64') }] };
    expect(say(wrong, [stamps.root])).toEqual([[false, 'log.verify-bad-stamp', 'crypto.stamp-other-imprint']]);
    expect(say({ ...stamped, stamps: [{ ...one!, token: 'AAAA' }] })).toEqual([
      [false, 'log.verify-bad-stamp', 'crypto.malformed-der'],
    ]);
    const size = stamped.log[0]!.size;
    const late = { ...stamped, log: [{ ...stamped.log[0]!, index: size - 1 }] };
    expect(say(late, [stamps.root])).toEqual([[false, 'log.verify-stamp-too-early', undefined]]);
    expect(say({ ...stamped, consistency: [] }, [stamps.root])).toEqual([
      [false, 'log.verify-stamp-of-another', undefined],
    ]);
    const foreign = await alba.inside((tx) => alba.parts.logs.checkpoint(tx));
    expect(say({ ...stamped, stamps: [{ ...one!, checkpoint: foreign }] }, [stamps.root])).toEqual([
      [false, 'log.verify-stamp-of-another', undefined],
    ]);
  });
});
