import { Agent, request, type RequestOptions } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { once as onlyOnce, type Clock } from '../../platform/clock.ts';
import type { TlsIdentity } from '../../platform/crypto/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Instant } from '../../platform/values/index.ts';
import type { NodeId } from './schema.ts';
import { isExpired, readTlsPeer, type ResolveHost } from './tls.ts';

export interface PeerRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  /** With its query, `/exchange/v1/messages`. */
  path: string;
  body?: Uint8Array | Readable;
  /** Of a stream. */
  length?: number;
  type?: string;
  headers?: Record<string, string>;
  /** Most bytes of an answer; 1 MiB unless told. */
  maxBytes?: number;
  /** Until the answer is whole, in milliseconds; 30 s unless told. */
  timeoutMs?: number;
}

export interface PeerAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Where a node is reached, and which TLS keys are its own at a moment. */
export interface PeerPlace {
  endpoints: readonly string[];
  isTlsKey(spkiSha256: string, at: Instant): boolean;
}

/** One call to an enrolled node, for callers that need text only. */
export type PeerCall = (
  node: NodeId,
  request: { method: 'GET' | 'POST'; path: string; body?: string; type?: string; maxBytes?: number },
) => Promise<{ status: number; body: string }>;

export interface PeerClient {
  /**
   * Asks a node over a connection that only its pinned keys can open; nothing is sent before the key was seen.
   * @throws Unavailable `exchange.unknown-node`, `exchange.no-endpoint`, `exchange.not-reached`, `exchange.wrong-tls-key`,
   * `exchange.timeout`, `exchange.answer-too-large`, `exchange.encoded-answer`
   */
  ask(node: NodeId, request: PeerRequest): Promise<PeerAnswer>;
  call: PeerCall;
  close(): void;
}

export interface PeerClientParts {
  identity: TlsIdentity;
  clock: Clock;
  /** `now` when a connection opens: its key counts by what is known at that moment. */
  findPlace(node: NodeId, age: 'recent' | 'now'): Promise<PeerPlace | undefined>;
  resolve: ResolveHost;
  /** Connections at a time per node; 40 unless told. */
  most?: number;
}

const connectWithinMs = 5_000;
const answerWithinMs = 30_000;
const answerBytes = 1_048_576;

function failure(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new Unavailable('exchange.not-reached', { params: { detail: code.slice(0, 60) }, cause: error });
}

/** Connections to one origin; each is made, and whose it is looked at, by `open`. */
class CheckedAgent extends Agent {
  readonly #open: () => Promise<TLSSocket>;

  constructor(most: number, open: () => Promise<TLSSocket>) {
    super({ keepAlive: true, maxSockets: most, maxFreeSockets: most, keepAliveMsecs: 20_000 });
    this.#open = open;
  }

  override createConnection(_options: RequestOptions, done?: (error: Error | null, socket: Duplex) => void): undefined {
    this.#open().then(
      (socket) => done?.(null, socket),
      // The shape asks for a socket beside the error; nobody looks at it.
      (error: unknown) => done?.(failure(error), new Socket()),
    );
  }
}

export function createPeerClient({ identity, clock, findPlace, resolve, most = 40 }: PeerClientParts): PeerClient {
  /** Connections to one origin, each checked when it is made. */
  function agentFor(node: NodeId, origin: URL): Agent {
    return new CheckedAgent(most, async () => {
      const host = await resolve(origin.hostname);
      const options: ConnectionOptions = {
        host,
        port: Number(origin.port || 443),
        key: identity.keyPem,
        cert: identity.certPem,
        minVersion: 'TLSv1.3',
        // Certificates are not issued by anyone: the key is compared with the node's entry instead.
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
      };
      const socket = connect(options);
      socket.setTimeout(connectWithinMs, () => socket.destroy(new Unavailable('exchange.timeout')));
      await new Promise<void>((done, failed) => {
        socket.once('secureConnect', done);
        socket.once('error', failed);
        socket.once('close', () => failed(new Unavailable('exchange.not-reached', { params: { detail: 'closed' } })));
      });
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      const now = clock.now();
      const peer = readTlsPeer(socket);
      const place = await findPlace(node, 'now');
      if (!peer || isExpired(peer, now) || !place?.isTlsKey(peer.spkiSha256, now)) {
        socket.destroy();
        throw new Unavailable('exchange.wrong-tls-key', { params: { node } });
      }
      // Gone while its key was looked up: a request on it would wait for nothing.
      if (socket.destroyed) throw new Unavailable('exchange.not-reached', { params: { detail: 'closed' } });
      return socket;
    });
  }

  const agents = new Map<string, Agent>();
  function agentOf(node: NodeId, origin: URL): Agent {
    const name = `${node} ${origin.origin}`;
    let agent = agents.get(name);
    if (!agent) agents.set(name, (agent = agentFor(node, origin)));
    return agent;
  }

  async function once(node: NodeId, origin: URL, asked: PeerRequest): Promise<PeerAnswer> {
    const { method, path, body, type, maxBytes = answerBytes, timeoutMs = answerWithinMs } = asked;
    const headers: Record<string, string> = { Host: origin.host, ...asked.headers };
    if (type !== undefined) headers['Content-Type'] = type;
    if (body instanceof Uint8Array) headers['Content-Length'] = String(body.length);
    else if (asked.length !== undefined) headers['Content-Length'] = String(asked.length);
    const options: RequestOptions = { method, path, headers, agent: agentOf(node, origin), maxHeaderSize: 16_384 };
    const outgoing = request({ ...options, host: origin.hostname, port: Number(origin.port || 443) });
    const late = onlyOnce(timeoutMs, () => outgoing.destroy(new Unavailable('exchange.timeout')));
    try {
      const answered = new Promise<PeerAnswer>((done, failed) => {
        outgoing.on('error', failed);
        outgoing.on('response', (incoming) => {
          if (incoming.headers['content-encoding'] !== undefined)
            return void outgoing.destroy(new Unavailable('exchange.encoded-answer'));
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > maxBytes) outgoing.destroy(new Unavailable('exchange.answer-too-large'));
            else chunks.push(chunk);
          });
          incoming.on('error', failed);
          incoming.on('aborted', () => failed(new Unavailable('exchange.not-reached', { params: { detail: 'cut' } })));
          incoming.on('end', () =>
            done({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          );
        });
      });
      if (body === undefined || body instanceof Uint8Array) outgoing.end(body);
      // A peer may answer before it has read everything: its answer counts, not the broken pipe.
      else await pipeline(body, outgoing).catch(() => undefined);
      return await answered;
    } catch (error) {
      throw failure(error);
    } finally {
      late.stop();
    }
  }

  async function ask(node: NodeId, asked: PeerRequest): Promise<PeerAnswer> {
    const place = await findPlace(node, 'recent');
    if (!place) throw new Unavailable('exchange.unknown-node', { params: { node } });
    let last: unknown;
    for (const endpoint of place.endpoints) {
      try {
        return await once(node, new URL(endpoint), asked);
      } catch (error) {
        last = error;
        // A stream was read already, and an answer that came is an answer: only a missing connection goes on to the next.
        const code = error instanceof Unavailable ? error.code : '';
        if (asked.body !== undefined && !(asked.body instanceof Uint8Array)) break;
        if (code !== 'exchange.not-reached') break;
      }
    }
    throw last ?? new Unavailable('exchange.no-endpoint', { params: { node } });
  }

  return {
    ask,
    async call(node, { method, path, body, type, maxBytes }) {
      const answer = await ask(node, {
        method,
        path,
        ...(body === undefined ? {} : { body: Buffer.from(body, 'utf8') }),
        ...(type === undefined ? {} : { type }),
        ...(maxBytes === undefined ? {} : { maxBytes }),
      });
      return { status: answer.status, body: answer.body.toString('utf8') };
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
