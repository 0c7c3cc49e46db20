import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import { seal, sealStream, unseal, unsealStream } from './seal.ts';

const key = systemRandom.bytes(32);
const counting: Random = { bytes: (length) => Uint8Array.from({ length }, (_, index) => index) };

test('what was sealed opens again at its own place only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.string(), fc.string(), (bytes, about, other) => {
      const sealed = seal(key, bytes, about, systemRandom);
      expect(unseal(key, sealed, about).equals(Buffer.from(bytes))).toBe(true);
      if (other !== about) expect(() => unseal(key, sealed, other)).toThrow('crypto.cannot-open');
    }),
  );
});

test('one changed bit anywhere is noticed', () => {
  const sealed = seal(key, Buffer.from('facts of the case'), 'requests/1/facts', systemRandom);
  for (let at = 0; at < sealed.length * 8; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at >> 3]! ^= 1 << (at & 7);
    expect(() => unseal(key, changed, 'requests/1/facts')).toThrow('crypto.cannot-open');
  }
});

test('vector: the stored form of version 1 stays readable', () => {
  const fixed = Buffer.alloc(32, 7);
  const sealed = seal(fixed, Buffer.from('Alba'), 'case_files/1/title', counting);
  expect(sealed.toString('hex')).toBe('435301000102030405060708090a0b59ed8b11d4173a11efbefe10a85d742606e51cd4');
  expect(unseal(fixed, sealed, 'case_files/1/title').toString()).toBe('Alba');
});

async function through(bytes: Uint8Array, piece: number, about = 'files/1'): Promise<Buffer> {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += piece) yield Buffer.from(bytes.subarray(at, at + piece));
  };
  return buffer(Readable.from(pieces()).pipe(sealStream(key, about, systemRandom)));
}

async function opened(sealed: Buffer, about = 'files/1', piece = 10_000): Promise<Buffer> {
  const pieces = function* () {
    for (let at = 0; at < sealed.length; at += piece) yield Buffer.from(sealed.subarray(at, at + piece));
  };
  const stream = unsealStream(key, about);
  const source = Readable.from(pieces());
  source.on('error', (error) => stream.destroy(error));
  return buffer(source.pipe(stream));
}

test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_001])(
  'a file of %i bytes opens again, whatever the pieces',
  async (size) => {
    const bytes = systemRandom.bytes(size);
    for (const piece of [7_777, 65_536, 300_000]) {
      const sealed = await through(bytes, piece);
      expect((await opened(sealed)).equals(Buffer.from(bytes))).toBe(true);
    }
  },
);

test('a file cut, extended, reordered or moved elsewhere does not open', async () => {
  const sealed = await through(systemRandom.bytes(65_536 * 3), 65_536);
  const chunk = 65_536 + 16;
  const header = 35;
  const cut = sealed.subarray(0, header + 2 * chunk);
  const extended = Buffer.concat([sealed, Buffer.alloc(16)]);
  const swapped = Buffer.concat([
    sealed.subarray(0, header),
    sealed.subarray(header + chunk, header + 2 * chunk),
    sealed.subarray(header, header + chunk),
    sealed.subarray(header + 2 * chunk),
  ]);
  for (const wrong of [cut, sealed.subarray(0, -1), extended, swapped, sealed.subarray(0, 10), Buffer.alloc(0)]) {
    await expect(opened(Buffer.from(wrong))).rejects.toThrow('crypto.cannot-open');
  }
  await expect(opened(sealed, 'files/2')).rejects.toThrow('crypto.cannot-open');
});
