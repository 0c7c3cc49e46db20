import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { Unavailable } from '../../platform/errors.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { sha256, stateCode, type Sha256 } from '../../platform/values/index.ts';
import { withTransaction, type Tx } from '../../platform/db/index.ts';
import { findNewestCheckpoint, getOrigin } from '../audit/index.ts';
import { createContext, type Context } from '../identity/index.ts';
import { stampUses } from '../evidence/service/stamps.ts';
import { isStampedInTime } from './service/figures.ts';
import { exchangeMeasures } from './service/measures.ts';
import { exchangeStatus } from './service/operate.ts';

const clock = fakeClock('2026-05-14T12:00:00.000Z');
const minute = 60_000;
let database: TestDatabase;
let ctx: Context;

const inNode = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(database.db, 'system:exchange', work);
const status = () => inNode((tx) => exchangeStatus(tx, clock.now()));

/** Signs a state of the log, as the log does after receipts. */
async function signState(size: number): Promise<void> {
  await inNode(async (tx) => {
    const origin = await getOrigin(tx);
    const note = `${origin}\n${size}\n`;
    const root = Buffer.from(sha256(note), 'hex');
    await tx
      .insertInto('log_checkpoints')
      .values({ log: 'exchange', origin, size: String(size), root, note, at: clock.now() })
      .execute();
  });
}

let answers: (imprint: Sha256) => Promise<{ token: Buffer }> = () =>
  Promise.reject(new Unavailable('crypto.stamp-down'));
const asked: Sha256[] = [];
const stamps = stampUses({
  async stamp(imprint: Sha256) {
    asked.push(imprint);
    const { token } = await answers(imprint);
    return { token, stamp: { at: clock.now() } };
  },
} as Parameters<typeof stampUses>[0]);

/** What the job of each minute does. */
async function eachMinute(): Promise<void> {
  clock.advance(minute);
  await inNode(async (tx) => {
    const state = await findNewestCheckpoint(tx, 'exchange', await getOrigin(tx));
    if (state) await stamps.askForState(tx, state, clock.now());
  });
  await stamps.stampNext(ctx);
}

beforeAll(async () => {
  database = await testDatabase();
  await database.owner
    .updateTable('log_heads')
    .set({ name: 'XA' } as never)
    .execute();
  ctx = createContext({
    actor: { kind: 'system', id: 'evidence' },
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  });
});
afterAll(() => database?.close());

test('N12: while the time-stamp authority is down messages flow, the backlog is told, and after an hour it is an alarm', async () => {
  expect((await status()).figures.stamps).toBeNull();
  await signState(3);
  for (let n = 0; n < 59; n += 1) {
    if (n === 10) await signState(8);
    await eachMinute();
  }
  const before = await status();
  expect(before.figures.stamps).toMatchObject({ stamped: 0, at: null, lastCode: 'crypto.stamp-down' });
  expect(before.alarms).toEqual([]);
  // Tried less and less often, never more than once a minute.
  expect(asked.length).toBeLessThan(10);
  expect(await inNode((tx) => isStampedInTime(tx, clock.now(), 1))).toBe(true);
  await eachMinute();
  expect((await status()).alarms).toMatchObject([{ code: 'exchange.not-stamped', since: '2026-05-14T12:00:00.000Z' }]);
  // Off unless the policy is set; then nothing more leaves after that time.
  expect(await inNode((tx) => isStampedInTime(tx, clock.now(), 0))).toBe(true);
  expect(await inNode((tx) => isStampedInTime(tx, clock.now(), 1))).toBe(false);
});

test('when it answers again one stamp over the newest state covers all before it', async () => {
  answers = (imprint) => Promise.resolve({ token: Buffer.from(imprint) });
  for (let n = 0; n < 130; n += 1) await eachMinute();
  const { figures, alarms } = await status();
  expect(figures.stamps).toMatchObject({ stamped: 8, waitingSince: null, lastCode: null });
  expect(alarms).toEqual([]);
  expect(await inNode((tx) => isStampedInTime(tx, clock.now(), 1))).toBe(true);
  const calls = asked.length;
  for (let n = 0; n < 5; n += 1) await eachMinute();
  expect(asked.length, 'what has its stamp is not asked again').toBe(calls);
});

test('figures for Prometheus carry what the page shows', async () => {
  const measures = exchangeMeasures(await status());
  const of = (name: string) => measures.find((one) => one.name === `exchange_${name}`)?.value;
  expect(of('log_unstamped_seconds')).toBe(0);
  expect(of('stamp_age_seconds')).toBeGreaterThan(0);
  expect(of('unopened')).toBe(0);
  expect(of('put_aside')).toBe(0);
});
