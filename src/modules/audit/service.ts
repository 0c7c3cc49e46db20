import type { Tx } from '../../platform/db/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import { consistencyPath, inclusionPath, originOf } from './log.ts';
import type { AuditContext } from './record.ts';
import { recordAudit } from './record.ts';
import { checkLog, headOfNote, knownHeads, type KnownHead } from './check.ts';
import { logNames, type ListedEntry, type LogName, type LogReport } from './schema.ts';
import { findIndexOfEntry, getHead, getLogName, listEntries, listLeaves, type EntryFilter } from './store/index.ts';

const batch = 5000;

/** What the pages, routes and commands of the log ask of a context; that of `identity` fits it. */
export interface AuditReader extends AuditContext {
  locale: OfferedLocale;
  zone: string;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  allow(permission: 'audit.read' | 'audit.verify'): void;
}

/** Recomputes the whole log against its stored head and names the first broken entry. */
export async function verifyLog(ctx: AuditReader): Promise<LogReport> {
  return (await verifyLogs(ctx, [])).audit;
}

/**
 * Recomputes both logs, against what is stored, what witnesses cosigned and the leaves of the other log.
 * @param notes checkpoints that others kept of one of these logs; one of another log is `audit.other-log`
 */
export async function verifyLogs(ctx: AuditReader, notes: readonly string[]): Promise<Record<LogName, LogReport>> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.verify');
    const { name, epoch } = await getLogName(tx);
    const given = { audit: [] as KnownHead[], exchange: [] as KnownHead[] };
    for (const note of notes) {
      const head = headOfNote(note);
      const log = logNames.find((one) => name !== null && head?.origin === originOf(one, name, epoch));
      if (!head || !log) throw new Invalid('audit.other-log');
      given[log].push(head);
    }
    return {
      audit: await checkLog(tx, 'audit', [...(await knownHeads(tx, 'audit')), ...given.audit]),
      exchange: await checkLog(tx, 'exchange', [...(await knownHeads(tx, 'exchange')), ...given.exchange]),
    };
  });
}

export interface LogPage {
  entries: ListedEntry[];
  /** Ask again with `before` set to this for older entries; null at the end. */
  next: number | null;
}

/** Newest entries first. Reading the log is itself recorded. */
export async function listLog(ctx: AuditReader, filter: EntryFilter): Promise<LogPage> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const entries = await listEntries(tx, { ...filter, limit: filter.limit + 1 });
    const shown = entries.slice(0, filter.limit);
    await recordAudit(tx, ctx, 'audit.read', { kind: 'log', id: 'audit' }, readDetails(filter));
    return { entries: shown, next: entries.length > filter.limit ? shown.at(-1)!.index : null };
  });
}

function readDetails(filter: EntryFilter): Record<string, string | number> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export interface Proof {
  index: number;
  size: number;
  root: string;
  data: string;
  path: string[];
}

/** Inclusion proof of an entry, by its id or place, in the log as it stands. Throws `NotFound` when the log does not hold it. */
export async function proveEntry(ctx: AuditReader, entryId: string): Promise<Proof> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const index = /^\d{1,15}$/.test(entryId) ? Number(entryId) : await findIndexOfEntry(tx, entryId);
    const { size, root } = await getHead(tx);
    if (index === undefined || index >= size) throw new NotFound('audit.no-such-entry');
    const [leaf] = await listLeaves(tx, index, 1);
    const path = (await inclusionPath(tx, 'audit', index, size)).map((step) => step.toString('hex'));
    return { index, size, root: root.toString('hex'), data: leaf!.d.toString('hex'), path };
  });
}

/** Path that shows the log of an earlier size to be the beginning of the present one. */
export async function proveConsistency(
  ctx: AuditReader,
  from: number,
): Promise<{ from: number; size: number; root: string; path: string[] }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const { size, root } = await getHead(tx);
    const path = (await consistencyPath(tx, 'audit', from, size)).map((step) => step.toString('hex'));
    return { from, size, root: root.toString('hex'), path };
  });
}

/** Every entry with salt and leaf data, oldest first, for a checker outside the node. */
export async function exportLog(
  ctx: AuditReader,
  each: (line: string) => void,
): Promise<{ size: number; root: string }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const head = await getHead(tx);
    for (let next = 0; next < head.size;) {
      const rows = await listLeaves(tx, next, Math.min(batch, head.size - next));
      if (rows.length === 0) break;
      for (const row of rows) {
        const [d, salt] = [row.d.toString('hex'), row.salt?.toString('hex') ?? null];
        each(JSON.stringify({ index: row.index, d, salt, entry: row.entry }));
      }
      next = rows.at(-1)!.index + 1;
    }
    await recordAudit(tx, ctx, 'audit.export', { kind: 'log', id: 'audit' }, { size: head.size });
    return { size: head.size, root: head.root.toString('hex') };
  });
}
