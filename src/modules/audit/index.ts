export { recordAudit, recordDenied, type AuditActor, type AuditContext } from './record.ts';
export { auditMessages } from './messages/index.ts';
export { AuditDetails, AuditEntry, AuditSubject, LogReport } from './schema.ts';
