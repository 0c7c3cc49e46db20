import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { nameActor, type Actor, type Context, type Permission } from '../../identity/index.ts';
import { decideAlarms, type Alarm } from '../rules/alarms.ts';
import { exchangeFigures, type ExchangeFigures } from './figures.ts';
import {
  countByStatus,
  findTracked,
  listBlobRows,
  listEventRows,
  listIncoming,
  listOutgoing,
  listPeerRows,
  type EventRow,
  type PeerRow,
  type TrackedMessage,
} from '../store/operate.ts';

const node: Actor = { kind: 'system', id: 'exchange' };

/** Reads as the node what the asker may see: rows of the exchange belong to no person. */
async function asNode<T>(ctx: Context, permission: Permission, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.transaction(async (tx) => {
    ctx.allow(permission);
    await nameActor(tx, node);
    const value = await work(tx);
    await nameActor(tx, ctx.actor);
    return value;
  });
}

export interface ExchangeStatus {
  kind: 'exchange.status';
  version: 1;
  at: Instant;
  /** Signed here and not yet with a receipt. */
  waiting: number;
  oldestQueuedAt: Instant | null;
  /** Put aside: somebody decides. */
  parked: { out: number; in: number };
  /** Here before the one that must come first. */
  held: number;
  /** Kept and shown, not understood by this version. */
  notUnderstood: number;
  delivered: number;
  received: number;
  refused: number;
  expired: number;
  peers: PeerRow[];
  alarms: Alarm[];
  figures: ExchangeFigures;
}

interface Counts {
  of(direction: 'out' | 'in', ...statuses: string[]): number;
}

async function loadCounts(tx: Tx): Promise<Counts> {
  const rows = await countByStatus(tx);
  return {
    of: (direction, ...statuses) =>
      rows
        .filter((row) => row.direction === direction && statuses.includes(row.status))
        .reduce((sum, row) => sum + row.count, 0),
  };
}

/** The state of the exchange in numbers, for the page, the command and the metrics. */
export async function getExchangeStatus(ctx: Context): Promise<ExchangeStatus> {
  return asNode(ctx, 'exchange.read-queue', (tx) => exchangeStatus(tx, ctx.clock.now()));
}

/** The same inside the node's own work, which asks no permission. */
export async function exchangeStatus(tx: Tx, now: Instant): Promise<ExchangeStatus> {
  const peers = await listPeerRows(tx);
  const counts = await loadCounts(tx);
  const { figures, watched } = await exchangeFigures(tx, now);
  const oldest = peers.flatMap((peer) => (peer.oldestQueuedAt ? [peer.oldestQueuedAt] : [])).sort()[0] ?? null;
  return {
    kind: 'exchange.status',
    version: 1,
    at: now,
    waiting: counts.of('out', 'queued', 'sending'),
    oldestQueuedAt: oldest,
    parked: { out: counts.of('out', 'parked'), in: counts.of('in', 'parked') },
    held: counts.of('in', 'held'),
    notUnderstood: counts.of('in', 'not-understood'),
    delivered: counts.of('out', 'relayed', 'consigned', 'handed-over'),
    received: counts.of('in', 'received', 'opened', 'handed-over'),
    refused: counts.of('out', 'refused') + counts.of('in', 'refused'),
    expired: counts.of('out', 'expired') + counts.of('in', 'expired'),
    peers,
    alarms: decideAlarms(
      {
        ...watched,
        peers,
        putAside: counts.of('in', 'parked') + counts.of('out', 'parked'),
        unopened: figures.unopened,
        unwitnessedSince: figures.unwitnessedSince,
        unstampedSince: figures.stamps?.waitingSince ?? null,
        keys: figures.keys,
      },
      now,
    ),
    figures,
  };
}

export interface Queue {
  /** On their way out, the oldest first. */
  waiting: TrackedMessage[];
  /** Put aside on either side: somebody tries again or refuses. */
  parked: TrackedMessage[];
  /** Came before their turn. */
  held: TrackedMessage[];
  /** Kept as they came: of a kind this version does not know. */
  notUnderstood: TrackedMessage[];
  /** Each list ends here; more may stand behind it. */
  limit: number;
}

const queueLimit = 200;

/** Everything that is not at its end, from outside. */
export async function listQueue(ctx: Context, peer?: string): Promise<Queue> {
  const only = { limit: queueLimit, ...(peer === undefined ? {} : { peer }) };
  return asNode(ctx, 'exchange.read-queue', async (tx) => ({
    waiting: await listOutgoing(tx, { statuses: ['queued', 'sending'], ...only }),
    parked: [
      ...(await listOutgoing(tx, { statuses: ['parked'], ...only })),
      ...(await listIncoming(tx, { statuses: ['parked'], ...only })),
    ],
    held: await listIncoming(tx, { statuses: ['held'], ...only }),
    notUnderstood: await listIncoming(tx, { statuses: ['not-understood'], ...only }),
    limit: queueLimit,
  }));
}

export interface MessageTimeline {
  message: TrackedMessage;
  events: EventRow[];
  parts: { part: string; length: number; committed: number; status: string }[];
}

/**
 * One message and everything that is stated of it.
 * @throws NotFound `exchange.no-such-message`
 */
export async function getTimeline(ctx: Context, messageId: string): Promise<MessageTimeline> {
  return asNode(ctx, 'exchange.read-queue', async (tx) => {
    const message = await findTracked(tx, messageId);
    if (!message) throw new NotFound('exchange.no-such-message');
    return { message, events: await listEventRows(tx, messageId), parts: await listBlobRows(tx, messageId) };
  });
}

export type { Alarm, EventRow, PeerRow, TrackedMessage };
