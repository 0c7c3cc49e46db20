import { createHash } from 'node:crypto';
import { pipeline, Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { BlobKey, Blobs } from '../../platform/blobs/index.ts';
import { sealStream, unsealStream } from '../../platform/crypto/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Random } from '../../platform/random.ts';
import { canonical, sha256, Sha256 } from '../../platform/values/index.ts';
import type { EvidenceFileId } from './schema.ts';

/**
 * Plaintext bytes of a piece: what is lost at most when a node stops in the middle, and what is kept in hand per upload.
 * Each piece is sealed with a salt of its own, so that no key ever seals twice with one nonce, whatever broke before.
 */
export const pieceLength = 8 * 1_048_576;

/** One sealed piece; lengths in bytes. */
export interface Piece {
  key: BlobKey;
  plain: number;
  sealed: number;
}

const PieceList = z.object({
  kind: z.literal('evidence-pieces'),
  version: z.literal(1),
  pieces: z.array(z.tuple([Sha256, z.int().min(1), z.int().min(1)])).min(2),
});

/** What a row keeps of the stored bytes. With more than one piece, `blobKey` names the list of them. */
export interface StoredFile {
  blobKey: BlobKey;
  pieces: number;
  storedBytes: number;
}

/** How the pieces of one file are sealed and opened: under its own key, each for its place in it. */
export interface FileSeal {
  sealing(piece: number): Transform;
  opening(piece: number): Transform;
}

export function fileSeal(fileKey: Uint8Array, sealedAs: EvidenceFileId, random: Random): FileSeal {
  const place = (piece: number) => `files/${sealedAs}/${piece}`;
  return {
    sealing: (piece) => sealStream(fileKey, place(piece), random),
    opening: (piece) => unsealStream(fileKey, place(piece)),
  };
}

/** Sealed files in blobs: written piece by piece, read as one stream or from the middle. */
export interface SealedStore {
  /** Seals a piece in hand, so that its name is known before it is stored. */
  sealPiece(seal: FileSeal, piece: number, plain: readonly Buffer[]): Promise<{ piece: Piece; bytes: Buffer }>;
  storePiece(bytes: Buffer): Promise<void>;
  removePieces(keys: readonly BlobKey[]): Promise<void>;
  /** Removes pieces with the list of them, if it was stored. */
  removeFile(pieces: readonly Piece[]): Promise<void>;
  /** Stores what names the pieces in their order. */
  close(pieces: readonly Piece[]): Promise<StoredFile>;
  pieces(file: Pick<StoredFile, 'blobKey' | 'pieces'>): Promise<Piece[]>;
  read(seal: FileSeal, pieces: readonly Piece[]): Readable;
  /** Reads all stored bytes again: whether they still are what their names say. Nothing is opened. */
  isWhole(file: Pick<StoredFile, 'blobKey' | 'pieces'>): Promise<boolean>;
  /** All blobs of a file: what goes when it goes. */
  keysOf(file: Pick<StoredFile, 'blobKey' | 'pieces'>): Promise<BlobKey[]>;
}

/**
 * Gathers a stream into portions of a length; only the last may be shorter. When the stream breaks, what came before
 * the break is given first, then the error: a lost line loses nothing that arrived.
 */
export async function* inPortions(bytes: AsyncIterable<unknown>, length: number): AsyncGenerator<Buffer[]> {
  let held: Buffer[] = [];
  let size = 0;
  let broken: { error: unknown } | undefined;
  try {
    for await (const given of bytes) {
      let chunk = given as Buffer;
      while (size + chunk.length >= length) {
        const portion = [...held, chunk.subarray(0, length - size)];
        chunk = chunk.subarray(length - size);
        held = [];
        size = 0;
        yield portion;
      }
      if (chunk.length === 0) continue;
      held.push(chunk);
      size += chunk.length;
    }
  } catch (error) {
    broken = { error };
  }
  if (size > 0) yield held;
  if (broken) throw broken.error;
}

const lengthOf = (chunks: readonly Buffer[]) => chunks.reduce((sum, one) => sum + one.length, 0);

export function sealedStore(blobs: Blobs): SealedStore {
  async function isBlobWhole(key: BlobKey): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const part of await blobs.get(key)) hash.update(part as Buffer);
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
    return hash.digest('hex') === key;
  }

  const listText = (pieces: readonly Piece[]) =>
    canonical({
      kind: 'evidence-pieces',
      version: 1,
      pieces: pieces.map((one) => [one.key, one.plain, one.sealed]),
    });

  async function listOf({ blobKey, pieces }: Pick<StoredFile, 'blobKey' | 'pieces'>): Promise<Piece[]> {
    if (pieces === 1) return [{ key: blobKey, plain: 0, sealed: 0 }];
    const parts: Buffer[] = [];
    for await (const part of await blobs.get(blobKey)) parts.push(part as Buffer);
    const list = PieceList.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
    if (list.pieces.length !== pieces) throw new Unavailable('blobs.damaged', { params: { key: blobKey } });
    return list.pieces.map(([key, plain, sealed]) => ({ key, plain, sealed }));
  }

  return {
    async sealPiece(seal, piece, plain) {
      const bytes = await buffer(pipeline(Readable.from(plain), seal.sealing(piece), () => {}));
      return { piece: { key: sha256(bytes), plain: lengthOf(plain), sealed: bytes.length }, bytes };
    },

    async storePiece(bytes) {
      await blobs.put(Readable.from([bytes]));
    },

    async removePieces(keys) {
      for (const key of keys) await blobs.delete(key);
    },

    async removeFile(pieces) {
      for (const { key } of pieces) await blobs.delete(key);
      if (pieces.length > 1) await blobs.delete(sha256(listText(pieces)));
    },

    async close(pieces) {
      const storedBytes = pieces.reduce((sum, one) => sum + one.sealed, 0);
      const [first] = pieces;
      if (!first) throw new Error('A file has at least one piece');
      if (pieces.length === 1) return { blobKey: first.key, pieces: 1, storedBytes };
      const { key } = await blobs.put(Readable.from([Buffer.from(listText(pieces), 'utf8')]));
      return { blobKey: key, pieces: pieces.length, storedBytes };
    },

    pieces: listOf,

    read(seal, pieces) {
      async function* plaintext() {
        for (const [index, piece] of pieces.entries()) {
          yield* pipeline(await blobs.get(piece.key), seal.opening(index), () => {}) as AsyncIterable<Buffer>;
        }
      }
      return Readable.from(plaintext(), { objectMode: false });
    },

    async isWhole(file) {
      if (!(await isBlobWhole(file.blobKey))) return false;
      if (file.pieces === 1) return true;
      for (const piece of await listOf(file)) if (!(await isBlobWhole(piece.key))) return false;
      return true;
    },

    async keysOf(file) {
      if (file.pieces === 1) return [file.blobKey];
      return [file.blobKey, ...(await listOf(file)).map((one) => one.key)];
    },
  };
}

/** Reads a file from the middle, holding the two pieces read last: for archives, whose list stands at the end. */
export interface MiddleReader {
  size: number;
  read(start: number, length: number): Promise<Buffer>;
}

export function readFromMiddle(
  store: SealedStore,
  seal: FileSeal,
  pieces: readonly Piece[],
  size: number,
): MiddleReader {
  const held = new Map<number, Buffer>();
  async function open(index: number): Promise<Buffer> {
    const known = held.get(index);
    if (known) return known;
    const piece = pieces[index];
    if (!piece) throw new Error('There is no such piece');
    const single: Buffer[] = [];
    const only: FileSeal = { sealing: seal.sealing, opening: () => seal.opening(index) };
    for await (const part of store.read(only, [piece])) single.push(part as Buffer);
    const plain = Buffer.concat(single);
    const [oldest] = held.keys();
    if (held.size >= 2 && oldest !== undefined) held.delete(oldest);
    held.set(index, plain);
    return plain;
  }
  return {
    size,
    async read(start, length) {
      const out: Buffer[] = [];
      let before = 0;
      for (const [index, piece] of pieces.entries()) {
        const plainLength = pieces.length === 1 ? size : piece.plain;
        const from = Math.max(start - before, 0);
        const until = Math.min(start + length - before, plainLength);
        if (from < until) out.push((await open(index)).subarray(from, until));
        before += plainLength;
        if (before >= start + length) break;
      }
      return Buffer.concat(out);
    },
  };
}
