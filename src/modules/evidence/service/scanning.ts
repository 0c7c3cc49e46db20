import { Conflict, NotAllowed, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { beginsAsZip, inspectArchive } from '../archive/inspect.ts';
import { inspectDocument } from '../archive/document.ts';
import { beginsAsPhoto, inspectPhoto, mostInMemory } from '../archive/photo.ts';
import type { Scanner } from '../archive/clamd.ts';
import { decideScan } from '../rules/scan.ts';
import type { CaseFileId, EvidenceFileId, Finding } from '../schema.ts';
import type { CaseFileKeys } from '../sealer.ts';
import { readFromMiddle, type SealedStore } from '../storage.ts';
import * as limits from '../store/limits.ts';
import * as store from '../store/index.ts';
import { getAllowed, whoActs } from './case-files.ts';
import { aboutOf, getReadable, openAsNode, sealFindings, sealOf, storedOf, toFile, touch } from './rows.ts';

/** Archives larger than this are not looked into: the reading alone would hold the node up. */
const mostInspected = 2 * 1_073_741_824;

export const lettingOutReasons = ['false-alarm', 'needed-as-evidence', 'examined-apart'] as const;
export type LettingOutReason = (typeof lettingOutReasons)[number];

/** How a file stands that the scanner has locked. */
export interface Quarantine {
  fileId: EvidenceFileId;
  found: string;
  foundAt: Instant;
  askedBy: string | null;
  reason: string | null;
  confirmedBy: string | null;
}

export interface ScanUses {
  /**
   * Looks into a file that no scanner has seen: own limits first, then the scanner. Answers false when it has to be tried
   * again because the scanner is away.
   */
  scanFile(ctx: Context, id: EvidenceFileId): Promise<boolean>;
  /** Files that wait for the scanner, oldest first. */
  listToScan(tx: Tx, limit: number): Promise<EvidenceFileId[]>;
  listQuarantine(ctx: Context, caseFileId: CaseFileId): Promise<Quarantine[]>;
  /** First of two persons. @throws Conflict `evidence.not-in-quarantine` */
  askLettingOut(ctx: Context, id: EvidenceFileId, reason: LettingOutReason): Promise<void>;
  /** Second person, who did not ask. @throws Conflict `evidence.not-asked`; NotAllowed `identity.why-took-part` */
  confirmLettingOut(ctx: Context, id: EvidenceFileId): Promise<void>;
}

export function scanUses(
  keys: CaseFileKeys,
  sealed: SealedStore,
  random: Random,
  scanner: Scanner | undefined,
): ScanUses {
  async function look(ctx: Context, id: EvidenceFileId) {
    const { row, key } = await ctx.transaction((tx) => openAsNode(tx, keys, id));
    const file = toFile(row, key);
    const seal = sealOf(row, aboutOf(row, key), key, random);
    const pieces = await sealed.pieces(storedOf(row));
    const head = readFromMiddle(sealed, seal, pieces, file.size);
    let findings: Finding[] = [];
    const first = await head.read(0, Math.min(8, file.size));
    if (beginsAsZip(first)) {
      if (file.size <= mostInspected) findings = (await inspectArchive(head)).findings;
    } else {
      findings = await inspectDocument(head);
      if (file.size <= mostInMemory && beginsAsPhoto(first))
        findings = [...inspectPhoto(await head.read(0, file.size)), ...findings];
    }
    const fits = scanner !== undefined && file.size <= scanner.limit;
    const answer = fits ? await scanner.scan(sealed.read(seal, pieces)) : undefined;
    return { file, findings, answer };
  }

  return {
    async scanFile(ctx, id) {
      if (ctx.actor.kind !== 'system') throw new NotAllowed('evidence.node-only');
      const { file, findings, answer } = await look(ctx, id);
      const decided = decideScan({ hasScanner: scanner !== undefined, answer, findings });
      await ctx.transaction(async (tx) => {
        const { row, key } = await openAsNode(tx, keys, id);
        // Scanned meanwhile by another worker: what was found stays.
        if (row.scan !== 'not-scanned' && row.scan !== 'scanner-down') return;
        await limits.setScan(tx, id, decided.scan, sealFindings(id, findings, key));
        if (answer?.status === 'found')
          await limits.insertQuarantine(tx, {
            file_id: id,
            case_file_id: row.case_file_id,
            found: answer.name,
            found_at: ctx.clock.now(),
          });
        if (decided.scan === row.scan) return;
        await touch(tx, ctx, row, 'scanned', decided.scan === 'not-scanned' ? {} : { outcome: decided.scan });
        await recordAudit(
          tx,
          ctx,
          'evidence.scan-file',
          { kind: 'evidence-file', id },
          { caseFile: file.caseFileId, scan: decided.scan },
        );
      });
      return !decided.again;
    },

    listToScan: async (tx, limit) => (await limits.listToScan(tx, limit)).map((one) => one.id),

    listQuarantine: (ctx, caseFileId) =>
      ctx.transaction(async (tx) => {
        await getAllowed(tx, ctx, 'evidence.read-case-file', caseFileId);
        return (await limits.listQuarantine(tx, caseFileId)).map((one) => ({
          fileId: one.file_id,
          found: one.found,
          foundAt: one.found_at,
          askedBy: one.proposed_by,
          reason: one.reason,
          confirmedBy: one.confirmed_by,
        }));
      }),

    askLettingOut: (ctx, id, reason) =>
      ctx.transaction(async (tx) => {
        const { row } = await getReadable(tx, ctx, keys, id);
        await getAllowed(tx, ctx, 'evidence.ask-letting-out', row.case_file_id);
        if (row.scan !== 'quarantined') throw new Conflict('evidence.not-in-quarantine');
        if (!(await limits.proposeLettingOut(tx, id, whoActs(ctx).id, reason, ctx.clock.now())))
          throw new Conflict('evidence.asked-already');
        await recordAudit(tx, ctx, 'evidence.ask-letting-out', { kind: 'evidence-file', id }, { reason });
      }),

    confirmLettingOut: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { row, caseFile } = await getReadable(tx, ctx, keys, id);
        const kept = await limits.findQuarantine(tx, id);
        if (!kept?.proposed_by) throw new Conflict('evidence.not-asked');
        const members = (await store.listMembers(tx, [caseFile.id])).get(caseFile.id) ?? [];
        const now = ctx.clock.now();
        ctx.allow('evidence.confirm-letting-out', {
          officeId: caseFile.office_id,
          members: members
            .filter((one) => one.from <= now && (!one.until || one.until > now))
            .map((one) => one.personId),
          createdBy: kept.proposed_by,
        });
        if (!(await limits.confirmLettingOut(tx, id, whoActs(ctx).id, now))) throw new NotFound('evidence.not-asked');
        await touch(tx, ctx, row, 'let-out', { partyRef: kept.proposed_by });
        await recordAudit(
          tx,
          ctx,
          'evidence.confirm-letting-out',
          { kind: 'evidence-file', id },
          { askedBy: kept.proposed_by, reason: kept.reason ?? '' },
        );
      }),
  };
}
