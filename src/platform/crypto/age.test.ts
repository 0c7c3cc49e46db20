import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNightly } from '../../../tests/support/nightly.ts';
import { Invalid, Unavailable } from '../errors.ts';
import { systemRandom } from '../random.ts';
import { sha256 } from '../values/index.ts';
import { decodeIdentity, decodeRecipient, encodeIdentity, encodeRecipient, readAgeHeader } from './age-header.ts';
import { newFileKey, unwrapFileKey, writeAgeHeader, x25519, type Agreeing } from './age-header.ts';
import { openBytes, openPart, openPayload, sealBytes, sealedLength, sealPart, sealPayload } from './age.ts';
import { blockHasher } from './blocks.ts';

/** A key store that holds raw keys, so that the same ones can be given to another program. */
function reader() {
  const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(jwk.d ?? '', 'base64url');
  const recipient = encodeRecipient(Buffer.from(jwk.x ?? '', 'base64url'));
  const keys: Agreeing = {
    agree: async (_kid, publicKey) => {
      try {
        return x25519(secret, publicKey);
      } catch (cause) {
        throw new Unavailable('crypto.bad-public-key', { cause });
      }
    },
    publicKey: async (kid) => ({
      kid,
      label: 'authority/seal',
      algorithm: 'X25519',
      publicKey: { kty: 'OKP', crv: 'X25519', x: jwk.x },
      createdAt: '',
    }),
  };
  return { keys, recipient, identity: encodeIdentity(secret) };
}

const bytesOf = (length: number) => Buffer.from(systemRandom.bytes(length));
const chunk = 65_536;
const borders = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, 3 * chunk + 5];

async function collect(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function inPieces(bytes: Buffer, length: number): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += length) pieces.push(bytes.subarray(at, at + length));
  return Readable.from(pieces, { objectMode: false });
}

const one = reader();
const opened = (sealed: Uint8Array) => openBytes(sealed, one.keys, ['k']);

describe('a sealed part is an age file', () => {
  test.each(borders)('of %i bytes that the age-encryption package opens', async (length) => {
    const plain = bytesOf(length);
    const sealed = sealBytes(plain, [one.recipient], systemRandom);
    const decrypter = new Decrypter();
    decrypter.addIdentity(one.identity);
    expect(Buffer.from(await decrypter.decrypt(sealed.bytes)).equals(plain)).toBe(true);
    expect(sealed.length).toBe(sealedLength(length, 1));
    expect(sealed.bytes).toHaveLength(sealed.length);
  });

  test.each(borders)('of %i bytes: what the age-encryption package sealed opens here', async (length) => {
    const plain = bytesOf(length);
    const encrypter = new Encrypter();
    encrypter.addRecipient(one.recipient);
    encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
    const sealed = Buffer.from(await encrypter.encrypt(plain));
    expect((await opened(sealed)).equals(plain)).toBe(true);
    expect((await collect(openPart(inPieces(sealed, 1000), one.keys, ['k']))).equals(plain)).toBe(true);
  });

  test('streaming gives the same shape as sealing at once, however the bytes come', async () => {
    const plain = bytesOf(3_500_000);
    for (const length of [777, chunk, chunk + 1, 1_000_000]) {
      const part = sealPart(inPieces(plain, length), [one.recipient], systemRandom);
      const payload = await collect(part.payload);
      const facts = await part.done;
      const whole = Buffer.concat([part.header, payload]);
      expect(facts.length).toBe(whole.length);
      expect(facts.length).toBe(sealedLength(plain.length, part.header));
      expect(facts.headerSha256).toBe(sha256(part.header));
      const tree = blockHasher();
      tree.update(payload);
      expect(tree.finish().root).toBe(facts.payloadRoot);
      expect(facts.leaves).toHaveLength(4 * 32);
      expect((await collect(openPart(inPieces(whole, length), one.keys, ['k']))).equals(plain)).toBe(true);
    }
  });

  test('each of several recipients opens it, and nobody else', async () => {
    const readers = [reader(), reader(), reader()];
    const plain = bytesOf(5000);
    const { bytes } = sealBytes(
      plain,
      readers.map((it) => it.recipient),
      systemRandom,
    );
    for (const it of readers) expect((await openBytes(bytes, it.keys, ['k'])).equals(plain)).toBe(true);
    await expect(openBytes(bytes, reader().keys, ['k'])).rejects.toMatchObject({ code: 'crypto.no-reader' });
    expect(bytes).toHaveLength(sealedLength(5000, 3));
  });

  test('one more reader gets a new header over the same payload', async () => {
    const plain = bytesOf(200_000);
    const sealed = sealBytes(plain, [one.recipient], systemRandom);
    const header = readAgeHeader(sealed.bytes)!;
    const fileKey = await unwrapFileKey(header, one.keys, ['k']);
    const other = reader();
    const wider = writeAgeHeader(fileKey, [one.recipient, other.recipient], systemRandom);
    const rewrapped = Buffer.concat([wider, sealed.bytes.subarray(header.length)]);
    expect((await openBytes(rewrapped, other.keys, ['k'])).equals(plain)).toBe(true);
  });

  test('sealing for nobody, or for what is no recipient, stops', () => {
    const zero = encodeRecipient(Buffer.alloc(32));
    const changed = one.recipient.slice(0, -1) + (one.recipient.endsWith('q') ? 'p' : 'q');
    const bad = [[], [''], ['age1'], [one.recipient.toUpperCase()], [changed], [zero]];
    for (const recipients of bad) {
      expect(() => sealBytes(Buffer.from('x'), recipients, systemRandom)).toThrow(Invalid);
    }
  });
});

describe('keys in words', () => {
  test('recipients and identities come back as they were, and match those of age', async () => {
    const identity = await generateX25519Identity();
    const secret = decodeIdentity(identity);
    expect(encodeIdentity(secret)).toBe(identity);
    const recipient = await identityToRecipient(identity);
    expect(encodeRecipient(decodeRecipient(recipient))).toBe(recipient);
    const base = Buffer.alloc(32);
    base[0] = 9;
    expect(encodeRecipient(x25519(secret, base))).toBe(recipient);
  });

  test('one letter changed is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 61 }), fc.integer({ min: 1, max: 31 }), (place, step) => {
        const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
        const now = letters.indexOf(one.recipient[place]!);
        const changed = one.recipient.slice(0, place) + letters[(now + step) % 32] + one.recipient.slice(place + 1);
        expect(() => decodeRecipient(changed)).toThrow('crypto.bad-recipient');
      }),
    );
  });
});

describe('what is not whole does not open', () => {
  const plain = bytesOf(3 * chunk);
  const sealed = sealBytes(plain, [one.recipient], systemRandom);
  const head = readAgeHeader(sealed.bytes)!.length;
  const start = head + 16;
  const long = chunk + 16;
  const at = (chunkNumber: number) =>
    sealed.bytes.subarray(start + chunkNumber * long, start + (chunkNumber + 1) * long);
  const front = sealed.bytes.subarray(0, start);
  const refused = async (bytes: Uint8Array) =>
    expect(opened(bytes)).rejects.toMatchObject({ code: expect.stringMatching(/^crypto\.(cannot-open|no-reader)$/) });

  test('M12: chunks cut at their borders, put in other order, dropped, doubled or added to are refused', async () => {
    const two = sealBytes(plain.subarray(0, 2 * chunk), [one.recipient], systemRandom).bytes;
    const changed: [string, Uint8Array][] = [
      ['last dropped', Buffer.concat([front, at(0), at(1)])],
      ['all but the first dropped', Buffer.concat([front, at(0)])],
      ['all dropped', front],
      ['nonce cut', sealed.bytes.subarray(0, start - 1)],
      ['two exchanged', Buffer.concat([front, at(1), at(0), at(2)])],
      ['first dropped', Buffer.concat([front, at(1), at(2)])],
      ['one doubled', Buffer.concat([front, at(0), at(0), at(1), at(2)])],
      ['last doubled', Buffer.concat([sealed.bytes, at(2)])],
      ['a byte added', Buffer.concat([sealed.bytes, Buffer.from([0])])],
      ['16 bytes added', Buffer.concat([sealed.bytes, Buffer.alloc(16)])],
      ['a byte cut', sealed.bytes.subarray(0, -1)],
      ['cut inside a chunk', sealed.bytes.subarray(0, start + long + 100)],
      ['a chunk of another part', Buffer.concat([front, two.subarray(start)])],
    ];
    for (const [, bytes] of changed) await refused(bytes);
    expect((await opened(sealed.bytes)).equals(plain)).toBe(true);
  });

  test('M12: an empty last chunk after a full one is refused, though its code is right', async () => {
    // Made by hand with the right keys: age forbids it, since one content would have two files.
    const fileKey = newFileKey(systemRandom);
    const header = writeAgeHeader(fileKey, [one.recipient], systemRandom);
    const right = await collect(Readable.from([Buffer.alloc(chunk)]).pipe(sealPayload(fileKey, systemRandom)));
    expect(await openBytes(Buffer.concat([header, right]), one.keys, ['k'])).toHaveLength(chunk);
    const { createCipheriv, hkdfSync } = await import('node:crypto');
    const nonce = Buffer.alloc(16, 7);
    const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
    const sealOne = (text: Buffer, counter: number, last: number) => {
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.from([...Array(10).fill(0), counter, last]), {
        authTagLength: 16,
      });
      return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    };
    const full = sealOne(Buffer.alloc(chunk), 0, 0);
    await refused(Buffer.concat([header, nonce, full, sealOne(Buffer.alloc(0), 1, 1)]));
    const fine = Buffer.concat([header, nonce, full, sealOne(Buffer.from('x'), 1, 1)]);
    expect(await openBytes(fine, one.keys, ['k'])).toHaveLength(chunk + 1);
  });

  test('M3: a sealed part with any one byte changed is refused', async () => {
    const small = sealBytes(bytesOf(1500), [one.recipient, reader().recipient], systemRandom).bytes;
    expect(small.length).toBeGreaterThan(1700);
    for (let place = 0; place < small.length; place += 1) {
      const changed = Buffer.from(small);
      changed[place]! ^= 1 << (place % 8);
      await refused(changed);
    }
  });

  test('a header of another version, too long, with too many stanzas, loose base64 or a passphrase is refused', async () => {
    const text = sealed.bytes.toString('latin1', 0, head);
    const rest = sealed.bytes.subarray(head);
    const stanza = /-> X25519 .{43}\n.{43}\n/.exec(text)![0];
    const withHead = (changed: string) => Buffer.concat([Buffer.from(changed, 'latin1'), rest]);
    const changes = [
      text.replace('v1\n', 'v2\n'),
      text.replace('v1\n', 'v1\r\n'),
      text.replace(stanza, stanza.repeat(65)),
      text.replace(stanza, `${stanza}-> filler ${'a'.repeat(70_000)}\n\n`),
      text.replace(stanza, ''),
      text.replace(stanza, `-> scrypt ${'A'.repeat(22)} 18\n${'A'.repeat(43)}\n`),
      text.replace(stanza, stanza.replace('-> X25519 ', '-> X25519  ')),
      text.replace(stanza, stanza.replace(/\n(.{43})\n/, '\n$1=\n')),
      text.replace(stanza, stanza.replace(/\n(.{43})\n/, '\n$1 \n')),
      text.replace('--- ', '---'),
      text.replace(/(--- .{43})\n/, '$1=\n'),
      `\ufeff${text}`,
    ];
    for (const changed of changes) await refused(withHead(changed));
    // Loose last bits: the same bytes in another spelling.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const share = /X25519 (.{43})/.exec(text)![1]!;
    const loose = share.slice(0, -1) + letters[letters.indexOf(share.at(-1)!) + 1];
    expect(Buffer.from(loose, 'base64').equals(Buffer.from(share, 'base64'))).toBe(true);
    await refused(withHead(text.replace(share, loose)));
  });

  test('M7: a share that agrees to zero is refused, and so are short codes', async () => {
    const points = [
      '0000000000000000000000000000000000000000000000000000000000000000',
      '0100000000000000000000000000000000000000000000000000000000000000',
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    ].map((hex) => Buffer.from(hex, 'hex'));
    const text = sealed.bytes.toString('latin1', 0, head);
    for (const point of points) {
      expect(() => decodeRecipient(encodeRecipient(point))).toThrow('crypto.bad-recipient');
      expect(() => x25519(decodeIdentity(one.identity), point)).toThrow();
      const swapped = text.replace(/X25519 .{43}/, `X25519 ${point.toString('base64').slice(0, 43)}`);
      await expect(
        openBytes(Buffer.concat([Buffer.from(swapped, 'latin1'), sealed.bytes.subarray(head)]), one.keys, ['k']),
      ).rejects.toMatchObject({ code: 'crypto.cannot-open' });
    }
    await refused(sealed.bytes.subarray(0, start + 15));
  });

  test('random bytes never open and never end in anything but the code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (noise, withIntro) => {
        const intro = withIntro ? Buffer.from('age-encryption.org/v1\n-> X25519 ') : Buffer.alloc(0);
        await refused(Buffer.concat([intro, noise]));
      }),
    );
  });
});

test('M8: no seal uses a file key, a share or a nonce that another used', async () => {
  const count = isNightly ? 100_000 : 2_000;
  const seen = new Set<string>();
  for (let turn = 0; turn < count; turn += 1) {
    const { bytes } = sealBytes(Buffer.from('the same text each time'), [one.recipient], systemRandom);
    const header = readAgeHeader(bytes)!;
    const fileKey = await unwrapFileKey(header, one.keys, ['k']);
    seen.add(fileKey.toString('hex'));
    seen.add(header.stanzas[0]!.args[0]!);
    seen.add(bytes.toString('hex', header.length, header.length + 16));
  }
  expect(seen.size).toBe(3 * count);
});

test('M8: equal chunks of one part are sealed differently, each under its own number', async () => {
  const fileKey = newFileKey(systemRandom);
  const sealed = await collect(Readable.from([Buffer.alloc(20 * chunk)]).pipe(sealPayload(fileKey, systemRandom)));
  const chunks = new Set<string>();
  for (let at = 16; at < sealed.length; at += chunk + 16) chunks.add(sha256(sealed.subarray(at, at + chunk + 16)));
  expect(chunks.size).toBe(20);
  const plain = await collect(Readable.from([sealed]).pipe(openPayload(fileKey)));
  expect(plain.equals(Buffer.alloc(20 * chunk))).toBe(true);
});
