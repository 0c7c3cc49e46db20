import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock, systemClock } from '../clock.ts';
import { withTransaction } from '../db/index.ts';
import { createLog } from '../log.ts';
import { deliverNext, putInOutbox, retryMessage, type OutgoingMessage } from '../outbox/index.ts';
import { systemRandom, uuidv7 } from '../random.ts';
import { addJob, jobChannel, later, mostTries, nextTry, runDueJob, startWorker, type JobHandler } from './index.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(async () => void (await sql`truncate jobs, outbox`.execute(database.owner)));

const random = systemRandom;
const log = createLog('silent');
const inTx = <T>(work: Parameters<typeof withTransaction<T>>[2]) => withTransaction(database.db, 'system:test', work);

test('a job runs once, though many workers look for it', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  await inTx(async (tx) => {
    for (let n = 0; n < 20; n += 1) await addJob(tx, { clock, random }, { kind: 'count', payload: { n } });
  });
  const seen: unknown[] = [];
  const handlers: Record<string, JobHandler> = { count: async (_tx, payload) => void seen.push(payload['n']) };
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      while (await runDueJob({ db: database.db, clock, random, log, handlers }));
    }),
  );
  expect(seen.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('a job of a transaction that was undone never existed', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const undone = inTx(async (tx) => {
    await addJob(tx, { clock, random }, { kind: 'count' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await runDueJob({ db: database.db, clock, random, log, handlers: { count: async () => {} } })).toBe(false);
});

test('one open job per key', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  await inTx(async (tx) => {
    await addJob(tx, { clock, random }, { kind: 'tidy', key: 'daily' });
    await addJob(tx, { clock, random }, { kind: 'tidy', key: 'daily' });
  });
  expect(await database.db.selectFrom('jobs').selectAll().execute()).toHaveLength(1);
});

test('a failing job leaves no effect, waits longer each time and is put aside after eight tries', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  await inTx((tx) => addJob(tx, { clock, random }, { kind: 'fail' }));
  const handlers: Record<string, JobHandler> = {
    fail: async (tx) => {
      await addJob(tx, { clock, random }, { kind: 'effect' });
      throw Object.assign(new Error('contents of a case'), { code: 'blobs.missing' });
    },
  };
  const waits: number[] = [];
  for (let tries = 1; tries <= mostTries; tries += 1) {
    expect(await runDueJob({ db: database.db, clock, random, log, handlers })).toBe(true);
    const job = await database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
    expect(job).toMatchObject({
      kind: 'fail',
      tries,
      last_code: 'blobs.missing',
      dead_at: tries === mostTries ? clock.now() : null,
    });
    expect(await runDueJob({ db: database.db, clock, random, log, handlers })).toBe(false);
    waits.push(Date.parse(job.run_at) - Date.parse(clock.now()));
    clock.set(job.run_at);
  }
  expect(waits.every((wait, index) => wait >= 500 * 2 ** (index + 1) && wait <= 1000 * 2 ** (index + 1))).toBe(true);
  clock.advance(86_400_000);
  expect(await runDueJob({ db: database.db, clock, random, log, handlers })).toBe(false);
});

test('a wait never exceeds an hour', () => {
  const now = fakeClock('2026-05-14T12:00:00.000Z').now();
  expect(nextTry(now, 60, random) <= later(now, 3_600_000)).toBe(true);
});

test('a worker is woken by the commit', async () => {
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handlers: Record<string, JobHandler> = { wake: async () => finish() };
  const work = () => runDueJob({ db: database.db, clock: systemClock, random, log, handlers });
  const worker = startWorker({ connection: database.connection, log, channel: jobChannel, work, every: 3_600_000 });
  await worker.listening;
  await inTx((tx) => addJob(tx, { clock: systemClock, random }, { kind: 'wake' }));
  await done;
  await worker.stop();
});

const message = (stream: string, n: number): OutgoingMessage => ({
  id: uuidv7(random, n),
  stream,
  kind: 'request/1',
  payload: { n },
});

test('messages of a stream leave in order; a stream that waits does not hold others', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  await inTx(async (tx) => {
    for (const n of [1, 2, 3]) await putInOutbox(tx, { clock }, message('a', n));
    for (const n of [4, 5]) await putInOutbox(tx, { clock }, message('b', n));
  });
  const sent: unknown[] = [];
  let peerIsDown = true;
  const deliver = async (one: OutgoingMessage) => {
    if (one.stream === 'a' && peerIsDown) throw Object.assign(new Error(), { code: 'exchange.peer-down' });
    sent.push(one.payload['n']);
  };
  while (await deliverNext({ db: database.db, clock, random, log, deliver }));
  expect(sent).toEqual([4, 5]);
  peerIsDown = false;
  clock.advance(10_000);
  while (await deliverNext({ db: database.db, clock, random, log, deliver }));
  expect(sent).toEqual([4, 5, 1, 2, 3]);
});

test('the same message id is written once, and what a dead worker held is tried again', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const one = message('a', 1);
  await inTx((tx) => putInOutbox(tx, { clock }, one));
  await inTx((tx) => putInOutbox(tx, { clock }, one));
  await database.owner
    .updateTable('outbox')
    .set({ leased_until: later(clock.now(), 300_000) })
    .execute();
  const sent: string[] = [];
  const deliver = async ({ id }: OutgoingMessage) => void sent.push(id);
  expect(await deliverNext({ db: database.db, clock, random, log, deliver })).toBe(false);
  clock.advance(300_000);
  while (await deliverNext({ db: database.db, clock, random, log, deliver }));
  expect(sent).toEqual([one.id]);
});

test('a message put aside stops its stream until a person lets it be tried again', async () => {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const [first, second] = [message('a', 1), message('a', 2)];
  await inTx(async (tx) => {
    await putInOutbox(tx, { clock }, first);
    await putInOutbox(tx, { clock }, second);
  });
  let broken = true;
  const sent: string[] = [];
  const deliver = async ({ id }: OutgoingMessage) => {
    if (broken) throw new Error('refused');
    sent.push(id);
  };
  for (let tries = 0; tries < mostTries + 3; tries += 1) {
    await deliverNext({ db: database.db, clock, random, log, deliver });
    clock.advance(3_600_000);
  }
  broken = false;
  expect(await deliverNext({ db: database.db, clock, random, log, deliver })).toBe(false);
  await inTx((tx) => retryMessage(tx, { clock }, first.id));
  while (await deliverNext({ db: database.db, clock, random, log, deliver }));
  expect(sent).toEqual([first.id, second.id]);
});
