import { type Readable } from 'node:stream';
import { Conflict, NotAllowed, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { OutgoingFile } from '../../../platform/outbox/messages.ts';
import type { Random } from '../../../platform/random.ts';
import type { PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { decideOtherUse, type ConsentFacts } from '../rules/use.ts';
import type { CaseFileId, EvidenceFile, EvidenceFileId, UseLimitation } from '../schema.ts';
import type { CaseFileKeys } from '../sealer.ts';
import type { SealedStore } from '../storage.ts';
import * as limits from '../store/limits.ts';
import * as store from '../store/index.ts';
import { getAllowed } from './case-files.ts';
import { refuseQuarantined } from './files.ts';
import {
  aboutOf,
  getReadable,
  insertFile,
  nameOf,
  newFileId,
  openAsNode,
  sealOf,
  storedOf,
  toFile,
  touch,
} from './rows.ts';

/** Consent of the State that gave a file to a use beyond what it was given for. */
export interface NewConsent {
  /** The message or paper it stands in. */
  consentId: string;
  /** Authority that consented. */
  by: string;
  on: PlainDate;
  covers: string;
}

export interface SendingUses {
  /**
   * Records that files left with a message or paper, in the transaction that sends it; the caller has asked for permission.
   * @param to authority it goes to; what another State gave goes to a third only with its consent
   * @throws NotAllowed `evidence.in-quarantine`; Conflict `evidence.use-limited`
   */
  recordRelease(
    tx: Tx,
    ctx: Context,
    ids: readonly EvidenceFileId[],
    reference: string,
    to?: { to: string; consentId?: string },
  ): Promise<void>;
  /** Records that originals went back to whoever gave them. */
  recordReturn(tx: Tx, ctx: Context, ids: readonly EvidenceFileId[], reference: string, to: string): Promise<void>;
  /**
   * Files as the sender of messages takes them: only those that a person released with this very reference.
   * @throws NotFound `evidence.not-released`
   */
  openReleased(tx: Tx, ids: readonly EvidenceFileId[], reference: string): Promise<OutgoingFile[]>;
  /** Stores the consent of the State that gave the files to other use; twice the same is once. */
  recordConsent(tx: Tx, ctx: Context, ids: readonly EvidenceFileId[], consent: NewConsent): Promise<void>;
  listConsents(ctx: Context, id: EvidenceFileId): Promise<(NewConsent & { recordedBy: string })[]>;
  /**
   * Opens a file for another case file: the same bytes, a custody of their own. A limit of use goes along.
   * @throws Conflict `evidence.use-limited` without consent of the State that gave it
   */
  useInCaseFile(
    ctx: Context,
    id: EvidenceFileId,
    caseFileId: CaseFileId,
    given?: { consentId?: string },
  ): Promise<EvidenceFile>;
}

const consentPlace = (id: EvidenceFileId, consentId: string) => `files/${id}/consents/${consentId}`;

export function sendingUses(keys: CaseFileKeys, sealed: SealedStore, random: Random): SendingUses {
  async function refuseLimited(
    tx: Tx,
    id: EvidenceFileId,
    limitation: UseLimitation | null,
    consentId: string | undefined,
    to?: string,
  ): Promise<void> {
    const consents: ConsentFacts[] = (await limits.listConsents(tx, id)).map((one) => ({
      id: one.consent_id,
      by: one.by_authority,
    }));
    const decision = decideOtherUse({ limitation, consents, consentId, to });
    if (!decision.ok) {
      throw new Conflict('evidence.use-limited', {
        params: { source: limitation?.source ?? '' },
        problems: decision.error,
      });
    }
  }

  return {
    async recordRelease(tx, ctx, ids, reference, to) {
      for (const id of ids) {
        const { row, key } = await openAsNode(tx, keys, id);
        await refuseQuarantined(tx, row);
        if (to) await refuseLimited(tx, id, toFile(row, key).useLimitation, to.consentId, to.to);
        await touch(tx, ctx, row, 'released', { reference, ...(to ? { party: to.to } : {}) });
      }
    },

    async recordReturn(tx, ctx, ids, reference, to) {
      for (const id of ids) {
        const row = await store.findFile(tx, id);
        if (!row) throw new NotFound('evidence.not-found');
        await touch(tx, ctx, row, 'returned', { reference, party: to });
        await recordAudit(tx, ctx, 'evidence.return-file', { kind: 'evidence-file', id }, { to });
      }
    },

    async openReleased(tx, ids, reference) {
      const files: OutgoingFile[] = [];
      for (const id of ids) {
        const { row, key } = await openAsNode(tx, keys, id);
        const chain = await store.listCustodyRows(tx, id);
        const released = chain.find(({ entry }) => entry.act === 'released' && entry.reference === reference);
        if (!released) throw new NotFound('evidence.not-released');
        await refuseQuarantined(tx, row);
        const { fileName, mediaType, size, sha256 } = toFile(row, key);
        const seal = sealOf(row, aboutOf(row, key), key, random);
        files.push({
          fileName,
          mediaType,
          size,
          sha256,
          custodyRef: released.hash,
          open: async (): Promise<Readable> => sealed.read(seal, await sealed.pieces(storedOf(row))),
        });
      }
      return files;
    },

    async recordConsent(tx, ctx, ids, consent) {
      for (const id of ids) {
        const { row, key } = await openAsNode(tx, keys, id);
        await limits.insertConsent(tx, {
          file_id: id,
          case_file_id: row.case_file_id,
          consent_id: consent.consentId,
          by_authority: consent.by,
          on_day: consent.on,
          sealed_covers: key.seal(Buffer.from(consent.covers, 'utf8'), consentPlace(id, consent.consentId)),
          recorded_by: nameOf(ctx),
          recorded_at: ctx.clock.now(),
        });
        await recordAudit(
          tx,
          ctx,
          'evidence.record-consent',
          { kind: 'evidence-file', id },
          { consent: consent.consentId, by: consent.by },
        );
      }
    },

    listConsents: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { key } = await getReadable(tx, ctx, keys, id);
        return (await limits.listConsents(tx, id)).map((one) => ({
          consentId: one.consent_id,
          by: one.by_authority,
          on: one.on_day,
          covers: key.open(one.sealed_covers, consentPlace(id, one.consent_id)).toString('utf8'),
          recordedBy: one.recorded_by,
        }));
      }),

    useInCaseFile: (ctx, id, caseFileId, { consentId } = {}) =>
      ctx.transaction(async (tx) => {
        const { row, key } = await getReadable(tx, ctx, keys, id);
        const { row: target } = await getAllowed(tx, ctx, 'evidence.add-file', caseFileId);
        // Even let out, it stays where two persons let it out.
        if (row.scan === 'quarantined') throw new NotAllowed('evidence.in-quarantine');
        const about = aboutOf(row, key);
        // Sealed under the case file's key itself, the bytes cannot go along.
        if (about.version === 1) throw new Conflict('evidence.old-form');
        if (row.case_file_id === caseFileId) throw new Conflict('evidence.same-case-file');
        await refuseLimited(tx, id, about.useLimitation, consentId);
        const targetKey = await keys.of(target);
        const made = await insertFile(tx, ctx, targetKey, {
          id: newFileId(ctx),
          caseFileId,
          stored: { blobKey: row.blob_key, pieces: row.pieces, storedBytes: Number(row.stored_bytes) },
          about,
          linkedFrom: row.id,
          scan: row.scan,
        });
        const reference = consentId === undefined ? {} : { reference: consentId };
        await touch(tx, ctx, row, 'linked', { partyRef: made.id, ...reference });
        await touch(tx, ctx, made, 'received', { partyRef: row.id, ...reference });
        await recordAudit(
          tx,
          ctx,
          'evidence.use-in-case-file',
          { kind: 'evidence-file', id: made.id },
          { from: row.id, caseFile: caseFileId, ...(consentId === undefined ? {} : { consent: consentId }) },
        );
        return toFile(made, targetKey);
      }),
  };
}
