import type { CaseFileId } from '../../evidence/index.ts';

/** The stored request a draft belongs to; absent for a draft that is not stored. */
export interface StoredAs {
  id: string;
  caseFileId: CaseFileId;
}
