import { forgetOldWrites } from '../platform/http/store.ts';
import {
  addJob,
  bringForward,
  jobChannel,
  later,
  runDueJob,
  startWorker,
  type JobHandler,
  type Worker,
} from '../platform/jobs/index.ts';
import { deliverNext, outboxChannel, type OutgoingMessage } from '../platform/outbox/index.ts';
import { withTransaction } from '../platform/db/index.ts';
import type { Instant } from '../platform/values/index.ts';
import { tidyIdentity } from '../modules/identity/index.ts';
import type { LiveModules } from './live-modules.ts';
import type { Node } from './node.ts';

const hour = 3_600_000;
const tidying = { kind: 'app.tidy', key: 'hourly' };

export interface Workers {
  /** Resolves when the pieces of work in hand are done. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Jobs of modules, by kind. */
  handlers?: Readonly<Record<string, JobHandler>>;
  /** Sends one message; without it messages wait in the outbox and nothing is lost. */
  deliver?(message: OutgoingMessage): Promise<void>;
}

/** Background work of a node: due jobs, and delivery where there is a way to deliver. */
export async function startWorkers(
  node: Node,
  live: Pick<LiveModules, 'identity'>,
  { handlers = {}, deliver }: WorkerOptions = {},
): Promise<Workers> {
  const { database, clock, random, log } = node;
  const parts = { db: database.db, clock, random, log };
  const own: Record<string, JobHandler> = {
    async [tidying.kind](tx) {
      await forgetOldWrites(tx, clock.now());
      await tidyIdentity(live.identity);
      await addJob(tx, { clock, random }, { ...tidying, runAt: later(clock.now(), hour) });
    },
  };
  const all = { ...handlers, ...own };
  // Asked for already: nothing changes. Several processes of a node share one tidying.
  await withTransaction(database.db, 'system:jobs', (tx) => addJob(tx, { clock, random }, tidying));
  let seenAt: Instant | undefined;
  const workers: Worker[] = [
    startWorker({
      connection: database,
      log,
      channel: jobChannel,
      async work() {
        const now = clock.now();
        if (seenAt === undefined || now < seenAt)
          await withTransaction(database.db, 'system:jobs', (tx) => bringForward(tx, now));
        seenAt = now;
        return runDueJob({ ...parts, handlers: all });
      },
    }),
  ];
  if (deliver) {
    workers.push(
      startWorker({
        connection: database,
        log,
        channel: outboxChannel,
        work: () => deliverNext({ ...parts, deliver }),
      }),
    );
  }
  return { stop: async () => void (await Promise.all(workers.map((worker) => worker.stop()))) };
}
