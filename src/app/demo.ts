import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { CliCall } from '../platform/cli/index.ts';
import { configFromEnvironment } from '../platform/config.ts';
import { packageRoot } from '../platform/paths.ts';
import type { Context } from '../modules/identity/index.ts';
import { buildModules } from './modules.ts';
import { openNode } from './node.ts';
import { loadSampleWorld } from './sample-world.ts';
import { serve, stopOnSignals } from './serve.ts';
import { translators } from './words.ts';

const folder = join(packageRoot, 'var', 'demo', 'alba');

/** The wanted port when it is free, else any free one: a newcomer's machine may have something on 8080. */
async function freePort(wanted: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
      });
    });
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

/** Runs Alba with its sample world, and says where to look. */
export async function runDemo(
  call: CliCall<Context>,
  options: { port: string | undefined; fresh: boolean },
): Promise<void> {
  if (options.fresh) await rm(folder, { recursive: true, force: true });
  const port = await freePort(Number(options.port ?? 8080));
  const config = configFromEnvironment({
    COMITY_PROFILE: 'demo',
    COMITY_STATE: 'XA',
    COMITY_AUTHORITY: 'XA:central-authority',
    COMITY_TIME_ZONE: 'Europe/Vienna',
    COMITY_DATA: folder,
    COMITY_PORT: String(port),
    COMITY_ORIGIN: `http://alba.localhost:${port}`,
    COMITY_LOG_LEVEL: 'warn',
  });
  call.say('Starting Alba with its own database …');
  const node = await openNode(config);
  const running = await serve(node, buildModules(config, translators));
  const links = await loadSampleWorld(node, running.live).catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  call.say('');
  call.say(`Comity is running: ${running.origin}`);
  call.say(`  Who was party to UNTOC on 29 March 2013?   ${running.origin}/law/XVIII-12?on=2013-03-29`);
  call.say(`  On what may Alba ask Borea?                ${running.origin}/law/basis?from=XA&to=XB&measure=freezing`);
  call.say('');
  call.say('Sign in as one of the sample people. Each link works once; start again for new ones.');
  for (const { person, link } of links)
    call.say(`  ${person.name.padEnd(14)} ${person.shows.padEnd(58)} ${running.origin}${link}`);
  call.say('');
  call.say('Press Ctrl C to stop.');
  await stopOnSignals(running);
}
