import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesBetween, trustNode, type TestLines, type TrustNode } from '../../../../tests/support/trust.ts';
import { isNightly } from '../../../../tests/support/nightly.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { buildRecord } from '../../../platform/crypto/index.ts';
import { instant, toInstant, type Instant } from '../../../platform/values/index.ts';
import { pollFeed, pushOwn, startReplication } from '../replicate.ts';
import { writeFeedLines } from './feed-lines.ts';
import { announceKey, introduce, keyAges, revokeKey, signedSince } from './index.ts';
import { appendOwnRecord } from './own-entry.ts';
import { listOwnKeys, listRecords } from './store/index.ts';

const clock = fakeClock('2026-05-14T06:12:00.000Z');
const authority = 'XB:central-authority';
let alba: TrustNode;
let borea: TrustNode;
let lines: TestLines;

const view = (node: TrustNode) => node.system.transaction((tx) => node.trust.loadTrust(tx));
const ownKeys = (node: TrustNode) => node.system.transaction((tx) => node.trust.ownKeys(tx));
const rows = (node: TrustNode) => node.system.transaction((tx) => listOwnKeys(tx));
const days = (count: number, from: Instant = clock.now()): Instant =>
  toInstant(new Date(Date.parse(from) + count * 86_400_000));
const push = () => pushOwn(lines.from(borea), new Map());

beforeAll(async () => {
  alba = await trustNode({ clock, state: 'XA' });
  borea = await trustNode({ clock, state: 'XB' });
  lines = linesBetween([alba, borea]);
  for (const [one, other] of [
    [alba, borea],
    [borea, alba],
  ] as const)
    await introduce(
      one.trust,
      one.people,
      await other.system.transaction((tx) => other.trust.ownCard(tx)),
      await other.feeds(),
    );
}, 120_000);
afterAll(async () => {
  await alba.close();
  await borea.close();
});

describe('a key that changes', () => {
  test('is announced thirty days ahead, by an administrator who just proved who they are', async () => {
    const soon = days(29);
    await expect(announceKey(borea.people[0], borea.parts, 'node-sign', 'xb', soon)).rejects.toMatchObject({
      code: 'trust.announced-too-late',
    });
    await expect(announceKey(borea.system, borea.parts, 'node-sign', 'xb')).rejects.toMatchObject({
      code: 'identity.why-no-role',
    });
  });

  test('K1: others know it before it is used, both hold in the overlap, and the old one verifies what it signed', async () => {
    const before = await ownKeys(borea);
    const signedAt = clock.now();
    const node = await announceKey(borea.people[0], borea.parts, 'node-sign', 'xb');
    const sign = await announceKey(borea.people[0], borea.parts, 'authority-sign', authority);
    const seal = await announceKey(borea.people[0], borea.parts, 'authority-seal', authority);
    await expect(announceKey(borea.people[0], borea.parts, 'node-sign', 'xb')).rejects.toMatchObject({
      code: 'trust.already-announced',
    });
    await push();
    const old = before.authorities.get(authority)!;
    let trust = await view(alba);
    expect(trust.nodeKey('xb', node.kid, 'node-sign', clock.now()).finding).toBe('not-yet');
    expect(trust.authorityKey(authority, sign.kid, clock.now()).finding).toBe('not-yet');
    expect(trust.sealingKeys(authority, clock.now()).map((one) => one.kid)).toEqual([old.seal.kid]);
    expect((await ownKeys(borea)).nodeSign.kid).toBe(before.nodeSign.kid);
    // In use: the new one; taken: both.
    clock.set(days(32));
    const now = await ownKeys(borea);
    expect(now.nodeSign.kid).toBe(node.kid);
    expect(now.authorities.get(authority)).toMatchObject({ sign: { kid: sign.kid }, seal: { kid: seal.kid } });
    expect(now.authorities.get(authority)!.sealingKids.toSorted()).toEqual([old.seal.kid, seal.kid].toSorted());
    trust = await view(alba);
    for (const kid of [old.sign.kid, sign.kid])
      expect(trust.authorityKey(authority, kid, clock.now()).finding).toBe('valid');
    expect(trust.sealingKeys(authority, clock.now())).toHaveLength(2);
    // After the overlap the old one is over for what is signed now, not for what it signed then.
    clock.set(days(32));
    trust = await view(alba);
    expect(trust.authorityKey(authority, old.sign.kid, clock.now()).finding).toBe('expired');
    expect(trust.authorityKey(authority, old.sign.kid, signedAt).finding).toBe('valid');
    expect(trust.nodeKey('xb', before.nodeSign.kid, 'node-sign', signedAt).finding).toBe('valid');
    expect(trust.sealingKeys(authority, clock.now()).map((one) => one.kid)).toEqual([seal.kid]);
  });

  test('shows its age and the day by which it has to change', async () => {
    const ages = keyAges(await rows(borea), clock.now());
    const node = ages.filter((one) => one.key.use === 'node-sign');
    expect(node.map((one) => [one.inUse, one.hasSuccessor])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(node[1]!.changeBy).toBe('2027-06-13');
  });
});

/** A message as delivery keeps it once it was received. */
async function received(node: TrustNode, count: number, kid: string, from: Instant, stepMs: number): Promise<void> {
  await node.database.owner.transaction().execute(async (tx) => {
    await sql`insert into exchange_stream (stream) values (${`s ${kid}`}) on conflict do nothing`.execute(tx);
    await sql`
      insert into exchange_inbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
        priority, tlp, message_sha256, envelope_sha256, transport_bytes, receipt_bytes, signed_at, expires_at, received_at,
        status, next_at, signed_by)
      select gen_random_uuid(), 'xb', ${`s ${kid}`}, n, 'c', ${authority}, 'XA:central-authority', 'request/1', 2, 'AMBER',
        repeat('ab', 32), repeat('ab', 32), '', '', ${from}::timestamptz + n * make_interval(secs => ${stepMs / 1000}), ${from}::timestamptz + interval '30 days',
        ${from}::timestamptz, 'opened', ${from}::timestamptz, ${kid}
      from generate_series(1, ${count}) n`.execute(tx);
  });
}

describe('a key that is taken back', () => {
  test('K2: counts no more from the moment said, within one push; what it signed before stays, what it signed after is marked', async () => {
    const { sign } = (await ownKeys(borea)).authorities.get(authority)!;
    await received(alba, 4, sign.kid, clock.now(), 60_000);
    const since = toInstant(new Date(Date.parse(clock.now()) + 150_000));
    clock.advance(600_000);
    const running = startReplication(lines.from(borea), 3_600_000);
    await running.once();
    const { successor } = await revokeKey(borea.people[0], borea.parts, sign.kid, { since, reason: 'compromised' });
    await running.once();
    await running.stop();
    const trust = await view(alba);
    expect(trust.authorityKey(authority, sign.kid, since).finding).toBe('revoked');
    expect(trust.authorityKey(authority, sign.kid, clock.now()).finding).toBe('revoked');
    expect(trust.authorityKey(authority, sign.kid, toInstant(new Date(Date.parse(since) - 1))).finding).toBe('valid');
    expect(trust.authorityKey(authority, successor!, clock.now()).finding).toBe('valid');
    const kept = await alba.database.owner
      .selectFrom('exchange_inbox')
      .select(['flagged_code', 'sequence'])
      .where('stream', '=', `s ${sign.kid}`)
      .orderBy('sequence')
      .execute();
    expect(kept.map((one) => one.flagged_code)).toEqual([
      null,
      null,
      'trust.key-revoked-later',
      'trust.key-revoked-later',
    ]);
  });

  test('of another State stays: an owner takes back its own keys only', async () => {
    const own = (await ownKeys(alba)).nodeSign;
    await borea.system.transaction(async (tx) => {
      await appendOwnRecord(tx, borea.parts, {
        kind: 'key-revocation',
        recordId: own.kid,
        body: { key: own.kid, use: 'node-sign', since: '2026-01-01T00:00:00.000Z', reason: 'compromised' },
      });
    });
    await push();
    expect((await view(alba)).nodeKey('xa', own.kid, 'node-sign', clock.now()).finding).toBe('valid');
  });

  test(`K3: everything it signed since a day, of ${isNightly ? '100,000' : '5,000'} messages, is listed in pages`, async () => {
    const count = isNightly ? 100_000 : 5_000;
    const kid = 'a-key-that-was-copied-one-day';
    const from = instant('2026-03-01T00:00:00.000Z');
    await received(alba, count, kid, from, 1_000);
    const since = toInstant(new Date(Date.parse(from) + (count / 2) * 1_000));
    const found = [];
    let before: { signedAt: Instant; id: string } | undefined;
    for (;;) {
      const page = await signedSince(alba.people[0], kid, since, { limit: 1_000, ...(before ? { before } : {}) });
      found.push(...page);
      const last = page.at(-1);
      if (!last || page.length < 1_000) break;
      before = { signedAt: last.signedAt, id: last.messageId };
    }
    expect(found).toHaveLength(count / 2 + 1);
    expect(new Set(found.map((one) => one.messageId)).size).toBe(found.length);
    expect(found.every((one) => one.signedAt >= since)).toBe(true);
  });

  test('K5: when it is the delegate, the root takes it back and names another; what the old one signs after is not taken', async () => {
    const old = await borea.system.transaction((tx) => borea.trust.signer(tx));
    clock.advance(60_000);
    const { successor } = await revokeKey(borea.people[0], borea.parts, old.kid, {
      since: clock.now(),
      reason: 'compromised',
    });
    clock.advance(60_000);
    await announceKey(borea.people[0], borea.parts, 'node-sign', 'xb');
    const report = await pollFeed(lines.from(alba), 'XB', 'nodes');
    expect(report).toMatchObject({ problems: [], refused: [], frozen: false });
    const held = await alba.system.transaction((tx) => listRecords(tx, { owner: 'XB', feed: 'nodes' }));
    const last = held.at(-1)!;
    expect(last.kid).toBe(successor);
    const late = await buildRecord(
      old.keys,
      old.kid,
      {
        kind: 'key-revocation',
        version: 1,
        owner: 'XB',
        feed: 'nodes',
        recordId: 'x',
        recordVersion: 1,
        op: 'put',
        at: clock.now(),
        body: {},
      },
      { seq: last.record.seq, hash: last.hash },
    );
    const taken = await alba.system.transaction((tx) =>
      alba.trust.take(tx, alba.system, writeFeedLines([], [late.jws]), 'xb'),
    );
    expect(taken.taken).toEqual([]);
    expect(taken.problems.map((one) => one.code)).toEqual(['records.key-out-of-time']);
  });
});
