import { createHash, type Hash as Running } from 'node:crypto';
import { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import type { Random } from '../../../platform/random.ts';
import { Sha256 } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { decideType, safeFileName } from '../rules/index.ts';
import type { AboutFile, EvidenceFile, EvidenceFileId } from '../schema.ts';
import type { CaseFileKeys } from '../sealer.ts';
import { inPortions, pieceLength, type FileSeal, type Piece, type SealedStore } from '../storage.ts';
import { isTaken } from '../store/index.ts';
import * as uploads from '../store/uploads.ts';
import { tooLarge, type IntakeLimits } from './room.ts';

/** What whoever takes files in works with. */
export interface IntakeParts {
  keys: CaseFileKeys;
  sealed: SealedStore;
  random: Random;
  limits: IntakeLimits;
  /** Told of every file that came in, inside its transaction. */
  onFile(tx: Tx, file: EvidenceFile): Promise<void>;
}

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
 * Stores a stream at the end of an upload: each piece is promised, stored and counted before the next one is promised.
 * Meanwhile the next is read and sealed, so that at most two pieces are in hand. When the stream breaks, what arrived
 * stays, and the error is thrown.
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
  const store = async ({ piece, bytes: made }: { piece: Piece; bytes: Buffer }) => {
    const seq = pieces.length;
    await ctx
      .transaction((tx) => uploads.promisePiece(tx, intake.id, seq, piece))
      .catch((error: unknown) => {
        throw isTaken(error) ? new Conflict('evidence.upload-elsewhere', { cause: error }) : error;
      });
    await sealed.storePiece(made);
    const counted = await ctx.transaction((tx) =>
      uploads.countPiece(tx, intake.id, seq, received, piece, ctx.clock.now()),
    );
    if (!counted) throw new Conflict('evidence.upload-elsewhere');
    pieces.push(piece);
    received += piece.plain;
  };
  let storing: Promise<void> = Promise.resolve();
  let seen = received;
  let next = pieces.length;
  try {
    for await (const portion of inPortions(bytes, pieceLength)) {
      seen += portion.reduce((sum, one) => sum + one.length, 0);
      if (seen > intake.maxBytes) throw tooLarge('evidence.file-too-large', intake.maxBytes);
      if (next >= mostPieces(intake.maxBytes)) throw new Conflict('evidence.upload-too-many-breaks');
      const made = await sealed.sealPiece(intake.seal, next, portion);
      // What fails to be stored makes the measure useless: whoever goes on reads the pieces again.
      intake.measure?.add(portion);
      next += 1;
      await storing;
      storing = store(made);
      // Its failure is met where it is awaited.
      storing.catch(() => undefined);
    }
  } catch (error) {
    await storing;
    throw error;
  }
  await storing;
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

/**
 * Removes an upload with everything stored of it. Blobs go while the row is held: nothing can be counted meanwhile.
 * @returns whether it was still there
 */
export async function dropUpload(
  ctx: Context,
  sealed: SealedStore,
  id: EvidenceFileId,
  why: 'dropped' | 'left-alone',
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const row = await uploads.lockUpload(tx, id);
    if (!row) return false;
    const pieces = await uploads.listPieces(tx, id);
    await sealed.removeFile(pieces);
    await uploads.deleteUpload(tx, id);
    await recordAudit(
      tx,
      ctx,
      'evidence.drop-upload',
      { kind: 'evidence-file', id },
      { ...(row.case_file_id ? { caseFile: row.case_file_id } : {}), bytes: Number(row.received), why },
    );
    return true;
  });
}
