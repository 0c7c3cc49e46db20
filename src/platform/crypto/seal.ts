import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { Unavailable } from '../errors.ts';
import type { Random } from '../random.ts';

// Small objects: "CS" 1, nonce (12), ciphertext, tag (16). Files: "CS" 2, salt (32), chunks of 64 KiB each with its tag.
const small = Buffer.from([0x43, 0x53, 1]);
const chunked = Buffer.from([0x43, 0x53, 2]);
const nonceLength = 12;
const tagLength = 16;
const saltLength = 32;
const chunkLength = 65_536;

export const dataKeyLength = 32;

function cannotOpen(cause?: unknown): Unavailable {
  return new Unavailable('crypto.cannot-open', { cause });
}

/**
 * Seals bytes with AES-256-GCM under a fresh nonce.
 * @param about names the place it is stored, `table/row/column`: opening elsewhere fails
 */
export function seal(key: Uint8Array, bytes: Uint8Array, about: string, random: Random): Buffer {
  const nonce = random.bytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([small, Buffer.from(about, 'utf8')]));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([small, nonce, body, cipher.getAuthTag()]);
}

/**
 * Opens what `seal` made.
 * @throws Unavailable `crypto.cannot-open`: other key, other place, changed, or not sealed by us
 */
export function unseal(key: Uint8Array, sealed: Uint8Array, about: string): Buffer {
  const input = Buffer.from(sealed);
  if (input.length < small.length + nonceLength + tagLength || !input.subarray(0, small.length).equals(small))
    throw cannotOpen();
  const decipher = createDecipheriv('aes-256-gcm', key, input.subarray(small.length, small.length + nonceLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.concat([small, Buffer.from(about, 'utf8')]));
  decipher.setAuthTag(input.subarray(-tagLength));
  try {
    return Buffer.concat([decipher.update(input.subarray(small.length + nonceLength, -tagLength)), decipher.final()]);
  } catch (cause) {
    throw cannotOpen(cause);
  }
}

/** Each file gets a key of its own, bound to its place; chunks then count up, so a nonce never repeats under a key. */
function fileKey(key: Uint8Array, salt: Uint8Array, about: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `comity file ${about}`, dataKeyLength));
}

function chunkNonce(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(nonceLength);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function whenDone(work: () => void, done: TransformCallback): void {
  try {
    work();
    done();
  } catch (error) {
    done(error as Error);
  }
}

/** Seals a stream of any length in constant memory: what leaves is ciphertext from the first byte. */
export function sealStream(key: Uint8Array, about: string, random: Random): Transform {
  const salt = random.bytes(saltLength);
  const own = fileKey(key, salt, about);
  let waiting: Buffer = Buffer.alloc(0);
  let counter = 0;
  let begun = false;
  function sealChunk(stream: Transform, plain: Buffer, last: boolean): void {
    const cipher = createCipheriv('aes-256-gcm', own, chunkNonce(counter, last));
    counter += 1;
    stream.push(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
  }
  function begin(stream: Transform): void {
    if (!begun) stream.push(Buffer.concat([chunked, salt]));
    begun = true;
  }
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      begin(this);
      waiting = waiting.length === 0 ? piece : Buffer.concat([waiting, piece]);
      // A full chunk waits until more comes: the last one is marked, so that a cut is noticed.
      let at = 0;
      for (; waiting.length - at > chunkLength; at += chunkLength)
        sealChunk(this, waiting.subarray(at, at + chunkLength), false);
      waiting = Buffer.from(waiting.subarray(at));
      done();
    },
    flush(done) {
      begin(this);
      sealChunk(this, waiting, true);
      done();
    },
  });
}

/** Opens what `sealStream` made; the stream fails with `crypto.cannot-open` when anything was changed, cut or moved. */
export function unsealStream(key: Uint8Array, about: string): Transform {
  const header = chunked.length + saltLength;
  const full = chunkLength + tagLength;
  let own: Buffer | undefined;
  let waiting: Buffer = Buffer.alloc(0);
  let counter = 0;
  function openChunk(stream: Transform, chunk: Buffer, last: boolean): void {
    if (!own || chunk.length < tagLength) throw cannotOpen();
    const decipher = createDecipheriv('aes-256-gcm', own, chunkNonce(counter, last), { authTagLength: tagLength });
    decipher.setAuthTag(chunk.subarray(-tagLength));
    counter += 1;
    try {
      const plain = Buffer.concat([decipher.update(chunk.subarray(0, -tagLength)), decipher.final()]);
      if (plain.length > 0) stream.push(plain);
      else if (counter > 1) throw cannotOpen();
    } catch (cause) {
      throw cannotOpen(cause);
    }
  }
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      waiting = waiting.length === 0 ? piece : Buffer.concat([waiting, piece]);
      whenDone(() => {
        if (!own) {
          if (waiting.length < header) return;
          if (!waiting.subarray(0, chunked.length).equals(chunked)) throw cannotOpen();
          own = fileKey(key, waiting.subarray(chunked.length, header), about);
          waiting = waiting.subarray(header);
        }
        let at = 0;
        for (; waiting.length - at > full; at += full) openChunk(this, waiting.subarray(at, at + full), false);
        waiting = Buffer.from(waiting.subarray(at));
      }, done);
    },
    flush(done) {
      whenDone(() => openChunk(this, waiting, true), done);
    },
  });
}
