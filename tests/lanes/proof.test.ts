import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNewestCheckpoint, getOrigin } from '../../src/modules/audit/index.ts';
import { stampUses } from '../../src/modules/evidence/service/stamps.ts';
import { saveToken } from '../../src/modules/evidence/store/stamps.ts';
import { getProof, verifyProof, type MessageProof } from '../../src/modules/exchange/index.ts';
import { reconcile } from '../../src/modules/exchange/service/reconcile.ts';
import {
  developmentSigner,
  developmentStampAuthority,
  type DevelopmentSigner,
} from '../../src/platform/crypto/index.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { authorityOf, deliver, logSides, type LogSides } from '../support/log-sides.ts';
import { need, use } from './tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-proof-'));
let net: LogSides;
let proof: MessageProof;
let stamps: DevelopmentSigner;

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  const [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  net.addAuthority(authorityOf(borea), 'xb', await borea.parts.keys.ensure('authority/sign', 'ES256'));
  const { id } = await deliver(net, alba, borea, { sequence: 1 });
  const actor = { kind: 'system', id: 'test' } as const;
  for (let n = 0; n < 2; n += 1) await reconcile(borea.parts, alba.node, { actor });
  const made = { keys: borea.parts.keys, clock: net.clock, random: systemRandom };
  stamps = await developmentSigner(made, { label: 'dev/tsa', name: 'Development stamps', use: 'stamp' });
  const authority = developmentStampAuthority(stamps, made);
  await borea.inside(async (tx) => {
    const state = await findNewestCheckpoint(tx, 'exchange', await getOrigin(tx));
    await stampUses(authority).askForState(tx, state!, net.clock.now());
    const { imprint, subject } = await tx.selectFrom('time_stamps').selectAll().executeTakeFirstOrThrow();
    const { token, stamp } = await authority.stamp(imprint);
    await saveToken(tx, subject, token, stamp.at);
  });
  // The log goes on: the stamped state is joined to the newest one by a proof.
  await deliver(net, alba, borea, { sequence: 1, conversation: 'B'.repeat(22) });
  proof = await borea.inside((tx) => getProof(borea.parts, tx, id));
  writeFileSync(join(folder, 'tsa.pem'), stamps.root.toString());
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await net?.close();
});

function check(one: unknown, more: string[] = ['--tsa-root', join(folder, 'tsa.pem')]) {
  need('openssl');
  const file = join(folder, 'proof.json');
  writeFileSync(file, typeof one === 'string' ? one : JSON.stringify(one));
  return use('python3', ['protocol/verify/proof.py', file, ...more]);
}

test('a proof with its time stamp is checked in another language, by the standard library and openssl alone', () => {
  expect(verifyProof(proof, { stampRoots: [stamps.root] }).holds).toBe(true);
  const { status, out } = check(proof);
  expect(out).toMatch(/\nHOLDS\n$/);
  expect(out).toContain('signed message');
  expect(out).toContain('node xb received it');
  expect(out).toContain('comity/XA/exchange/1 cosigned');
  expect(out).toMatch(/time-stamped at 2026-05-14T12:00:00Z/);
  expect(status).toBe(0);
  const unchecked = check(proof, []);
  expect([unchecked.status, /its authority was not checked/.test(unchecked.out)]).toEqual([0, true]);
});

test('whatever is changed in it is broken there too', () => {
  const [entry] = proof.log;
  const [stamp] = proof.stamps;
  const [receipt] = proof.receipts;
  const [note] = proof.cosignatures;
  const turned = (text: string, at: number) =>
    `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  const changes: [string, unknown][] = [
    ['the message', { ...proof, message: { ...proof.message, signature: turned(proof.message.signature, 20) } }],
    ['the receipt', { ...proof, receipts: [{ ...receipt!, payload: turned(receipt!.payload, 40) }] }],
    ['a missing event', { ...proof, events: [] }],
    ['the place of an entry', { ...proof, log: [{ ...entry!, index: entry!.index + 1 }] }],
    ['a step to the root', { ...proof, log: [{ ...entry!, path: entry!.path.toReversed() }] }],
    ['the salt', { ...proof, log: [{ ...entry!, salt: '0'.repeat(32) }] }],
    ['the checkpoint', { ...proof, checkpoint: turned(proof.checkpoint!, proof.checkpoint!.length - 20) }],
    ['a witness', { ...proof, cosignatures: [turned(note!, note!.length - 20)] }],
    ['the stamp', { ...proof, stamps: [{ ...stamp!, token: turned(stamp!.token, 900) }] }],
    ['what was stamped', { ...proof, stamps: [{ ...stamp!, checkpoint: proof.checkpoint! }] }],
    ['the way from the stamp', { ...proof, consistency: [] }],
    ['a key', { ...proof, keys: proof.keys.filter((key) => key.use !== 'node-sign') }],
    ['a file that is cut', JSON.stringify({ ...proof, log: undefined })],
  ];
  for (const [what, changed] of changes) {
    const { status, out } = check(changed);
    expect([status, /BROKEN: /.test(out)], `${what}\n${out}`).toEqual([1, true]);
  }
  const other = check(proof, ['--tsa-root', 'tests/lanes/tools.ts']);
  expect(other.status).toBe(1);
  expect(check('{"kind"', []).status).toBe(2);
});
