import type { Readable } from 'node:stream';
import { dataKeyLength } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import type { Sha256 } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import type { CaseFileId, EvidenceFile, EvidenceFileId, UseLimitation } from '../schema.ts';
import { fileSeal, type Piece, type StoredFile } from '../storage.ts';
import * as store from '../store/index.ts';
import * as rows from '../store/uploads.ts';
import { describe, dropUpload, startMeasure, takeIn, type IntakeParts } from './intake.ts';
import { emptyFile, tooLarge } from './room.ts';
import { insertFile, nameOf, newFileId, toFile, touch } from './rows.ts';

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

export interface StagedUses {
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
}

/** What arrives with messages: taken in before any case file is known, put into one with what it came with. */
export function stagedUses({ keys, sealed, random, limits, onFile }: IntakeParts): StagedUses {
  return {
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
        if (pieces.length === 0) throw emptyFile();
        const measured = measure.result();
        const sizeDiffers = given.size !== undefined && given.size !== measured.size;
        if (sizeDiffers || (given.sha256 !== undefined && given.sha256 !== measured.sha256))
          throw new Invalid('evidence.hash-differs');
        const described = await describe(given.fileName, measured);
        return { id, fileKey, stored: await sealed.close(pieces), pieces, ...described };
      } catch (error) {
        await dropUpload(ctx, sealed, id, 'dropped');
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
  };
}
