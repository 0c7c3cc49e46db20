import { createHash } from 'node:crypto';
import { pipeline, Readable, Transform } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import type { Blobs } from '../../../platform/blobs/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid, NotFound, Unavailable } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { problem, Sha256, type Problem } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { checkCustody, custodyHash, decideType, safeFileName } from '../rules.ts';
import {
  AboutFile,
  caseFileLimits,
  EvidenceFileId,
  type CaseFileId,
  type CustodyAct,
  type CustodyEntry,
  type EvidenceFile,
  type ListedCustody,
} from '../schema.ts';
import type { CaseFileKeys, OpenedKey } from '../sealer.ts';
import * as store from '../store.ts';
import { getAllowed, whoActs } from './case-files.ts';

const headLength = 65_536;

export interface FileUses {
  /**
   * Takes a file into a case file: sealed from the first byte, hashed and typed by content on the way.
   * @throws Invalid `evidence.file-too-large`, `evidence.file-empty`; Conflict `evidence.too-many-files`
   */
  addFile(
    ctx: Context,
    caseFileId: CaseFileId,
    given: { fileName: string; bytes: Readable | Uint8Array },
  ): Promise<EvidenceFile>;
  listFiles(ctx: Context, caseFileId: CaseFileId): Promise<EvidenceFile[]>;
  /** Hashes of the files of a case file, inside another use case that has asked for the permission. */
  listHashes(tx: Tx, caseFileId: CaseFileId): Promise<Sha256[]>;
  getFile(ctx: Context, id: EvidenceFileId): Promise<EvidenceFile>;
  /** The plaintext as a stream, after the stored bytes were found whole. Adds a custody entry. */
  readFile(ctx: Context, id: EvidenceFileId): Promise<{ file: EvidenceFile; bytes: Readable }>;
  /** Computes the hash again and records the outcome. */
  verifyFile(ctx: Context, id: EvidenceFileId): Promise<{ file: EvidenceFile; whole: boolean }>;
  listCustody(ctx: Context, id: EvidenceFileId): Promise<{ entries: ListedCustody[]; problems: Problem[] }>;
  /** Records that files left with a request or message, in the transaction that sends it; the caller has asked for permission. */
  recordRelease(tx: Tx, ctx: Context, ids: readonly EvidenceFileId[], reference: string): Promise<void>;
  /** Every stored file and chain, for the operator: hashes only, nothing is opened. */
  verifyAll(ctx: Context): Promise<{ checked: number; problems: Problem[] }>;
}

export function fileUses(keys: CaseFileKeys, blobs: Blobs, maxBytes: number): FileUses {
  const filePlace = (id: EvidenceFileId) => `files/${id}`;
  const aboutPlace = (id: EvidenceFileId) => `files/${id}/about`;

  function toFile(row: store.EvidenceFileRow, key: OpenedKey): EvidenceFile {
    const about = AboutFile.parse(JSON.parse(key.open(row.sealed_about, aboutPlace(row.id)).toString('utf8')));
    const { fileName, givenName, mediaType, nameAgrees, size, sha256 } = about;
    return {
      id: row.id,
      caseFileId: row.case_file_id,
      fileName,
      givenName,
      mediaType,
      nameAgrees,
      size,
      sha256,
      scan: row.scan,
      addedBy: row.added_by,
      addedAt: row.added_at,
    };
  }

  async function touch(
    tx: Tx,
    ctx: Context,
    row: store.EvidenceFileRow,
    act: CustodyAct,
    more: Pick<CustodyEntry, 'outcome' | 'reference'> = {},
  ): Promise<void> {
    const last = await store.lockCustodyEnd(tx, row.id);
    const at = ctx.clock.now();
    const by =
      ctx.actor.kind === 'person' ? ctx.actor.id : ctx.actor.kind === 'system' ? `system:${ctx.actor.id}` : 'public';
    const office = ctx.actor.kind === 'person' ? ctx.actor.officeId : null;
    const entry: CustodyEntry = {
      kind: 'custody-entry',
      version: 1,
      fileId: row.id,
      seq: (last?.seq ?? 0) + 1,
      act,
      at,
      by,
      office,
      blobSha256: row.blob_key,
      ...more,
    };
    const previousHash = last?.hash ?? null;
    await store.insertCustody(tx, uuidv7(ctx.random, Date.parse(at)), row.case_file_id, {
      entry,
      previousHash,
      hash: custodyHash(entry, previousHash),
    });
  }

  async function getRow(
    tx: Tx,
    ctx: Context,
    id: EvidenceFileId,
  ): Promise<{ row: store.EvidenceFileRow; key: OpenedKey }> {
    const row = await store.findFile(tx, id);
    if (!row) {
      ctx.allow('evidence.read-case-file', { members: [] });
      throw new NotFound('evidence.not-found');
    }
    const caseFile = await getAllowed(tx, ctx, 'evidence.read-case-file', row.case_file_id);
    return { row, key: await keys.of(caseFile.row) };
  }

  /** Reads a stored file to its end: whether it still is what its name says. */
  async function isWhole(row: store.EvidenceFileRow): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const piece of await blobs.get(row.blob_key)) hash.update(piece as Buffer);
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
    return hash.digest('hex') === row.blob_key;
  }

  async function addFile(
    ctx: Context,
    caseFileId: CaseFileId,
    given: { fileName: string; bytes: Readable | Uint8Array },
  ): Promise<EvidenceFile> {
    const actor = whoActs(ctx);
    const caseFile = await ctx.transaction(async (tx) => {
      const { row } = await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
      if ((await store.countFiles(tx, caseFileId)) >= caseFileLimits.files) {
        throw new Conflict('evidence.too-many-files', { params: { limit: caseFileLimits.files } });
      }
      return row;
    });
    const key = await keys.of(caseFile);
    const id = EvidenceFileId.parse(uuidv7(ctx.random, Date.parse(ctx.clock.now())));
    const source = given.bytes instanceof Readable ? given.bytes : Readable.from([Buffer.from(given.bytes)]);
    const meter = createMeter(maxBytes);
    // Errors reach `put` through the last stream; the callback only keeps them from being unhandled.
    const sealed = pipeline(source, meter.stream, key.sealing(filePlace(id)), () => {});
    const stored = await blobs.put(sealed);
    const { size, sha256, head } = meter.result();
    if (size === 0) throw new Invalid('evidence.file-empty', { problems: [problem('evidence.file-empty', ['file'])] });
    const fileName = safeFileName(given.fileName);
    const about: AboutFile = {
      kind: 'evidence-file',
      version: 1,
      fileName,
      givenName: given.fileName,
      ...decideType(fileName, (await fileTypeFromBuffer(head))?.mime, head),
      size,
      sha256,
    };
    return ctx.transaction(async (tx) => {
      // Asked again: the upload may have lasted longer than the membership.
      await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
      const row: store.EvidenceFileRow = {
        id,
        case_file_id: caseFileId,
        blob_key: stored.key,
        sealed_about: key.seal(Buffer.from(JSON.stringify(about), 'utf8'), aboutPlace(id)),
        scan: 'not-scanned',
        added_by: actor.id,
        added_at: ctx.clock.now(),
      };
      await store.insertFile(tx, row);
      await touch(tx, ctx, row, 'received');
      await recordAudit(
        tx,
        ctx,
        'evidence.add-file',
        { kind: 'evidence-file', id },
        { caseFile: caseFileId, bytes: size },
      );
      return toFile(row, key);
    });
  }

  async function verify(ctx: Context, id: EvidenceFileId, act: 'read' | 'verified') {
    const found = await ctx.transaction((tx) => getRow(tx, ctx, id));
    const whole = await isWhole(found.row);
    await ctx.transaction(async (tx) => {
      const { row } = await getRow(tx, ctx, id);
      // A damaged file is not handed out, so what is recorded then is the check.
      await touch(
        tx,
        ctx,
        row,
        whole ? act : 'verified',
        act === 'verified' || !whole ? { outcome: whole ? 'whole' : 'damaged' } : {},
      );
      const action = act === 'read' && whole ? 'evidence.read-file' : 'evidence.verify-file';
      await recordAudit(tx, ctx, action, { kind: 'evidence-file', id }, { caseFile: row.case_file_id, whole });
    });
    return { ...found, whole };
  }

  return {
    addFile,

    listFiles: (ctx, caseFileId) =>
      ctx.transaction(async (tx) => {
        const { row } = await getAllowed(tx, ctx, 'evidence.read-case-file', caseFileId);
        const rows = await store.listFileRows(tx, caseFileId);
        await recordAudit(
          tx,
          ctx,
          'evidence.list-files',
          { kind: 'case-file', id: caseFileId },
          { files: rows.length },
        );
        if (rows.length === 0) return [];
        const key = await keys.of(row);
        return rows.map((one) => toFile(one, key));
      }),

    async listHashes(tx, caseFileId) {
      const rows = await store.listFileRows(tx, caseFileId);
      const caseFile = rows.length > 0 ? await store.findCaseFile(tx, caseFileId) : undefined;
      if (!caseFile?.wrapped_key) return [];
      const key = await keys.of(caseFile);
      return rows.map((row) => toFile(row, key).sha256);
    },

    getFile: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { row, key } = await getRow(tx, ctx, id);
        return toFile(row, key);
      }),

    async readFile(ctx, id) {
      const { row, key, whole } = await verify(ctx, id, 'read');
      if (!whole) throw new Unavailable('blobs.damaged', { params: { key: row.blob_key } });
      const bytes = pipeline(await blobs.get(row.blob_key), key.opening(filePlace(id)), () => {});
      return { file: toFile(row, key), bytes };
    },

    async verifyFile(ctx, id) {
      const { row, key, whole } = await verify(ctx, id, 'verified');
      return { file: toFile(row, key), whole };
    },

    listCustody: (ctx, id) =>
      ctx.transaction(async (tx) => {
        await getRow(tx, ctx, id);
        const entries = await store.listCustodyRows(tx, id);
        await recordAudit(tx, ctx, 'evidence.read-custody', { kind: 'evidence-file', id });
        return { entries, problems: checkCustody(entries) };
      }),

    async recordRelease(tx, ctx, ids, reference) {
      for (const id of ids) {
        const row = await store.findFile(tx, id);
        if (!row) throw new NotFound('evidence.not-found');
        await touch(tx, ctx, row, 'released', { reference });
      }
    },

    async verifyAll(ctx) {
      ctx.allow('system.operate');
      const problems: Problem[] = [];
      let checked = 0;
      for (let after: string | undefined; ;) {
        const rows = await ctx.transaction((tx) => store.listAllFiles(tx, after, 200));
        for (const row of rows) {
          const chain = await ctx.transaction((tx) => store.listCustodyRows(tx, row.id));
          problems.push(...checkCustody(chain).map((one) => ({ ...one, path: [row.id, ...one.path] })));
          if (!(await isWhole(row)))
            problems.push(problem('evidence.file-damaged', [row.id], { params: { file: row.id } }));
          checked += 1;
        }
        after = rows.at(-1)?.id;
        if (rows.length < 200) break;
      }
      await ctx.transaction((tx) =>
        recordAudit(
          tx,
          ctx,
          'evidence.verify-all',
          { kind: 'node', id: 'evidence' },
          { checked, problems: problems.length },
        ),
      );
      return { checked, problems };
    },
  };
}

/** Counts, hashes and keeps the start of what passes; stops the stream at the limit. */
function createMeter(maxBytes: number) {
  const hash = createHash('sha256');
  let size = 0;
  let head: Buffer = Buffer.alloc(0);
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      if (size > maxBytes) {
        const limit = Math.floor(maxBytes / 1_048_576);
        return done(
          new Invalid('evidence.file-too-large', {
            problems: [problem('evidence.file-too-large', ['file'], { params: { limit } })],
            params: { limit },
          }),
        );
      }
      if (head.length < headLength) head = Buffer.concat([head, piece.subarray(0, headLength - head.length)]);
      hash.update(piece);
      done(null, piece);
    },
  });
  return { stream, result: () => ({ size, sha256: Sha256.parse(hash.digest('hex')), head }) };
}
