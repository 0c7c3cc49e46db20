import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeNode } from '../../../tests/support/exchange-world.ts';
import { openBytes, sealBytes, sealedLength, sealPart } from '../../platform/crypto/index.ts';
import { systemRandom, uuidv7 } from '../../platform/random.ts';
import { canonical, instant, sha256, type Sha256 } from '../../platform/values/index.ts';
import {
  buildManifest,
  fillBytes,
  fillPart,
  paddedLength,
  readManifest,
  stripBytes,
  stripPart,
} from './envelope-parts.ts';
import { MessageId, type Manifest, type Message } from './schema.ts';

const hash = 'a'.repeat(64) as Sha256;
const partOf = (index: number) => ({
  name: `part-00${index}`,
  mediaType: 'application/age' as const,
  length: 5000,
  headerSha256: hash,
  payloadRoot: hash,
});
const message: Message = {
  kind: 'exchange.message',
  version: 1,
  id: MessageId.parse(uuidv7(systemRandom, 1_778_760_000_000)),
  subjectKind: 'request-reply/1',
  from: 'XA:central-authority',
  to: 'XB:central-authority',
  conversationId: 'AAAAAAAAAAAAAAAAAAAAAA',
  sequence: 1,
  previous: null,
  inReplyTo: null,
  legalBasis: null,
  tlp: 'AMBER',
  priority: 'routine',
  signedAt: instant('2026-05-14T12:00:00.000Z'),
  expiresAt: instant('2026-06-14T12:00:00.000Z'),
  mode: 'basic',
  parts: [0, 1, 2].map(partOf),
};
const fields = {
  messageId: message.id,
  conversationId: message.conversationId,
  from: message.from,
  to: message.to,
  subject: 'Bank records',
  nationalReferences: ['XA-2026-05-0172-D'],
  parts: [1, 2].map((index) => ({
    name: `part-00${index}`,
    fileName: `file ${index}`,
    mediaType: 'application/json',
    plainLength: 10,
    plainSha256: hash,
    custodyRef: null,
  })),
};

async function collect(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe('the manifest', () => {
  test('fits its message and comes back as it was', () => {
    const read = readManifest(buildManifest(fields), message);
    expect(read.ok && { ...read.value, padding: '' }).toEqual({
      kind: 'exchange.manifest',
      version: 1,
      padding: '',
      ...fields,
    });
  });

  test.each([
    ['messageId', MessageId.parse(uuidv7(systemRandom, 1_778_760_000_000))],
    ['conversationId', 'BBBBBBBBBBBBBBBBBBBBBA'],
    ['from', 'XC:central-authority'],
    ['to', 'XC:central-authority'],
    ['parts', fields.parts.slice(1)],
    ['parts', [...fields.parts].reverse()],
    ['parts', []],
  ])('M11: with another %s is not that of the message', (name, value) => {
    const read = readManifest(buildManifest({ ...fields, [name]: value }), message);
    expect(read).toEqual({ ok: false, error: 'exchange.manifest-mismatch' });
  });

  test('in another spelling, with wrong filling or of another kind is refused', () => {
    const plain = buildManifest(fields).toString('utf8');
    const value = JSON.parse(plain) as Manifest;
    const bare = canonical({ ...value, padding: '' });
    for (const wrong of [
      `${plain} `,
      ` ${plain}`,
      plain.replace('"padding":" ', '"padding":"'),
      plain.replace('"padding":" ', '"padding":"x'),
      bare,
      canonical({ ...value, version: 2 }),
      canonical({ ...value, kind: 'exchange.message' }),
      '{}',
      'null',
      '',
    ]) {
      expect(readManifest(Buffer.from(wrong), message).ok).toBe(false);
    }
  });

  test('keeps members that this version does not know', () => {
    const bare = { kind: 'exchange.manifest', version: 1, ...fields, colour: 'blue', padding: '' };
    const fill = ' '.repeat(4096 - Buffer.byteLength(canonical(bare)));
    const read = readManifest(Buffer.from(canonical({ ...bare, padding: fill })), message);
    expect(read.ok && (read.value as Record<string, unknown>)['colour']).toBe('blue');
  });
});

describe('M13: sealed lengths tell the bucket and nothing more', () => {
  test('of every plaintext up to 256 KiB there are four, beyond that steps of 256 KiB', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000 }), (length) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect([4, 16, 64].map((kib) => kib * 1024).includes(padded) || padded % 262_144 === 0).toBe(true);
        expect(paddedLength(padded)).toBe(padded);
      }),
    );
    expect([0, 1, 4096, 4097, 16_384, 65_536, 65_537, 262_144, 262_145].map(paddedLength)).toEqual([
      4096, 4096, 4096, 16_384, 16_384, 65_536, 262_144, 262_144, 524_288,
    ]);
  });

  test('of small messages only bucket sizes leave', () => {
    const { recipient } = makeNode('XB');
    const lengths = new Set<number>();
    for (let length = 0; length < 70_000; length += 173)
      lengths.add(sealBytes(fillBytes(Buffer.alloc(length, 0x61)), [recipient], systemRandom).length);
    for (let count = 0; count < 20; count += 1) {
      const manifest = buildManifest({
        ...fields,
        nationalReferences: Array.from({ length: count }, (_, n) => `R${n}`),
      });
      lengths.add(sealBytes(manifest, [recipient], systemRandom).length);
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual(
      [4096, 16_384, 65_536, 262_144].map((plain) => sealedLength(plain, 1)),
    );
  });
});

describe('what fills a part', () => {
  test('is put on and taken off again, streaming and at once, however the bytes come', async () => {
    const { recipient, reader } = makeNode('XB');
    for (const length of [0, 1, 4095, 4096, 4097, 70_000, 262_144, 300_000]) {
      const plain = Buffer.from(systemRandom.bytes(length));
      const part = { plainLength: length, plainSha256: sha256(plain) };
      const pieces = [plain.subarray(0, 1000), plain.subarray(1000, 1003), plain.subarray(1003)].filter(
        (it) => it.length,
      );
      const sealed = sealPart(Readable.from(pieces).pipe(fillPart(length)), [recipient], systemRandom);
      const whole = Buffer.concat([sealed.header, await collect(sealed.payload)]);
      expect((await sealed.done).length).toBe(whole.length);
      const filled = await openBytes(whole, reader, ['k']);
      expect(filled.equals(fillBytes(plain))).toBe(true);
      expect(stripBytes(part, filled).equals(plain)).toBe(true);
      const stripped = await collect(
        Readable.from([filled.subarray(0, 777), filled.subarray(777)]).pipe(stripPart(part)),
      );
      expect(stripped.equals(plain)).toBe(true);
    }
  });

  test('M11: another length, another content or anything but blanks ends with a fault', async () => {
    const plain = Buffer.from('what was promised');
    const part = { plainLength: plain.length, plainSha256: sha256(plain) };
    const filled = fillBytes(plain);
    const hidden = Buffer.from(filled);
    hidden[4095] = 0x00;
    const other = Buffer.from(filled);
    other[0]! ^= 1;
    for (const wrong of [hidden, other, filled.subarray(0, -1), Buffer.concat([filled, Buffer.from(' ')]), plain]) {
      expect(() => stripBytes(part, wrong)).toThrow('differs');
      await expect(collect(Readable.from([wrong]).pipe(stripPart(part)))).rejects.toMatchObject({
        code: 'exchange.manifest-mismatch',
      });
    }
    for (const length of [plain.length - 1, plain.length + 1])
      await expect(collect(Readable.from([plain]).pipe(fillPart(length)))).rejects.toThrow();
  });
});
