import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { isSignedBy, signCompact, type KeyStore } from '../../src/platform/crypto/index.ts';
import { openPkcs11KeyStore } from '../../src/platform/crypto/pkcs11.ts';
import { openVaultKeyStore, startVault } from '../../src/platform/crypto/vault.ts';
import { createLog } from '../../src/platform/log.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { need } from './tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-token-'));
const tokens = join(folder, 'tokens');
const conf = join(folder, 'softhsm2.conf');
const pinFile = join(folder, 'pin');
const clock = fakeClock('2026-05-14T06:00:00.000Z');
const environment = { SOFTHSM2_CONF: conf };
const module = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find((one) =>
  existsSync(one),
);
const options = (more: Partial<Parameters<typeof openPkcs11KeyStore>[0]> = {}) => ({
  module: module ?? '',
  tokenLabel: 'comity',
  pinFile,
  folder: join(folder, 'store'),
  clock,
  random: systemRandom,
  environment,
  cost: 2 ** 10,
  ...more,
});
let keys: KeyStore;

beforeAll(async () => {
  need('pkcs11-tool');
  need('softhsm2-util');
  mkdirSync(tokens);
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  writeFileSync(pinFile, '87654321\n', { mode: 0o600 });
  const made = spawnSync(
    'softhsm2-util',
    ['--init-token', '--free', '--label', 'comity', '--so-pin', '12345678', '--pin', '87654321'],
    { env: { PATH: '/usr/bin:/bin', ...environment }, encoding: 'utf8' },
  );
  expect(made.status, made.stderr).toBe(0);
  keys = await openPkcs11KeyStore(options());
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesUnder = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name)));

describe('keys on a token', () => {
  test('sign for a node, and are found again by another process', async () => {
    const made = await keys.ensure('authority/sign', 'ES256');
    const jws = await signCompact(keys, made.kid, 'test+jws', 'text');
    expect(isSignedBy(jws, made.publicKey!)).toBe(true);
    const again = await openPkcs11KeyStore(options());
    expect(await again.ensure('authority/sign', 'ES256')).toEqual(made);
    const next = await again.rotate('authority/sign', 'ES256');
    expect((await again.find('authority/sign'))?.kid).toBe(next.kid);
    expect(isSignedBy(await signCompact(again, made.kid, 'test+jws', 'old'), made.publicKey!)).toBe(true);
  }, 120_000);

  test('of kinds the token lacks are sealed under what only the token releases', async () => {
    const seal = await keys.ensure('authority/seal', 'X25519');
    const other = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
    expect(await keys.agree(seal.kid, Buffer.from(other.x ?? '', 'base64url'))).toHaveLength(32);
    const wrap = await keys.ensure('case-files/wrap', 'A256GCM');
    const wrapped = await keys.wrap(wrap.kid, Buffer.alloc(32, 7), 'case');
    const again = await openPkcs11KeyStore(options());
    expect(Buffer.from(await again.unwrap(wrap.kid, wrapped, 'case'))).toEqual(Buffer.alloc(32, 7));
    // The PIN stands in its file alone, and no private key in any of ours.
    const kept = filesUnder(join(folder, 'store'));
    expect(kept.length).toBeGreaterThan(1);
    for (const bytes of kept) {
      expect(bytes.includes('87654321')).toBe(false);
      expect(bytes.includes('PRIVATE KEY')).toBe(false);
    }
  }, 120_000);
});

describe('K4', () => {
  test('a token that is taken away: a clear state, no signature, and no file key in its place', async () => {
    const { kid } = await keys.ensure('authority/sign', 'ES256');
    const { kid: wrap } = await keys.ensure('case-files/wrap', 'A256GCM');
    renameSync(tokens, `${tokens}-away`);
    mkdirSync(tokens);
    clock.advance(60_000);
    const before = filesUnder(join(folder, 'store')).length;
    await expect(keys.sign(kid, Buffer.from('x'))).rejects.toMatchObject({ code: 'crypto.token-missing' });
    await expect(keys.wrap(wrap, Buffer.alloc(32), 'case')).rejects.toMatchObject({ code: 'crypto.token-missing' });
    await expect(keys.rotate('authority/sign', 'ES256')).rejects.toMatchObject({ code: 'crypto.token-missing' });
    expect(await keys.health()).toEqual({ ok: false, code: 'crypto.token-missing' });
    await expect(openPkcs11KeyStore(options())).rejects.toMatchObject({ code: 'crypto.token-missing' });
    expect(filesUnder(join(folder, 'store'))).toHaveLength(before);
    rmSync(tokens, { recursive: true });
    renameSync(`${tokens}-away`, tokens);
    expect(await keys.sign(kid, Buffer.from('x'))).toHaveLength(64);
    expect(await keys.health()).toEqual({ ok: true });
  }, 120_000);

  test('a wrong PIN is tried once, so that the token does not lock itself', async () => {
    const wrong = join(folder, 'wrong-pin');
    writeFileSync(wrong, '11111111');
    const calls = join(folder, 'calls');
    const counting = join(folder, 'counting-tool');
    writeFileSync(counting, `#!/bin/sh\necho x >> ${calls}\nexec ${need('pkcs11-tool')} "$@"\n`);
    chmodSync(counting, 0o755);
    await expect(openPkcs11KeyStore(options({ pinFile: wrong, tool: counting }))).rejects.toMatchObject({
      code: 'crypto.wrong-pin',
    });
    expect(readFileSync(calls, 'utf8')).toBe('x\n');
    // The PIN changes while the store is open: one more wrong try, then none.
    const store = await openPkcs11KeyStore(options({ tool: counting }));
    const { kid } = await store.ensure('authority/sign', 'ES256');
    spawnSync(
      'pkcs11-tool',
      [
        '--module',
        module ?? '',
        '--token-label',
        'comity',
        '--login',
        '--pin',
        '87654321',
        '--change-pin',
        '--new-pin',
        '99999999',
      ],
      { env: { PATH: '/usr/bin:/bin', ...environment } },
    );
    writeFileSync(calls, '');
    for (let n = 0; n < 100; n += 1)
      await expect(store.sign(kid, Buffer.from('x'))).rejects.toMatchObject({ code: 'crypto.wrong-pin' });
    expect(readFileSync(calls, 'utf8')).toBe('x\n');
    spawnSync(
      'pkcs11-tool',
      [
        '--module',
        module ?? '',
        '--token-label',
        'comity',
        '--login',
        '--pin',
        '99999999',
        '--change-pin',
        '--new-pin',
        '87654321',
      ],
      { env: { PATH: '/usr/bin:/bin', ...environment } },
    );
    expect(await keys.sign(kid, Buffer.from('x'))).toHaveLength(64);
  }, 120_000);

  test('a hundred failed signatures are a hundred refusals, and the next good one is a signature', async () => {
    const failing = join(folder, 'failing-tool');
    const broken = join(folder, 'broken');
    writeFileSync(failing, `#!/bin/sh\n[ -e ${broken} ] && exit 1\nexec ${need('pkcs11-tool')} "$@"\n`);
    chmodSync(failing, 0o755);
    const store = await openPkcs11KeyStore(options({ tool: failing }));
    const made = await store.ensure('authority/sign', 'ES256');
    writeFileSync(broken, '');
    for (let n = 0; n < 100; n += 1)
      await expect(signCompact(store, made.kid, 'test+jws', 'text')).rejects.toMatchObject({
        code: 'crypto.token-failed',
      });
    rmSync(broken);
    expect(isSignedBy(await signCompact(store, made.kid, 'test+jws', 'text'), made.publicKey!)).toBe(true);
  }, 120_000);

  test('a vault over a token serves a node, and hands on what is wrong with it', async () => {
    const socket = join(folder, 'vault.sock');
    const secretFile = join(folder, 'shared');
    writeFileSync(secretFile, 'a shared secret of some length', { mode: 0o600 });
    const vault = await startVault({ keys, socket, secretFile, clock, random: systemRandom, log: createLog('silent') });
    const node = await openVaultKeyStore({ socket, secretFile });
    const made = await node.ensure('authority/sign', 'ES256');
    expect(isSignedBy(await signCompact(node, made.kid, 'test+jws', 'text'), made.publicKey!)).toBe(true);
    renameSync(tokens, `${tokens}-away`);
    mkdirSync(tokens);
    clock.advance(60_000);
    await expect(node.sign(made.kid, Buffer.from('x'))).rejects.toMatchObject({ code: 'crypto.token-missing' });
    expect(await node.health()).toEqual({ ok: false, code: 'crypto.token-missing' });
    rmSync(tokens, { recursive: true });
    renameSync(`${tokens}-away`, tokens);
    node.close();
    await vault.close();
  }, 120_000);
});
