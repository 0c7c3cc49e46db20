import { createHash, type Hash as Running } from 'node:crypto';
import { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { problem, Sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { decideType, safeFileName } from '../rules/index.ts';
import type { AboutFile, EvidenceFileId } from '../schema.ts';
import { inPortions, pieceLength, type FileSeal, type Piece, type SealedStore } from '../storage.ts';
import { isTaken } from '../store/index.ts';
import * as uploads from '../store/uploads.ts';

const headLength = 65_536;

/** What is known of a file once all of it has passed. */
export interface Measured {
  size: number;
  sha256: Sha256;
  head: Buffer;
}

/** Hash and start of what has passed so far. Lives in memory only: after a restart it is made again from the pieces. */
export interface Measure {
  add(chunks: readonly Buffer[]): void;
  size(): number;
  result(): Measured;
}

export function startMeasure(): Measure {
  const hash: Running = createHash('sha256');
  let size = 0;
  let head: Buffer = Buffer.alloc(0);
  return {
    add(chunks) {
      for (const chunk of chunks) {
        size += chunk.length;
        if (head.length < headLength) head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
        hash.update(chunk);
      }
    },
    size: () => size,
    result: () => ({ size, sha256: Sha256.parse(hash.copy().digest('hex')), head }),
  };
}

/** A refusal that names the limit in the unit people know. */
export function tooLarge(code: string, bytes: number): Invalid {
  const limit = Math.floor(bytes / 1_048_576);
  return new Invalid(code, { problems: [problem(code, ['file'], { params: { limit } })], params: { limit } });
}

/** An upload may break often, not endlessly: each break costs a piece. */
function mostPieces(bytes: number): number {
  return 2 * Math.ceil(bytes / pieceLength) + 1000;
}

export interface Intake {
  id: EvidenceFileId;
  seal: FileSeal;
  /** Pieces stored before. */
  pieces: Piece[];
  /** Bytes in them. */
  received: number;
  maxBytes: number;
  /** Sees each portion once it is stored. */
  measure?: Measure | undefined;
}

/**
 * Stores a stream at the end of an upload: each piece is promised, stored and counted before the next is read.
 * When the stream breaks, what arrived stays, and the error is thrown.
 * @returns pieces and bytes as they stand now
 */
export async function takeIn(
  ctx: Context,
  sealed: SealedStore,
  intake: Intake,
  bytes: AsyncIterable<unknown>,
): Promise<{ pieces: Piece[]; received: number }> {
  const pieces = [...intake.pieces];
  let { received } = intake;
  for await (const portion of inPortions(bytes, pieceLength)) {
    const seq = pieces.length;
    const length = portion.reduce((sum, one) => sum + one.length, 0);
    if (received + length > intake.maxBytes) throw tooLarge('evidence.file-too-large', intake.maxBytes);
    if (seq >= mostPieces(intake.maxBytes)) throw new Conflict('evidence.upload-too-many-breaks');
    const made = await sealed.sealPiece(intake.seal, seq, portion);
    await ctx
      .transaction((tx) => uploads.promisePiece(tx, intake.id, seq, made.piece))
      .catch((error: unknown) => {
        throw isTaken(error) ? new Conflict('evidence.upload-elsewhere', { cause: error }) : error;
      });
    await sealed.storePiece(made.bytes);
    const before = received;
    const counted = await ctx.transaction((tx) =>
      uploads.countPiece(tx, intake.id, seq, before, made.piece, ctx.clock.now()),
    );
    if (!counted) throw new Conflict('evidence.upload-elsewhere');
    pieces.push(made.piece);
    received += length;
    intake.measure?.add(portion);
  }
  return { pieces, received };
}

/** Reads stored pieces again, for an upload that went on after a restart. */
export async function measureAgain(sealed: SealedStore, seal: FileSeal, pieces: readonly Piece[]): Promise<Measure> {
  const measure = startMeasure();
  for await (const part of sealed.read(seal, pieces)) measure.add([part as Buffer]);
  return measure;
}

/** Name, type by content, size and hash. */
export async function describe(
  givenName: string,
  { size, sha256, head }: Measured,
): Promise<Pick<AboutFile, 'fileName' | 'givenName' | 'mediaType' | 'nameAgrees' | 'size' | 'sha256'>> {
  const fileName = safeFileName(givenName);
  return {
    fileName,
    givenName,
    ...decideType(fileName, (await fileTypeFromBuffer(head))?.mime, head),
    size,
    sha256,
  };
}

export function toStream(bytes: Readable | Uint8Array): AsyncIterable<unknown> {
  return bytes instanceof Readable ? bytes : Readable.from([Buffer.from(bytes)]);
}
