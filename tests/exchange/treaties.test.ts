import type { JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { introduce } from '../../src/modules/exchange/trust/index.ts';
import { pollFeed } from '../../src/modules/exchange/replicate.ts';
import { createContext, type Context } from '../../src/modules/identity/index.ts';
import {
  acceptBundle,
  createLiveFacts,
  InstrumentId,
  publishBundle,
  statusOn,
  treatiesFeed,
} from '../../src/modules/treaties/index.ts';
import { insertBundle, insertBundleDecision, listBundles } from '../../src/modules/treaties/store/index.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { buildRecord } from '../../src/platform/crypto/index.ts';
import { createLog } from '../../src/platform/log.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import { plainDate, sha256, stateCode, type Hash } from '../../src/platform/values/index.ts';
import { linesBetween, trustNode, type TrustNode } from '../support/trust.ts';

const clock = fakeClock('2026-05-14T12:00:00.000Z');
const lives = { alba: createLiveFacts(), borea: createLiveFacts(), secretariat: createLiveFacts() };
let alba: TrustNode;
let borea: TrustNode;
let secretariat: TrustNode;
let lines: ReturnType<typeof linesBetween>;

const palau = (name: keyof typeof lives) =>
  statusOn(lives[name].current(), InstrumentId.parse('XVIII-12'), stateCode('PLW'), plainDate('2020-01-01')).status;

/** Who publishes at the secretariat. */
const hana = (): Context => {
  const [person] = secretariat.people;
  if (person.actor.kind !== 'person') throw new Error('a person');
  return secretariat.as({ ...person.actor, roles: ['secretariat-officer'] });
};

const publish = () =>
  publishBundle(hana(), lives.secretariat, { keys: secretariat.keys, owner: secretariat.parts.own.owner });

/** The secretariat's next set, with a deposit of Palau that the first one lacks. */
async function publishPalau(): Promise<void> {
  const { bundle } = await publish();
  const body = structuredClone(bundle.body);
  const file = body.files.find((one) => one.path === 'participation.csv');
  if (!file) throw new Error('participation.csv');
  file.text = file.text.replace(/^XVIII-12,PLW,.*$/m, 'XVIII-12,PLW,,2019-05-01,accession,,derived,S1,');
  file.sha256 = sha256(file.text);
  const signing = await secretariat.keys.ensure('treaties/sign', 'ES256');
  const built = await buildRecord(
    secretariat.keys,
    signing.kid,
    {
      kind: 'treaties-dataset',
      version: 1,
      owner: 'secretariat',
      feed: 'treaties',
      recordId: 'treaties',
      recordVersion: 2,
      op: 'put',
      at: clock.now(),
      body: JSON.parse(JSON.stringify(body)) as Record<string, never>,
    },
    { seq: bundle.seq, hash: bundle.hash },
  );
  await secretariat.system.transaction(async (tx) => {
    const id = uuidv7(systemRandom, Date.parse(clock.now()));
    const next = { ...bundle, id, seq: built.record.seq, hash: built.hash, jws: built.jws, body };
    await insertBundle(tx, next, clock.now());
    await insertBundleDecision(tx, id, 'published', 'hana', clock.now());
  });
}

/** The node's own context in another profile. */
const inProduction = (node: TrustNode): Context =>
  createContext({
    db: node.database.db,
    actor: { kind: 'system', id: 'exchange' },
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XB'),
    zone: 'UTC',
    profile: 'production',
    locale: 'en',
  });

beforeAll(async () => {
  const feeds = (name: keyof typeof lives) => ({ more: { feeds: { treaties: treatiesFeed(lives[name]) } } });
  secretariat = await trustNode({ clock, state: 'secretariat', ...feeds('secretariat') });
  alba = await trustNode({ clock, state: 'XA', ...feeds('alba') });
  borea = await trustNode({ clock, state: 'XB', ...feeds('borea') });
  await publish();
  const card = await secretariat.system.transaction((tx) => secretariat.trust.ownCard(tx));
  for (const node of [alba, borea]) {
    const nodes = await secretariat.system.transaction((tx) => secretariat.trust.feed(tx, 'secretariat', 'nodes', 0));
    await introduce(node.trust, node.people, card, [nodes ?? '']);
  }
  lines = linesBetween([alba, borea, secretariat]);
}, 60_000);
afterAll(async () => {
  for (const one of [alba, borea, secretariat]) await one?.close();
});

test('what a secretariat publishes changes what other nodes decide with, by the feed alone', async () => {
  await pollFeed(lines.from(alba), 'secretariat', 'treaties');
  await lives.alba.refresh(alba.system);
  expect(palau('alba')).not.toBe('party');
  await publishPalau();
  await pollFeed(lines.from(alba), 'secretariat', 'treaties');
  await lives.alba.refresh(alba.system);
  expect(palau('alba')).toBe('party');
  const held = await alba.system.transaction((tx) => listBundles(tx));
  expect(held.map((one) => [one.seq, one.status, one.broughtBy])).toEqual([
    [1, 'accepted', 'exchange'],
    [2, 'accepted', 'exchange'],
  ]);
  expect(held[1]?.diff?.lines.map((line) => `${line.what} ${line.state}`)).toEqual(['added PLW', 'vanished PLW']);
});

test('in production what comes waits for a person, and nothing is decided with it before', async () => {
  const parts = { ...lines.from(borea), ctx: inProduction(borea) };
  await pollFeed(parts, 'secretariat', 'treaties');
  const held = await borea.system.transaction((tx) => listBundles(tx));
  expect(held.map((one) => one.status)).toEqual(['proposed', 'proposed']);
  await lives.borea.refresh(borea.system);
  expect(palau('borea')).not.toBe('party');
  const [person] = borea.people;
  if (person.actor.kind !== 'person') throw new Error('a person');
  const noor = borea.as({ ...person.actor, roles: ['central-authority-officer'] });
  await acceptBundle(noor, lives.borea, held[1]?.id ?? '');
  expect(palau('borea')).toBe('party');
});

test('a set of a State is kept and passed on, but not followed', async () => {
  const { root } = (await alba.system.transaction((tx) => listBundles(tx)))[0] ?? {};
  const { bundle } = await publish();
  const taker = treatiesFeed(lives.alba).taker(alba.system);
  const record = {
    ...JSON.parse(Buffer.from(bundle.jws.split('.')[1] ?? '', 'base64url').toString('utf8')),
    owner: 'XB',
  };
  const refused = await alba.system.transaction((tx) =>
    taker.take(tx, [{ record, hash: `sha256:${sha256('another')}` as Hash, jws: bundle.jws, kid: 'k' }], root as JWK),
  );
  expect(refused).toEqual([]);
  expect(await alba.system.transaction((tx) => listBundles(tx))).toHaveLength(2);
});
