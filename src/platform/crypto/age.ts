import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream';
import { sha256, type Sha256 } from '../values/index.ts';
import type { Random } from '../random.ts';
import {
  ageHeaderLength,
  type AgeHeader,
  type Agreeing,
  cannotOpen,
  newFileKey,
  readAgeHeader,
  unwrapFileKey,
  writeAgeHeader,
} from './age-header.ts';
import { blockHasher } from './blocks.ts';

// age v1: 16 bytes of nonce, then chunks of 64 KiB with 16 bytes of code each. @source C2SP age, "Payload"
const nonceLength = 16;
const tagLength = 16;
const chunkLength = 65_536;
const sealedChunkLength = chunkLength + tagLength;

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
}

function chunkNonce(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Seals one chunk into a place that was made for it. */
function sealChunk(key: Buffer, counter: number, last: boolean, plain: Uint8Array, into: Buffer, at: number): number {
  const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce(counter, last), { authTagLength: tagLength });
  const body = cipher.update(plain);
  cipher.final();
  body.copy(into, at);
  cipher.getAuthTag().copy(into, at + body.length);
  return at + body.length + tagLength;
}

function openChunk(key: Buffer, counter: number, last: boolean, chunk: Uint8Array): Buffer {
  if (chunk.length < tagLength) throw cannotOpen();
  const body = chunk.subarray(0, chunk.length - tagLength);
  const decipher = createDecipheriv('chacha20-poly1305', key, chunkNonce(counter, last), { authTagLength: tagLength });
  decipher.setAuthTag(chunk.subarray(chunk.length - tagLength));
  try {
    const plain = decipher.update(body);
    decipher.final();
    return plain;
  } catch (cause) {
    throw cannotOpen(cause);
  }
}

/** Gives back pieces in groups of whole chunks, and copies only what crosses a border. */
function chunker(length: number): { put(piece: Buffer): Buffer[]; rest(): Buffer } {
  let carry: Buffer = Buffer.alloc(0);
  return {
    /** Runs of whole chunks. The newest chunk waits, full or not, until more comes: the last one is marked. */
    put(piece) {
      const runs: Buffer[] = [];
      let from = 0;
      if (carry.length > 0) {
        const need = length - carry.length;
        if (piece.length <= need) {
          carry = Buffer.concat([carry, piece]);
          return runs;
        }
        runs.push(need === 0 ? carry : Buffer.concat([carry, piece.subarray(0, need)]));
        from = need;
      }
      const whole = Math.floor((piece.length - from - 1) / length) * length;
      if (whole > 0) runs.push(piece.subarray(from, from + whole));
      carry = Buffer.from(piece.subarray(from + Math.max(0, whole)));
      return runs;
    },
    rest: () => carry,
  };
}

/** Takes bytes as they come and gives what they became. */
interface Step {
  push(bytes: Buffer): Buffer[];
  finish(): Buffer[];
}

function sealer(fileKey: Uint8Array, random: Random): Step {
  const nonce = random.bytes(nonceLength);
  const key = payloadKey(fileKey, nonce);
  const chunks = chunker(chunkLength);
  let counter = 0;
  function sealRun(plain: Buffer, last: boolean): Buffer {
    const count = chunkCount(plain.length);
    const head = counter === 0 ? nonceLength : 0;
    const out = Buffer.allocUnsafeSlow(head + plain.length + count * tagLength);
    if (counter === 0) out.set(nonce);
    let at = head;
    for (let chunk = 0; chunk < count; chunk += 1) {
      const piece = plain.subarray(chunk * chunkLength, (chunk + 1) * chunkLength);
      at = sealChunk(key, counter, last && chunk === count - 1, piece, out, at);
      counter += 1;
    }
    return out;
  }
  return {
    push: (bytes) => chunks.put(bytes).map((run) => sealRun(run, false)),
    finish: () => [sealRun(chunks.rest(), true)],
  };
}

function opener(fileKey: Uint8Array): Step {
  const chunks = chunker(sealedChunkLength);
  let nonce: Buffer = Buffer.alloc(0);
  let key: Buffer | undefined;
  let counter = 0;
  function openRun(sealed: Buffer, last: boolean): Buffer[] {
    if (!key || sealed.length === 0) throw cannotOpen();
    const out: Buffer[] = [];
    for (let at = 0; at < sealed.length; at += sealedChunkLength) {
      const end = Math.min(sealed.length, at + sealedChunkLength);
      const plain = openChunk(key, counter, last && end === sealed.length, sealed.subarray(at, end));
      // An empty chunk ends an empty file and no other.
      if (plain.length === 0 && counter > 0) throw cannotOpen();
      counter += 1;
      if (plain.length > 0) out.push(plain);
    }
    return out;
  }
  return {
    push(bytes) {
      let rest = bytes;
      if (!key) {
        const need = nonceLength - nonce.length;
        nonce = Buffer.concat([nonce, bytes.subarray(0, need)]);
        if (nonce.length < nonceLength) return [];
        key = payloadKey(fileKey, nonce);
        rest = bytes.subarray(need);
      }
      return rest.length === 0 ? [] : chunks.put(rest).flatMap((run) => openRun(run, false));
    },
    finish: () => openRun(chunks.rest(), true),
  };
}

const wide = { readableHighWaterMark: 1_048_576, writableHighWaterMark: 1_048_576 };

function push(stream: Transform, work: () => Buffer[], callback: TransformCallback): void {
  try {
    for (const piece of work()) stream.push(piece);
  } catch (error) {
    callback(error as Error);
    return;
  }
  callback();
}

function streamOf(step: Step): Transform {
  return new Transform({
    ...wide,
    transform(piece: Buffer, _encoding, callback) {
      push(this, () => step.push(piece), callback);
    },
    flush(callback) {
      push(this, () => step.finish(), callback);
    },
  });
}

/** Seals what passes under a file key: nonce first, then chunks. What leaves is ciphertext from the first byte. */
export function sealPayload(fileKey: Uint8Array, random: Random): Transform {
  return streamOf(sealer(fileKey, random));
}

/** Opens what follows the header; fails with `crypto.cannot-open` on anything changed, cut, moved or added. */
export function openPayload(fileKey: Uint8Array): Transform {
  return streamOf(opener(fileKey));
}

/** What a signed message says of a sealed part, and the hashes of its blocks. */
export interface SealedFacts {
  /** Header and payload together. */
  length: number;
  headerSha256: Sha256;
  payloadRoot: Sha256;
  leaves: Buffer;
}

export interface SealedPart {
  header: Buffer;
  headerSha256: Sha256;
  payload: Readable;
  /** Known once the payload was read to its end. */
  done: Promise<SealedFacts>;
}

/**
 * Seals a part for some readers, as one age file in constant memory.
 * @param recipients `age1…`, at least one. Throws `Invalid` `crypto.bad-recipient`
 */
export function sealPart(plain: Readable | Uint8Array, recipients: readonly string[], random: Random): SealedPart {
  const fileKey = newFileKey(random);
  const header = writeAgeHeader(fileKey, recipients, random);
  const headerSha256 = sha256(header);
  const tree = blockHasher();
  const hashing = new Transform({
    ...wide,
    transform(piece: Buffer, _encoding, callback) {
      tree.update(piece);
      callback(null, piece);
    },
  });
  const input = plain instanceof Readable ? plain : Readable.from([Buffer.from(plain)], { objectMode: false });
  const facts = new Promise<SealedFacts>((resolve, reject) => {
    pipeline(input, sealPayload(fileKey, random), hashing, (error) => {
      if (error) return reject(error);
      const { root, leaves, length } = tree.finish();
      resolve({ length: header.length + length, headerSha256, payloadRoot: root, leaves });
    });
  });
  // Whoever reads the payload hears of its failure there; nobody has to wait for the facts.
  facts.catch(() => {});
  return { header, headerSha256, payload: hashing, done: facts };
}

/** Seals bytes that are held anyway: manifest, body. */
export function sealBytes(
  plain: Uint8Array,
  recipients: readonly string[],
  random: Random,
): SealedFacts & { bytes: Buffer } {
  const fileKey = newFileKey(random);
  const header = writeAgeHeader(fileKey, recipients, random);
  const nonce = random.bytes(nonceLength);
  const key = payloadKey(fileKey, nonce);
  const bytes = Buffer.allocUnsafeSlow(sealedLength(plain.length, header));
  bytes.set(header);
  bytes.set(nonce, header.length);
  const count = chunkCount(plain.length);
  let at = header.length + nonceLength;
  for (let counter = 0; counter < count; counter += 1) {
    const chunk = plain.subarray(counter * chunkLength, (counter + 1) * chunkLength);
    at = sealChunk(key, counter, counter === count - 1, chunk, bytes, at);
  }
  const tree = blockHasher();
  tree.update(bytes.subarray(header.length));
  const { root, leaves } = tree.finish();
  return { bytes, length: bytes.length, headerSha256: sha256(header), payloadRoot: root, leaves };
}

function chunkCount(plainLength: number): number {
  return Math.max(1, Math.ceil(plainLength / chunkLength));
}

/** Length of a sealed part, known before it is sealed. */
export function sealedLength(plainLength: number, recipients: number | Buffer): number {
  const header = typeof recipients === 'number' ? ageHeaderLength(recipients) : recipients.length;
  return header + nonceLength + plainLength + chunkCount(plainLength) * tagLength;
}

/**
 * Opens a sealed part with keys of the store. The stream fails with `crypto.no-reader` when no key is a recipient and
 * with `crypto.cannot-open` when anything was changed, cut or added; what came before is then not to be used.
 */
export function openPart(sealed: Readable | Uint8Array, keys: Agreeing, kids: readonly string[]): Readable {
  const input = sealed instanceof Readable ? sealed : Readable.from([Buffer.from(sealed)], { objectMode: false });
  let head: Buffer = Buffer.alloc(0);
  let step: Step | undefined;
  const out = new Transform({
    ...wide,
    transform(piece: Buffer, _encoding, callback) {
      if (step) {
        const opening = step;
        return push(out, () => opening.push(piece), callback);
      }
      head = Buffer.concat([head, piece]);
      let header: AgeHeader | undefined;
      try {
        header = readAgeHeader(head);
      } catch (error) {
        return callback(error as Error);
      }
      if (!header) return callback();
      const rest = head.subarray(header.length);
      unwrapFileKey(header, keys, kids).then((fileKey) => {
        const opening = opener(fileKey);
        step = opening;
        push(out, () => opening.push(rest), callback);
      }, callback);
    },
    flush(callback) {
      const opening = step;
      if (!opening) return callback(cannotOpen());
      push(out, () => opening.finish(), callback);
    },
  });
  pipeline(input, out, () => {});
  return out;
}

/** Opens a part that is small enough to be held. Throws as `openPart` fails. */
export async function openBytes(
  sealed: Readable | Uint8Array,
  keys: Agreeing,
  kids: readonly string[],
): Promise<Buffer> {
  if (sealed instanceof Readable) {
    const pieces: Buffer[] = [];
    for await (const piece of openPart(sealed, keys, kids)) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
  const header = readAgeHeader(bytes);
  if (!header) throw cannotOpen();
  const step = opener(await unwrapFileKey(header, keys, kids));
  return Buffer.concat([...step.push(bytes.subarray(header.length)), ...step.finish()]);
}
