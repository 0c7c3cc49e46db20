export { isNotRecording, recordAudit, recordDenied, type AuditActor, type AuditContext } from './record.ts';
export { AuditDetails, AuditEntry, AuditSubject, type LogName, type LogPlace, LogReport } from './schema.ts';
export {
  appendLeaf,
  appendLeaves,
  consistencyPath,
  findOrigin,
  getOrigin,
  inclusionPath,
  inclusionPaths,
  originOf,
  readTile,
  rootAt,
} from './log.ts';
export {
  findCosignature,
  findLeaf,
  findLeaves,
  findNewestCheckpoint,
  findWitnessed,
  getHead,
  listCheckpoints,
  listConflicts,
  listCosignatures,
  listLeafData,
  listWitnessed,
  listWitnesses,
} from './store/index.ts';
export { createLogs, logKeyLabel, type Logs, type LogsOptions, type WentBack } from './checkpoint.ts';
export {
  keepConflict,
  takeCheckpoint,
  takeWitnessPart,
  witnessPart,
  type GrowthProof,
  type LogPeer,
  type Witness,
  type WitnessFinding,
  type WitnessPart,
} from './witness.ts';
export { checkLog, knownHeads, type KnownHead } from './check.ts';
export { verifyLog, verifyLogs, type AuditReader } from './service.ts';
export { readLogState, type LogState } from './state.ts';
export { leafData, leafHash, rootOf, verifyConsistency, verifyInclusion } from './rules/index.ts';
export { auditApi } from './api.ts';
export { auditCommands } from './cli.ts';
export { auditPages } from './pages.tsx';
export { auditMessages } from './messages/index.ts';
