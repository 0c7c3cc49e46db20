import type { Readable } from 'node:stream';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { dataKeyLength } from '../../../platform/crypto/index.ts';
import type { Random } from '../../../platform/random.ts';
import { problem, toInstant, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { safeFileName } from '../rules/index.ts';
import {
  caseFileLimits,
  AboutUpload,
  type CaseFileId,
  type Collected,
  type EvidenceFile,
  type EvidenceFileId,
  type Upload,
  type UseLimitation,
} from '../schema.ts';
import type { CaseFileKeys } from '../sealer.ts';
import { fileSeal, type Piece, type SealedStore, type StoredFile } from '../storage.ts';
import * as store from '../store/index.ts';
import * as rows from '../store/uploads.ts';
import { getAllowed, whoActs } from './case-files.ts';
import { describe, measureAgain, startMeasure, takeIn, tooLarge, toStream, type Measure } from './intake.ts';
import { insertFile, nameOf, newFileId, toFile, touch } from './rows.ts';

/** What a node takes at most; bytes. */
export interface IntakeLimits {
  file: number;
  caseFile: number;
  /** Of one person: added within a day, and announced. */
  person: number;
}

const day = 86_400_000;
const ago = (now: Instant, millis: number): Instant => toInstant(new Date(Date.parse(now) - millis));

/** A file that arrived and is in no case file yet. Holds its key: keep it in memory only. */
export interface StagedFile {
  id: EvidenceFileId;
  fileKey: Buffer;
  stored: StoredFile;
  pieces: readonly Piece[];
  fileName: string;
  givenName: string;
  mediaType: string;
  nameAgrees: boolean;
  size: number;
  sha256: Sha256;
}

/** Where a file came from, and what it may be used for. */
export interface Provenance {
  /** Authority that sent it. */
  source: string;
  /** What its custody record calls the file. */
  custodyRef: string | null;
  /** Id of the message it came with. */
  reference?: string;
  useLimitation: UseLimitation | null;
}

export interface NewUpload {
  fileName: string;
  /** Bytes, known before. */
  size: number;
  collected?: Collected;
}

export interface UploadUses {
  /**
   * Takes a file into a case file in one go: sealed from the first byte, hashed and typed by content on the way.
   * @throws Invalid `evidence.file-too-large`, `evidence.file-empty`, `evidence.over-case-quota`, `evidence.over-person-quota`;
   * Conflict `evidence.too-many-files`
   */
  addFile(
    ctx: Context,
    caseFileId: CaseFileId,
    given: { fileName: string; bytes: Readable | Uint8Array; collected?: Collected },
  ): Promise<EvidenceFile>;
  /** Begins an upload that may break and go on. Refuses at once what would be refused at the end. */
  beginUpload(ctx: Context, caseFileId: CaseFileId, given: NewUpload): Promise<Upload>;
  /** An upload of one's own that has not ended. */
  getUpload(ctx: Context, id: EvidenceFileId): Promise<Upload>;
  listUploads(ctx: Context, caseFileId: CaseFileId): Promise<Upload[]>;
  /**
   * Goes on with an upload. What arrives before the line breaks is kept.
   * @returns the file once its last byte is stored
   * @throws Conflict `evidence.upload-offset`: `offset` is not where it ended
   */
  continueUpload(
    ctx: Context,
    id: EvidenceFileId,
    offset: number,
    bytes: Readable,
  ): Promise<{ received: number; file?: EvidenceFile }>;
  dropUpload(ctx: Context, id: EvidenceFileId): Promise<void>;
  /**
   * Takes in what arrives with a message, outside a transaction and before any case file is known.
   * @throws Invalid `evidence.hash-differs` when size or hash are not as announced
   */
  stageFile(
    ctx: Context,
    given: { fileName: string; mediaType: string; bytes: Readable; size?: number; sha256?: Sha256 },
  ): Promise<StagedFile>;
  /** Plaintext of a staged file. */
  readStaged(staged: StagedFile): Readable;
  /** Puts a staged file into a case file, in the transaction that records what it came with. */
  takeStaged(tx: Tx, ctx: Context, caseFileId: CaseFileId, staged: StagedFile, from: Provenance): Promise<EvidenceFile>;
  /** Removes uploads that nobody went on with for a day, pieces and all. Answers how many. */
  sweepUploads(ctx: Context): Promise<number>;
}

interface Parts {
  keys: CaseFileKeys;
  sealed: SealedStore;
  random: Random;
  limits: IntakeLimits;
  /** Told of every file that came in, inside its transaction. */
  onFile(tx: Tx, file: EvidenceFile): Promise<void>;
}

const uploadPlace = (id: EvidenceFileId) => `uploads/${id}/about`;

export function uploadUses({ keys, sealed, random, limits, onFile }: Parts): UploadUses {
  /** Hash and head of uploads that this process has followed from their first byte. */
  const followed = new Map<EvidenceFileId, Measure>();
  function follow(id: EvidenceFileId): Measure {
    const measure = startMeasure();
    followed.set(id, measure);
    // Forgotten ones are read again at their end: memory stays bounded whatever is begun and left.
    for (const oldest of [...followed.keys()].slice(0, -200)) followed.delete(oldest);
    return measure;
  }

  async function checkRoom(tx: Tx, ctx: Context, caseFileId: CaseFileId, size: number): Promise<void> {
    const limit = caseFileLimits.files;
    if ((await store.countFiles(tx, caseFileId)) >= limit) {
      throw new Conflict('evidence.too-many-files', { params: { limit } });
    }
    if (size > limits.file) throw tooLarge('evidence.file-too-large', limits.file);
    if ((await rows.bytesOfCaseFile(tx, caseFileId)) + size > limits.caseFile) {
      throw tooLarge('evidence.over-case-quota', limits.caseFile);
    }
    const since = ago(ctx.clock.now(), day);
    if ((await rows.bytesOfPerson(tx, nameOf(ctx), since)) + size > limits.person) {
      throw tooLarge('evidence.over-person-quota', limits.person);
    }
  }

  async function begin(ctx: Context, caseFileId: CaseFileId, given: NewUpload & { known: boolean }) {
    whoActs(ctx);
    return ctx.transaction(async (tx) => {
      const { row } = await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
      await checkRoom(tx, ctx, caseFileId, given.size);
      const id = newFileId(ctx);
      const fileKey = Buffer.from(random.bytes(dataKeyLength));
      const now = ctx.clock.now();
      const about: AboutUpload = {
        kind: 'evidence-upload',
        version: 1,
        givenName: given.fileName,
        fileKey: fileKey.toString('base64'),
        collected: given.collected ?? null,
      };
      const key = await keys.of(row);
      await rows.insertUpload(tx, {
        id,
        case_file_id: caseFileId,
        person_id: nameOf(ctx),
        sealed_about: key.seal(Buffer.from(JSON.stringify(about), 'utf8'), uploadPlace(id)),
        declared: String(given.known ? given.size : 0),
        received: '0',
        began_at: now,
        last_at: now,
      });
      return { id, about, key, began: now };
    });
  }

  async function load(tx: Tx, ctx: Context, id: EvidenceFileId) {
    const row = await rows.lockUpload(tx, id);
    if (!row?.case_file_id || !row.sealed_about || row.person_id !== nameOf(ctx))
      throw new NotFound('evidence.no-upload');
    // Asked again each time: an upload may outlast a membership.
    const { row: caseFile } = await getAllowed(tx, ctx, 'evidence.add-file', row.case_file_id);
    const key = await keys.of(caseFile);
    const about = AboutUpload.parse(JSON.parse(key.open(row.sealed_about, uploadPlace(id)).toString('utf8')));
    return { row, caseFileId: row.case_file_id, key, about };
  }

  function toUpload(row: store.UploadRow, about: AboutUpload): Upload {
    return {
      id: row.id,
      fileName: safeFileName(about.givenName),
      size: Number(row.declared),
      received: Number(row.received),
      lastAt: row.last_at,
    };
  }

  /** Turns stored pieces into a file of the case file, in one transaction. */
  async function finish(
    ctx: Context,
    id: EvidenceFileId,
    about: AboutUpload,
    pieces: readonly Piece[],
    measure: Measure,
  ): Promise<EvidenceFile> {
    const measured = measure.result();
    const described = await describe(about.givenName, measured);
    const stored = await sealed.close(pieces);
    const file = await ctx.transaction(async (tx) => {
      const { caseFileId, key } = await load(tx, ctx, id);
      const row = await insertFile(tx, ctx, key, {
        id,
        caseFileId,
        stored,
        about: {
          kind: 'evidence-file',
          version: 2,
          ...described,
          fileKey: about.fileKey,
          sealedAs: id,
          source: null,
          sourceRef: null,
          useLimitation: null,
          collected: about.collected,
        },
      });
      await rows.deleteUpload(tx, id);
      if (about.collected) await touch(tx, ctx, row, 'collected');
      await touch(tx, ctx, row, 'received');
      await touch(tx, ctx, row, 'sealed');
      await recordAudit(
        tx,
        ctx,
        'evidence.add-file',
        { kind: 'evidence-file', id },
        { caseFile: caseFileId, bytes: measured.size },
      );
      const taken = toFile(row, key);
      await onFile(tx, taken);
      return taken;
    });
    followed.delete(id);
    return file;
  }

  /** Removes an upload with everything stored of it. Blobs go while the row is held: nothing can be counted meanwhile. */
  async function drop(ctx: Context, id: EvidenceFileId, why: 'dropped' | 'left-alone'): Promise<boolean> {
    followed.delete(id);
    return ctx.transaction(async (tx) => {
      const row = await rows.lockUpload(tx, id);
      if (!row) return false;
      const pieces = await rows.listPieces(tx, id);
      await sealed.removeFile(pieces);
      await rows.deleteUpload(tx, id);
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

  const empty = () => new Invalid('evidence.file-empty', { problems: [problem('evidence.file-empty', ['file'])] });

  async function addFile(...[ctx, caseFileId, given]: Parameters<UploadUses['addFile']>): Promise<EvidenceFile> {
    const size = given.bytes instanceof Uint8Array ? given.bytes.length : 0;
    const upload = await begin(ctx, caseFileId, { ...given, size, known: false });
    const seal = fileSeal(Buffer.from(upload.about.fileKey, 'base64'), upload.id, random);
    const measure = startMeasure();
    try {
      const { pieces } = await takeIn(
        ctx,
        sealed,
        { id: upload.id, seal, pieces: [], received: 0, maxBytes: limits.file, measure },
        toStream(given.bytes),
      );
      if (pieces.length === 0) throw empty();
      // What came as a stream was not announced: room is asked for again now that its size is known.
      if (size === 0) await ctx.transaction((tx) => checkRoom(tx, ctx, caseFileId, measure.size()));
      return await finish(ctx, upload.id, upload.about, pieces, measure);
    } catch (error) {
      await drop(ctx, upload.id, 'dropped');
      throw error;
    }
  }

  return {
    addFile,

    async beginUpload(ctx, caseFileId, given) {
      if (given.size === 0) throw empty();
      const { id, about, began } = await begin(ctx, caseFileId, { ...given, known: true });
      follow(id);
      return { id, fileName: safeFileName(about.givenName), size: given.size, received: 0, lastAt: began };
    },

    getUpload: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { row, about } = await load(tx, ctx, id);
        return toUpload(row, about);
      }),

    listUploads: (ctx, caseFileId) =>
      ctx.transaction(async (tx) => {
        const { row } = await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
        const found = await rows.listUploads(tx, caseFileId, nameOf(ctx));
        if (found.length === 0) return [];
        const key = await keys.of(row);
        return found.flatMap((one) => {
          if (!one.sealed_about || one.declared === '0') return [];
          const about = AboutUpload.parse(JSON.parse(key.open(one.sealed_about, uploadPlace(one.id)).toString('utf8')));
          return [toUpload(one, about)];
        });
      }),

    async continueUpload(ctx, id, offset, bytes) {
      const { row, about, pieces } = await ctx.transaction(async (tx) => {
        const found = await load(tx, ctx, id);
        if (Number(found.row.received) !== offset)
          throw new Conflict('evidence.upload-offset', { params: { offset: Number(found.row.received) } });
        // Left by a stop between promise and count.
        const all = await rows.listPieces(tx, id);
        await sealed.removePieces(all.filter((one) => !one.stored).map((one) => one.key));
        await rows.forgetPromised(tx, id);
        return { ...found, pieces: all.filter((one) => one.stored) };
      });
      const size = Number(row.declared);
      const seal = fileSeal(Buffer.from(about.fileKey, 'base64'), id, random);
      const live = offset === 0 ? follow(id) : followed.get(id);
      const measure = live?.size() === offset ? live : undefined;
      if (!measure) followed.delete(id);
      const now = await takeIn(
        ctx,
        sealed,
        { id, seal, pieces, received: offset, maxBytes: size, measure },
        toStream(bytes),
      );
      if (now.received < size) return { received: now.received };
      const whole = measure ?? (await measureAgain(sealed, seal, now.pieces));
      return { received: now.received, file: await finish(ctx, id, about, now.pieces, whole) };
    },

    async dropUpload(ctx, id) {
      await ctx.transaction((tx) => load(tx, ctx, id));
      await drop(ctx, id, 'dropped');
    },

    async stageFile(ctx, given) {
      const id = newFileId(ctx);
      const fileKey = Buffer.from(random.bytes(dataKeyLength));
      const now = ctx.clock.now();
      if ((given.size ?? 0) > limits.file) throw tooLarge('evidence.file-too-large', limits.file);
      await ctx.transaction((tx) =>
        rows.insertUpload(tx, {
          id,
          case_file_id: null,
          person_id: nameOf(ctx),
          sealed_about: null,
          declared: String(given.size ?? 0),
          received: '0',
          began_at: now,
          last_at: now,
        }),
      );
      const seal = fileSeal(fileKey, id, random);
      const measure = startMeasure();
      try {
        const { pieces } = await takeIn(
          ctx,
          sealed,
          { id, seal, pieces: [], received: 0, maxBytes: limits.file, measure },
          given.bytes,
        );
        if (pieces.length === 0) throw empty();
        const measured = measure.result();
        const sizeDiffers = given.size !== undefined && given.size !== measured.size;
        if (sizeDiffers || (given.sha256 !== undefined && given.sha256 !== measured.sha256))
          throw new Invalid('evidence.hash-differs');
        const described = await describe(given.fileName, measured);
        return { id, fileKey, stored: await sealed.close(pieces), pieces, ...described };
      } catch (error) {
        await drop(ctx, id, 'dropped');
        throw error;
      }
    },

    readStaged: (staged) => sealed.read(fileSeal(staged.fileKey, staged.id, random), staged.pieces),

    async takeStaged(tx, ctx, caseFileId, staged, from) {
      const upload = await rows.lockUpload(tx, staged.id);
      const caseFile = await store.findCaseFile(tx, caseFileId);
      if (!upload || upload.case_file_id !== null || !caseFile) throw new NotFound('evidence.no-upload');
      const key = await keys.of(caseFile);
      const { fileName, givenName, mediaType, nameAgrees, size, sha256 } = staged;
      const row = await insertFile(tx, ctx, key, {
        id: staged.id,
        caseFileId,
        stored: staged.stored,
        about: {
          kind: 'evidence-file',
          version: 2,
          fileName,
          givenName,
          mediaType,
          nameAgrees,
          size,
          sha256,
          fileKey: staged.fileKey.toString('base64'),
          sealedAs: staged.id,
          source: from.source,
          sourceRef: from.custodyRef,
          useLimitation: from.useLimitation,
          collected: null,
        },
      });
      await rows.deleteUpload(tx, staged.id);
      await touch(tx, ctx, row, 'received', {
        party: from.source,
        ...(from.custodyRef === null ? {} : { partyRef: from.custodyRef }),
        ...(from.reference === undefined ? {} : { reference: from.reference }),
      });
      await touch(tx, ctx, row, 'sealed');
      await recordAudit(
        tx,
        ctx,
        'evidence.receive-file',
        { kind: 'evidence-file', id: staged.id },
        { caseFile: caseFileId, bytes: size, source: from.source },
      );
      const file = toFile(row, key);
      await onFile(tx, file);
      return file;
    },

    async sweepUploads(ctx) {
      ctx.allow('system.operate');
      const since = ago(ctx.clock.now(), day);
      let gone = 0;
      for (;;) {
        const left = await ctx.transaction((tx) => rows.listLeftAlone(tx, since, 100));
        for (const row of left) if (await drop(ctx, row.id, 'left-alone')) gone += 1;
        if (left.length < 100) return gone;
      }
    },
  };
}
