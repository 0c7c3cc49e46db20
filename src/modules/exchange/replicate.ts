import { every } from '../../platform/clock.ts';
import { sendDuePings } from '../authorities/index.ts';
import { codeOf, createRefresh, pollDue, type ReplicateParts } from './replicate-poll.ts';
import { compareHeads, pushOwn, tellOfConflicts, type Pushed } from './replicate-push.ts';
import type { NodeId } from './schema.ts';

export { pollDue, pollEveryMs, pollFeed, type ReplicateParts } from './replicate-poll.ts';
export { compareHeads, pushOwn, tellOfConflicts } from './replicate-push.ts';

const compareEveryMs = 24 * 3_600_000;
const pingLookMs = 3_600_000;
const sayAgainMs = 3_600_000;

/** Asks the secure addresses that are due whether they answer. Nothing is asked of whom nothing could be sealed to. */
export async function pingDue({ trust, ctx, clock }: ReplicateParts): Promise<number> {
  const [from] = trust.own.authorities;
  if (from === undefined) return 0;
  return ctx.transaction(async (tx) => {
    const view = await trust.loadTrust(tx);
    const now = clock.now();
    const reachable = view
      .authorities()
      .filter(
        ({ id, owner }) =>
          owner !== trust.own.owner &&
          view.nodeOf(id) !== undefined &&
          view.knowsAuthority(id, now) &&
          view.sealingKeys(id, now).length > 0,
      );
    return sendDuePings(
      tx,
      ctx,
      from,
      reachable.map((one) => one.id),
    );
  });
}

export interface Replication {
  /** Looks and pushes now, without waiting for the time. */
  once(): Promise<void>;
  /** Asks for news of the State of a peer now, at most every ten seconds. */
  refresh(peer: NodeId): Promise<boolean>;
  stop(): Promise<void>;
}

/** Keeps the copies of all feeds up to date and pushes the own, until stopped. */
export function startReplication(parts: ReplicateParts, everyMs = 2_000): Replication {
  const { clock, log } = parts;
  const pushed: Pushed = new Map();
  let comparedAt: number | undefined;
  // Nobody is asked in the first hour: at a start there is other work.
  let pingedAt = Date.parse(clock.now());
  let saidAt = Date.parse(clock.now());
  let running: Promise<void> | undefined;
  let stopped = false;
  const round = async () => {
    // Nobody can ask a node without an address: it says again and again what its newest records are.
    const at = Date.parse(clock.now());
    if (parts.trust.own.endpoints.length === 0 && at - saidAt >= sayAgainMs) {
      pushed.clear();
      saidAt = at;
    }
    await pushOwn(parts, pushed);
    await pollDue(parts);
    await tellOfConflicts(parts);
    const now = Date.parse(clock.now());
    if (now - pingedAt >= pingLookMs) {
      await pingDue(parts);
      pingedAt = now;
    }
    if (comparedAt === undefined || now - comparedAt >= compareEveryMs) {
      await compareHeads(parts);
      comparedAt = now;
    }
  };
  const once = (): Promise<void> =>
    (running ??= round()
      .catch((error: unknown) => log.error({ event: 'feeds.failed', code: codeOf(error) }))
      .finally(() => {
        running = undefined;
      }));
  const timer = every(everyMs, () => {
    if (!stopped) void once();
  });
  return {
    once,
    refresh: createRefresh(parts),
    async stop() {
      stopped = true;
      timer.stop();
      await running;
    },
  };
}
