export { isNotRecording, recordAudit, recordDenied, type AuditActor, type AuditContext } from './record.ts';
export { AuditDetails, AuditEntry, AuditSubject, type LogName, type LogPlace, LogReport } from './schema.ts';
export { appendLeaf, appendLeaves, getOrigin, readTile } from './log.ts';
export { checkLog, verifyLog, type AuditReader } from './service.ts';
export { leafData, leafHash, rootOf, verifyConsistency, verifyInclusion } from './rules/index.ts';
export { auditApi } from './api.ts';
export { auditCommands } from './cli.ts';
export { auditPages } from './pages.tsx';
export { auditMessages } from './messages/index.ts';
