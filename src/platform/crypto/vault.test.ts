import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { systemRandom } from '../random.ts';
import { openFileKeyStore } from './file-keys.ts';
import type { KeyStore } from './keys.ts';
import { isSignedBy, readCompact, signCompact } from './record.ts';
import { openVaultKeyStore, startVault, type Vault } from './vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-vault-'));
const clock = fakeClock('2026-05-14T06:00:00.000Z');
const random = systemRandom;
const log = createLog('silent');
const socket = join(folder, 'run', 'vault.sock');
const secretFile = join(folder, 'secret');
let files: KeyStore;
let vault: Vault;
const start = (perSecond?: number) =>
  startVault({ keys: files, socket, secretFile, clock, random, log, ...(perSecond ? { perSecond } : {}) });
const connect = () => openVaultKeyStore({ socket, secretFile });

beforeAll(async () => {
  writeFileSync(secretFile, 'a shared secret of some length\n', { mode: 0o600 });
  files = await openFileKeyStore({ folder, passphraseFile: join(folder, 'pass'), clock, random, cost: 2 ** 10 });
  vault = await start();
});
afterAll(async () => {
  await vault.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a vault', () => {
  test('does for a node what the key store does, and gives nothing but results', async () => {
    const keys = await connect();
    const sign = await keys.ensure('authority/sign', 'ES256');
    expect(await keys.ensure('authority/sign', 'ES256')).toEqual(sign);
    const jws = await signCompact(keys, sign.kid, 'test+jws', 'text');
    expect(readCompact(jws, 'test+jws')?.payload).toBe('text');
    expect(isSignedBy(jws, sign.publicKey!)).toBe(true);
    const seal = await keys.ensure('authority/seal', 'X25519');
    const other = await files.ensure('other/seal', 'X25519');
    const raw = (jwk: { x?: string } | undefined) => Buffer.from(jwk?.x ?? '', 'base64url');
    expect(Buffer.from(await keys.agree(seal.kid, raw(other.publicKey)))).toEqual(
      Buffer.from(await files.agree(other.kid, raw(seal.publicKey))),
    );
    const wrap = await keys.ensure('case-files/wrap', 'A256GCM');
    const dataKey = random.bytes(32);
    const wrapped = await keys.wrap(wrap.kid, dataKey, 'case 1');
    expect(Buffer.from(await keys.unwrap(wrap.kid, wrapped, 'case 1'))).toEqual(Buffer.from(dataKey));
    await expect(keys.unwrap(wrap.kid, wrapped, 'case 2')).rejects.toMatchObject({ code: 'crypto.cannot-open' });
    await expect(keys.publicKey('none')).rejects.toMatchObject({ code: 'crypto.no-key' });
    expect((await keys.list()).map((one) => one.label)).toContain('authority/seal');
    expect(await keys.find('nothing/here')).toBeUndefined();
    expect(await keys.health()).toEqual({ ok: true });
    keys.close();
  });

  test('is reached by its owner alone, and says nothing to who does not prove the shared secret', async () => {
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const stranger = createConnection(socket);
    const said: Buffer[] = [];
    stranger.on('data', (piece: Buffer) => said.push(piece));
    await once(stranger, 'connect');
    stranger.write(`wrong\n${JSON.stringify({ id: 1, question: { op: 'list' } })}\n`);
    await once(stranger, 'close');
    expect(Buffer.concat(said).toString()).toMatch(/^\{"challenge":"[A-Za-z0-9_-]{43}"\}\n$/);
    const otherSecret = join(folder, 'other');
    writeFileSync(otherSecret, 'another secret of some length');
    const keys = await openVaultKeyStore({ socket, secretFile: otherSecret });
    await expect(keys.list()).rejects.toMatchObject({ code: 'crypto.vault-refused' });
  });

  test('answers only so often in a second, and says so', async () => {
    await vault.close();
    vault = await start(3);
    const keys = await connect();
    const { kid } = await keys.ensure('authority/sign', 'ES256');
    for (let n = 0; n < 3; n += 1) await keys.sign(kid, Buffer.from('x'));
    await expect(keys.sign(kid, Buffer.from('x'))).rejects.toMatchObject({ code: 'crypto.vault-busy' });
    clock.advance(1_000);
    expect(await keys.sign(kid, Buffer.from('x'))).toHaveLength(64);
    keys.close();
  });

  test('K4: when it is away that is a clear state, nothing takes its place, and it is used again once it is back', async () => {
    const keys = await connect();
    const { kid } = await keys.ensure('authority/sign', 'ES256');
    await vault.close();
    for (let n = 0; n < 100; n += 1)
      await expect(keys.sign(kid, Buffer.from('x'))).rejects.toMatchObject({ code: 'crypto.vault-not-reached' });
    expect(await keys.health()).toEqual({ ok: false, code: 'crypto.vault-not-reached' });
    vault = await start();
    expect(await keys.sign(kid, Buffer.from('x'))).toHaveLength(64);
    expect(readFileSync(secretFile, 'utf8')).toContain('shared');
    keys.close();
  });
});
