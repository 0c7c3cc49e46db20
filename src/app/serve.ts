import { serve as listen, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { every } from '../platform/clock.ts';
import { forgetOldWrites } from '../platform/http/store.ts';
import { tidyIdentity } from '../modules/identity/index.ts';
import { buildApp, type App } from './index.ts';
import type { Modules } from './modules.ts';
import { buildLive, type LiveModules } from './live.ts';
import type { Node } from './node.ts';

export interface RunningNode {
  app: App;
  live: LiveModules;
  port: number;
  /** Address people open. */
  origin: string;
  /** Takes no new requests, lets those under way finish for up to 15 seconds, then closes the database. */
  stop(): Promise<void>;
}

const stopWithinMs = 15_000;

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

async function listenOn(node: Node, fetch: Fetch): Promise<ServerType> {
  return new Promise<ServerType>((resolve, reject) => {
    const made = listen({ fetch, hostname: node.config.COMITY_HOST, port: node.config.COMITY_PORT }, () =>
      resolve(made),
    );
    made.on('error', reject);
  });
}

/** Listens for people and programs. */
export async function serve(node: Node, modules: Modules, hostName = 'localhost'): Promise<RunningNode> {
  let app: App | undefined;
  const server = await listenOn(node, (request, env) => app!.hono.fetch(request, env));
  const { port } = server.address() as AddressInfo;
  const origin = node.config.COMITY_ORIGIN || `http://${hostName}:${port}`;
  const live = await buildLive(node, modules, origin);
  app = buildApp(node, live);
  const running = app;
  await running.watchDisk();
  const again = every(60_000, () =>
    live.refresh().catch((error: unknown) => node.log.error({ err: String(error) }, 'app.not-refreshed')),
  );
  const tidy = every(3_600_000, () => {
    const work = async () => {
      await forgetOldWrites(node.database.db, node.clock.now());
      await tidyIdentity(live.identity);
    };
    work().catch((error: unknown) => node.log.error({ err: String(error) }, 'app.not-tidied'));
  });
  const watch = every(30_000, () =>
    running.watchDisk().catch((error: unknown) => node.log.error({ err: String(error) }, 'disk.not-read')),
  );
  // Half-sent requests may not hold a place for ever.
  if ('requestTimeout' in server) server.requestTimeout = 120_000;
  node.log.info({ port, state: node.config.COMITY_STATE, profile: node.config.COMITY_PROFILE }, 'node.listening');
  return {
    app: running,
    live,
    port,
    origin,
    async stop() {
      running.stopping();
      watch.stop();
      again.stop();
      tidy.stop();
      await new Promise<void>((resolve) => {
        const late = every(stopWithinMs, () => {
          if ('closeAllConnections' in server) server.closeAllConnections();
        });
        server.close(() => {
          late.stop();
          resolve();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      });
      await node.close();
      node.log.info({}, 'node.stopped');
    },
  };
}

/** Runs until the process is told to stop; then stops cleanly. */
export function stopOnSignals(running: RunningNode, after: () => Promise<void> = async () => undefined): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      void running.stop().then(after).then(resolve);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
