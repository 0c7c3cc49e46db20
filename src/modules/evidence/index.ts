export { evidenceApi } from './api.ts';
export { evidenceCommands } from './cli.ts';
export { evidenceMessages } from './messages/index.ts';
export { checkCustody, membersAt, safeFileName } from './rules/index.ts';
export {
  CaseFile,
  CaseFileChange,
  CaseFileId,
  caseFileLimits,
  Collected,
  CustodyEntry,
  EvidenceFile,
  EvidenceFileId,
  ListedCustody,
  Member,
  NewCaseFile,
  ScanStatus,
  Upload,
  UseLimitation,
} from './schema.ts';
export type { Sealer } from './sealer.ts';
export {
  createEvidence,
  findCaseFileFacts,
  visibleCaseFiles,
  type CaseFileFacts,
  type Evidence,
  type EvidenceParts,
  type FoundMessage,
  type ProofParts,
  type NewConsent,
  type NewUpload,
  type Provenance,
  type StagedFile,
} from './service/index.ts';
export { findStampedState, logStamps, type LogState } from './service/stamps.ts';
export { casefileMessages } from './messages/pages.ts';
export { evidencePages, type EvidencePagesParts, type ListedRequest } from './pages/index.tsx';
export type { MessageProof, SealedPart } from './container/proof-files.ts';
export { verifyContainer, type ContainerReport } from './container/verify.ts';
export { clamd, type Scanner } from './archive/clamd.ts';
export { uploadRoutes } from './upload-routes.ts';
