import type { Blobs } from '../../../platform/blobs/index.ts';
import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Random } from '../../../platform/random.ts';
import { createCaseFileKeys, type Sealer } from '../sealer.ts';
import { caseFileUses, type CaseFileUses } from './case-files.ts';
import { fileUses, type FileUses } from './files.ts';

export { findCaseFileFacts, visibleCaseFiles, type CaseFileFacts } from './case-files.ts';

/** Case files, their files and custody, and the sealer for what other modules keep in a case file. */
export interface Evidence extends CaseFileUses, FileUses {
  sealer: Sealer;
}

export interface EvidenceParts {
  keys: KeyStore;
  blobs: Blobs;
  random: Random;
  /** Largest file taken, in bytes. */
  maxFileBytes: number;
}

export function createEvidence({ keys, blobs, random, maxFileBytes }: EvidenceParts): Evidence {
  const caseFileKeys = createCaseFileKeys(keys, random);
  return { ...caseFileUses(caseFileKeys), ...fileUses(caseFileKeys, blobs, maxFileBytes), sealer: caseFileKeys };
}
