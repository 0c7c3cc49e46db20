import type { Tx } from '../../platform/db/index.ts';
import { NotFound, Unavailable } from '../../platform/errors.ts';
import type { Random } from '../../platform/random.ts';
import type { Sha256 } from '../../platform/values/index.ts';
import {
  consistencySteps,
  coverOf,
  foldStep,
  inclusionSteps,
  rootOfFull,
  tileHeight,
  tileWidth,
  type Step,
  type Subtree,
} from './rules/index.ts';
import type { LogName, LogPlace } from './schema.ts';
import { appendToLog, getHead, getLogName, readHashes, type Range } from './store/index.ts';

/** Name of a log to the world. The epoch counts up when history was lost with a restored backup. */
export function originOf(log: LogName, name: string, epoch: number): string {
  return `comity/${name}/${log}/${epoch}`;
}

/** Origin of an own log. Throws `audit.log-not-open` before the node first started. */
export async function getOrigin(tx: Tx, log: LogName = 'exchange'): Promise<string> {
  const origin = await findOrigin(tx, log);
  if (origin === undefined) throw new Unavailable('audit.log-not-open');
  return origin;
}

/** The same, where a node that never opened its log has none. */
export async function findOrigin(tx: Tx, log: LogName = 'exchange'): Promise<string | undefined> {
  const { name, epoch } = await getLogName(tx);
  return name === null ? undefined : originOf(log, name, epoch);
}

/**
 * Appends entries to the exchange log in the transaction that causes them. The one-appender lock is held until that
 * transaction ends: take every other lock before.
 * @param entries canonical JSON; ids, hashes and codes, no content
 */
export async function appendLeaves(
  tx: Tx,
  log: 'exchange',
  entries: readonly string[],
  random: Random,
): Promise<LogPlace[]> {
  if (entries.length === 0) return [];
  const salts = entries.map(() => random.bytes(16));
  const appended = await appendToLog(tx, [...entries], salts).catch((cause: unknown) => {
    throw new Unavailable('audit.not-recording', { cause });
  });
  return appended.map(({ index, leaf, name, epoch }) => {
    if (name === null) throw new Unavailable('audit.log-not-open');
    return { origin: originOf(log, name, epoch), index, leafHash: leaf.toString('hex') as Sha256 };
  });
}

export async function appendLeaf(tx: Tx, log: 'exchange', entry: string, random: Random): Promise<LogPlace> {
  const [place] = await appendLeaves(tx, log, [entry], random);
  return place!;
}

/** Level of the tile border at or below a level, and how many hashes there make the subtree. */
function partsOf({ level, index }: Subtree): Range & { border: number } {
  const border = Math.floor(level / tileHeight) * tileHeight;
  const width = 2 ** (level - border);
  return { border, from: index * width, to: (index + 1) * width };
}

/** Roots of full subtrees, in their order: at most some hundred rows are read for a proof at any size. */
async function rootsOf(tx: Tx, log: LogName, subtrees: readonly Subtree[]): Promise<Buffer[]> {
  const borders = new Map<number, Range[]>();
  const parts = subtrees.map(partsOf);
  for (const { border, from, to } of parts) borders.set(border, [...(borders.get(border) ?? []), { from, to }]);
  const read = new Map<number, Map<number, Buffer>>();
  for (const [border, ranges] of borders) read.set(border, await readHashes(tx, log, border, ranges));
  return parts.map(({ border, from, to }) => {
    const row: Buffer[] = [];
    for (let place = from; place < to; place += 1) {
      const hash = read.get(border)?.get(place);
      if (!hash) throw new Unavailable('audit.log-damaged', { params: { log, place } });
      row.push(hash);
    }
    return rootOfFull(row);
  });
}

async function resolve(tx: Tx, log: LogName, steps: readonly Step[]): Promise<Buffer[]> {
  const roots = await rootsOf(tx, log, steps.flat());
  let next = 0;
  return steps.map((step) => foldStep(roots.slice(next, (next += step.length))));
}

/** Path from a leaf to the root of the tree of `size` leaves. @source RFC 6962 section 2.1.1 */
export async function inclusionPath(tx: Tx, log: LogName, index: number, size: number): Promise<Buffer[]> {
  const head = await getHead(tx, log);
  if (size > head.size || index < 0 || index >= size)
    throw new NotFound('audit.no-such-size', { params: { size: head.size } });
  return resolve(tx, log, inclusionSteps(index, size));
}

/** Paths of several leaves at once, with as many questions to the database as for one. @throws NotFound as `inclusionPath` */
export async function inclusionPaths(
  tx: Tx,
  log: LogName,
  indexes: readonly number[],
  size: number,
): Promise<Buffer[][]> {
  const head = await getHead(tx, log);
  if (size > head.size || indexes.some((index) => index < 0 || index >= size))
    throw new NotFound('audit.no-such-size', { params: { size: head.size } });
  const steps = indexes.map((index) => inclusionSteps(index, size));
  const hashes = await resolve(tx, log, steps.flat());
  let next = 0;
  return steps.map((path) => hashes.slice(next, (next += path.length)));
}

/** Path that shows the tree of `size` leaves to begin with that of `older`; size 0 shows nothing and is refused. */
export async function consistencyPath(tx: Tx, log: LogName, older: number, size: number): Promise<Buffer[]> {
  const head = await getHead(tx, log);
  if (size > head.size || older < 1 || older > size)
    throw new NotFound('audit.no-such-size', { params: { size: head.size } });
  return resolve(tx, log, consistencySteps(older, size));
}

/** Root of the log when it had `size` leaves. */
export async function rootAt(tx: Tx, log: LogName, size: number): Promise<Buffer> {
  const head = await getHead(tx, log);
  if (size === head.size) return head.root;
  if (size < 0 || size > head.size) throw new NotFound('audit.no-such-size', { params: { size: head.size } });
  return foldStep(await rootsOf(tx, log, coverOf(0, size)));
}

/**
 * One tile of C2SP tlog-tiles: up to 256 hashes, 32 bytes each. Undefined when the log is not that far.
 * @param width hashes asked for; 256 for a full tile
 */
export async function readTile(
  tx: Tx,
  log: LogName,
  level: number,
  index: number,
  width: number = tileWidth,
): Promise<Buffer | undefined> {
  const { size } = await getHead(tx, log);
  const held = Math.floor(size / 2 ** (level * tileHeight));
  const from = index * tileWidth;
  if (width < 1 || width > tileWidth || from + width > held) return undefined;
  const hashes = await readHashes(tx, log, level * tileHeight, [{ from, to: from + width }]);
  return Buffer.concat([...hashes].sort(([a], [b]) => a - b).map(([, hash]) => hash));
}
