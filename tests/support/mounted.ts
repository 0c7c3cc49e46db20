import { Hono } from 'hono';
import { sql } from 'kysely';
import { fakeClock } from '../../src/platform/clock.ts';
import type { Tx } from '../../src/platform/db/index.ts';
import { withSecurityHeaders } from '../../src/platform/http/headers.ts';
import { mountRoutes, type ErrorReport, type MountContext } from '../../src/platform/http/mount.ts';
import type { PostedForm, Route } from '../../src/platform/http/routes.ts';
import { createLog } from '../../src/platform/log.ts';
import type { TestDatabase } from './database.ts';

export interface SmallContext extends MountContext {
  who: string;
}

/** A view is the reader's name: enough to see which one a page got. */
export type SmallView = { who: string };

export interface Mounted {
  hono: Hono;
  /** Permission and path of each refused attempt. */
  denied: string[];
  reports: ErrorReport[];
  kept: { path: string; form: PostedForm }[];
  clock: ReturnType<typeof fakeClock>;
  /** Lets `visit` fail, as it does when the database is away. */
  breakVisits(broken: boolean): void;
  setReadOnly(readOnly: boolean): void;
  ask(method: string, path: string, more?: { headers?: Record<string, string>; body?: BodyInit }): Promise<Response>;
  json(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  form(path: string, fields: [string, string][], headers?: Record<string, string>): Promise<Response>;
}

/** Names of what the invented routes did, in order. */
export async function effects(database: TestDatabase): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`select what from effects order by at`.execute(database.owner);
  return rows.map((row) => row.what);
}

export async function makeEffects(database: TestDatabase): Promise<void> {
  await sql`create table effects (at bigserial primary key, what text not null)`.execute(database.owner);
  await sql`grant select, insert on effects to comity_app`.execute(database.owner);
  await sql`grant usage on sequence effects_at_seq to comity_app`.execute(database.owner);
}

export async function note(tx: Tx, what: string): Promise<void> {
  await sql`insert into effects (what) values (${what})`.execute(tx);
}

/**
 * A small web application around the real mount and a real database. `x-who` signs a reader in, `x-token` makes the
 * call one of a program; permission `known` needs a reader, `nobody` admits none.
 */
export function mounted(database: TestDatabase, routes: Route<SmallContext, SmallView>[]): Mounted {
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const denied: string[] = [];
  const reports: ErrorReport[] = [];
  const kept: Mounted['kept'] = [];
  let broken = false;
  let readOnly = false;
  const hono = new Hono();
  hono.use('*', withSecurityHeaders());
  mountRoutes<SmallContext, SmallView>(hono, routes, {
    db: database.db,
    async visit(c) {
      if (broken) throw new Error('database away');
      const who = c.req.header('x-who') ?? '';
      return {
        ctx: { who, log: createLog('silent'), clock, transaction: (work) => database.db.transaction().execute(work) },
        view: { who },
        signedIn: who !== '',
        byToken: c.req.header('x-token') !== undefined,
        scope: who === '' ? 'public' : `person:${who}`,
        isCsrfRight: (token) => token === `csrf-${who}`,
        cookies: [],
      };
    },
    admits: (ctx, permission) => permission === 'public' || (permission === 'known' && ctx.who !== ''),
    withTransaction: (ctx, transaction) => ({ ...ctx, transaction }),
    words: (_view, code) => `Words of ${code}`,
    problemText: (_view, problem) => `Words of ${problem.code}`,
    errorPage(_view, report) {
      reports.push(report);
      return `<p>${report.code}</p><textarea>${report.typed?.values.text?.[0] ?? ''}</textarea>`;
    },
    async keepForm(path, form) {
      kept.push({ path, form });
      return `/kept/${kept.length}`;
    },
    seal: (bytes) => bytes.map((byte) => byte ^ 0x5a),
    open: (bytes) => bytes.map((byte) => byte ^ 0x5a),
    async recordDenied(_ctx, permission, path) {
      denied.push(`${permission} ${path}`);
    },
    log: createLog('silent'),
    isReadOnly: () => readOnly,
    reference: () => 'REF42',
    ownOrigins: () => ['https://alba.example'],
    maxBodyBytes: 1_048_576,
    maxFormBytes: 65_536,
    checkOutputs: true,
  });
  const ask: Mounted['ask'] = async (method, path, more = {}) =>
    hono.request(`https://alba.example${path}`, { method, ...more });
  return {
    hono,
    denied,
    reports,
    kept,
    clock,
    breakVisits: (value) => void (broken = value),
    setReadOnly: (value) => void (readOnly = value),
    ask,
    json: (path, body, headers = {}) =>
      ask('POST', path, {
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    form: (path, fields, headers = {}) =>
      ask('POST', path, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}
