import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import type { JWK } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { openFileKeyStore } from './file-keys.ts';
import { certificateKey, fromGroups, fromRecipient, publicKeyProblem, toGroups, toRecipient } from './key-kinds.ts';
import { openTlsIdentity, spkiSha256 } from './x509.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const okp = (crv: string, hex: string): JWK => ({
  kty: 'OKP',
  crv,
  x: Buffer.from(hex, 'hex').toString('base64url'),
});

describe('age recipients', () => {
  test('read what the age package writes and write what it reads', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const bytes = fromRecipient(recipient);
    expect(bytes).toHaveLength(32);
    expect(toRecipient(bytes!)).toBe(recipient);
  });

  test('come back unchanged, and with any letter changed they are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(57), (bytes, at) => {
        const text = toRecipient(bytes);
        expect(fromRecipient(text)).toEqual(Uint8Array.from(bytes));
        const place = 4 + at;
        const other = text[place] === 'q' ? 'p' : 'q';
        expect(fromRecipient(text.slice(0, place) + other + text.slice(place + 1))).toBeUndefined();
      }),
    );
    expect(fromRecipient('')).toBeUndefined();
    expect(fromRecipient(`AGE1${'Q'.repeat(58)}`)).toBeUndefined();
  });
});

describe('keys that are never used', () => {
  const good = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as JWK;
  const edwards = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as JWK;
  const montgomery = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }) as JWK;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) as JWK;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }) as JWK;

  test.each([good, edwards, montgomery])('a fresh key of a kind in use is taken', (key) => {
    expect(publicKeyProblem(key)).toBeUndefined();
  });

  const moved = Buffer.from(good.y!, 'base64url');
  moved[31]! ^= 1;
  test.each([
    ['RSA', rsa, 'trust.key-kind'],
    ['another curve', p384, 'trust.key-kind'],
    ['a point off the curve', { ...good, y: moved.toString('base64url') }, 'trust.key-off-curve'],
    ['the zero point of P-256', { ...good, x: 'A'.repeat(43), y: 'A'.repeat(43) }, 'trust.key-off-curve'],
    ['a coordinate too short', { ...good, x: good.x!.slice(0, 40) }, 'trust.key-form'],
    ['a second spelling of a coordinate', { ...good, x: `${good.x}=` }, 'trust.key-form'],
    ['X25519 all zero', okp('X25519', '00'.repeat(32)), 'trust.key-small-order'],
    ['X25519 one', okp('X25519', `01${'00'.repeat(31)}`), 'trust.key-small-order'],
    [
      'X25519 of order eight',
      okp('X25519', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
      'trust.key-small-order',
    ],
    [
      'X25519 of order eight, the other',
      okp('X25519', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
      'trust.key-small-order',
    ],
    ['X25519 p minus one', okp('X25519', `ec${'ff'.repeat(30)}7f`), 'trust.key-small-order'],
    ['X25519 p', okp('X25519', `ed${'ff'.repeat(30)}7f`), 'trust.key-small-order'],
    ['Ed25519 all zero', okp('Ed25519', '00'.repeat(32)), 'trust.key-small-order'],
    ['Ed25519 neutral', okp('Ed25519', `01${'00'.repeat(31)}`), 'trust.key-small-order'],
    [
      'Ed25519 of order eight',
      okp('Ed25519', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
      'trust.key-small-order',
    ],
    [
      'Ed25519 of order eight, sign set',
      okp('Ed25519', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'),
      'trust.key-small-order',
    ],
    ['Ed25519 above the prime', okp('Ed25519', `ee${'ff'.repeat(30)}7f`), 'trust.key-small-order'],
  ] as [string, JWK, string][])('K11: %s is refused', (_, key, code) => {
    expect(publicKeyProblem(key)).toBe(code);
  });
});

test('a fingerprint is read aloud in sixteen groups and typed in any spelling', () => {
  const print = '0123456789abcdef'.repeat(4);
  const groups = toGroups(print);
  expect(groups).toHaveLength(16);
  expect(fromGroups(groups.join(' ').toUpperCase())).toBe(print);
  expect(fromGroups(groups.join('-'))).toBe(print);
  expect(fromGroups(groups.slice(1).join(' '))).toBeUndefined();
});

test('a TLS identity is made once, kept for its owner alone, and its certificate verifies itself', async () => {
  const clock = fakeClock('2026-05-14T06:00:00.000Z');
  const random = systemRandom;
  const keys = await openFileKeyStore({
    folder,
    passphraseFile: join(folder, 'passphrase'),
    clock,
    random,
    cost: 2 ** 10,
  });
  const options = {
    keys,
    folder,
    name: 'alba',
    dnsNames: ['alba.localhost'],
    clock,
    random,
  };
  const made = await openTlsIdentity(options);
  const again = await openTlsIdentity(options);
  expect(again).toEqual(made);
  const certificate = new X509Certificate(made.certPem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkHost('alba.localhost')).toBe('alba.localhost');
  expect(made.spkiSha256).toBe(spkiSha256(certificate.raw));
  expect(certificateKey(certificate.raw.toString('base64'))).toMatchObject({ crv: 'P-256' });
  const der = createPrivateKey(made.keyPem).export({ format: 'der', type: 'pkcs8' });
  const kept = readFileSync(join(folder, 'tls.json'), 'utf8');
  const stored = JSON.parse(kept) as { sealedKey: { bytes: string } };
  const scalar = der.subarray(36, 68);
  expect(der.includes(scalar)).toBe(true);
  expect(Buffer.from(stored.sealedKey.bytes, 'base64').includes(scalar)).toBe(false);
  expect(kept).not.toContain('PRIVATE KEY');
  const other = await openTlsIdentity({ ...options, file: 'tls-2' });
  expect(other.spkiSha256).not.toBe(made.spkiSha256);
});
