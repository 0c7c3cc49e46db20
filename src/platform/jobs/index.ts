import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { type Db, type Tx, withTransaction } from '../db/index.ts';
import type { Log } from '../log.ts';
import { uuidv7, type Random } from '../random.ts';
import type { Instant } from '../values/index.ts';
import { failureCode, later, longestTryMillis, mostTries, nextTry } from './backoff.ts';

declare module '../db/tables.ts' {
  interface Tables {
    jobs: {
      id: string;
      kind: string;
      key: string | null;
      payload: JobPayload;
      run_at: Instant;
      tries: number;
      last_code: string | null;
      dead_at: Instant | null;
      created_at: Instant;
    };
  }
}

/** Ids and codes. */
export type JobPayload = Record<string, string | number | boolean | null>;

export const jobChannel = 'comity_jobs';

export interface NewJob {
  kind: string;
  payload?: JobPayload;
  /** Not before; now unless told. */
  runAt?: Instant;
  /** At most one open job per kind and key: asking again changes nothing. */
  key?: string;
}

/** Asks for work in the transaction that causes it; workers are woken when it commits. */
export async function addJob(tx: Tx, { clock, random }: { clock: Clock; random: Random }, job: NewJob): Promise<void> {
  const now = clock.now();
  await tx
    .insertInto('jobs')
    .values({
      id: uuidv7(random, Date.parse(now)),
      kind: job.kind,
      key: job.key ?? null,
      payload: job.payload ?? {},
      run_at: job.runAt ?? now,
      tries: 0,
      last_code: null,
      dead_at: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await sql`select pg_notify(${jobChannel}, '')`.execute(tx);
}

/** How far two looks at the clock may be apart and mean the same moment. */
const sameMoment = 60_000;

/**
 * Lets what a clock that ran ahead put off be done now: jobs asked for at a moment that has not come, and tries again
 * that wait longer than any does. Called when a node starts, and when its clock goes back.
 */
export async function bringForward(tx: Tx, now: Instant): Promise<void> {
  await sql`
    update jobs set run_at = ${now}::timestamptz
     where dead_at is null and run_at > ${now}::timestamptz
       and (created_at > ${later(now, sameMoment)}::timestamptz
            or (tries > 0 and run_at > ${later(now, longestTryMillis + sameMoment)}::timestamptz))`.execute(tx);
}

/** Runs in the transaction that also ends the job: its effects in the database happen once or not at all. */
export type JobHandler = (tx: Tx, payload: JobPayload) => Promise<void>;

export interface JobParts {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  handlers: Readonly<Record<string, JobHandler>>;
}

/**
 * Runs one due job, if any. A job that fails waits longer each time and is put aside after eight tries.
 * @returns whether there was one
 */
export async function runDueJob({ db, clock, random, log, handlers }: JobParts): Promise<boolean> {
  let running: { id: string; kind: string; tries: number } | undefined;
  try {
    return await withTransaction(db, 'system:jobs', async (tx) => {
      const job = await tx
        .selectFrom('jobs')
        .selectAll()
        .where('dead_at', 'is', null)
        .where('run_at', '<=', clock.now())
        .where('kind', 'in', Object.keys(handlers))
        .orderBy('run_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!job) return false;
      running = job;
      // Gone before the work, so that the work may ask for the same key again.
      await tx.deleteFrom('jobs').where('id', '=', job.id).execute();
      await handlers[job.kind]?.(tx, job.payload);
      return true;
    });
  } catch (error) {
    if (!running) throw error;
    const { id, kind } = running;
    const tries = running.tries + 1;
    const now = clock.now();
    const code = failureCode(error);
    const dead = tries >= mostTries;
    await withTransaction(db, 'system:jobs', (tx) =>
      tx
        .updateTable('jobs')
        .set({ tries, last_code: code, run_at: nextTry(now, tries, random), dead_at: dead ? now : null })
        .where('id', '=', id)
        .where('tries', '=', tries - 1)
        .execute(),
    );
    log[dead ? 'error' : 'warn']({ event: dead ? 'job.put-aside' : 'job.failed', job: id, kind, tries, code });
    return true;
  }
}

export { failureCode, later, mostTries, nextTry } from './backoff.ts';
export { startWorker, type Worker, type WorkerParts } from './worker.ts';
