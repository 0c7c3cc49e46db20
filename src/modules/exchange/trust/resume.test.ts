import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trustNode, type TrustNode } from '../../../../tests/support/trust.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { buildRecord, type BuiltRecord } from '../../../platform/crypto/index.ts';
import { findEntry, listDirectoryRecords } from '../../authorities/index.ts';
import { NodeEntry } from '../schema.ts';
import { writeFeedLines } from './feed-lines.ts';
import { introduce } from './index.ts';
import { appendOwnRecord } from './own-entry.ts';
import { readTrust } from './read.ts';
import { confirmResumeOfFeed, proposeResumeOfFeed, refuseResumeOfFeed } from './resume.ts';
import { findFeedState, listRecords } from './store/index.ts';

const clock = fakeClock('2026-05-14T06:12:00.000Z');
let alba: TrustNode;
let borea: TrustNode;

const cardOf = (node: TrustNode) => node.system.transaction((tx) => node.trust.ownCard(tx));
const ownRecords = (feed: string) =>
  borea.system.transaction((tx) =>
    feed === 'nodes' ? listRecords(tx, { owner: 'XB', feed, statuses: ['taken'] }) : listDirectoryRecords(tx, 'XB', 0),
  );
const stateOf = (node: TrustNode, feed = 'nodes') => node.system.transaction((tx) => findFeedState(tx, 'XB', feed));
const say = (instruments: string[]) =>
  borea.system.transaction(async (tx) => {
    const held = await listRecords(tx, { owner: 'XB', feed: 'nodes', statuses: ['taken'] });
    const body = {
      ...NodeEntry.parse(held.findLast((one) => one.record.kind === 'node-entry')!.record.body),
      instruments,
    };
    return appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body });
  });
/** What one node holds of Borea, told to another. */
const tell = async (from: TrustNode, to: TrustNode, feed = 'nodes') => {
  const text = await from.system.transaction((tx) => from.trust.feed(tx, 'XB', feed, 0));
  return to.system.transaction((tx) => to.trust.take(tx, to.system, text!, from.parts.own.node, { owner: 'XB', feed }));
};
const stopped = async () => (await readTrust(borea.people[0], borea.trust)).ownStopped;

beforeAll(async () => {
  alba = await trustNode({ clock, state: 'XA' });
  borea = await trustNode({ clock, state: 'XB' });
  await introduce(alba.trust, alba.people, await cardOf(borea), await borea.feeds());
}, 60_000);
afterAll(async () => {
  await alba?.close();
  await borea?.close();
});

/** Puts Borea back to the state before its newest records, as a restored backup does. */
async function putBack(before: number): Promise<void> {
  const { owner } = borea.database;
  await sql`delete from feed_records where owner = 'XB' and feed = 'nodes' and seq > ${before}`.execute(owner);
  await sql`update feed_state set seq = ${before}, hash = (select hash from feed_records where owner = 'XB' and feed = 'nodes'
    and seq = ${before}) where owner = 'XB' and feed = 'nodes'`.execute(owner);
  await sql`update trust_state set version = version + 1`.execute(owner);
}

test('an own feed that was put back stops, keeps what others give back, and goes on when two persons say so', async () => {
  const before = (await ownRecords('nodes')).at(-1)!.record.seq;
  await say(['XVIII-12']);
  await say(['XVIII-12', 'VI-19']);
  await tell(borea, alba);
  await putBack(before);
  expect((await tell(alba, borea)).problems.map((one) => one.code)).toEqual(['trust.own-history-went-back']);
  await expect(say(['VI-20'])).rejects.toMatchObject({ code: 'trust.own-feed-stopped' });
  expect(await stopped()).toMatchObject([{ why: 'went-back', lost: 2, missing: null }]);

  const [first, second] = borea.people;
  await expect(confirmResumeOfFeed(second, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'trust.resume-not-asked',
  });
  await proposeResumeOfFeed(first, borea.trust.resume, 'nodes');
  await refuseResumeOfFeed(second, borea.trust.resume, 'nodes');
  await proposeResumeOfFeed(first, borea.trust.resume, 'nodes');
  await expect(proposeResumeOfFeed(second, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'trust.resume-asked',
  });
  await expect(confirmResumeOfFeed(first, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'identity.why-took-part',
  });
  await expect(proposeResumeOfFeed(borea.system, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'identity.why-no-role',
  });
  expect(await confirmResumeOfFeed(second, borea.trust.resume, 'nodes')).toBe(2);
  expect(await stopped()).toEqual([]);
  // The own entry is said as it is now, behind what was said before; nobody sees two records with one number.
  await say(['VI-20']);
  await tell(borea, alba);
  expect(await stateOf(alba)).toMatchObject({ frozenAt: null, seq: (await ownRecords('nodes')).at(-1)!.record.seq });
  const acts = await sql<{ action: string }>`
    select action from audit_entries where action like 'exchange.%feed-resume' or action = 'exchange.resume-feed'`.execute(
    borea.database.owner,
  );
  expect(acts.rows.map((row) => row.action).sort()).toEqual(
    [
      'exchange.propose-feed-resume',
      'exchange.propose-feed-resume',
      'exchange.refuse-feed-resume',
      'exchange.resume-feed',
    ].sort(),
  );
});

test('with a record between that nobody gave back yet it does not go on', async () => {
  const before = (await ownRecords('nodes')).at(-1)!.record.seq;
  await say(['VI-21']);
  await say(['VI-22']);
  await tell(borea, alba);
  await putBack(before);
  const newest = await alba.system.transaction((tx) =>
    listRecords(tx, { owner: 'XB', feed: 'nodes', since: before + 1 }),
  );
  const take = (records: readonly BuiltRecord[]) => {
    const text = writeFeedLines(
      [],
      records.map((one) => one.jws),
    );
    return borea.system.transaction((tx) => borea.trust.take(tx, borea.system, text, 'xa'));
  };
  await take(newest);
  expect(await stopped()).toMatchObject([{ why: 'went-back', lost: 0, missing: before + 1 }]);
  const [first, second] = borea.people;
  await proposeResumeOfFeed(first, borea.trust.resume, 'nodes');
  await expect(confirmResumeOfFeed(second, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'trust.lost-records-missing',
    params: { seq: before + 1 },
  });
  await tell(alba, borea);
  expect(await confirmResumeOfFeed(second, borea.trust.resume, 'nodes')).toBe(2);
});

test('lost records of the own directory are put back with what they say', async () => {
  const held = await ownRecords('directory');
  await tell(borea, alba, 'directory');
  const { owner } = borea.database;
  const last = held.at(-1)!.record;
  await sql`alter table directory_feed_records disable trigger user`.execute(owner).catch(() => undefined);
  await sql.raw(`delete from directory_feed_records where owner = 'XB' and seq = ${last.seq}`).execute(owner);
  expect((await tell(alba, borea, 'directory')).problems.map((one) => one.code)).toEqual([
    'trust.own-history-went-back',
  ]);
  const [first, second] = borea.people;
  await proposeResumeOfFeed(first, borea.trust.resume, 'directory');
  expect(await confirmResumeOfFeed(second, borea.trust.resume, 'directory')).toBe(1);
  expect((await ownRecords('directory')).map((one) => one.hash)).toEqual(held.map((one) => one.hash));
  const entry = await borea.system.transaction((tx) => findEntry(tx, 'XB:central-authority', borea.system.today()));
  expect(entry).toBeDefined();
  expect(await stopped()).toEqual([]);
});

test('after a fork our own line goes on when two persons say so, and the same record does not stop it again', async () => {
  const held = await ownRecords('nodes');
  const signer = await borea.system.transaction((tx) => borea.trust.signer(tx));
  clock.advance(1_000);
  const last = held.at(-1)!;
  const { seq: _seq, previous: _previous, ...content } = last.record;
  const before = held.at(-2)!;
  const other = await buildRecord(
    signer.keys,
    signer.kid,
    { ...content, at: clock.now() },
    { seq: before.record.seq, hash: before.hash },
  );
  const text = writeFeedLines([], [other.jws]);
  const take = () => borea.system.transaction((tx) => borea.trust.take(tx, borea.system, text, 'xa'));
  await take();
  expect(await stopped()).toMatchObject([{ why: 'forked' }]);
  const [first, second] = borea.people;
  await proposeResumeOfFeed(first, borea.trust.resume, 'nodes');
  expect(await confirmResumeOfFeed(second, borea.trust.resume, 'nodes')).toBe(0);
  await say(['VI-23']);
  await take();
  expect(await stopped()).toEqual([]);
  await expect(proposeResumeOfFeed(first, borea.trust.resume, 'nodes')).rejects.toMatchObject({
    code: 'trust.feed-not-stopped',
  });
  await expect(proposeResumeOfFeed(first, borea.trust.resume, 'knowledge')).rejects.toMatchObject({
    code: 'trust.no-such-feed',
  });
});
