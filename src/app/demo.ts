import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { CliCall } from '../platform/cli/index.ts';
import { configFromEnvironment } from '../platform/config.ts';
import { packageRoot } from '../platform/paths.ts';
import { loadSampleDirectory } from '../modules/authorities/index.ts';
import type { Context } from '../modules/identity/index.ts';
import { publishBundle } from '../modules/treaties/index.ts';
import { sendRequestHalfWay } from './demo-request.ts';
import { introduceNodes } from './introduce.ts';
import { buildModules, type Modules } from './modules.ts';
import { openNode, type Node } from './node.ts';
import { actAsSample, addSamplePeople } from './sample-people-at.ts';
import { loadSampleWorld } from './sample-world.ts';
import { serve, stopOnSignals, type RunningNode } from './serve.ts';
import { translators } from './words.ts';

const folder = join(packageRoot, 'var', 'demo');

interface DemoNode {
  /** Node id, as the sample directory writes it. */
  id: string;
  name: 'alba' | 'borea' | 'secretariat';
  state: string;
  authority: string;
  zone: string;
}

/** Two States and a secretariat, each with its own database and keys. */
const demoNodes: readonly DemoNode[] = [
  { id: 'xa', name: 'alba', state: 'XA', authority: 'XA:central-authority', zone: 'America/Puerto_Rico' },
  { id: 'xb', name: 'borea', state: 'XB', authority: 'XB:central-authority', zone: 'America/Montevideo' },
  { id: 'secretariat', name: 'secretariat', state: 'XD', authority: '', zone: 'UTC' },
];

/** The wanted port when it is free, else any free one: a newcomer's machine may have something on 8080. */
async function freePort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
      });
    });
  const first = taken.has(wanted) ? undefined : await tryPort(wanted);
  return first ?? (await tryPort(0)) ?? wanted;
}

interface PlacedNode extends DemoNode {
  port: number;
  origin: string;
  exchangePort: number;
}

interface StartedNode {
  name: DemoNode['name'];
  node: Node;
  modules: Modules;
  running: RunningNode;
}

async function placeNodes(firstPort: number): Promise<PlacedNode[]> {
  const taken = new Set<number>();
  const placed: PlacedNode[] = [];
  for (const [index, one] of demoNodes.entries()) {
    const port = await freePort(firstPort + index, taken);
    taken.add(port);
    const exchangePort = await freePort(firstPort + 1000 + index, taken);
    taken.add(exchangePort);
    placed.push({ ...one, port, exchangePort, origin: `http://${one.name}.localhost:${port}` });
  }
  return placed;
}

async function startOne(one: PlacedNode, all: readonly PlacedNode[]): Promise<StartedNode> {
  const config = configFromEnvironment({
    COMITY_PROFILE: 'demo',
    COMITY_STATE: one.state,
    COMITY_AUTHORITY: one.authority,
    COMITY_TIME_ZONE: one.zone,
    COMITY_DATA: join(folder, one.name),
    COMITY_PORT: String(one.port),
    COMITY_ORIGIN: one.origin,
    COMITY_NODE: one.id,
    COMITY_EXCHANGE_PORT: String(one.exchangePort),
    COMITY_EXCHANGE_ORIGIN: `https://${one.name}.localhost:${one.exchangePort}`,
    COMITY_LOG_LEVEL: 'error',
  });
  const modules = buildModules(config, translators);
  modules.tour = { node: one.id, nodes: all.map(({ id, origin }) => ({ id, origin })) };
  const node = await openNode(config);
  try {
    const running = await serve(node, modules);
    const { system, trust } = running.live.exchange;
    // Its own directory first: with the authority's entry its keys are published as well.
    const { name } = one;
    if (name !== 'secretariat')
      await system.transaction((tx) =>
        loadSampleDirectory(tx, system, { needs: modules.authoritiesNeeds, names: [name] }),
      );
    await trust.start(system);
    return { name, node, modules, running };
  } catch (error) {
    await node.close();
    throw error;
  }
}

/**
 * The secretariat signs the treaty data it keeps as a record of its feed; the other nodes take it from there. Started
 * again with the same data it is the same record.
 */
async function publishTreaties({ node, modules, running }: StartedNode): Promise<void> {
  const { keys, exchange } = running.live;
  const officer = await actAsSample(node, 'hana');
  await publishBundle(officer, modules.treatyData, { keys, owner: exchange.trust.own.owner });
}

/** Each node gets its people, learns of each other through two of them, then gets what they work on. */
async function fill(started: readonly StartedNode[]): Promise<void> {
  const known = started.map(({ node, running }) => ({ node, live: running.live }));
  for (const { node } of known) await addSamplePeople(node);
  // Before the nodes know each other, so that their first look finds it.
  for (const one of started) if (one.name === 'secretariat') await publishTreaties(one);
  for (const [index, one] of known.entries())
    for (const other of known.slice(index + 1)) await introduceNodes(one, other);
  for (const { running } of started) await running.live.exchange.replication()?.once();
  for (const { node, live } of known) await loadSampleWorld(node, live);
  const sides = Object.fromEntries(started.map(({ name, node, running }) => [name, { node, live: running.live }]));
  if (sides.alba && sides.borea) await sendRequestHalfWay(sides.alba, sides.borea);
}

/** Runs Alba, Borea and a secretariat with their sample people, and says where to look. */
export async function runDemo(
  call: CliCall<Context>,
  options: { port: string | undefined; fresh: boolean },
): Promise<void> {
  if (options.fresh) await rm(folder, { recursive: true, force: true });
  const placed = await placeNodes(Number(options.port ?? 8080));
  call.say('Starting Alba, Borea and a secretariat, each with its own database …');
  const started = await Promise.allSettled(placed.map((one) => startOne(one, placed)));
  const ready = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const running = ready.map((one) => one.running);
  const stopAll = async () => void (await Promise.all(running.map((one) => one.stop())));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stopAll();
    throw failed.reason;
  }
  await fill(ready).catch(async (error: unknown) => {
    await stopAll();
    throw error;
  });
  const [alba] = placed;
  call.say('');
  call.say(`Comity is running. Begin here: ${alba?.origin ?? ''}/tour`);
  call.say('The tour signs you in as any of the sample people, on both sides of the border.');
  call.say('');
  for (const { name, origin } of placed) call.say(`  ${name.padEnd(12)} ${origin}`);
  call.say('');
  call.say(`  Who was party to UNTOC on 29 March 2013?   ${alba?.origin ?? ''}/law/XVIII-12?on=2013-03-29`);
  call.say(
    `  On what may Alba ask Borea?                ${alba?.origin ?? ''}/law/basis?from=XA&to=XB&measure=freezing`,
  );
  call.say('');
  call.say('Press Ctrl C to stop.');
  const [first, ...others] = running;
  if (!first) return;
  await stopOnSignals(first, async () => void (await Promise.all(others.map((one) => one.stop()))));
}
