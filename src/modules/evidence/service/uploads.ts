import type { Readable } from 'node:stream';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { dataKeyLength } from '../../../platform/crypto/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { safeFileName } from '../rules/index.ts';
import {
  AboutUpload,
  type CaseFileId,
  type Collected,
  type EvidenceFile,
  type EvidenceFileId,
  type Upload,
} from '../schema.ts';
import { fileSeal, type Piece } from '../storage.ts';
import type * as store from '../store/index.ts';
import * as rows from '../store/uploads.ts';
import { getAllowed, whoActs } from './case-files.ts';
import {
  describe,
  dropUpload,
  measureAgain,
  startMeasure,
  takeIn,
  toStream,
  type IntakeParts,
  type Measure,
} from './intake.ts';
import { checkRoom, dayBefore, emptyFile } from './room.ts';
import { insertFile, nameOf, newFileId, toFile, touch } from './rows.ts';

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
  /** Removes uploads that nobody went on with for a day, pieces and all. Answers how many. */
  sweepUploads(ctx: Context): Promise<number>;
}

const uploadPlace = (id: EvidenceFileId) => `uploads/${id}/about`;

export function uploadUses({ keys, sealed, random, limits, onFile }: IntakeParts): UploadUses {
  /** Hash and head of uploads that this process has followed from their first byte. */
  const followed = new Map<EvidenceFileId, Measure>();
  function follow(id: EvidenceFileId): Measure {
    const measure = startMeasure();
    followed.set(id, measure);
    // Forgotten ones are read again at their end: memory stays bounded whatever is begun and left.
    for (const oldest of [...followed.keys()].slice(0, -200)) followed.delete(oldest);
    return measure;
  }

  async function begin(ctx: Context, caseFileId: CaseFileId, given: NewUpload & { known: boolean }) {
    whoActs(ctx);
    return ctx.transaction(async (tx) => {
      const { row } = await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
      await checkRoom(tx, ctx, caseFileId, given.size, limits);
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

  const drop = (ctx: Context, id: EvidenceFileId, why: 'dropped' | 'left-alone') => {
    followed.delete(id);
    return dropUpload(ctx, sealed, id, why);
  };

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
      if (pieces.length === 0) throw emptyFile();
      // What came as a stream was not announced: room is asked for again now that its size is known.
      if (size === 0) await ctx.transaction((tx) => checkRoom(tx, ctx, caseFileId, measure.size(), limits));
      return await finish(ctx, upload.id, upload.about, pieces, measure);
    } catch (error) {
      await drop(ctx, upload.id, 'dropped');
      throw error;
    }
  }

  return {
    addFile,

    async beginUpload(ctx, caseFileId, given) {
      if (given.size === 0) throw emptyFile();
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

    async sweepUploads(ctx) {
      ctx.allow('system.operate');
      const since = dayBefore(ctx.clock.now());
      let gone = 0;
      for (;;) {
        const left = await ctx.transaction((tx) => rows.listLeftAlone(tx, since, 100));
        for (const row of left) if (await drop(ctx, row.id, 'left-alone')) gone += 1;
        if (left.length < 100) return gone;
      }
    },
  };
}
