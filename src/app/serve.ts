import { serve as listen, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { every } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { withTransaction } from '../platform/db/index.ts';
import { ComityError, Unavailable } from '../platform/errors.ts';
import { knowledgeJobs, startKnowledgeJobs } from '../modules/knowledge/index.ts';
import { logTileRoutes } from '../modules/exchange/index.ts';
import { requestJobs, startRequestJobs } from '../modules/requests/index.ts';
import { evidenceJobs, startEvidenceJobs } from './evidence.ts';
import { buildApp, type App } from './index.ts';
import type { Modules } from './modules.ts';
import { buildLive } from './live.ts';
import type { LiveModules } from './live-modules.ts';
import { openNode, type Node } from './node.ts';
import { startWorkers, type Workers } from './operations-workers.ts';

export interface RunningNode {
  app: App;
  live: LiveModules;
  port: number;
  /** Address people open. */
  origin: string;
  /** Resolves with the reason when the node's own PostgreSQL ended for good: the node cannot go on. */
  died: Promise<unknown>;
  /** Takes nothing new, lets what is under way finish, ends work in hand, closes the database: within 15 seconds. */
  stop(): Promise<void>;
}

/** Of the 15 seconds a stop may take: for requests, then for what holds the database. */
const finishWithinMs = 9_000;
const closeWithinMs = 5_000;
const watchDiskEveryMs = 5_000;

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

async function listenOn(node: Node, fetch: Fetch): Promise<ServerType> {
  return new Promise<ServerType>((resolve, reject) => {
    const made = listen({ fetch, hostname: node.config.COMITY_HOST, port: node.config.COMITY_PORT }, () =>
      resolve(made),
    );
    made.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Unavailable('app.port-taken', { params: { port: node.config.COMITY_PORT }, cause: error })
          : error,
      ),
    );
  });
}

const operations = new Set(['/healthz', '/readyz', '/metrics']);

const turnedAway = (status: 404 | 503, code: string) =>
  new Response(JSON.stringify({ type: `/problems/${code}`, status, code }), {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      Connection: 'close',
      ...(status === 503 ? { 'Retry-After': '10' } : {}),
    },
  });

/** Counts what is under way, and turns away what comes while the node starts, stops, or does background work only. */
function createGate(role: Config['COMITY_ROLE']) {
  let app: App | undefined;
  let closing = false;
  let underWay = 0;
  let whenIdle: () => void = () => {};
  const gate: Fetch = async (request, env) => {
    if (!app) return turnedAway(503, 'app.starting');
    const path = new URL(request.url).pathname;
    if (operations.has(path)) return app.hono.fetch(request, env as object);
    if (closing) return turnedAway(503, 'app.stopping');
    if (role === 'worker') return turnedAway(404, 'app.worker-only');
    underWay += 1;
    try {
      return await app.hono.fetch(request, env as object);
    } finally {
      underWay -= 1;
      if (underWay === 0) whenIdle();
    }
  };
  return {
    fetch: gate,
    open: (built: App) => void (app = built),
    /** Resolves when nothing is under way any more, or when the time is over. */
    close(): Promise<void> {
      closing = true;
      return withinTime(
        new Promise<void>((resolve) => (underWay === 0 ? resolve() : (whenIdle = resolve))),
        finishWithinMs,
      );
    },
  };
}

/** Waits, but not for ever. */
function withinTime(work: Promise<unknown>, millis: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = every(millis, () => end());
    const end = () => {
      late.stop();
      resolve();
    };
    work.then(end, (error: unknown) => {
      late.stop();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

function closeServer(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  return withinTime(closed, 1_000).then(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    return closed;
  });
}

/** Listens for people and programs, and works through jobs, as `COMITY_ROLE` says. */
export async function serve(node: Node, modules: Modules, hostName = 'localhost'): Promise<RunningNode> {
  const { config, log } = node;
  const gate = createGate(config.COMITY_ROLE);
  const server = await listenOn(node, gate.fetch);
  const { port } = server.address() as AddressInfo;
  const origin = config.COMITY_ORIGIN || `http://${hostName}:${port}`;
  let app: App;
  let live: LiveModules;
  let workers: Workers | undefined;
  try {
    live = await buildLive(node, modules, origin);
    app = buildApp(node, live);
    await app.watchDisk();
    if (config.COMITY_ROLE !== 'web') {
      workers = await startWorkers(node, live, {
        handlers: { ...requestJobs(node), ...evidenceJobs(node, live.evidence), ...knowledgeJobs(live.knowledge) },
      });
      await withTransaction(node.database.db, 'system:jobs', async (tx) => {
        await startRequestJobs(tx, node);
        await startEvidenceJobs(tx, node);
        await startKnowledgeJobs(tx, node);
      });
      await live.exchange.start(node.database, logTileRoutes(live.exchange.system));
    }
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  gate.open(app);
  const again = every(60_000, () =>
    live.refresh().catch((error: unknown) => log.error({ code: codeOf(error) }, 'app.not-refreshed')),
  );
  const watch = every(watchDiskEveryMs, () =>
    app.watchDisk().catch((error: unknown) => log.error({ code: codeOf(error) }, 'disk.not-read')),
  );
  // Half-sent requests may not hold a place for ever.
  if ('requestTimeout' in server) server.requestTimeout = 120_000;
  const { COMITY_STATE: state, COMITY_PROFILE: profile, COMITY_ROLE: role } = config;
  log.info({ port, state, profile, role }, 'node.listening');
  async function stop(): Promise<void> {
    app.stopping();
    log.info({}, 'node.stopping');
    watch.stop();
    again.stop();
    await Promise.all([
      gate.close(),
      workers && withinTime(workers.stop(), finishWithinMs),
      withinTime(live.exchange.stop(), finishWithinMs),
    ]);
    await closeServer(server);
    await withinTime(node.close(), closeWithinMs);
    log.info({}, 'node.stopped');
  }
  let stopped: Promise<void> | undefined;
  return {
    app,
    live,
    port,
    origin,
    died: node.database.server?.died ?? new Promise(() => {}),
    stop: () => (stopped ??= stop()),
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}

/** From this call on a signal asks for a clean stop, also while the node still starts. */
function toldToStop(): Promise<'told'> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('told'));
    process.once('SIGINT', () => resolve('told'));
  });
}

/**
 * Runs until the process is told to stop; then stops cleanly.
 * @throws Unavailable `app.database-died` when the node's own PostgreSQL ended and does not start again
 */
export async function stopOnSignals(
  running: RunningNode,
  after: () => Promise<void> = async () => undefined,
  told = toldToStop(),
): Promise<void> {
  const why = await Promise.race([told, running.died.then((reason) => ({ reason }))]);
  await running.stop();
  await after();
  if (why !== 'told') {
    throw new Unavailable('app.database-died', {
      params: { detail: why.reason instanceof ComityError ? String(why.reason.params.detail ?? '') : '' },
      cause: why.reason,
    });
  }
}

/** Opens a node, serves it and stops it when told: what `comity start` and `dist/main.js` do. */
export async function runNode(
  config: Config,
  modules: Modules,
  listening: (running: RunningNode) => void,
): Promise<void> {
  const told = toldToStop();
  // A second process of a node, for background work only, shares the PostgreSQL of the first.
  const node = await openNode(config, { share: config.COMITY_ROLE === 'worker' });
  let running: RunningNode;
  try {
    running = await serve(node, modules);
  } catch (error) {
    await node.close();
    throw error;
  }
  listening(running);
  await stopOnSignals(running, undefined, told);
}
