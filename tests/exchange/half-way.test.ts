import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRequestHalfWay } from '../../src/app/demo-request.ts';
import { contextFor } from '../../src/app/node.ts';
import { introduceNodes } from '../../src/app/introduce.ts';
import { actAsSample, addSamplePeople } from '../../src/app/sample-people-at.ts';
import { loadSampleWorld } from '../../src/app/sample-world.ts';
import { steps } from '../../src/app/tour.tsx';
import { getExchangeStatus, MessageId } from '../../src/modules/exchange/index.ts';
import { askRelay, openRelay, sendByRelay } from '../../src/modules/exchange/relay.ts';
import { listEventRows, listOutgoing } from '../../src/modules/exchange/store/operate.ts';
import { personNames } from '../../src/modules/identity/index.ts';
import { listRoots } from '../../src/modules/exchange/trust/store/index.ts';
import { startNetwork, type Network } from '../support/network.ts';

let network: Network;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'], strangers: true });
}, 120_000);
afterAll(() => network?.stop());

test('the demo begins with a request half-way, brought over the border by the people whose part it is', async () => {
  const [alba, borea] = [network.of('XA'), network.of('XB')];
  const sides = [alba, borea].map((one) => ({ node: one.node, live: one.running.live }));
  const [here, there] = sides as [(typeof sides)[0], (typeof sides)[0]];
  for (const { node } of sides) await addSamplePeople(node);
  await introduceNodes(here, there);
  for (const { exchange } of [alba, borea]) await exchange.replication()?.once();
  for (const { node, live } of sides) await loadSampleWorld(node, live);

  await sendRequestHalfWay(here, there);
  // A demo started again goes on with what is there.
  await sendRequestHalfWay(here, there);

  const amara = await actAsSample(alba.node, 'amara');
  const ines = await actAsSample(borea.node, 'ines');
  const { requests: sent } = await here.live.requests.list(amara, { limit: 10 });
  expect(sent.map((one) => one.status).sort()).toEqual(['draft', 'draft', 'information-asked', 'peer-review']);
  const { requests: came } = await there.live.incoming.list(ines);
  expect(came).toMatchObject([{ status: 'information-asked', requestingState: 'XA' }]);
  const view = await there.live.incoming.get(ines, came[0]?.reference ?? '');
  expect(view.signature).toMatchObject({
    authority: 'XA:central-authority',
    finding: 'valid',
    signatory: 'Deniz Orlo',
  });
  expect(view.thread).toMatchObject([{ status: 'open', askedBy: 'requested' }]);
  // The one that waits for its review asks for the same account: nothing without a reason stops it on the tour.
  const waiting = sent.find((one) => one.status === 'peer-review')?.reference ?? '';
  expect((await here.live.requests.check(amara, waiting)).open.map((one) => one.code)).toEqual([]);
  // Every step has its own actor in the log.
  const own = await here.live.requests.get(
    amara,
    sent.find((one) => one.status === 'information-asked')?.reference ?? '',
  );
  const actors = new Set(own.actions.map((one) => one.actor));
  expect(actors.size).toBeGreaterThanOrEqual(5);
  // Trust was confirmed by people who work there.
  const roots = await borea.exchange.system.transaction((tx) => listRoots(tx, 'XA'));
  const [root] = roots;
  const confirmers = [root?.proposedBy ?? '', root?.confirmedBy ?? ''];
  const names = await ines.transaction((tx) => personNames(tx, confirmers));
  expect([...names.values()].sort()).toEqual(['Ivo Kernel', 'Pia Waldo']);
  const mira = await actAsSample(alba.node, 'mira');
  expect((await getExchangeStatus(mira)).delivered).toBeGreaterThan(0);
}, 120_000);

test('every step of the tour leads to a page of its own', () => {
  const pages = network.of('XA').running.live.routes.filter((one) => one.kind === 'page' && one.method === 'get');
  const paths = new Set(pages.map((one) => one.path));
  expect(steps.map((one) => one.at.split('?')[0]).filter((path) => !paths.has(path ?? ''))).toEqual([]);
});

test('a message is handed to an access point, and what that point says is stated as no more than that', async () => {
  const { exchange, node } = network.of('XA');
  const folder = mkdtempSync(join(tmpdir(), 'comity-relay-'));
  try {
    const setting = join(folder, 'relay.json');
    const described = {
      folder,
      ownParty: 'alba-access-point',
      parties: { 'XB:central-authority': 'borea-access-point' },
      service: 'comity:container',
      serviceType: 'comity',
      action: 'Deliver',
      roles: { from: 'initiator', to: 'responder' },
    };
    writeFileSync(setting, JSON.stringify({ ...described, action: undefined }));
    expect(() => openRelay(setting)).toThrow('exchange.relay-setting');
    expect(() => openRelay('')).toThrow('exchange.relay-off');
    writeFileSync(setting, JSON.stringify(described));
    const connector = openRelay(setting);
    const container = join(folder, 'x.asice');
    writeFileSync(container, 'PK container');
    const sent = await exchange.system.transaction((tx) => listOutgoing(tx, { statuses: ['handed-over'], limit: 1 }));
    const message = MessageId.parse(sent[0]?.id);
    const ctx = contextFor(node, { kind: 'system', id: 'cli' }, 'en');
    await sendByRelay(ctx, connector, { message, file: container });
    expect(await askRelay(ctx, connector, exchange.parts, message)).toMatchObject({ state: 'waiting', event: null });
    // What the plugin of an access point does when the other one has it.
    mkdirSync(join(folder, 'SENT'));
    renameSync(join(folder, 'OUT', message), join(folder, 'SENT', message));
    for (let times = 0; times < 2; times += 1)
      expect(await askRelay(ctx, connector, exchange.parts, message)).toMatchObject({ event: 'RelayToNonERDS' });
    const events = await exchange.system.transaction((tx) => listEventRows(tx, message));
    const own = events.filter((one) => one.type === 'RelayToNonERDS');
    expect(own).toMatchObject([{ byNode: 'xa', byAuthority: 'XA:central-authority' }]);
    expect(own[0]?.logIndex).not.toBeNull();
    const unknown = MessageId.parse('01890000-0000-7000-8000-000000000001');
    await expect(sendByRelay(ctx, connector, { message: unknown, file: container })).rejects.toMatchObject({
      code: 'exchange.no-such-message',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
