import type { Tx } from '../../platform/db/index.ts';
import { NotFound } from '../../platform/errors.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import type { Instant } from '../../platform/values/index.ts';
import { consistencyPath, inclusionPath } from './log.ts';
import type { AuditContext } from './record.ts';
import { recordAudit } from './record.ts';
import { appendToFrontier, chainAfter, emptyChain, leafData, rootOfFrontier } from './rules/index.ts';
import { EntryTime, type Break, type ListedEntry, type LogName, type LogReport } from './schema.ts';
import {
  findEntryWithoutLeaf,
  findIndexOfEntry,
  findLeafByData,
  getHead,
  listEntries,
  listLeaves,
  type EntryFilter,
  type LeafRow,
} from './store/index.ts';

/** What the pages, routes and commands of the log ask of a context; that of `identity` fits it. */
export interface AuditReader extends AuditContext {
  locale: OfferedLocale;
  zone: string;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  allow(permission: 'audit.read' | 'audit.verify'): void;
}

const batch = 5000;

/** Recomputes the whole log against its stored head and names the first broken entry. */
export async function verifyLog(ctx: AuditReader): Promise<LogReport> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.verify');
    return checkLog(tx);
  });
}

/** The same without asking for a permission: for the node's own checks at start. */
export async function checkLog(tx: Tx, log: LogName = 'audit'): Promise<LogReport> {
  const head = await getHead(tx, log);
  let checked = 0;
  let chain = emptyChain;
  let frontier: Buffer[] = [];
  let since: Instant | null = null;
  let until: Instant | null = null;
  const report = (firstBreak: Break | null): LogReport => ({
    kind: 'audit.report',
    version: 1,
    size: head.size,
    checked,
    root: head.root.toString('hex'),
    since,
    until,
    whole: firstBreak === null,
    firstBreak,
  });
  while (checked < head.size) {
    const rows = await listLeaves(tx, checked, Math.min(batch, head.size - checked), log);
    if (rows.length === 0) return report({ index: checked, entryId: null, what: 'truncated' });
    for (const row of rows) {
      const broken = await findBreak(tx, log, row, checked, chain);
      if (broken) return report(broken);
      const at = entryTime(row);
      since ??= at;
      until = at;
      chain = row.chain;
      frontier = appendToFrontier(frontier, checked, row.d);
      checked += 1;
    }
  }
  const beyond = await listLeaves(tx, head.size, 1, log);
  if (beyond[0]) return report({ index: beyond[0].index, entryId: beyond[0].entryId, what: 'added' });
  const stray = log === 'audit' ? await findEntryWithoutLeaf(tx) : undefined;
  if (stray) return report({ index: head.size, entryId: stray, what: 'added' });
  const headFits =
    rootOfFrontier(frontier).equals(head.root) &&
    Buffer.concat(frontier).equals(head.frontier) &&
    chain.equals(head.chain);
  return report(headFits ? null : { index: head.size, entryId: null, what: 'head-differs' });
}

function entryTime(row: LeafRow): Instant | null {
  if (row.entry === null) return null;
  const { at } = EntryTime.parse(JSON.parse(row.entry));
  return at ?? null;
}

async function findBreak(tx: Tx, log: LogName, row: LeafRow, expected: number, chain: Buffer): Promise<Break | null> {
  if (row.index !== expected || row.entry === null || row.salt === null) {
    return { index: expected, entryId: row.index === expected ? row.entryId : null, what: 'removed' };
  }
  const data = leafData(row.salt, row.entry);
  const broken = { index: expected, entryId: row.entryId };
  if (!data.equals(row.d)) {
    const elsewhere = await findLeafByData(tx, data, log);
    return { ...broken, what: elsewhere === undefined ? 'changed' : 'reordered' };
  }
  if (chainAfter(chain, row.d).equals(row.chain)) return null;
  return { ...broken, what: (await standsElsewhere(tx, log, chain, expected)) ? 'reordered' : 'changed' };
}

/** Looks whether a later leaf is the one whose link continues the chain here. */
async function standsElsewhere(tx: Tx, log: LogName, chain: Buffer, from: number): Promise<boolean> {
  for (let next = from + 1; ;) {
    const rows = await listLeaves(tx, next, batch, log);
    if (rows.some((row) => chainAfter(chain, row.d).equals(row.chain))) return true;
    if (rows.length < batch) return false;
    next = rows.at(-1)!.index + 1;
  }
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

/** Inclusion proof of an entry in the log as it stands. Throws `NotFound` when the log does not hold it. */
export async function proveEntry(ctx: AuditReader, entryId: string): Promise<Proof> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const index = await findIndexOfEntry(tx, entryId);
    if (index === undefined) throw new NotFound('audit.no-such-entry');
    const { size, root } = await getHead(tx);
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
