import { Readable } from 'node:stream';
import type { Context as HonoContext, Hono } from 'hono';
import { z } from 'zod';
import type { Db, Tx } from '../db/index.ts';
import { ComityError, Conflict, Invalid, NotAllowed, NotFound, Unavailable } from '../errors.ts';
import type { Locale } from '../i18n/index.ts';
import type { Log } from '../log.ts';
import { problem, sha256, type Instant, type Problem } from '../values/index.ts';
import { fileContentSecurityPolicy } from './headers.ts';
import { parseStrictJson } from './json.ts';
import type {
  ApiRoute,
  FileAnswer,
  PageAnswer,
  PageRoute,
  PostedForm,
  Route,
  StreamedFile,
  StreamRoute,
} from './routes.ts';
import * as writes from './store.ts';

/** What the mount itself needs of a context; modules see the whole of it. */
export interface MountContext {
  log: Log;
  clock: { now(): Instant };
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Who reads, in which language, with which session. */
export interface Visit<C, V> {
  ctx: C;
  view: V;
  signedIn: boolean;
  /** Whether the request came with an API token, which needs no CSRF proof and may not open pages. */
  byToken: boolean;
  /** Scope of idempotency keys: person, token or anonymous session. */
  scope: string;
  isCsrfRight(token: string): boolean;
  cookies: string[];
}

export interface ErrorReport {
  status: number;
  code: string;
  params: Record<string, string | number>;
  problems: Problem[];
  /** Short reference that also stands in the log. */
  reference: string;
  /** What the person had typed, when the request was a form. */
  typed: PostedForm | null;
}

export interface MountOptions<C extends MountContext, V> {
  db: Db;
  /** Who asks, and in which of the languages; those of the whole interface unless told. */
  visit(c: HonoContext, locales?: readonly Locale[]): Promise<Visit<C, V>>;
  /** Role-level answer for a route; objects are decided in the service. */
  admits(ctx: C, permission: string): boolean;
  withTransaction(ctx: C, transaction: C['transaction']): C;
  words(view: V, code: string, params: Record<string, string | number>): string;
  problemText(view: V, problem: Problem): string;
  errorPage(view: V, report: ErrorReport): unknown;
  /** Keeps a form of an ended session; returns the address to come back to. */
  keepForm(path: string, form: PostedForm): Promise<string>;
  seal(bytes: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
  recordDenied(ctx: C, permission: string, path: string): Promise<void>;
  /** For faults that strike before the reader is known. */
  log: Log;
  /** Seconds a visitor without account has to wait for this call; 0 lets it pass. */
  waitFor?(permission: string, address: string): number;
  isReadOnly(): boolean;
  /** Address where the reader can put right what stands in the way, such as a fresh second factor. */
  elsewhere?(error: unknown, path: string): string | undefined;
  reference(): string;
  ownOrigins(c: HonoContext): string[];
  maxBodyBytes: number;
  maxFormBytes: number;
  /** Compares each answer with its declared schema: on in tests and demo, where a difference is a fault of ours. */
  checkOutputs: boolean;
}

/** Keys are stored: printable, and short enough for an index. */
const keyPattern = /^[\x21-\x7e]{8,100}$/;

const emptyForm: PostedForm = { values: {}, files: [] };

const statusOf = (error: unknown): number => {
  if (error instanceof NotFound) return 404;
  if (error instanceof NotAllowed) return 403;
  if (error instanceof Conflict) return 409;
  if (error instanceof Invalid) return 422;
  if (error instanceof Unavailable) return 503;
  return 500;
};

/** Says that nothing was done: a rule or a permission stood against it. Anything else may have struck after the change. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Invalid || error instanceof NotAllowed || error instanceof NotFound || error instanceof Conflict
  );
}

/** Problems of a Zod parse, with paths; codes written in schemas as messages are kept. */
export function problemsOfParse(error: z.ZodError, prefix: (string | number)[] = []): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => problem('http.unknown-field', [...path, key]));
    if (/^[a-z]+\.[a-z0-9-]+$/.test(issue.message)) return [problem(issue.message, path)];
    const missing = issue.code === 'invalid_type' && issue.input === undefined;
    return [problem(missing ? 'http.missing-value' : 'http.wrong-value', path)];
  });
}

/** Answers the declared routes, and everything that no route answers, on an application that may hold others. */
export function mountRoutes<C extends MountContext, V>(
  app: Hono,
  routes: readonly Route<C, V>[],
  options: MountOptions<C, V>,
): void {
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path, (c) => {
      if (route.kind === 'stream') return answerStream(c, route, options);
      return route.kind === 'api' ? answerApi(c, route, options) : answerPage(c, route, options);
    });
  }
  app.notFound((c) => refuse(c, options, new NotFound('http.not-found')));
  app.onError((error, c) => refuse(c, options, error));
}

async function readBody(c: HonoContext, limit: number): Promise<Uint8Array> {
  const declared = Number(c.req.header('content-length') ?? '0');
  if (declared > limit) throw new Invalid('http.too-large', { params: { limit: sizeText(limit) } });
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = c.req.raw.body?.getReader();
  if (!reader) return new Uint8Array();
  const next = () =>
    reader.read().catch((cause: unknown) => {
      // The caller went away in the middle: nothing of ours failed.
      throw new Invalid('http.malformed', { cause });
    });
  for (let part = await next(); !part.done; part = await next()) {
    size += part.value.length;
    if (size > limit) throw new Invalid('http.too-large', { params: { limit: sizeText(limit) } });
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

/** Bytes that are no UTF-8 are refused: replaced characters would be stored as if they had been typed. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Invalid('http.not-json', { cause });
  }
}

function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MB` : `${Math.floor(bytes / 1024)} KB`;
}

function isWrite(route: { method: string }): boolean {
  return route.method !== 'get';
}

function isFromElsewhere<C extends MountContext, V>(c: HonoContext, options: MountOptions<C, V>): boolean {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  // Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms; then only their word on the site counts.
  if (origin === undefined || (origin === 'null' && site === 'same-origin')) return false;
  return !options.ownOrigins(c).includes(origin);
}

/** Runs one write at most once per key; a second arrival gets the first one's answer. */
async function once<C extends MountContext, V>(
  options: MountOptions<C, V>,
  visit: Visit<C, V>,
  key: string,
  requestSha256: string,
  perform: (ctx: C) => Promise<Response>,
  replay: (answer: writes.FirstAnswer | null) => Response,
  isApi: boolean,
): Promise<Response> {
  const { scope, ctx } = visit;
  const claim = await writes.claimWrite(options.db, scope, key, requestSha256, ctx.clock.now());
  if (claim.state === 'other-content') throw new Invalid('idempotency.key-reused');
  if (claim.state === 'running') throw new Conflict('idempotency.running');
  if (claim.state === 'done') return replay(claim.answer);
  const marked = options.withTransaction(ctx, (work) =>
    ctx.transaction(async (tx) => {
      const value = await work(tx);
      await writes.commitWrite(tx, scope, key);
      return value;
    }),
  );
  let response: Response;
  try {
    response = await perform(marked);
  } catch (error) {
    await (isRefusal(error) ? writes.forgetWrite : writes.releaseWrite)(options.db, scope, key);
    throw error;
  }
  if (response.status >= 400) {
    // A page shown again with its problems: its transaction ended well and changed nothing.
    await writes.forgetWrite(options.db, scope, key);
    return response;
  }
  const body = isApi ? options.seal(new Uint8Array(await response.clone().arrayBuffer())) : null;
  await writes.rememberAnswer(options.db, scope, key, {
    status: response.status,
    location: response.headers.get('location'),
    bodySealed: body,
  });
  return response;
}

function stopWhenReadOnly<C extends MountContext, V>(options: MountOptions<C, V>): void {
  if (options.isReadOnly()) throw new Unavailable('http.read-only');
}

async function answerApi<C extends MountContext, V>(
  c: HonoContext,
  route: ApiRoute<C>,
  options: MountOptions<C, V>,
): Promise<Response> {
  const visit = await options.visit(c);
  try {
    const wait = visit.signedIn ? 0 : (options.waitFor?.(route.permission, addressOf(c)) ?? 0);
    if (wait > 0) throw new Unavailable('http.too-many', { params: { seconds: wait } });
    admit(route, visit, options);
    refuseOddAddress(c);
    const query = route.input.query ?? z.strictObject({});
    const problems: Problem[] = [];
    const parsedQuery = query.safeParse(singleValues(c.req.query()));
    if (!parsedQuery.success) problems.push(...problemsOfParse(parsedQuery.error));
    const parsedParams = (route.input.params ?? z.object({})).safeParse(c.req.param());
    if (!parsedParams.success) problems.push(...problemsOfParse(parsedParams.error));
    let body: unknown;
    let bodyBytes: Uint8Array = new Uint8Array();
    if (isWrite(route)) {
      stopWhenReadOnly(options);
      if (!visit.byToken && isFromElsewhere(c, options)) throw new NotAllowed('http.other-site');
      if (!visit.byToken && visit.signedIn && !visit.isCsrfRight(c.req.header('x-csrf-token') ?? '')) {
        throw new NotAllowed('http.form-expired');
      }
      if (route.input.body) {
        if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
          throw new Invalid('http.json-needed');
        bodyBytes = await readBody(c, options.maxBodyBytes);
        const json = parseStrictJson(decodeUtf8(bodyBytes));
        if (!json.ok) throw new Invalid(json.error.code, { problems: [json.error] });
        const parsedBody = route.input.body.safeParse(json.value, { reportInput: true });
        if (parsedBody.success) body = parsedBody.data;
        else problems.push(...problemsOfParse(parsedBody.error));
      }
    }
    if (problems.length > 0 || !parsedQuery.success || !parsedParams.success)
      throw new Invalid('http.malformed', { problems });
    const perform = async (ctx: C): Promise<Response> => {
      const value = await route.handler({
        ctx,
        query: parsedQuery.data,
        params: parsedParams.data,
        body: body as undefined,
      });
      return apiResponse(c, route, visit.ctx, value, options);
    };
    if (!isWrite(route) || !route.audit) return await perform(visit.ctx);
    const key = c.req.header('idempotency-key');
    if (key === undefined || !keyPattern.test(key)) throw new Invalid('idempotency.key-needed');
    const requestSha256 = sha256(`${route.method} ${c.req.path}\n${Buffer.from(bodyBytes).toString('base64')}`);
    return await once(
      options,
      visit,
      key,
      requestSha256,
      perform,
      (answer) => {
        if (!answer?.bodySealed) return c.json({ kind: 'write', version: 1, state: 'done' }, 200);
        return new Response(Buffer.from(options.open(answer.bodySealed)), {
          status: answer.status,
          headers: { 'Content-Type': 'application/json; charset=utf-8', 'Idempotency-Replayed': 'true' },
        });
      },
      true,
    );
  } catch (error) {
    return problemDetails(c, options, visit, route, error);
  }
}

async function answerStream<C extends MountContext, V>(
  c: HonoContext,
  route: StreamRoute<C>,
  options: MountOptions<C, V>,
): Promise<Response> {
  const visit = await options.visit(c);
  try {
    admit(route, visit, options);
    refuseOddAddress(c);
    if (isWrite(route)) {
      stopWhenReadOnly(options);
      if (!visit.byToken && isFromElsewhere(c, options)) throw new NotAllowed('http.other-site');
      if (!visit.byToken && !visit.isCsrfRight(c.req.header('x-csrf-token') ?? ''))
        throw new NotAllowed('http.form-expired');
    }
    const body = c.req.raw.body;
    const answer = await route.handler({
      ctx: visit.ctx,
      params: c.req.param() as Record<string, string>,
      header: (name) => c.req.header(name),
      body: body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([]),
    });
    return new Response(answer.body ?? null, { status: answer.status, headers: answer.headers });
  } catch (error) {
    return problemDetails(c, options, visit, route, error);
  }
}

/** The path as the log can keep it. */
function recordedPath(c: HonoContext): string {
  return c.req.path.replaceAll('\0', '%00');
}

const mostQueries = 200;
const mostFields = 5000;
const longestField = 200_000;

/** Nothing is called by a name with U+0000, and no database looks one up. */
function refuseOddAddress(c: HonoContext): void {
  const query = Object.entries(c.req.queries()).flat(2);
  if (query.length > 2 * mostQueries || query.some((text) => text.includes('\0'))) throw new Invalid('http.malformed');
  if (Object.values(c.req.param()).some((text) => String(text).includes('\0'))) throw new NotFound('http.not-found');
}

/** Called once the form is known, so that the person gets back what they typed. */
function refuseOddForm(form: PostedForm): void {
  const fields = Object.entries(form.values);
  if (fields.reduce((sum, [, values]) => sum + values.length, 0) > mostFields)
    throw new Invalid('http.too-large', { params: { limit: String(mostFields) } });
  const problems = fields.flatMap(([name, values]) => {
    if ([name, ...values].some((text) => text.includes('\0')))
      return [problem('http.wrong-value', [name.slice(0, 100)])];
    return values.some((text) => text.length > longestField)
      ? [problem('values.text-too-long', [name.slice(0, 100)])]
      : [];
  });
  if (problems.length > 0) throw new Invalid('http.malformed', { problems });
}

function singleValues(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'lang'));
}

async function apiResponse<C extends MountContext, V>(
  c: HonoContext,
  route: ApiRoute<C>,
  ctx: C,
  value: unknown,
  options: MountOptions<C, V>,
): Promise<Response> {
  if ('files' in route.output) return fileResponse(value as FileAnswer | StreamedFile, false);
  if (options.checkOutputs) {
    const checked = route.output.safeParse(JSON.parse(JSON.stringify(value)));
    if (!checked.success)
      throw new Error(`${route.path} answered otherwise than declared: ${z.prettifyError(checked.error)}`);
  }
  const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
  if (route.etag) {
    const tag = `"${route.etag(ctx)}"`;
    headers.ETag = tag;
    headers['Cache-Control'] = 'public, no-cache';
    if (c.req.header('if-none-match') === tag) return new Response(null, { status: 304, headers });
  }
  return new Response(JSON.stringify(value), { status: route.status, headers });
}

function fileResponse(file: FileAnswer | StreamedFile, inline: boolean): Response {
  const ascii = file.fileName.replaceAll(/[^\w.-]/g, '_');
  // RFC 8187 leaves fewer characters bare than encodeURIComponent; Buffer mends half a surrogate pair.
  const name = encodeURIComponent(Buffer.from(file.fileName).toString('utf8')).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const body = 'stream' in file ? Readable.toWeb(file.stream) : Buffer.from(file.bytes);
  return new Response(body as ConstructorParameters<typeof Response>[0], {
    headers: {
      'Content-Type': file.mediaType,
      // What a browser opens all the same can neither run nor load anything.
      'Content-Security-Policy': fileContentSecurityPolicy,
      'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${name}`,
    },
  });
}

/** Throws when the route is not open to the reader; whoever answers the error records the attempt. */
function admit<C extends MountContext, V>(route: Route<C, V>, visit: Visit<C, V>, options: MountOptions<C, V>): void {
  if (options.admits(visit.ctx, route.permission)) return;
  throw new NotAllowed(visit.signedIn ? 'http.not-allowed' : 'http.sign-in-needed');
}

async function answerPage<C extends MountContext, V>(
  c: HonoContext,
  route: PageRoute<C, V>,
  options: MountOptions<C, V>,
): Promise<Response> {
  const visit = await options.visit(c, route.locales);
  let form: PostedForm = emptyForm;
  try {
    if (visit.byToken) throw new NotAllowed('http.not-allowed');
    refuseOddAddress(c);
    let bodyBytes: Uint8Array = new Uint8Array();
    if (isWrite(route)) {
      if (isFromElsewhere(c, options)) throw new NotAllowed('http.other-site');
      bodyBytes = await readBody(c, options.maxFormBytes);
      form = await readForm(c, bodyBytes);
      refuseOddForm(form);
    }
    if (!options.admits(visit.ctx, route.permission) && !visit.signedIn) {
      await options.recordDenied(visit.ctx, route.permission, recordedPath(c));
      const back = isWrite(route) ? await options.keepForm(c.req.path, form) : pathAndQuery(c);
      return redirectTo(`/sign-in?next=${encodeURIComponent(back)}`, visit.cookies);
    }
    admit(route, visit, options);
    const call = (ctx: C) =>
      route.handler({
        ctx,
        view: visit.view,
        params: c.req.param() as Record<string, string>,
        query: c.req.query(),
        queries: c.req.queries(),
        form: withoutOwnFields(form),
        client: {
          cookie: c.req.header('cookie') ?? '',
          userAgent: c.req.header('user-agent') ?? '',
          address: addressOf(c),
        },
      });
    if (!isWrite(route)) return await pageResponse(await call(visit.ctx), visit.cookies);
    stopWhenReadOnly(options);
    if (!visit.isCsrfRight(form.values._csrf?.[0] ?? '')) throw new NotAllowed('http.form-expired');
    const key = form.values._key?.[0];
    const perform = async (ctx: C) => pageResponse(await call(ctx), visit.cookies);
    if (key === undefined || !route.audit) return await perform(visit.ctx);
    if (!keyPattern.test(key)) throw new Invalid('http.malformed');
    // The proof against other sites changes with the session and is no part of what was asked.
    const asked = { ...form.values, _csrf: undefined };
    const files = form.files.map((file) => [file.field, file.fileName, sha256(file.bytes)]);
    const requestSha256 = sha256(`${route.method} ${c.req.path}\n${JSON.stringify([asked, files])}`);
    return await once(
      options,
      visit,
      key,
      requestSha256,
      perform,
      (answer) => redirectTo(answer?.location ?? c.req.path, visit.cookies),
      false,
    );
  } catch (error) {
    return errorPage(c, options, visit, error, form, route);
  }
}

function addressOf(c: HonoContext): string {
  const incoming = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming;
  return incoming?.socket?.remoteAddress ?? '';
}

function pathAndQuery(c: HonoContext): string {
  const url = new URL(c.req.url);
  return url.pathname + url.search;
}

async function readForm(c: HonoContext, bytes: Uint8Array): Promise<PostedForm> {
  const type = c.req.header('content-type') ?? '';
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: PostedForm['files'] = [];
  if (type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) (values[name] ??= []).push(value);
  } else if (type.startsWith('multipart/form-data')) {
    const data = await new Response(Buffer.from(bytes), { headers: { 'Content-Type': type } }).formData().catch(() => {
      throw new Invalid('http.malformed');
    });
    for (const [name, value] of data) {
      if (typeof value === 'string') (values[name] ??= []).push(value);
      else if (value.name !== '' || value.size > 0) {
        files.push({ field: name, fileName: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
      }
    }
  } else if (bytes.length > 0) {
    throw new Invalid('http.malformed');
  }
  // Browsers send line breaks as CR LF; text is kept as the person typed it.
  for (const list of Object.values(values))
    list.forEach((value, index) => (list[index] = value.replaceAll('\r\n', '\n')));
  return { values, files };
}

function withoutOwnFields(form: PostedForm): PostedForm {
  const values = Object.fromEntries(
    Object.entries(form.values).filter(([name]) => name !== '_csrf' && name !== '_key'),
  );
  return { values, files: form.files };
}

const anyNode = 'http://node.invalid';

/**
 * An address of this node, or its front page: anything else would send a signed-in reader away. Read by the rules of
 * browsers, which drop tabs and line breaks and take a backslash for a slash.
 */
function ownAddress(to: string): string {
  if (!to.startsWith('/') || !URL.canParse(to, anyNode)) return '/';
  const url = new URL(to, anyNode);
  const inside = url.pathname + url.search + url.hash;
  return url.origin === anyNode && !inside.startsWith('//') ? inside : '/';
}

function redirectTo(to: string, cookies: string[]): Response {
  const response = new Response(null, { status: 303, headers: { Location: ownAddress(to) } });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

async function pageResponse(answer: PageAnswer, cookies: string[]): Promise<Response> {
  if (answer.type === 'stream') return fileResponse(answer.file, false);
  if (answer.type === 'file') return fileResponse(answer.file, answer.inline ?? false);
  const all = [...cookies, ...(answer.cookies ?? [])];
  if (answer.type === 'redirect') return redirectTo(answer.to, all);
  return htmlResponse(answer.html, answer.status ?? 200, all);
}

async function htmlResponse(html: unknown, status: number, cookies: string[]): Promise<Response> {
  const text = `<!DOCTYPE html>${String(await html)}`;
  const response = new Response(text, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

function report<C extends MountContext, V>(
  options: MountOptions<C, V>,
  ctx: C,
  path: string,
  error: unknown,
  typed: PostedForm | null,
): ErrorReport {
  const code = error instanceof ComityError ? error.code : '';
  const status = code === 'http.too-large' ? 413 : code === 'http.too-many' ? 429 : statusOf(error);
  const reference = options.reference();
  const known = error instanceof ComityError;
  if (status >= 500 && !known)
    ctx.log.error(
      { reference, path, err: error instanceof Error ? { type: error.name, stack: error.stack } : {} },
      'http.fault',
    );
  else ctx.log.info({ reference, path, status, code: known ? error.code : undefined }, 'http.refused');
  return {
    status,
    code: known ? error.code : 'http.problem',
    params: known ? error.params : {},
    problems: known ? error.problems : [],
    reference,
    typed,
  };
}

async function problemDetails<C extends MountContext, V>(
  c: HonoContext,
  options: MountOptions<C, V>,
  visit: Visit<C, V>,
  route: ApiRoute<C> | StreamRoute<C> | null,
  error: unknown,
): Promise<Response> {
  if (error instanceof NotAllowed && route) await options.recordDenied(visit.ctx, route.permission, recordedPath(c));
  const told = report(options, visit.ctx, route?.path ?? 'unknown', error, null);
  const status = told.code === 'http.sign-in-needed' ? 401 : told.status;
  const body = {
    type: `/problems/${told.code}`,
    title: options.words(visit.view, told.code, told.params),
    status,
    code: told.code,
    problems: told.problems.map((one) => ({ ...one, message: options.problemText(visit.view, one) })),
    reference: told.reference,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(status === 429 ? { 'Retry-After': String(told.params.seconds) } : {}),
    },
  });
}

async function errorPage<C extends MountContext, V>(
  c: HonoContext,
  options: MountOptions<C, V>,
  visit: Visit<C, V>,
  error: unknown,
  typed: PostedForm | null,
  route: PageRoute<C, V> | null,
): Promise<Response> {
  if (error instanceof NotAllowed && route) await options.recordDenied(visit.ctx, route.permission, recordedPath(c));
  const elsewhere = options.elsewhere?.(error, pathAndQuery(c));
  if (elsewhere && typed) {
    // What was typed waits, and is sent again from where the reader comes back to.
    const back = options.elsewhere?.(error, await options.keepForm(c.req.path, typed));
    return redirectTo(back ?? elsewhere, visit.cookies);
  }
  if (elsewhere) return redirectTo(elsewhere, visit.cookies);
  const told = report(options, visit.ctx, route?.path ?? 'unknown', error, typed && withoutOwnFields(typed));
  return htmlResponse(options.errorPage(visit.view, told), told.status, visit.cookies);
}

async function refuse<C extends MountContext, V>(
  c: HonoContext,
  options: MountOptions<C, V>,
  error: unknown,
): Promise<Response> {
  let visit: Visit<C, V>;
  try {
    visit = await options.visit(c);
  } catch (cause) {
    return lastWord(options, cause);
  }
  return c.req.path.startsWith('/api/')
    ? problemDetails(c, options, visit, null, error)
    : errorPage(c, options, visit, error, null, null);
}

/** When not even the reader and the language can be found out: the database is away. */
function lastWord<C extends MountContext, V>(options: MountOptions<C, V>, error: unknown): Response {
  const reference = options.reference();
  options.log.error(
    { reference, err: error instanceof Error ? { type: error.name, stack: error.stack } : {} },
    'http.fault',
  );
  return new Response(
    JSON.stringify({ type: '/problems/http.problem', status: 500, code: 'http.problem', reference }),
    {
      status: 500,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8' },
    },
  );
}
