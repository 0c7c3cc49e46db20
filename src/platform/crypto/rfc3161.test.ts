import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { instant, sha256 } from '../values/index.ts';
import { checkChain, openCms, signCms } from './cms.ts';
import { openFileKeyStore, type KeyStore } from './index.ts';
import {
  answerStampRequest,
  developmentSigner,
  developmentStampAuthority,
  type DevelopmentSigner,
} from './rfc3161-development.ts';
import { openTimeStamp, stampAuthority } from './rfc3161.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-stamps-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const random = systemRandom;
let keys: KeyStore;
let stamps: DevelopmentSigner;
let office: DevelopmentSigner;
let server: Server;
let url: string;
let answer: (request: Buffer) => Promise<Buffer | undefined>;

beforeAll(async () => {
  keys = await openFileKeyStore({
    folder: join(base, 'keys'),
    passphraseFile: join(base, 'p'),
    clock,
    random,
    cost: 1024,
  });
  stamps = await developmentSigner(
    { keys, clock, random },
    { label: 'dev/tsa', name: 'Development stamps', use: 'stamp' },
  );
  office = await developmentSigner(
    { keys, clock, random },
    { label: 'dev/office', name: 'XA:central-authority', use: 'sign' },
  );
  server = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      const told = await answer(body);
      if (!told) return response.writeHead(503).end();
      return response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(told);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(base, { recursive: true, force: true });
});

const content = Buffer.from('a manifest');
const roots = () => [stamps.root];
const ask = (more: object = {}) =>
  stampAuthority({ url, roots: roots(), nonce: () => random.bytes(8), ...more }).stamp(sha256(content));
const answerWith = (change: object, signer = stamps.signer, at = clock.now()) => {
  answer = (request) => answerStampRequest(request, { signer, at, random, change });
};

test('a signature holds over its bytes, names its certificate and leads to the root that the reader gives', async () => {
  const signed = await signCms({ content }, office.signer, clock.now());
  const opened = openCms(signed, content);
  expect(opened.signedAt).toBe('2026-05-14T12:00:00.000Z');
  expect(checkChain(opened.signer, opened.certificates, [office.root], clock.now())).toHaveLength(2);
  expect(() => openCms(signed, Buffer.from('another'))).toThrow('crypto.cms-broken');
  expect(() => checkChain(opened.signer, opened.certificates, [stamps.root], clock.now())).toThrow(
    'crypto.cms-untrusted',
  );
  expect(() =>
    checkChain(opened.signer, opened.certificates, [office.root], instant('2029-01-01T00:00:00.000Z')),
  ).toThrow('crypto.cms-out-of-time');
});

test('a changed byte of a signature is refused', async () => {
  const signed = await signCms({ content }, office.signer, clock.now());
  let accepted = 0;
  for (let at = 0; at < signed.length; at += 1) {
    const bent = Buffer.from(signed);
    bent[at]! ^= 1;
    try {
      const opened = openCms(bent, content);
      checkChain(opened.signer, opened.certificates, [office.root], clock.now());
      accepted += 1;
    } catch {
      // Refused, as it should be.
    }
  }
  // Outside what is signed stand version numbers and lists of algorithms, which nothing is decided by.
  expect(accepted / signed.length).toBeLessThan(0.03);
  const opened = openCms(signed, content);
  expect(opened.type).toBe('1.2.840.113549.1.7.1');
});

test('N12: a time stamp is taken with the right imprint, nonce, policy and certificate', async () => {
  answerWith({});
  const { token, stamp } = await ask();
  expect(stamp).toMatchObject({ at: '2026-05-14T12:00:00.000Z', imprint: sha256(content) });
  expect(openTimeStamp(token, { imprint: sha256(content), roots: roots() }).at).toBe(stamp.at);
  const inside = developmentStampAuthority(stamps, { clock, random });
  expect((await inside.stamp(sha256(content))).stamp.imprint).toBe(sha256(content));
});

test('N12: a stamp with wrong imprint, nonce or policy is refused', async () => {
  answerWith({ imprint: sha256('other') });
  await expect(ask()).rejects.toThrow('crypto.stamp-other-imprint');
  answerWith({ nonce: Buffer.alloc(8, 3) });
  await expect(ask()).rejects.toThrow('crypto.stamp-other-nonce');
  answerWith({ policy: '1.2.3.4' });
  await expect(ask({ policies: ['1.3.6.1.4.1.99999.1.1'] })).rejects.toThrow('crypto.stamp-other-policy');
});

test('N12: a stamp of a certificate for other uses, of another root, or that had lapsed, is refused', async () => {
  answerWith({}, office.signer);
  await expect(ask({ roots: [office.root] })).rejects.toThrow('crypto.stamp-not-for-stamps');
  answerWith({});
  await expect(ask({ roots: [office.root] })).rejects.toThrow('crypto.cms-untrusted');
  answerWith({}, stamps.signer, instant('2028-01-01T00:00:00.000Z'));
  await expect(ask()).rejects.toThrow('crypto.cms-out-of-time');
});

test('N12: an authority that is down, slow, or answers nonsense or a refusal, gives no stamp', async () => {
  answer = async () => undefined;
  await expect(ask()).rejects.toThrow('crypto.stamp-unreachable');
  answer = () => new Promise(() => {});
  await expect(ask({ timeout: 50 })).rejects.toThrow('crypto.stamp-unreachable');
  answer = async () => Buffer.from('<html>');
  await expect(ask()).rejects.toThrow('crypto.malformed-der');
  answer = async () => Buffer.from('30053003020102', 'hex');
  await expect(ask()).rejects.toThrow('crypto.stamp-refused');
  await expect(
    stampAuthority({ url: 'http://127.0.0.1:9/', roots: roots(), nonce: () => random.bytes(8) }).stamp(sha256(content)),
  ).rejects.toThrow('crypto.stamp-unreachable');
});

test('no byte of a time stamp can change and still read as the same', async () => {
  answerWith({});
  const { token } = await ask();
  let refused = 0;
  for (let at = 0; at < token.length; at += 3) {
    const bent = Buffer.from(token);
    bent[at]! ^= 4;
    try {
      openTimeStamp(bent, { imprint: sha256(content), roots: roots() });
    } catch {
      refused += 1;
    }
  }
  // What stands outside both signatures: lengths of lists, versions, names of algorithms.
  expect(refused / Math.ceil(token.length / 3)).toBeGreaterThan(0.97);
});
