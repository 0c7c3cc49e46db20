import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { every, type Clock } from '../../platform/clock.ts';
import type { TlsIdentity } from '../../platform/crypto/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Instant } from '../../platform/values/index.ts';
import type { NodeId } from './schema.ts';
import { isExpired, readTlsPeer, type TlsPeer } from './tls.ts';

export interface PeerQuestion {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Node whose TLS key opened the connection; null on public paths. */
  peer: NodeId | null;
  headers: Record<string, string | undefined>;
  /** The whole body, within the limit of the route; an empty one when there is none. */
  body: Buffer;
  /** The body as it comes, for routes that stream. */
  stream: Readable;
}

export interface PeerReply {
  status: number;
  type?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | Readable;
}

export interface PeerRoute {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  /** A whole path; groups are handed over in `params`. */
  path: RegExp;
  /** Query parameters it knows; others are refused. */
  query?: readonly string[];
  /** Most bytes of a body; 0 without one. */
  maxBytes: number;
  /** Hands the body over as it comes. */
  streams?: boolean;
  /** Without a client certificate. */
  public?: boolean;
  answer(question: PeerQuestion, params: Record<string, string>): Promise<PeerReply>;
  /** Answer to a body that is longer than the limit. */
  tooLarge?(question: Omit<PeerQuestion, 'body' | 'stream'>): Promise<PeerReply>;
}

export interface PeerServerParts {
  identity: TlsIdentity;
  host: string;
  port: number;
  clock: Clock;
  log: Log;
  routes: readonly PeerRoute[];
  /** Enrolled node that holds a TLS key now. */
  nodeByTlsKey(spkiSha256: string, at: Instant): Promise<NodeId | undefined>;
  /** An enrolled node called, whatever for. */
  heard?(peer: NodeId): void;
}

export interface PeerServer {
  port: number;
  /** Takes nothing new; what is under way has its time to finish. */
  close(): Promise<void>;
}

const headerBytes = 16_384;
const idleMs = 30_000;
const slowestBytesPerSecond = 1_024;
const graceSeconds = 10;
const mostConnections = 2_000;

/** An answer before anything was read that is worth a signed word. */
function plain(status: number, code: string): PeerReply {
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: `/problems/${code}`, status, code }),
  };
}

class BodyTooLarge extends Error {}

/** Reads a body within its limit; a sender slower than 1 KiB/s after ten seconds loses the connection. */
async function readBody(incoming: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming) {
    const chunk = piece as Buffer;
    size += chunk.length;
    if (size > most) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function watchPace(incoming: IncomingMessage): { stop(): void } {
  let seconds = 0;
  let began = incoming.socket.bytesRead;
  return every(1_000, () => {
    if (incoming.complete) return;
    seconds += 1;
    if (seconds < graceSeconds) return;
    if (incoming.socket.bytesRead - began < slowestBytesPerSecond * graceSeconds) incoming.socket.destroy();
    seconds = 0;
    began = incoming.socket.bytesRead;
  });
}

function send(outgoing: ServerResponse, reply: PeerReply, keepOpen: boolean): void {
  const { status, type, headers = {}, body } = reply;
  const all: Record<string, string> = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers };
  if (type !== undefined) all['Content-Type'] = type;
  if (!keepOpen) all.Connection = 'close';
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    outgoing.writeHead(status, all);
    body.on('error', () => outgoing.destroy());
    outgoing.on('close', () => body.destroy());
    body.pipe(outgoing);
    return;
  }
  const bytes = Buffer.from(body ?? '');
  if (all['Content-Length'] === undefined && status !== 204) all['Content-Length'] = String(bytes.length);
  outgoing.writeHead(status, all);
  outgoing.end(bytes);
}

/** Hears other nodes on a port of its own: TLS 1.3, each side known by its key. */
export async function startPeerServer(parts: PeerServerParts): Promise<PeerServer> {
  const { identity, clock, log, routes, nodeByTlsKey } = parts;
  const peers = new WeakMap<object, TlsPeer>();
  let closing = false;

  async function nodeOf(socket: TLSSocket): Promise<NodeId | undefined> {
    const found = peers.get(socket) ?? readTlsPeer(socket);
    if (!found) return undefined;
    peers.set(socket, found);
    const now = clock.now();
    return isExpired(found, now) ? undefined : nodeByTlsKey(found.spkiSha256, now);
  }

  async function answer(incoming: IncomingMessage): Promise<PeerReply> {
    const url = URL.canParse(incoming.url ?? '', 'https://node')
      ? new URL(incoming.url ?? '', 'https://node')
      : undefined;
    if (!url) return plain(400, 'exchange.schema');
    const here = routes.filter((route) => route.path.test(url.pathname));
    const route = here.find((one) => one.method === incoming.method);
    if (!route) {
      const peer = await nodeOf(incoming.socket as TLSSocket);
      if (here.length === 0 || (peer === undefined && !here.some((one) => one.public))) return plain(404, 'not-found');
      return { ...plain(405, 'method-not-allowed'), headers: { Allow: here.map((one) => one.method).join(', ') } };
    }
    const peer = route.public ? undefined : await nodeOf(incoming.socket as TLSSocket);
    if (!route.public && peer === undefined) return plain(403, 'exchange.unknown-node');
    if (peer !== undefined) parts.heard?.(peer);
    const names = [...url.searchParams.keys()];
    if (names.some((name) => !(route.query ?? []).includes(name)) || new Set(names).size < names.length)
      return plain(400, 'exchange.schema');
    if (incoming.headers['content-encoding'] !== undefined) return plain(415, 'exchange.encoded');
    const asked = {
      method: route.method,
      path: url.pathname,
      query: url.searchParams,
      peer: peer ?? null,
      headers: incoming.headers as Record<string, string | undefined>,
    };
    const params = { ...route.path.exec(url.pathname)?.groups };
    if (route.streams) return route.answer({ ...asked, body: Buffer.alloc(0), stream: incoming }, params);
    try {
      if (Number(incoming.headers['content-length'] ?? 0) > route.maxBytes) throw new BodyTooLarge();
      const body = await readBody(incoming, route.maxBytes);
      return await route.answer({ ...asked, body, stream: incoming }, params);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      return (await route.tooLarge?.(asked)) ?? plain(413, 'exchange.too-large');
    }
  }

  const server = createServer(
    {
      key: identity.keyPem,
      cert: identity.certPem,
      minVersion: 'TLSv1.3',
      requestCert: true,
      // Nobody issues certificates here: the key is looked up among those of enrolled nodes.
      rejectUnauthorized: false,
      // A resumed session would not show the key again.
      secureOptions: constants.SSL_OP_NO_TICKET,
      maxHeaderSize: headerBytes,
      keepAliveTimeout: idleMs,
      headersTimeout: idleMs,
      requestTimeout: 0,
      ALPNProtocols: ['http/1.1'],
    },
    (incoming, outgoing) => {
      const pace = watchPace(incoming);
      outgoing.on('close', pace.stop);
      answer(incoming)
        .catch((error: unknown): PeerReply => {
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
          log.error(
            { code, path: routes.find((one) => one.path.test(incoming.url ?? ''))?.path.source },
            'exchange.failed',
          );
          return { ...plain(503, 'exchange.not-recording'), headers: { 'Retry-After': '10' } };
        })
        .then((reply) => {
          if (!outgoing.headersSent && !outgoing.destroyed) send(outgoing, reply, incoming.complete && !closing);
        })
        .catch(() => outgoing.destroy());
    },
  );
  server.maxConnections = mostConnections;
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Unavailable('app.port-taken', { params: { port: parts.port }, cause: error })
          : error,
      ),
    );
    server.listen(parts.port, parts.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = every(2_000, () => server.closeAllConnections());
      await closed.finally(() => late.stop());
    },
  };
}
