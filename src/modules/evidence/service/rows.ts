import { NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { uuidv7, type Random } from '../../../platform/random.ts';
import type { Context } from '../../identity/index.ts';
import { custodyHash } from '../rules/index.ts';
import {
  AboutFile,
  EvidenceFileId,
  Finding,
  type CaseFileId,
  type CustodyAct,
  type CustodyEntry,
  type EvidenceFile,
  type ListedCustody,
  type ScanStatus,
} from '../schema.ts';
import type { CaseFileKeys, OpenedKey } from '../sealer.ts';
import { fileSeal, type FileSeal, type StoredFile } from '../storage.ts';
import * as store from '../store/index.ts';
import { getAllowed } from './case-files.ts';

const aboutPlace = (id: EvidenceFileId) => `files/${id}/about`;
const findingsPlace = (id: EvidenceFileId) => `files/${id}/findings`;

export function storedOf(row: store.EvidenceFileRow): Pick<StoredFile, 'blobKey' | 'pieces'> {
  return { blobKey: row.blob_key, pieces: row.pieces };
}

export function aboutOf(row: store.EvidenceFileRow, key: OpenedKey): AboutFile {
  return AboutFile.parse(JSON.parse(key.open(row.sealed_about, aboutPlace(row.id)).toString('utf8')));
}

export function sealAbout(id: EvidenceFileId, about: AboutFile, key: OpenedKey): Buffer {
  return key.seal(Buffer.from(JSON.stringify(about), 'utf8'), aboutPlace(id));
}

export function sealFindings(id: EvidenceFileId, findings: readonly Finding[], key: OpenedKey): Buffer | null {
  return findings.length === 0 ? null : key.seal(Buffer.from(JSON.stringify(findings), 'utf8'), findingsPlace(id));
}

function findingsOf(row: store.EvidenceFileRow, key: OpenedKey): Finding[] {
  if (!row.sealed_findings) return [];
  return Finding.array().parse(JSON.parse(key.open(row.sealed_findings, findingsPlace(row.id)).toString('utf8')));
}

/** How the pieces of a stored file are opened. Before files had keys of their own, there was one piece under the case file's key. */
export function sealOf(row: store.EvidenceFileRow, about: AboutFile, key: OpenedKey, random: Random): FileSeal {
  if (about.version === 2) return fileSeal(Buffer.from(about.fileKey, 'base64'), about.sealedAs, random);
  return {
    sealing: () => {
      throw new Error('Nothing is sealed in the first form any more');
    },
    opening: () => key.opening(`files/${row.id}`),
  };
}

export function toFile(row: store.EvidenceFileRow, key: OpenedKey): EvidenceFile {
  const about = aboutOf(row, key);
  const { fileName, givenName, mediaType, nameAgrees, size, sha256 } = about;
  const later = about.version === 2 ? about : undefined;
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
    findings: findingsOf(row, key),
    source: later?.source ?? null,
    sourceRef: later?.sourceRef ?? null,
    useLimitation: later?.useLimitation ?? null,
    collected: later?.collected ?? null,
    linkedFrom: row.linked_from,
    addedBy: row.added_by,
    addedAt: row.added_at,
  };
}

/** Who acts, as custody and rows name it. */
export function nameOf(ctx: Pick<Context, 'actor'>): string {
  const { actor } = ctx;
  return actor.kind === 'person' ? actor.id : actor.kind === 'system' ? `system:${actor.id}` : 'public';
}

/** Adds a custody entry at the end of a file's chain. */
export async function touch(
  tx: Tx,
  ctx: Pick<Context, 'actor' | 'clock' | 'random'>,
  row: Pick<store.EvidenceFileRow, 'id' | 'case_file_id' | 'blob_key'>,
  act: CustodyAct,
  more: Pick<CustodyEntry, 'outcome' | 'reference' | 'party' | 'partyRef'> = {},
): Promise<ListedCustody> {
  const last = await store.lockCustodyEnd(tx, row.id);
  const at = ctx.clock.now();
  const entry: CustodyEntry = {
    kind: 'custody-entry',
    version: 1,
    fileId: row.id,
    seq: (last?.seq ?? 0) + 1,
    act,
    at,
    by: nameOf(ctx),
    office: ctx.actor.kind === 'person' ? ctx.actor.officeId : null,
    blobSha256: row.blob_key,
    ...more,
  };
  const previousHash = last?.hash ?? null;
  const listed = { entry, hash: custodyHash(entry, previousHash), previousHash };
  await store.insertCustody(tx, uuidv7(ctx.random, Date.parse(at)), row.case_file_id, listed);
  return listed;
}

export interface NewFile {
  id: EvidenceFileId;
  caseFileId: CaseFileId;
  stored: StoredFile;
  about: AboutFile;
  linkedFrom?: EvidenceFileId;
  scan?: ScanStatus;
}

export async function insertFile(
  tx: Tx,
  ctx: Pick<Context, 'actor' | 'clock'>,
  key: OpenedKey,
  { id, caseFileId, stored, about, linkedFrom, scan }: NewFile,
): Promise<store.EvidenceFileRow> {
  const row: store.EvidenceFileRow = {
    id,
    case_file_id: caseFileId,
    blob_key: stored.blobKey,
    pieces: stored.pieces,
    stored_bytes: String(stored.storedBytes),
    linked_from: linkedFrom ?? null,
    sealed_findings: null,
    sealed_about: sealAbout(id, about, key),
    scan: scan ?? 'not-scanned',
    added_by: nameOf(ctx),
    added_at: ctx.clock.now(),
  };
  await store.insertFile(tx, row);
  return row;
}

export function newFileId(ctx: Pick<Context, 'clock' | 'random'>): EvidenceFileId {
  return EvidenceFileId.parse(uuidv7(ctx.random, Date.parse(ctx.clock.now())));
}

/** A file that the actor may read, with the key of its case file in hand. Absent and hidden answer alike. */
export async function getReadable(
  tx: Tx,
  ctx: Context,
  keys: CaseFileKeys,
  id: EvidenceFileId,
): Promise<{ row: store.EvidenceFileRow; key: OpenedKey; caseFile: store.CaseFileRow }> {
  const row = await store.findFile(tx, id);
  if (!row) {
    ctx.allow('evidence.read-case-file', { members: [] });
    throw new NotFound('evidence.not-found');
  }
  const { row: caseFile } = await getAllowed(tx, ctx, 'evidence.read-case-file', row.case_file_id);
  return { row, key: await keys.of(caseFile), caseFile };
}

/** A file as the node itself opens it, for what it was told to do with it: scan, send what a person released. */
export async function openAsNode(
  tx: Tx,
  keys: CaseFileKeys,
  id: EvidenceFileId,
): Promise<{ row: store.EvidenceFileRow; key: OpenedKey }> {
  const row = await store.findFile(tx, id);
  const caseFile = row ? await store.findCaseFile(tx, row.case_file_id) : undefined;
  if (!row || !caseFile) throw new NotFound('evidence.not-found');
  return { row, key: await keys.of(caseFile) };
}
