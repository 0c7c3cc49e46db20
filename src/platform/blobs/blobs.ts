import type { Readable } from 'node:stream';
import type { Sha256 } from '../values/index.ts';

/** SHA-256 of the stored bytes: of the ciphertext, since everything stored is sealed. */
export type BlobKey = Sha256;

export interface StoredBlob {
  key: BlobKey;
  size: number;
}

/** Large bytes, named by their hash. What is put is already sealed; nothing here reads it. */
export interface Blobs {
  /** Stores a stream and answers only when the disk has it. The same bytes twice are stored once. */
  put(bytes: Readable): Promise<StoredBlob>;
  /**
   * The bytes, hashed as they pass: the stream fails with `blobs.damaged` at its end when they differ.
   * @throws Unavailable `blobs.missing`
   */
  get(key: BlobKey): Promise<Readable>;
  has(key: BlobKey): Promise<boolean>;
  list(): AsyncIterable<StoredBlob>;
  /** Removes; nothing happens when it is not there. */
  delete(key: BlobKey): Promise<void>;
  /** Reads everything again; answers the keys whose bytes differ. */
  scrub(): AsyncIterable<{ key: BlobKey; whole: boolean }>;
}
