import { afterAll, beforeAll, expect, test } from 'vitest';
import { listWitnessed, listWitnesses } from '../../src/modules/audit/index.ts';
import { verifyProof, getProof, type NodeId } from '../../src/modules/exchange/index.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { startNetwork, takeNotes, until, type Network, type NetworkNode, type Notes } from '../support/network.ts';

let network: Network;
let alba: Notes;
let borea: Notes;
let xa: NetworkNode;
let xb: NetworkNode;
const sent: string[] = [];
/** The database of the tests does not wait for the disk, and receipts say so. */
const unflushed = 'log.verify-not-durable';

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  [xa, xb] = [network.of('XA'), network.of('XB')];
  [alba, borea] = [takeNotes(xa), takeNotes(xb)];
});
afterAll(() => network.stop());

const inside = <T>(node: NetworkNode, work: Parameters<typeof withTransaction<T>>[2]) =>
  withTransaction(node.exchange.parts.db, 'system:test', work);

test('after ordinary traffic both nodes hold the same history, and each has cosigned the log of the other', async () => {
  for (let n = 0; n < 6; n += 1) {
    sent.push(await alba.send({ to: 'XB:central-authority', text: `from alba ${n}` }));
    await borea.send({ to: 'XA:central-authority', text: `from borea ${n}` });
  }
  await until(
    () =>
      alba.outcomes.filter((one) => one.outcome === 'handed-over').length >= 6 &&
      borea.outcomes.filter((one) => one.outcome === 'handed-over').length >= 6,
    'all arrived',
  );
  let report = await xa.exchange.history.reconcile('xb' as NodeId, { lookOnly: true });
  // Events that tell of the last messages may still be under way.
  for (let n = 0; n < 50 && report.outcome !== 'equal'; n += 1) {
    await until(async () => true, 'a moment');
    report = await xa.exchange.history.reconcile('xb' as NodeId, { lookOnly: true });
  }
  expect(report).toMatchObject({ outcome: 'equal', differences: [] });
  expect(report.compared).toBeGreaterThanOrEqual(12);
  await xb.exchange.history.reconcile('xa' as NodeId);
  expect((await inside(xa, listWitnesses)).map((one) => one.witness)).toEqual(['xb']);
  expect((await inside(xb, listWitnesses)).map((one) => one.witness)).toEqual(['xa']);
  expect((await inside(xa, listWitnessed)).map((one) => one.origin)).toEqual(['comity/XB/exchange/1']);
}, 120_000);

test('the proof of a delivered message is checked without a node, on the side of the sender and of the receiver', async () => {
  for (const node of [xa, xb]) {
    const proof = await inside(node, (tx) => getProof(node.exchange.history.parts, tx, sent[0]!));
    const found = verifyProof(proof);
    expect(found.statements.filter((one) => !one.holds && one.code !== unflushed)).toEqual([]);
    const codes = found.statements.map((one) => one.code);
    for (const code of ['message', 'receipt', 'event', 'checkpoint', 'entry', 'cosignature'])
      expect(codes, node.state).toContain(`log.verify-${code}`);
  }
});

test('a node that is not reached is said to be so', async () => {
  await xb.exchange.stop();
  expect((await xa.exchange.history.reconcile('xb' as NodeId)).outcome).toBe('not-reached');
}, 60_000);
