import { Hono } from 'hono';
import type { Context as HonoContext } from 'hono';
import { sql } from 'kysely';
import { assetFinder, serveAssets } from '../platform/http/assets.ts';
import { NotAllowed } from '../platform/errors.ts';
import { withCompression } from '../platform/http/compress.ts';
import { withSecurityHeaders } from '../platform/http/headers.ts';
import { mountRoutes } from '../platform/http/mount.ts';
import { openApiDocument } from '../platform/http/openapi.ts';
import { createMetrics, freeBytes, serveOperations } from '../platform/http/operations.ts';
import type { ApiRoute, PostedForm, Route } from '../platform/http/routes.ts';
import { createRateLimit } from '../platform/http/rate.ts';
import { findKeptForm, keepForm } from '../platform/http/store.ts';
import { secret } from '../platform/random.ts';
import { sha256 } from '../platform/values/index.ts';
import { admits, flushDenials, recordRouteDenied, type Context, type Permission } from '../modules/identity/index.ts';
import type { View } from '../web/index.ts';
import { plainFormMb } from './evidence.ts';
import type { LiveModules } from './live-modules.ts';
import type { Node } from './node.ts';
import { measure } from './operations-measures.ts';
import { ErrorPage, appPages } from './pages.tsx';
import { createVisit } from './visit.ts';
import { version } from './version.ts';
import { translators } from './words.ts';

export { version };

export interface App {
  hono: Hono;
  routes: readonly Route<Context, View>[];
  /** Looks how much space is left; below the reserve the node only reads. */
  watchDisk(): Promise<void>;
  /** Stops answering readiness; requests under way finish. */
  stopping(): void;
}

interface RequestEnvironment {
  incoming?: { socket?: { remoteAddress?: string } };
}

function remoteAddress(env: unknown): string {
  return (env as RequestEnvironment | undefined)?.incoming?.socket?.remoteAddress ?? '';
}

/** Addresses under which this node is opened: the configured one, else the one the reader used. */
function ownOrigins(node: Node, c: HonoContext): string[] {
  if (node.config.COMITY_ORIGIN !== '') return [node.config.COMITY_ORIGIN];
  const host = c.req.header('host') ?? '';
  return [`http://${host}`, `https://${host}`];
}

async function keep(
  node: Node,
  seal: (bytes: Uint8Array) => Uint8Array,
  path: string,
  form: PostedForm,
): Promise<string> {
  const id = secret(node.random, 24);
  // Files are not kept: they are added again. Proofs and keys belong to the session that ended.
  const values = Object.fromEntries(Object.entries(form.values).filter(([name]) => !name.startsWith('_')));
  const sealed = seal(Buffer.from(JSON.stringify(values)));
  await keepForm(node.database.db, sha256(id), path, sealed, node.clock.now());
  return `/kept/${id}`;
}

/** Puts the modules together for one node: pages, API, assets, operations. */
export function buildApp(node: Node, live: LiveModules): App {
  const { identity } = live;
  const { config, database } = node;
  const metrics = createMetrics();
  const publicCalls = createRateLimit(node.clock, config.COMITY_PUBLIC_PER_MINUTE);
  let open = true;
  let free = Number.MAX_SAFE_INTEGER;
  const isReadOnly = () => free < config.COMITY_DISK_RESERVE_MB * 1_048_576;
  const routes: Route<Context, View>[] = [
    ...appPages({
      tour: live.tour,
      routes: () => routes,
      async openKeptForm(id) {
        const found = await findKeptForm(database.db, sha256(id));
        if (!found) return undefined;
        const values = JSON.parse(Buffer.from(identity.open(found.sealed)).toString('utf8')) as PostedForm['values'];
        return { path: found.path, form: { values, files: [] } };
      },
    }),
    ...live.routes,
  ];
  const visit = createVisit({
    node,
    identity,
    translators,
    rail: live.rail,
    toAlpha2: live.toAlpha2,
    recordedName: live.recordedName,
    asset: assetFinder(),
    authorityName: live.authorityName,
    isReadOnly,
    tour: live.tour,
  });
  const hono = new Hono();
  hono.use('*', async (c, next) => {
    const began = performance.now();
    await next();
    metrics.observe(c.req.method, c.req.routePath, c.res.status, (performance.now() - began) / 1000);
  });
  hono.use('*', withSecurityHeaders());
  hono.use('*', withCompression());
  serveAssets(hono);
  serveOperations(hono, metrics, {
    isOpen: () => open,
    pingDatabase: async () => void (await sql`select 1`.execute(database.db)),
    metricsToken: config.COMITY_METRICS_TOKEN,
    addressOf: (_request, env) => remoteAddress(env),
    measure: () => measure(node),
  });
  const api = routes.filter((route): route is ApiRoute<Context> => route.kind === 'api');
  const origin = config.COMITY_ORIGIN || '/';
  hono.get('/api/openapi.json', (c) => c.json(openApiDocument(api, version, origin)));
  mountRoutes<Context, View>(hono, routes, {
    db: database.db,
    visit,
    admits: (ctx, permission) => admits(ctx.actor, permission as Permission),
    withTransaction: (ctx, transaction) => ({ ...ctx, transaction }),
    words: (view, code, params) => view.t.code(code, params),
    problemText: (view, problem) => view.problemText(problem),
    errorPage: (view, report) => ErrorPage({ view, report }),
    keepForm: (path, form) => keep(node, identity.seal, path, form),
    seal: identity.seal,
    open: identity.open,
    async recordDenied(ctx, permission, path) {
      await flushDenials(database.db, ctx);
      await recordRouteDenied(database.db, ctx, permission as Permission, path);
    },
    log: node.log,
    elsewhere: (error, path) =>
      error instanceof NotAllowed && error.code === 'identity.step-up-needed'
        ? `/sign-in/step-up?next=${encodeURIComponent(path)}`
        : undefined,
    waitFor: (permission, address) => (/^(authorities|knowledge)\./.test(permission) ? publicCalls.take(address) : 0),
    isReadOnly,
    reference: () =>
      secret(node.random, 5)
        .replaceAll(/[^A-Za-z0-9]/g, '7')
        .toUpperCase(),
    ownOrigins: (c) => ownOrigins(node, c),
    maxBodyBytes: 1_048_576,
    maxFormBytes: (Math.min(config.COMITY_MAX_FILE_MB, plainFormMb) + 1) * 1_048_576,
    checkOutputs: config.COMITY_PROFILE !== 'production',
  });
  return {
    hono,
    routes,
    async watchDisk() {
      free = await freeBytes(config.dataFolder);
      metrics.diskFree(free);
      metrics.readOnly(isReadOnly());
    },
    stopping() {
      open = false;
    },
  };
}
