import type { Blobs } from '../../../platform/blobs/index.ts';
import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import type { Scanner } from '../archive/clamd.ts';
import { createCaseFileKeys, type Sealer } from '../sealer.ts';
import type { EvidenceFile } from '../schema.ts';
import { sealedStore } from '../storage.ts';
import { caseFileUses, type CaseFileUses } from './case-files.ts';
import { fileUses, type FileUses } from './files.ts';
import { proofUses, type ProofParts, type ProofUses } from './proof.ts';
import { scanUses, type ScanUses } from './scanning.ts';
import { sendingUses, type SendingUses } from './sending.ts';
import { shareCopyUses, type ShareCopyUses } from './share-copies.ts';
import { stampUses, type StampUses } from './stamps.ts';
import { stagedUses, type StagedUses } from './staged.ts';
import { uploadUses, type UploadUses } from './uploads.ts';

export { findCaseFileFacts, visibleCaseFiles, type CaseFileFacts } from './case-files.ts';
export { lettingOutReasons, type LettingOutReason, type Quarantine } from './scanning.ts';
export type { FoundMessage, ProofPack, ProofParts } from './proof.ts';
export type { NewConsent } from './sending.ts';
export type { Provenance, StagedFile } from './staged.ts';
export type { NewUpload } from './uploads.ts';

/** Case files, their files and custody, and the sealer for what other modules keep in a case file. */
export interface Evidence
  extends CaseFileUses, FileUses, UploadUses, StagedUses, SendingUses, ProofUses, StampUses, ScanUses, ShareCopyUses {
  sealer: Sealer;
}

export interface EvidenceParts {
  keys: KeyStore;
  blobs: Blobs;
  random: Random;
  /** Largest file taken, in bytes. */
  maxFileBytes: number;
  /** Most that one case file holds, in bytes; no limit of its own unless told. */
  maxCaseFileBytes?: number;
  /** Most that one person adds within a day, in bytes; no limit of its own unless told. */
  maxPersonBytes?: number;
  /** Signs and stamps containers; without it none are made. */
  proof?: ProofParts;
  /** Virus scanner; without it nothing is ever called clean. */
  scanner?: Scanner;
  /** Told of every file that came in, inside its transaction: asks for the look into it. */
  onFile?(tx: Tx, file: EvidenceFile): Promise<void>;
}

export function createEvidence(parts: EvidenceParts): Evidence {
  const { keys, blobs, random, maxFileBytes } = parts;
  const caseFileKeys = createCaseFileKeys(keys, random);
  const sealed = sealedStore(blobs);
  const limits = {
    file: maxFileBytes,
    caseFile: parts.maxCaseFileBytes ?? Number.MAX_SAFE_INTEGER,
    person: parts.maxPersonBytes ?? Number.MAX_SAFE_INTEGER,
  };
  const files = fileUses(caseFileKeys, sealed, random);
  const onFile = parts.onFile ?? (async () => {});
  const intake = { keys: caseFileKeys, sealed, random, limits, onFile };
  const uploads = uploadUses(intake);
  return {
    ...caseFileUses(caseFileKeys),
    ...files,
    ...uploads,
    ...stagedUses(intake),
    ...shareCopyUses({ ...files, ...uploads }),
    ...sendingUses(caseFileKeys, sealed, random),
    ...proofUses(caseFileKeys, sealed, random, parts.proof),
    ...scanUses(caseFileKeys, sealed, random, parts.scanner),
    ...stampUses(parts.proof?.stamps?.authority),
    sealer: caseFileKeys,
  };
}
