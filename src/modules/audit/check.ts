import { readCheckpoint, readNote } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Instant } from '../../platform/values/index.ts';
import { originOf } from './log.ts';
import { chainAfter, emptyChain, leafData, TreeWalk } from './rules/index.ts';
import { AuditCheckpointEntry, EntryTime, type Break, type LogName, type LogReport } from './schema.ts';
import {
  findEntryWithoutLeaf,
  findLeafByData,
  findNewestCheckpoint,
  getHead,
  getLogName,
  listAuditCheckpointEntries,
  listLeaves,
  listNodes,
  listWitnesses,
  type LeafRow,
} from './store/index.ts';

const batch = 5000;

/** A state of the log that was signed, witnessed or recorded elsewhere. */
export interface KnownHead {
  size: number;
  root: Buffer;
}

/** Head that a signed note states, whoever keeps it. Signatures are for the caller to check. */
export function headOfNote(note: string): (KnownHead & { origin: string }) | undefined {
  const read = readNote(note);
  return read && readCheckpoint(read.text);
}

/** What this node itself keeps to hold its log against: newest checkpoint, cosignatures, and for `audit` the leaves of the exchange log. */
export async function knownHeads(tx: Tx, log: LogName): Promise<KnownHead[]> {
  const { name, epoch } = await getLogName(tx);
  if (name === null) return [];
  const newest = await findNewestCheckpoint(tx, log, originOf(log, name, epoch));
  const known: KnownHead[] = newest ? [newest] : [];
  if (log === 'audit') {
    for (const entry of await listAuditCheckpointEntries(tx)) {
      const read = AuditCheckpointEntry.safeParse(JSON.parse(entry));
      if (read.success) known.push({ size: read.data.size, root: Buffer.from(read.data.rootSha256, 'hex') });
    }
    return known;
  }
  const own = originOf(log, name, epoch);
  for (const { note, origin } of await listWitnesses(tx)) {
    const head = origin === own ? headOfNote(note) : undefined;
    if (head) known.push(head);
  }
  return known;
}

/**
 * Recomputes a whole log against its stored head and subtrees, and against states of it that others know. Asks for no
 * permission: for the node's own checks, and under a use case that asked.
 */
export async function checkLog(tx: Tx, log: LogName = 'audit', known: readonly KnownHead[] = []): Promise<LogReport> {
  const head = await getHead(tx, log);
  const walk = new TreeWalk();
  const nodes = new Map<string, Buffer>();
  const heads = new Map<number, Buffer[]>();
  for (const { size, root } of known) heads.set(size, [...(heads.get(size) ?? []), root]);
  let chain = emptyChain;
  let since: Instant | null = null;
  let until: Instant | null = null;
  const report = (firstBreak: Break | null): LogReport => ({
    kind: 'audit.report',
    version: 1,
    size: head.size,
    checked: walk.size,
    root: head.root.toString('hex'),
    since,
    until,
    whole: firstBreak === null,
    firstBreak,
  });
  while (walk.size < head.size) {
    const rows = await listLeaves(tx, walk.size, Math.min(batch, head.size - walk.size), log);
    if (rows.length === 0) return report({ index: walk.size, entryId: null, what: 'truncated' });
    for (const row of rows) {
      const broken = await findBreak(tx, log, row, walk.size, chain);
      if (broken) return report(broken);
      chain = row.chain;
      walk.add(row.d, ({ level, index }, hash) => nodes.set(`${level} ${index}`, hash));
      if (heads.get(walk.size)?.some((root) => !root.equals(walk.root())))
        return report({ index: walk.size, entryId: null, what: 'rewritten-since-checkpoint' });
    }
    since ??= entryTime(rows[0]!);
    until = entryTime(rows.at(-1)!);
  }
  const beyond = await listLeaves(tx, head.size, 1, log);
  if (beyond[0]) return report({ index: beyond[0].index, entryId: beyond[0].entryId, what: 'added' });
  const stray = log === 'audit' ? await findEntryWithoutLeaf(tx) : undefined;
  if (stray) return report({ index: head.size, entryId: stray, what: 'added' });
  const headFits =
    walk.root().equals(head.root) && Buffer.concat(walk.frontier).equals(head.frontier) && chain.equals(head.chain);
  if (!headFits) return report({ index: head.size, entryId: null, what: 'head-differs' });
  for (const { level, index, hash } of await listNodes(tx, log)) {
    const fits = nodes.get(`${level} ${index}`)?.equals(hash) === true;
    if (!fits) return report({ index: index * 2 ** level, entryId: null, what: 'tile-differs' });
    nodes.delete(`${level} ${index}`);
  }
  const missing = nodes.keys().next().value;
  if (missing !== undefined) {
    const [level = 0, index = 0] = missing.split(' ').map(Number);
    return report({ index: index * 2 ** level, entryId: null, what: 'tile-differs' });
  }
  const longest = Math.max(0, ...known.map((one) => one.size));
  if (longest > head.size) return report({ index: longest, entryId: null, what: 'cut-since-checkpoint' });
  return report(null);
}

function entryTime(row: LeafRow): Instant | null {
  if (row.entry === null) return null;
  return EntryTime.parse(JSON.parse(row.entry)).at ?? null;
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
