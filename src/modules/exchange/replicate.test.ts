import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { linesBetween, trustNode, type TestLines, type TrustNode } from '../../../tests/support/trust.ts';
import { fakeClock } from '../../platform/clock.ts';
import { barePublicKey, buildRecord, kidOf, toGroups, type BuiltRecord } from '../../platform/crypto/index.ts';
import { canonical, instant, sha256 } from '../../platform/values/index.ts';
import { findEntry } from '../authorities/index.ts';
import { compareHeads, pollDue, pollFeed, pushOwn, tellOfConflicts } from './replicate.ts';
import { type NodeEntry } from './schema.ts';
import { writeFeedLines } from './trust/feed-lines.ts';
import { announceKey, confirmChange, introduce, proposeChange, revokeKey } from './trust/index.ts';
import { appendOwnRecord } from './trust/own-entry.ts';
import { listChanges, listFeedStates, listRecords } from './trust/store/index.ts';

const clock = fakeClock('2026-05-14T06:12:00.000Z');
let alba: TrustNode;
let borea: TrustNode;
let secretariat: TrustNode;
let lines: TestLines;

const view = (node: TrustNode) => node.system.transaction((tx) => node.trust.loadTrust(tx));
const states = (node: TrustNode, owner: string) => node.system.transaction((tx) => listFeedStates(tx, owner));
const stateOf = async (node: TrustNode, owner: string, feed: string) =>
  (await states(node, owner)).find((one) => one.feed === feed);
const meet = async (a: TrustNode, b: TrustNode) =>
  introduce(a.trust, a.people, await b.system.transaction((tx) => b.trust.ownCard(tx)), await b.feeds());

/** The next record of a node's feed `nodes`, signed with its own keys but not kept there. */
async function secretRecord(node: TrustNode, body: Record<string, unknown>): Promise<BuiltRecord> {
  return node.system.transaction(async (tx) => {
    const signer = await node.trust.signer(tx);
    const held = await listRecords(tx, { owner: signer.owner, feed: 'nodes', statuses: ['taken'] });
    const last = held.at(-1);
    const before = held.filter((one) => one.record.recordId === node.parts.own.node).at(-1);
    return buildRecord(
      signer.keys,
      signer.kid,
      {
        kind: 'node-entry',
        version: 1,
        owner: signer.owner,
        feed: 'nodes',
        recordId: node.parts.own.node,
        recordVersion: (before?.record.recordVersion ?? 0) + 1,
        op: 'put',
        at: node.clock.now(),
        body: JSON.parse(canonical(body)) as Record<string, never>,
      },
      last && { seq: last.record.seq, hash: last.hash },
    );
  });
}
const entryOf = async (node: TrustNode): Promise<NodeEntry> => (await view(node)).node(node.parts.own.node)!.entry;

beforeAll(async () => {
  alba = await trustNode({ clock, state: 'XA' });
  borea = await trustNode({ clock, state: 'XB' });
  secretariat = await trustNode({ clock, state: 'secretariat', node: 'secretariat' });
  lines = linesBetween([alba, borea, secretariat]);
  for (const [one, other] of [
    [alba, borea],
    [alba, secretariat],
    [borea, alba],
    [borea, secretariat],
    [secretariat, alba],
    [secretariat, borea],
  ] as const)
    await meet(one, other);
}, 120_000);
afterAll(async () => {
  for (const node of [alba, borea, secretariat]) await node.close();
});
beforeEach(() => {
  lines.down.clear();
  lines.calls.length = 0;
  lines.tamper = undefined;
  clock.advance(10 * 60_000);
});

describe('feeds', () => {
  test('are looked at when they are due, from their owner, and are fresh then', async () => {
    expect(await pollDue(lines.from(alba))).toBe(6);
    expect(await pollDue(lines.from(alba))).toBe(0);
    expect((await view(alba)).freshAt('XB')).toBe(clock.now());
    expect(lines.calls.filter((call) => call.path.includes('/XB/')).every((call) => call.to === 'xb')).toBe(true);
    clock.advance(5 * 60_000);
    expect(await pollDue(lines.from(alba))).toBe(4);
  });

  test('N11: with the secretariat down seven days everything goes on, and every copy says its age', async () => {
    lines.down.add('secretariat');
    await pollDue(lines.from(alba));
    const before = clock.now();
    clock.advance(7 * 24 * 3_600_000);
    await announceKey(borea.people[0], borea.parts, 'node-sign', 'xb');
    await pollDue(lines.from(alba));
    const trust = await view(alba);
    expect(trust.freshAt('XB')).toBe(clock.now());
    expect(trust.freshAt('secretariat')! <= before).toBe(true);
    // Borea passed on what it holds of the secretariat: it counts, but it is no fresher than it was.
    expect((await stateOf(alba, 'secretariat', 'nodes'))?.checkedWith).toBe('xb');
    expect(trust.node('xb')?.entry.keys.filter((key) => key.use === 'node-sign')).toHaveLength(2);
  });

  test('come by the secretariat when their owner does not answer, but do not count as fresh', async () => {
    await pollDue(lines.from(alba));
    await pollDue(lines.from(secretariat));
    const seen = (await view(alba)).freshAt('XB');
    const record = await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, {
        kind: 'key-revocation',
        recordId: 'an-older-key-of-borea',
        body: { key: 'an-older-key-of-borea', use: 'node-sign', since: clock.now(), reason: 'ceased' },
      }),
    );
    clock.advance(6 * 60_000);
    await pollDue(lines.from(secretariat));
    lines.down.add('xb');
    const report = await pollFeed(lines.from(alba), 'XB', 'nodes');
    expect(report?.head).toBe(record.record.seq);
    expect((await view(alba)).freshAt('XB')).toBe(seen);
    expect((await view(alba)).revocations().map((one) => one.key)).toContain('an-older-key-of-borea');
  });

  test('are pushed to reachable peers at once, who say what they lack', async () => {
    const pushed = new Map<string, number>();
    await pushOwn(lines.from(borea), pushed);
    lines.down.add('secretariat');
    const since = clock.now();
    for (const key of ['first-key-of-borea-gone', 'second-key-of-borea-gone'])
      await borea.system.transaction((tx) =>
        appendOwnRecord(tx, borea.parts, {
          kind: 'key-revocation',
          recordId: key,
          body: { key, use: 'node-sign', since, reason: 'lost' },
        }),
      );
    expect(await pushOwn(lines.from(borea), pushed)).toMatchObject({ told: 1, failed: 1 });
    expect((await view(alba)).revocations().map((one) => one.key)).toContain('second-key-of-borea-gone');
    lines.down.clear();
    // A process that starts anew offers the newest alone; the peer says where it stands and gets the rest.
    await pushOwn(lines.from(borea), new Map());
    expect((await view(secretariat)).revocations().map((one) => one.key)).toEqual(
      expect.arrayContaining(['first-key-of-borea-gone', 'second-key-of-borea-gone']),
    );
  });

  test('stop at a gap, keep what came early, and go on once it is filled', async () => {
    const since = clock.now();
    const built: BuiltRecord[] = [];
    for (const key of ['gap-one-of-borea-key', 'gap-two-of-borea-key'])
      built.push(
        await borea.system.transaction((tx) =>
          appendOwnRecord(tx, borea.parts, {
            kind: 'key-revocation',
            recordId: key,
            body: { key, use: 'node-sign', since, reason: 'lost' },
          }),
        ),
      );
    const late = writeFeedLines([], [built[1]!.jws]);
    const report = await alba.system.transaction((tx) => alba.trust.take(tx, alba.system, late, 'xb'));
    expect(report).toMatchObject({ taken: [], waiting: 1, gapFrom: built[0]!.record.seq });
    expect(report.problems.map((one) => one.code)).toContain('records.gap');
    expect((await view(alba)).revocations().map((one) => one.key)).not.toContain('gap-two-of-borea-key');
    const early = writeFeedLines([], [built[0]!.jws]);
    const filled = await alba.system.transaction((tx) => alba.trust.take(tx, alba.system, early, 'xb'));
    expect(filled).toMatchObject({ taken: built.map((one) => one.record.seq), waiting: 0, gapFrom: null });
    expect((await stateOf(alba, 'XB', 'nodes'))?.gapFrom).toBeNull();
  });

  test('with one byte changed on the way are not taken, and what was held stays', async () => {
    const before = await view(alba);
    lines.tamper = (_to, _path, body) => body.replace(/"record":"([^"]{40})./, '"record":"$1A');
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    lines.tamper = undefined;
    expect((await view(alba)).node('xb')).toEqual(before.node('xb'));
  });
});

describe('what its State did not sign', () => {
  test('K6: an endpoint swapped by the secretariat is held and unused until its State signs it', async () => {
    await pollDue(lines.from(alba));
    const entry = await entryOf(borea);
    const swapped = { ...entry, endpoints: ['https://elsewhere.localhost:9443'] };
    const forged = await secretariat.system.transaction(async (tx) => {
      const signer = await secretariat.trust.signer(tx);
      const { seq, hash } = (await stateOf(alba, 'XB', 'nodes'))!;
      return buildRecord(
        signer.keys,
        signer.kid,
        {
          kind: 'node-entry',
          version: 1,
          owner: 'XB',
          feed: 'nodes',
          recordId: 'xb',
          recordVersion: 90,
          op: 'put',
          at: clock.now(),
          body: JSON.parse(canonical(swapped)) as Record<string, never>,
        },
        { seq, hash: hash as BuiltRecord['hash'] },
      );
    });
    const text = writeFeedLines([], [forged.jws]);
    const report = await alba.system.transaction((tx) =>
      alba.trust.take(tx, alba.system, text, 'secretariat', { owner: 'XB', feed: 'nodes' }),
    );
    expect(report.taken).toEqual([]);
    expect(report.problems.map((one) => one.code)).toEqual(['records.unknown-key']);
    expect((await view(alba)).node('xb')?.entry.endpoints).toEqual(entry.endpoints);
    const [held] = await alba.system.transaction((tx) => listChanges(tx));
    expect(held).toMatchObject({ owner: 'XB', subject: 'xb', status: 'held', receivedFrom: 'secretariat' });
    // The State signs the very endpoint: now it is used, without anybody's confirmation.
    const signed = await secretRecord(borea, swapped);
    await alba.system.transaction((tx) => alba.trust.take(tx, alba.system, writeFeedLines([], [signed.jws]), 'xb'));
    expect((await view(alba)).node('xb')?.entry.endpoints).toEqual(swapped.endpoints);
    await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body: swapped }),
    );
    const back = await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body: entry }),
    );
    expect(back.record.seq).toBe(signed.record.seq + 1);
  });

  test('K5: a new key not signed by its State is used after two persons confirmed it by another way, and until the State speaks', async () => {
    const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = barePublicKey(fresh.publicKey.export({ format: 'jwk' }) as JWK);
    const kid = await kidOf(key);
    const entry = await entryOf(borea);
    const now = clock.now();
    const added = {
      ...entry,
      keys: [...entry.keys, { use: 'node-sign', kid, publicKey: key, validFrom: now, validUntil: null }],
    };
    const built = await secretRecord(borea, added);
    const forged = `${built.jws.slice(0, built.jws.lastIndexOf('.'))}.${Buffer.alloc(64, 1).toString('base64url')}`;
    await alba.system.transaction((tx) =>
      alba.trust.take(tx, alba.system, writeFeedLines([], [forged]), 'secretariat'),
    );
    const held = (await alba.system.transaction((tx) => listChanges(tx))).find((one) => one.status === 'held')!;
    const change = (await alba.system.transaction((tx) => listChanges(tx))).find(
      (one) => one.contentSha256 === sha256(canonical(added)),
    )!;
    expect(held).toBeDefined();
    expect((await view(alba)).nodeKey('xb', kid, 'node-sign', now)).toEqual({ finding: 'unknown' });
    const [first, second] = alba.people;
    await expect(confirmChange(second, change.id, 'aaaa')).rejects.toMatchObject({ code: 'trust.change-decided' });
    await proposeChange(first, change.id, { channel: 'video', on: alba.system.today() });
    expect((await view(alba)).nodeKey('xb', kid, 'node-sign', now)).toEqual({ finding: 'unknown' });
    const groups = toGroups(change.contentSha256).join(' ');
    await expect(confirmChange(first, change.id, groups)).rejects.toMatchObject({ code: 'identity.why-took-part' });
    expect(await confirmChange(second, change.id, 'ffff '.repeat(16))).toBe('differs');
    expect(await confirmChange(second, change.id, groups)).toBe('confirmed');
    expect((await view(alba)).nodeKey('xb', kid, 'node-sign', now)).toMatchObject({ finding: 'valid' });
    expect((await view(alba)).node('xb')?.override).toBe(true);
    clock.advance(60_000);
    await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body: entry }),
    );
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    expect((await view(alba)).nodeKey('xb', kid, 'node-sign', now)).toEqual({ finding: 'unknown' });
    expect((await view(alba)).node('xb')?.override).toBe(false);
  });
});

describe('K11: a key that is another’s or was taken back', () => {
  test('is refused with the entry that says it, here and wherever that record comes', async () => {
    const entry = await entryOf(borea);
    const albas = (await entryOf(alba)).keys.find((key) => key.use === 'node-sign')!;
    const record = await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, {
        kind: 'node-entry',
        recordId: 'xb',
        body: { ...entry, keys: [...entry.keys, albas] },
      }),
    );
    const { seq } = record.record;
    for (const node of [alba, secretariat]) {
      const report = await pollFeed(lines.from(node), 'XB', 'nodes');
      expect(report?.refused).toEqual([{ seq, code: 'trust.key-of-another' }]);
      const trust = await view(node);
      expect(trust.nodeKey('xb', albas.kid, 'node-sign', clock.now()).finding).toBe('unknown');
      expect(trust.nodeKey('xa', albas.kid, 'node-sign', clock.now()).finding).toBe('valid');
    }
    await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body: entry }),
    );
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    expect((await view(alba)).node('xb')?.entry).toEqual(entry);
  });

  test('cannot be said again once it was revoked', async () => {
    const own = await borea.system.transaction((tx) => borea.trust.ownKeys(tx));
    await revokeKey(borea.people[0], borea.parts, own.nodeSign.kid, { since: clock.now(), reason: 'lost' });
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    clock.advance(1_000);
    expect((await view(alba)).nodeKey('xb', own.nodeSign.kid, 'node-sign', clock.now()).finding).toBe('revoked');
    const entry = await entryOf(borea);
    const publicKey = barePublicKey(own.nodeSign.publicKey);
    await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, {
        kind: 'node-entry',
        recordId: 'xb',
        body: {
          ...entry,
          keys: entry.keys.map((key) => (key.kid === own.nodeSign.kid ? { ...key, publicKey, validUntil: null } : key)),
        },
      }),
    );
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    expect((await view(alba)).nodeKey('xb', own.nodeSign.kid, 'node-sign', clock.now()).finding).toBe('revoked');
  });
});

describe('an owner who signs two records with one number', () => {
  test('is found by comparing with a peer: both are kept, the feed stands still, the other node is told', async () => {
    await pollDue(lines.from(alba));
    await pollDue(lines.from(secretariat));
    const entry = await entryOf(borea);
    // Borea tells the secretariat one thing, and all others another.
    const toSecretariat = await secretRecord(borea, { ...entry, instruments: ['XVIII-12'] });
    const text = writeFeedLines([], [toSecretariat.jws]);
    await secretariat.system.transaction((tx) => secretariat.trust.take(tx, secretariat.system, text, 'xb'));
    await borea.system.transaction((tx) =>
      appendOwnRecord(tx, borea.parts, {
        kind: 'node-entry',
        recordId: 'xb',
        body: { ...entry, instruments: ['VI-19'] },
      }),
    );
    await pollFeed(lines.from(alba), 'XB', 'nodes');
    const before = (await stateOf(alba, 'XB', 'nodes'))!;
    expect(before.frozenAt).toBeNull();
    await compareHeads(lines.from(alba), secretariat.parts.own.node);
    const frozen = (await stateOf(alba, 'XB', 'nodes'))!;
    expect(frozen).toMatchObject({ frozenAt: clock.now(), frozenAfter: toSecretariat.record.seq - 1 });
    const kept = await alba.system.transaction((tx) =>
      listRecords(tx, { owner: 'XB', feed: 'nodes', since: toSecretariat.record.seq - 1 }),
    );
    expect(kept.map((one) => one.record.body.instruments)).toEqual(expect.arrayContaining([['XVIII-12'], ['VI-19']]));
    expect(await tellOfConflicts(lines.from(alba))).toBe(1);
    expect((await stateOf(borea, 'XB', 'nodes'))?.frozenAt).not.toBeNull();
    expect(await tellOfConflicts(lines.from(alba))).toBe(0);
    await expect(
      borea.system.transaction((tx) =>
        appendOwnRecord(tx, borea.parts, { kind: 'node-entry', recordId: 'xb', body: entry }),
      ),
    ).rejects.toMatchObject({ code: 'trust.own-feed-stopped' });
  });

  test('in the directory is said on its entries', async () => {
    const frozen = await alba.system.transaction((tx) =>
      tx.selectFrom('directory_frozen_feeds').selectAll().where('owner', '=', 'XB').execute(),
    );
    expect(frozen).toEqual([]);
    const signer = await borea.system.transaction((tx) => borea.trust.signer(tx));
    const last = (
      await borea.system.transaction((tx) => borea.trust.feedsParts.ownRecords.directory!.after(tx, 'XB', 0))
    ).at(-1)!;
    const { seq: _, previous, ...content } = last.record;
    const second = await buildRecord(
      signer.keys,
      signer.kid,
      { ...content, at: instant('2026-05-14T06:20:00.000Z') },
      { seq: last.record.seq - 1, hash: previous! },
    );
    await alba.system.transaction((tx) =>
      alba.trust.take(tx, alba.system, writeFeedLines([], [second.jws]), 'secretariat'),
    );
    const now = await alba.system.transaction((tx) =>
      tx.selectFrom('directory_frozen_feeds').selectAll().where('owner', '=', 'XB').execute(),
    );
    expect(now).toMatchObject([{ owner: 'XB', last_common_seq: String(last.record.seq - 1) }]);
    expect(
      await alba.system.transaction((tx) => findEntry(tx, 'XB:central-authority', alba.system.today())),
    ).toBeDefined();
  });
});
