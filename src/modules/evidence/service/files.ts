import { Readable } from 'node:stream';
import type { Tx } from '../../../platform/db/index.ts';
import { NotAllowed, Unavailable } from '../../../platform/errors.ts';
import type { Random } from '../../../platform/random.ts';
import { problem, type Problem, type Sha256 } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { checkCustody } from '../rules/index.ts';
import type { CaseFileId, EvidenceFile, EvidenceFileId, ListedCustody } from '../schema.ts';
import type { CaseFileKeys, OpenedKey } from '../sealer.ts';
import type { SealedStore } from '../storage.ts';
import * as limits from '../store/limits.ts';
import * as store from '../store/index.ts';
import { getAllowed } from './case-files.ts';
import { aboutOf, getReadable, sealOf, storedOf, toFile, touch } from './rows.ts';

/** Up to here all stored bytes are checked before the first leaves; beyond, each piece is checked as it passes. */
const checkedFirst = 256 * 1_048_576;

export interface FileUses {
  listFiles(ctx: Context, caseFileId: CaseFileId): Promise<EvidenceFile[]>;
  /** Hashes of the files of a case file, inside another use case that has asked for the permission. */
  listHashes(tx: Tx, caseFileId: CaseFileId): Promise<Sha256[]>;
  /** Files of a case file, inside another use case that has asked for the permission. */
  findFilesIn(tx: Tx, caseFileId: CaseFileId): Promise<EvidenceFile[]>;
  getFile(ctx: Context, id: EvidenceFileId): Promise<EvidenceFile>;
  /**
   * The plaintext as a stream, and a custody entry. Damaged bytes are refused: small files before the first byte, large
   * ones where the damage is; either way it stands in the custody.
   * @throws NotAllowed `evidence.in-quarantine`; Unavailable `blobs.damaged`
   */
  readFile(ctx: Context, id: EvidenceFileId): Promise<{ file: EvidenceFile; bytes: Readable }>;
  /** Computes the hash again and records the outcome. */
  verifyFile(ctx: Context, id: EvidenceFileId): Promise<{ file: EvidenceFile; whole: boolean }>;
  listCustody(ctx: Context, id: EvidenceFileId): Promise<{ entries: ListedCustody[]; problems: Problem[] }>;
  /** Every stored file and chain, for the operator: hashes only, nothing is opened. */
  verifyAll(ctx: Context): Promise<{ checked: number; problems: Problem[] }>;
}

/** Refuses a file that the scanner has locked and two persons have not let out. */
export async function refuseQuarantined(tx: Tx, row: store.EvidenceFileRow): Promise<void> {
  if (row.scan !== 'quarantined') return;
  const kept = await limits.findQuarantine(tx, row.id);
  if (!kept?.confirmed_by) throw new NotAllowed('evidence.in-quarantine');
}

export function fileUses(keys: CaseFileKeys, sealed: SealedStore, random: Random): FileUses {
  async function record(
    ctx: Context,
    id: EvidenceFileId,
    act: 'read' | 'verified',
    outcome: 'whole' | 'damaged' | undefined,
  ): Promise<void> {
    await ctx.transaction(async (tx) => {
      const { row } = await getReadable(tx, ctx, keys, id);
      await touch(tx, ctx, row, act, outcome === undefined ? {} : { outcome });
      const action = act === 'read' ? 'evidence.read-file' : 'evidence.verify-file';
      await recordAudit(
        tx,
        ctx,
        action,
        { kind: 'evidence-file', id },
        { caseFile: row.case_file_id, whole: outcome !== 'damaged' },
      );
    });
  }

  function openBytes(row: store.EvidenceFileRow, key: OpenedKey): Readable {
    const about = aboutOf(row, key);
    async function* plaintext() {
      yield* sealed.read(sealOf(row, about, key, random), await sealed.pieces(storedOf(row)));
    }
    return Readable.from(plaintext(), { objectMode: false });
  }

  async function findFilesIn(tx: Tx, caseFileId: CaseFileId): Promise<EvidenceFile[]> {
    const rows = await store.listFileRows(tx, caseFileId);
    const caseFile = rows.length > 0 ? await store.findCaseFile(tx, caseFileId) : undefined;
    if (!caseFile?.wrapped_key) return [];
    const key = await keys.of(caseFile);
    return rows.map((row) => toFile(row, key));
  }

  return {
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

    findFilesIn,
    listHashes: async (tx, caseFileId) => (await findFilesIn(tx, caseFileId)).map((one) => one.sha256),

    getFile: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { row, key } = await getReadable(tx, ctx, keys, id);
        return toFile(row, key);
      }),

    async readFile(ctx, id) {
      const { row, key } = await ctx.transaction(async (tx) => {
        const found = await getReadable(tx, ctx, keys, id);
        await refuseQuarantined(tx, found.row);
        return found;
      });
      const file = toFile(row, key);
      if (file.size <= checkedFirst) {
        if (!(await sealed.isWhole(storedOf(row)))) {
          // A damaged file is not handed out, so what is recorded is the check.
          await record(ctx, id, 'verified', 'damaged');
          throw new Unavailable('blobs.damaged', { params: { key: row.blob_key } });
        }
        await record(ctx, id, 'read', undefined);
        return { file, bytes: openBytes(row, key) };
      }
      await record(ctx, id, 'read', undefined);
      async function* watched() {
        try {
          yield* openBytes(row, key);
        } catch (error) {
          if (error instanceof Unavailable) await record(ctx, id, 'verified', 'damaged');
          throw error;
        }
      }
      return { file, bytes: Readable.from(watched(), { objectMode: false }) };
    },

    async verifyFile(ctx, id) {
      const { row, key } = await ctx.transaction((tx) => getReadable(tx, ctx, keys, id));
      const whole = await sealed.isWhole(storedOf(row));
      await record(ctx, id, 'verified', whole ? 'whole' : 'damaged');
      return { file: toFile(row, key), whole };
    },

    listCustody: (ctx, id) =>
      ctx.transaction(async (tx) => {
        await getReadable(tx, ctx, keys, id);
        const entries = await store.listCustodyRows(tx, id);
        await recordAudit(tx, ctx, 'evidence.read-custody', { kind: 'evidence-file', id });
        return { entries, problems: checkCustody(entries) };
      }),

    async verifyAll(ctx) {
      ctx.allow('system.operate');
      const problems: Problem[] = [];
      let checked = 0;
      for (let after: string | undefined; ;) {
        const rows = await ctx.transaction((tx) => store.listAllFiles(tx, after, 200));
        for (const row of rows) {
          const chain = await ctx.transaction((tx) => store.listCustodyRows(tx, row.id));
          problems.push(...checkCustody(chain).map((one) => ({ ...one, path: [row.id, ...one.path] })));
          if (!(await sealed.isWhole(storedOf(row))))
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
