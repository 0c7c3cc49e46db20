import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  encodeIdentity,
  encodeRecipient,
  openBytes,
  readAgeHeader,
  sealBytes,
  x25519,
  type Agreeing,
} from '../../src/platform/crypto/index.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { use } from './tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-age-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
const secret = Buffer.from(jwk.d ?? '', 'base64url');
const recipient = encodeRecipient(Buffer.from(jwk.x ?? '', 'base64url'));
const reader: Agreeing = {
  agree: async (_kid, share) => x25519(secret, share),
  publicKey: async (kid) => ({
    kid,
    label: '',
    algorithm: 'X25519',
    publicKey: { kty: 'OKP', crv: 'X25519', x: jwk.x },
    createdAt: '',
  }),
};
writeFileSync(path('identity'), `${encodeIdentity(secret)}\n`, { mode: 0o600 });

const chunk = 65_536;
const lengths = [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 1_000_000];

describe('the age program of Debian', () => {
  test.each(lengths)('opens %i bytes that were sealed here', (length) => {
    const plain = Buffer.from(systemRandom.bytes(length));
    // Of nothing, age writes no file.
    writeFileSync(path('opened'), '');
    writeFileSync(path('sealed'), sealBytes(plain, [recipient], systemRandom).bytes);
    const done = use('age', ['-d', '-i', path('identity'), '-o', path('opened'), path('sealed')]);
    expect(done.out).toBe('');
    expect(readFileSync(path('opened')).equals(plain)).toBe(true);
  });

  test.each(lengths)('seals %i bytes that open here', async (length) => {
    const plain = Buffer.from(systemRandom.bytes(length));
    writeFileSync(path('plain'), plain);
    expect(use('age', ['-r', recipient, '-o', path('theirs'), path('plain')]).status).toBe(0);
    expect((await openBytes(readFileSync(path('theirs')), reader, ['k'])).equals(plain)).toBe(true);
  });

  test('M12: refuses, as this node does, what is cut at chunk borders, exchanged, dropped or added to', async () => {
    const sealed = sealBytes(systemRandom.bytes(3 * chunk), [recipient], systemRandom).bytes;
    const start = (readAgeHeader(sealed)?.length ?? 0) + 16;
    const at = (index: number) => sealed.subarray(start + index * (chunk + 16), start + (index + 1) * (chunk + 16));
    const front = sealed.subarray(0, start);
    for (const changed of [
      Buffer.concat([front, at(0), at(1)]),
      Buffer.concat([front, at(1), at(0), at(2)]),
      Buffer.concat([front, at(1), at(2)]),
      front,
      Buffer.concat([sealed, Buffer.from([0])]),
      Buffer.concat([sealed, at(2)]),
      sealed.subarray(0, -1),
    ]) {
      writeFileSync(path('changed'), changed);
      expect(use('age', ['-d', '-i', path('identity'), '-o', path('never'), path('changed')]).status).not.toBe(0);
      await expect(openBytes(changed, reader, ['k'])).rejects.toThrow('crypto.cannot-open');
    }
  });

  test('opens the sealed vectors of the protocol', () => {
    for (const name of ['two-chunks', 'one-byte', 'full-chunk', 'nothing']) {
      const { input } = JSON.parse(readFileSync(`protocol/vectors/sealed/valid/${name}.json`, 'utf8')) as {
        input: { sealed: string; identity: string };
      };
      writeFileSync(path('vector'), Buffer.from(input.sealed, 'base64'));
      writeFileSync(path('reader'), `${input.identity}\n`, { mode: 0o600 });
      expect(use('age', ['-d', '-i', path('reader'), '-o', path('vector-opened'), path('vector')]).status).toBe(0);
    }
  });
});
