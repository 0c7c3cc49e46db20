import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { ListedEntry, LogFilter, LogReport, LogSize } from './schema.ts';
import { listLog, proveConsistency, proveEntry, verifyLog, type AuditReader } from './service.ts';

const route = apiRoute<AuditReader>();
const tag = 'Audit';
const Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** The log for oversight: entries, proofs, and whether it is whole. */
export function auditApi(): ApiRoute<AuditReader>[] {
  return [
    route({
      method: 'get',
      path: '/api/audit/entries',
      permission: 'audit.read',
      audit: 'audit.read',
      tag,
      summary: 'Entries, newest first',
      input: { query: LogFilter },
      output: z.object({
        kind: z.literal('audit.entries'),
        version: z.literal(1),
        entries: z.array(ListedEntry),
        next: z.number().int().nullable().describe('Ask again with `before` set to this; null at the end'),
      }),
      handler: async ({ ctx, query }) => ({ kind: 'audit.entries', version: 1, ...(await listLog(ctx, query)) }),
    }),
    route({
      method: 'get',
      path: '/api/audit/entries/:id/proof',
      permission: 'audit.read',
      tag,
      summary: 'Proof that the log holds an entry (RFC 6962)',
      input: { params: z.strictObject({ id: z.uuid() }) },
      output: z.object({ index: z.number().int(), size: z.number().int(), root: Hex, data: Hex, path: z.array(Hex) }),
      handler: ({ ctx, params }) => proveEntry(ctx, params.id),
    }),
    route({
      method: 'get',
      path: '/api/audit/consistency',
      permission: 'audit.read',
      tag,
      summary: 'Proof that the log began with an earlier one (RFC 6962)',
      input: { query: LogSize },
      output: z.object({ from: z.number().int(), size: z.number().int(), root: Hex, path: z.array(Hex) }),
      handler: ({ ctx, query }) => proveConsistency(ctx, query.from),
    }),
    route({
      method: 'get',
      path: '/api/audit/verify',
      permission: 'audit.verify',
      tag,
      summary: 'Recompute the whole log and name the first broken entry',
      input: {},
      output: LogReport,
      handler: ({ ctx }) => verifyLog(ctx),
    }),
  ];
}
