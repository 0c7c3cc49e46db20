import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trustNode, type TrustNode } from '../../../../tests/support/trust.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { barePublicKey, toGroups } from '../../../platform/crypto/index.ts';
import { confirmRoot, fingerprintOf, introduce, proposeRoot, readCard } from './index.ts';

const clock = fakeClock('2026-05-14T06:12:00.000Z');
let alba: TrustNode;
let borea: TrustNode;
let cordia: TrustNode;

const cardOf = (node: TrustNode) => node.system.transaction((tx) => node.trust.ownCard(tx));
const view = (node: TrustNode) => node.system.transaction((tx) => node.trust.loadTrust(tx));
const said = { channel: 'phone' as const, on: clock.today('UTC'), by: 'Head of the central authority' };

beforeAll(async () => {
  alba = await trustNode({ clock, state: 'XA' });
  borea = await trustNode({ clock, state: 'XB' });
  cordia = await trustNode({ clock, state: 'XC' });
}, 60_000);
afterAll(async () => {
  await alba.close();
  await borea.close();
  await cordia.close();
});

describe('a node', () => {
  test('knows its own authority, node and keys', async () => {
    const trust = await view(alba);
    const now = clock.now();
    expect(trust.nodeOf('XA:central-authority')).toBe('xa');
    const own = await alba.system.transaction((tx) => alba.trust.ownKeys(tx));
    expect(trust.nodeKey('xa', own.nodeSign.kid, 'node-sign', now)).toMatchObject({ finding: 'valid' });
    const authority = own.authorities.get('XA:central-authority')!;
    expect(trust.authorityKey('XA:central-authority', authority.sign.kid, now)).toMatchObject({ finding: 'valid' });
    expect(trust.sealingKeys('XA:central-authority', now)).toEqual([
      { kid: authority.seal.kid, recipient: authority.recipient },
    ]);
    expect(trust.freshAt('XA')).toBe(now);
  });

  test('starts again without saying anything new', async () => {
    const before = await alba.feeds();
    await alba.trust.start(alba.system);
    expect(await alba.feeds()).toEqual(before);
  });

  test('trusts nobody at first use: records of an unknown owner are left', async () => {
    const [nodes] = await borea.feeds();
    const report = await cordia.system.transaction((tx) => cordia.trust.take(tx, cordia.system, nodes!, 'xb'));
    expect(report.problems.map((one) => one.code)).toEqual(['trust.unknown-owner']);
    expect((await view(cordia)).nodeOf('XB:central-authority')).toBeUndefined();
  });
});

describe('the ceremony', () => {
  test('K5: a root counts after two different persons, the second of whom typed what was read aloud', async () => {
    const card = await cardOf(borea);
    const [first, second] = alba.people;
    const root = await proposeRoot(first, alba.trust.own, readCard(JSON.stringify(card)), said);
    expect((await view(alba)).nodeOf('XB:central-authority')).toBeUndefined();
    const groups = toGroups(fingerprintOf(card)).join(' ');
    await expect(confirmRoot(first, 'XB', root.kid, groups)).rejects.toMatchObject({ code: 'identity.why-took-part' });
    const other = await cardOf(cordia);
    const wrong = toGroups(fingerprintOf({ owner: 'XB', key: other.key })).join(' ');
    expect(await confirmRoot(second, 'XB', root.kid, wrong)).toBe('differs');
    expect(await confirmRoot(second, 'XB', root.kid, groups)).toBe('confirmed');
    for (const text of await borea.feeds()) {
      const report = await second.transaction((tx) => alba.trust.take(tx, second, text, null));
      expect(report).toMatchObject({ owner: 'XB', refused: [], problems: [], gapFrom: null, frozen: false });
      expect(report.taken.length).toBeGreaterThan(0);
    }
    const trust = await view(alba);
    expect(trust.nodeOf('XB:central-authority')).toBe('xb');
    const theirs = await borea.system.transaction((tx) => borea.trust.ownKeys(tx));
    const { sign, seal, recipient } = theirs.authorities.get('XB:central-authority')!;
    const now = clock.now();
    expect(trust.authorityKey('XB:central-authority', sign.kid, now)).toEqual({
      finding: 'valid',
      publicKey: barePublicKey(sign.publicKey),
    });
    expect(trust.authorityKey('XB:central-authority', seal.kid, now)).toEqual({ finding: 'wrong-use' });
    expect(trust.authorityKey('XA:central-authority', sign.kid, now)).toEqual({ finding: 'unknown' });
    expect(trust.sealingKeys('XB:central-authority', now)).toEqual([{ kid: seal.kid, recipient }]);
    expect(trust.nodeKey('xb', theirs.nodeSign.kid, 'node-sign', now)).toMatchObject({ finding: 'valid' });
    expect(trust.knowsAuthority('XB:central-authority', now)).toBe(true);
    expect(trust.knowsAuthority('XC:central-authority', now)).toBe(false);
  });

  test('needs people who proved just now who they are', async () => {
    const card = await cardOf(cordia);
    const [first] = alba.people;
    if (first.actor.kind !== 'person') throw new Error('A person was expected');
    const stale = alba.as({ ...first.actor, steppedUpAt: '2026-05-14T05:00:00.000Z' });
    await expect(proposeRoot(stale, alba.trust.own, card, said)).rejects.toMatchObject({
      code: 'identity.step-up-needed',
    });
  });

  test('ends after five wrong fingerprints, and each is in the log', async () => {
    const [first, second] = borea.people;
    const root = await proposeRoot(first, borea.trust.own, await cardOf(cordia), said);
    const wrong = 'ffff '.repeat(16);
    for (let n = 1; n < 5; n += 1) expect(await confirmRoot(second, 'XC', root.kid, wrong)).toBe('differs');
    expect(await confirmRoot(second, 'XC', root.kid, wrong)).toBe('ended');
    await expect(confirmRoot(second, 'XC', root.kid, wrong)).rejects.toMatchObject({ code: 'trust.root-decided' });
    const entries = await borea.database.owner.selectFrom('audit_entries').selectAll().execute();
    expect(JSON.stringify(entries.map((one) => one.entry)).match(/exchange\.fingerprint-differs/g)).toHaveLength(5);
  });

  test('the fingerprint binds key and owner: the same key for another State reads differently', async () => {
    const card = await cardOf(borea);
    expect(fingerprintOf({ ...card, owner: 'XC' })).not.toBe(fingerprintOf(card));
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) as JWK;
  test('K11: a card with a key of another kind, or off the curve, is refused', async () => {
    expect(() => readCard(JSON.stringify({ kind: 'root-card', version: 1, owner: 'XC', key: rsa }))).toThrow(
      'trust.bad-card',
    );
    const card = await cardOf(cordia);
    const y = Buffer.from(card.key.y, 'base64url');
    y[0]! ^= 1;
    const bent = { ...card, key: { ...card.key, y: y.toString('base64url') } };
    await expect(proposeRoot(alba.people[0], alba.trust.own, bent, said)).rejects.toMatchObject({
      code: 'trust.key-off-curve',
    });
  });
});

test('two nodes are introduced by the same steps in one call', async () => {
  const reports = await introduce(cordia.trust, cordia.people, await cardOf(borea), await borea.feeds());
  expect(reports.flatMap((one) => [...one.problems, ...one.refused])).toEqual([]);
  expect((await view(cordia)).sealingKeys('XB:central-authority', clock.now())).toHaveLength(1);
});
