import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyContainer } from '../../src/modules/evidence/index.ts';
import { startNetwork, takeNotes, until, type Network, type Notes } from '../support/network.ts';

let network: Network;
let alba: Notes;
let borea: Notes;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  alba = takeNotes(network.of('XA'));
  borea = takeNotes(network.of('XB'));
}, 180_000);
afterAll(() => network.stop());

function rootOf(node: ReturnType<Network['of']>, name: string): X509Certificate {
  const pems = readFileSync(`${node.node.config.dataFolder}/keys/${name}.pem`, 'utf8').split(
    /(?<=END CERTIFICATE-----\n)/,
  );
  return new X509Certificate(pems[1]!);
}

test('A7: both sides make a proof pack of one message, and each holds for whoever has the root of its State', async () => {
  const id = await alba.send({ to: 'XB:central-authority', text: 'To be proven' });
  await until(() => borea.taken.some((note) => note.id === id), 'the note is there');
  await until(() => alba.outcomes.some((one) => one.id === id && one.outcome === 'handed-over'), 'the sender knows');
  for (const state of ['XA', 'XB'] as const) {
    const node = network.of(state);
    const { live } = node.running;
    const pack = await live.evidence.exportMessage(live.exchange.system, id);
    const bytes = await buffer(pack.bytes);
    const report = await verifyContainer(
      { size: bytes.length, read: async (start, length) => bytes.subarray(start, start + length) },
      {
        roots: [rootOf(node, 'authority-sign')],
        stampRoots: [rootOf(node, 'development-stamps')],
        now: node.node.clock.now(),
      },
    );
    expect(
      report.findings.filter((one) => one.severity === 'block'),
      state,
    ).toEqual([]);
    expect(report.status, state).toBe('holds');
    expect(bytes.includes('parts/part-000.age'), state).toBe(true);
    expect(bytes.includes('To be proven'), state).toBe(false);
  }
}, 120_000);
