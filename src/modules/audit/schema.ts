import { z } from 'zod';
import { Instant, type Sha256 } from '../../platform/values/index.ts';

/** `audit`: who did what here; `exchange`: what crossed the border. */
export const logNames = ['audit', 'exchange'] as const;
export const LogName = z.enum(logNames);
export type LogName = z.infer<typeof LogName>;

/** Where a thing stands in a log: what a receipt names. */
export interface LogPlace {
  origin: string;
  /** Counted from 0. */
  index: number;
  /** RFC 6962 hash of the leaf. */
  leafHash: Sha256;
}

/** Details of an entry: ids, codes and whole numbers. Never names or contents. */
export const AuditDetails = z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null()]));
export type AuditDetails = z.infer<typeof AuditDetails>;

export const AuditSubject = z.object({ kind: z.string(), id: z.string() });
export type AuditSubject = z.infer<typeof AuditSubject>;

/** One entry, hashed in its canonical form. */
export const AuditEntry = z.object({
  kind: z.literal('audit.entry'),
  version: z.literal(1),
  id: z.string(),
  at: Instant,
  actor: z.object({
    kind: z.enum(['person', 'public', 'system']),
    id: z.string().optional(),
    office: z.string().optional(),
  }),
  action: z.string(),
  subject: AuditSubject,
  outcome: z.enum(['done', 'denied']),
  details: AuditDetails,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Leaf of the exchange log that fixes the audit log: whoever rewrites one must rewrite the other. */
export const AuditCheckpointEntry = z.object({
  kind: z.literal('log.audit-checkpoint'),
  version: z.literal(1),
  at: Instant,
  origin: z.string(),
  size: z.int().min(0),
  rootSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** All that checking reads of an entry of either log. */
export const EntryTime = z.object({ at: Instant.optional() });

/** An entry as listed: with its place in the log, counted from 0. */
export const ListedEntry = z.object({ index: z.number().int(), entry: AuditEntry });
export type ListedEntry = z.infer<typeof ListedEntry>;

export const Break = z.object({
  index: z.number().int().describe('Place of the first broken entry, counted from 0'),
  entryId: z.string().nullable(),
  what: z.enum([
    'changed',
    'removed',
    'reordered',
    'added',
    'truncated',
    'head-differs',
    'tile-differs',
    'cut-since-checkpoint',
    'rewritten-since-checkpoint',
  ]),
});
export type Break = z.infer<typeof Break>;

export const LogReport = z.object({
  kind: z.literal('audit.report'),
  version: z.literal(1),
  size: z.number().int().describe('Entries that the stored head counts'),
  checked: z.number().int().describe('Entries recomputed before the end or the first break'),
  root: z.string().describe('Merkle root of the stored head, 64 hex digits'),
  since: Instant.nullable().describe('Time of the first entry'),
  until: Instant.nullable(),
  whole: z.boolean(),
  firstBreak: Break.nullable(),
});
export type LogReport = z.infer<typeof LogReport>;

const whole = z.coerce.number('audit.bad-filter').int('audit.bad-filter');

/** What may be asked of the log, in addresses and on the page. */
export const LogFilter = z.strictObject({
  actorId: z.string().max(100).optional(),
  subjectKind: z.string().max(100).optional(),
  subjectId: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  outcome: z.enum(['done', 'denied'], 'audit.bad-filter').optional(),
  before: whole
    .min(0, 'audit.bad-filter')
    .max(2 ** 53 - 1)
    .optional(),
  limit: whole.min(1, 'audit.bad-filter').max(200, 'audit.bad-filter').default(50),
});

export const LogSize = z.strictObject({ from: whole.min(1, 'audit.bad-filter') });
