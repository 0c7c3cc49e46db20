import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { canonical, fail, ok, type Result } from '../../platform/values/index.ts';
import { isCanonical, keepingUnknown, peek } from './envelope-read.ts';
import { Manifest, type ManifestPart, type Message, type RefusalCode } from './schema.ts';

const buckets = [4, 16, 64, 256].map((kib) => kib * 1024);
const step = 256 * 1024;
const blank = 0x20;

/** Length that a plaintext is filled to before it is sealed: 4, 16, 64 or 256 KiB, beyond that the next multiple of 256 KiB. */
export function paddedLength(length: number): number {
  return buckets.find((bucket) => length <= bucket) ?? Math.ceil(length / step) * step;
}

/** Fills what passes with blanks to its bucket. @param length of the plaintext, which must come exactly */
export function fillPart(length: number): Transform {
  let passed = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, callback) {
      passed += piece.length;
      callback(null, piece);
    },
    flush(callback) {
      if (passed !== length) return callback(new Error('A part is not as long as its manifest says'));
      let left = paddedLength(length) - length;
      for (; left > 0; left -= Math.min(left, 65_536)) this.push(Buffer.alloc(Math.min(left, 65_536), blank));
      callback();
    },
  });
}

/** A plaintext that is held, with its blanks. */
export function fillBytes(plain: Uint8Array): Buffer {
  const filled = Buffer.alloc(paddedLength(plain.length), blank);
  filled.set(plain);
  return filled;
}

/** An opened part that is not what its manifest says. */
export class PartFault extends Error {
  readonly code = 'exchange.manifest-mismatch' satisfies RefusalCode;
  constructor() {
    super('An opened part differs from its manifest');
    this.name = 'PartFault';
  }
}

/** Takes the blanks off an opened part; fails with `PartFault` on another length, another hash or anything but blanks. */
export function stripPart({ plainLength, plainSha256 }: Pick<ManifestPart, 'plainLength' | 'plainSha256'>): Transform {
  const sum = createHash('sha256');
  let passed = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, callback) {
      const own = piece.subarray(0, Math.max(0, plainLength - passed));
      passed += piece.length;
      if (piece.subarray(own.length).some((byte) => byte !== blank)) return callback(new PartFault());
      sum.update(own);
      callback(null, own.length > 0 ? own : undefined);
    },
    flush(callback) {
      const whole = passed === paddedLength(plainLength) && sum.digest('hex') === plainSha256;
      callback(whole ? null : new PartFault());
    },
  });
}

/** As `stripPart`, for a part that is held. Throws `PartFault`. */
export function stripBytes(part: Pick<ManifestPart, 'plainLength' | 'plainSha256'>, filled: Buffer): Buffer {
  const plain = filled.subarray(0, part.plainLength);
  const isFilled = filled.subarray(part.plainLength).every((byte) => byte === blank);
  const isWhole = filled.length === paddedLength(part.plainLength);
  if (!isFilled || !isWhole || createHash('sha256').update(plain).digest('hex') !== part.plainSha256)
    throw new PartFault();
  return plain;
}

export type ManifestFields = Omit<Manifest, 'kind' | 'version' | 'padding'>;

/** Plaintext of part 0: canonical, filled to its bucket by its own member `padding`. */
export function buildManifest(fields: ManifestFields): Buffer {
  const bare = Manifest.parse({ ...fields, kind: 'exchange.manifest', version: 1, padding: '' });
  const length = Buffer.byteLength(canonical(bare));
  return Buffer.from(canonical({ ...bare, padding: ' '.repeat(paddedLength(length) - length) }), 'utf8');
}

/**
 * Reads an opened part 0 and compares it with the signed message field by field, so that ciphertext of one sender cannot
 * be lifted into the message of another. `exchange.manifest-mismatch` for every difference.
 */
export function readManifest(plain: Uint8Array, message: Message): Result<Manifest, RefusalCode> {
  const value = peek(plain);
  if (!value || !isCanonical(plain, value)) return fail('exchange.manifest-mismatch');
  const read = keepingUnknown(Manifest).safeParse(value);
  if (!read.success) return fail('exchange.manifest-mismatch');
  const manifest = read.data as Manifest;
  const same =
    manifest.messageId === message.id &&
    manifest.conversationId === message.conversationId &&
    manifest.from === message.from &&
    manifest.to === message.to &&
    manifest.parts.length === message.parts.length - 1 &&
    manifest.parts.every((part, index) => part.name === message.parts[index + 1]?.name) &&
    /^ *$/.test(manifest.padding) &&
    plain.length === paddedLength(plain.length - manifest.padding.length);
  return same ? ok(manifest) : fail('exchange.manifest-mismatch');
}
