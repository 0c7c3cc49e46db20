import { serve as listen, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { every } from '../platform/clock.ts';
import { buildApp, type App } from './index.ts';
import type { Modules } from './modules.ts';
import type { Node } from './node.ts';

export interface RunningNode {
  app: App;
  port: number;
  /** Takes no new requests, lets those under way finish for up to 15 seconds, then closes the database. */
  stop(): Promise<void>;
}

const stopWithinMs = 15_000;

/** Listens for people and programs. */
export async function serve(node: Node, modules: Modules): Promise<RunningNode> {
  const app = buildApp(node, modules);
  await app.watchDisk();
  const watch = every(30_000, () => app.watchDisk().catch((error: unknown) => node.log.error({ err: String(error) }, 'disk.not-read')));
  const server = await new Promise<ServerType>((resolve, reject) => {
    const made = listen({ fetch: app.hono.fetch, hostname: node.config.COMITY_HOST, port: node.config.COMITY_PORT }, () => resolve(made));
    made.on('error', reject);
  });
  // Half-sent requests may not hold a place for ever.
  if ('requestTimeout' in server) server.requestTimeout = 120_000;
  const { port } = server.address() as AddressInfo;
  node.log.info({ port, state: node.config.COMITY_STATE, profile: node.config.COMITY_PROFILE }, 'node.listening');
  return {
    app,
    port,
    async stop() {
      app.stopping();
      watch.stop();
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
