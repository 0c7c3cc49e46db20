import { createPublicKey, diffieHellman, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { openFileKeyStore } from './file-keys.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-keys-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const options = (name: string) => ({
  folder: join(base, name),
  passphraseFile: join(base, name, 'passphrase'),
  clock,
  random: systemRandom,
  cost: 1024,
});

test('keys are found again after a restart and sign, agree and wrap', async () => {
  const first = await openFileKeyStore(options('a'));
  const signing = await first.ensure('node/sign', 'ES256');
  const log = await first.ensure('log/sign', 'EdDSA');
  const sealing = await first.ensure('node/seal', 'X25519');
  const wrapping = await first.ensure('case-files/wrap', 'A256GCM');
  const wrapped = await first.wrap(wrapping.kid, Buffer.alloc(32, 1), 'case_files/1');

  const again = await openFileKeyStore(options('a'));
  expect((await again.ensure('node/sign', 'ES256')).kid).toBe(signing.kid);
  const bytes = Buffer.from('a request');
  const publicKey = createPublicKey({ key: { ...signing.publicKey }, format: 'jwk' });
  expect(
    verify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, await again.sign(signing.kid, bytes)),
  ).toBe(true);
  expect(
    verify(
      null,
      bytes,
      createPublicKey({ key: { ...log.publicKey }, format: 'jwk' }),
      await again.sign(log.kid, bytes),
    ),
  ).toBe(true);
  const peer = generateKeyPairSync('x25519');
  const raw = Buffer.from(peer.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const theirs = diffieHellman({
    privateKey: peer.privateKey,
    publicKey: createPublicKey({ key: { ...sealing.publicKey }, format: 'jwk' }),
  });
  expect(Buffer.from(await again.agree(sealing.kid, raw)).equals(theirs)).toBe(true);
  expect(Buffer.from(await again.unwrap(wrapping.kid, wrapped, 'case_files/1')).equals(Buffer.alloc(32, 1))).toBe(true);
  await expect(again.unwrap(wrapping.kid, wrapped, 'case_files/2')).rejects.toThrow('crypto.cannot-open');
  expect(await again.health()).toEqual({ ok: true });
});

test('a shared secret of nothing but zeros is refused', async () => {
  const store = await openFileKeyStore(options('b'));
  const { kid } = await store.ensure('node/seal', 'X25519');
  await expect(store.agree(kid, Buffer.alloc(32))).rejects.toThrow('crypto.bad-public-key');
});

test('a key does only what it was made for, and a rotated key stays for reading', async () => {
  const store = await openFileKeyStore(options('c'));
  const old = await store.ensure('node/sign', 'ES256');
  const young = await store.rotate('node/sign', 'ES256');
  expect((await store.ensure('node/sign', 'ES256')).kid).toBe(young.kid);
  expect((await store.publicKey(old.kid)).kid).toBe(old.kid);
  await expect(store.wrap(old.kid, Buffer.alloc(32), 'x')).rejects.toThrow('crypto.wrong-key-kind');
  await expect(store.sign('unknown', Buffer.alloc(1))).rejects.toThrow('crypto.no-key');
});

test('two processes that ask for one label get one key', async () => {
  const stores = await Promise.all([openFileKeyStore(options('d')), openFileKeyStore(options('d'))]);
  const kids = await Promise.all(
    [...stores, ...stores].map(async (store) => (await store.ensure('node/sign', 'ES256')).kid),
  );
  expect(new Set(kids).size).toBe(1);
});

test('nothing private stands in the clear, and files are readable by their owner only', async () => {
  await (await openFileKeyStore(options('e'))).ensure('node/sign', 'ES256');
  const text = readFileSync(join(base, 'e', 'keys.json'), 'utf8');
  expect(text).not.toContain('"d"');
  expect(text).not.toContain(readFileSync(join(base, 'e', 'passphrase'), 'utf8').trim());
  expect(statSync(join(base, 'e', 'keys.json')).mode & 0o077).toBe(0);
  expect(statSync(join(base, 'e', 'passphrase')).mode & 0o077).toBe(0);
});

test('a missing or wrong passphrase and a damaged store stop the node with a code', async () => {
  await openFileKeyStore(options('f'));
  writeFileSync(join(base, 'f', 'passphrase'), 'another');
  await expect(openFileKeyStore(options('f'))).rejects.toThrow('crypto.wrong-passphrase');
  rmSync(join(base, 'f', 'passphrase'));
  await expect(openFileKeyStore(options('f'))).rejects.toThrow('crypto.no-passphrase');
  writeFileSync(join(base, 'f', 'keys.json'), '{"kind":');
  await expect(openFileKeyStore(options('f'))).rejects.toThrow('crypto.key-store-unreadable');
});
