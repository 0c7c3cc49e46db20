import { createHmac, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ComityError, Unavailable } from '../errors.ts';
import type { Log } from '../log.ts';
import { secret, type Random } from '../random.ts';
import type { KeyAlgorithm, KeyInfo, KeyStore } from './keys.ts';

// A line each way: the vault asks for proof of the shared secret, then answers one question after another.
const Challenge = z.strictObject({ challenge: z.string().min(20).max(100) });
const algorithm = z.enum(['ES256', 'EdDSA', 'X25519', 'A256GCM']);
const label = z.string().min(1).max(200);
const kid = z.string().min(1).max(200);
const bytes = z.base64().max(2_000_000);
const Question = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('ensure'), label, algorithm }),
  z.strictObject({ op: z.literal('rotate'), label, algorithm }),
  z.strictObject({ op: z.literal('find'), label }),
  z.strictObject({ op: z.literal('public-key'), kid }),
  z.strictObject({ op: z.literal('list') }),
  z.strictObject({ op: z.literal('sign'), kid, bytes }),
  z.strictObject({ op: z.literal('wrap'), kid, bytes, about: z.string().max(1_000) }),
  z.strictObject({ op: z.literal('unwrap'), kid, bytes, about: z.string().max(1_000) }),
  z.strictObject({ op: z.literal('agree'), kid, bytes }),
  z.strictObject({ op: z.literal('health') }),
]);
type Question = z.infer<typeof Question>;
const Asked = z.strictObject({ id: z.int().min(1), question: Question });
const Info = z.object({
  kid: z.string(),
  label: z.string(),
  algorithm,
  publicKey: z.record(z.string(), z.string()).optional(),
  createdAt: z.string(),
});
const Answer = z.strictObject({
  id: z.int(),
  code: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  info: Info.optional(),
  infos: z.array(Info).optional(),
  bytes: z.base64().optional(),
});
type Answer = z.infer<typeof Answer>;

const longestLine = 4 * 1024 * 1024;

function proofOf(shared: string, challenge: string): string {
  return createHmac('sha256', shared).update(`comity vault ${challenge}`).digest('base64url');
}

async function readSecret(file: string): Promise<string> {
  const shared = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (shared.length < 20) throw new Unavailable('crypto.vault-refused', { params: { file } });
  return shared;
}

export interface VaultOptions {
  /** What holds the keys: files or a token. */
  keys: KeyStore;
  /** Unix socket, made in mode 0600. */
  socket: string;
  /** Shared with the node; at least 20 characters. */
  secretFile: string;
  clock: Clock;
  random: Random;
  log: Log;
  /** Uses of a private key in a second; 500 unless told. */
  perSecond?: number;
}

export interface Vault {
  close(): Promise<void>;
}

/** Uses of private keys within the running second. */
function createPace(clock: Clock, perSecond: number): () => boolean {
  let second = 0;
  let used = 0;
  return () => {
    const now = Math.floor(Date.parse(clock.now()) / 1_000);
    if (now !== second) [second, used] = [now, 0];
    used += 1;
    return used <= perSecond;
  };
}

const usesPrivateKey: ReadonlySet<Question['op']> = new Set(['sign', 'wrap', 'unwrap', 'agree']);

/**
 * Holds keys in a process of its own, for a node on the same machine or behind a forwarded socket. Whoever connects
 * proves the shared secret first; each use of a private key is counted and logged, never what it was used on.
 */
export async function startVault(options: VaultOptions): Promise<Vault> {
  const { keys, socket, random, log } = options;
  const shared = await readSecret(options.secretFile);
  const mayUse = createPace(options.clock, options.perSecond ?? 500);
  const open = new Set<Socket>();
  await mkdir(dirname(socket), { recursive: true, mode: 0o700 });
  await rm(socket, { force: true });
  const server = createServer((connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    connection.on('error', () => connection.destroy());
    serveOne(
      connection,
      shared,
      secret(random),
      async (question) => {
        if (usesPrivateKey.has(question.op) && !mayUse()) {
          log.warn({ event: 'vault.too-often', op: question.op });
          return { code: 'crypto.vault-busy' };
        }
        const answer = await answerWith(keys, question);
        log.info({
          event: 'vault.used',
          op: question.op,
          ...('kid' in question ? { kid: question.kid } : {}),
          code: answer.code ?? 'ok',
        });
        return answer;
      },
      log,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const connection of open) connection.destroy();
        server.close(() => resolve());
      }),
  };
}

function serveOne(
  connection: Socket,
  shared: string,
  challenge: string,
  answer: (question: Question) => Promise<Omit<Answer, 'id'>>,
  log: Log,
): void {
  let proved = false;
  let turn: Promise<unknown> = Promise.resolve();
  const say = (line: object) => void connection.write(`${JSON.stringify(line)}\n`);
  say({ challenge });
  readLines(connection, (line) => {
    if (!proved) {
      const given = Buffer.from(line);
      const wanted = Buffer.from(proofOf(shared, challenge));
      proved = given.length === wanted.length && timingSafeEqual(given, wanted);
      if (proved) return;
      log.warn({ event: 'vault.refused' });
      connection.end();
      return;
    }
    turn = turn.then(async () => {
      const asked = Asked.safeParse(parseJson(line));
      if (!asked.success) return connection.destroy();
      say({ id: asked.data.id, ...(await answer(asked.data.question)) });
    });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Calls back with each line; a line without end is not waited for beyond its limit. */
function readLines(connection: Socket, each: (line: string) => void): void {
  let since = 0;
  connection.on('data', (piece: Buffer) => {
    const end = piece.lastIndexOf(0x0a);
    since = end < 0 ? since + piece.length : piece.length - end - 1;
    if (since > longestLine) connection.destroy();
  });
  createInterface({ input: connection })
    .on('line', each)
    // The connection's own listener ends it; this one hears of it as well.
    .on('error', () => connection.destroy());
}

async function answerWith(keys: KeyStore, question: Question): Promise<Omit<Answer, 'id'>> {
  const raw = (text: string) => Buffer.from(text, 'base64');
  const out = (value: Uint8Array) => ({ bytes: Buffer.from(value).toString('base64') });
  const info = (value: KeyInfo | undefined) => (value ? { info: Info.parse(value) } : {});
  try {
    switch (question.op) {
      case 'ensure':
        return info(await keys.ensure(question.label, question.algorithm));
      case 'rotate':
        return info(await keys.rotate(question.label, question.algorithm));
      case 'find':
        return info(await keys.find(question.label));
      case 'public-key':
        return info(await keys.publicKey(question.kid));
      case 'list':
        return { infos: (await keys.list()).map((one) => Info.parse(one)) };
      case 'sign':
        return out(await keys.sign(question.kid, raw(question.bytes)));
      case 'wrap':
        return out(await keys.wrap(question.kid, raw(question.bytes), question.about));
      case 'unwrap':
        return out(await keys.unwrap(question.kid, raw(question.bytes), question.about));
      case 'agree':
        return out(await keys.agree(question.kid, raw(question.bytes)));
      case 'health': {
        const health = await keys.health();
        return health.ok ? {} : { code: health.code };
      }
    }
  } catch (error) {
    return error instanceof ComityError ? { code: error.code, params: error.params } : { code: 'crypto.token-failed' };
  }
}

export interface VaultClientOptions {
  socket: string;
  secretFile: string;
  /** How long one answer may take, in milliseconds; 30 s unless told. */
  timeoutMs?: number;
}

/**
 * The keys of a vault as a key store. Nothing is kept here: when the vault is away, `crypto.vault-not-reached` says so,
 * and nothing is signed or opened until it is back.
 */
export async function openVaultKeyStore(options: VaultClientOptions): Promise<KeyStore & { close(): void }> {
  const shared = await readSecret(options.secretFile);
  let line: Promise<Line> | undefined;
  let count = 0;

  async function ask(question: Question): Promise<Answer> {
    const current = (line ??= openLine(options.socket, shared, options.timeoutMs ?? 30_000));
    try {
      const answer = await (await current).ask({ id: (count += 1), question });
      if (answer.code !== undefined && question.op !== 'health')
        throw new Unavailable(answer.code, { params: answer.params ?? {} });
      return answer;
    } catch (error) {
      if (error instanceof Unavailable && !error.code.startsWith('crypto.vault-')) throw error;
      if (!(error instanceof Unavailable && error.code === 'crypto.vault-busy') && line === current) line = undefined;
      throw error instanceof Unavailable ? error : new Unavailable('crypto.vault-not-reached', { cause: error });
    }
  }
  const infoIn = (answer: Answer): KeyInfo => {
    if (!answer.info) throw new Unavailable('crypto.vault-not-reached');
    return answer.info;
  };
  const bytesIn = (answer: Answer): Uint8Array => {
    if (answer.bytes === undefined) throw new Unavailable('crypto.vault-not-reached');
    return Buffer.from(answer.bytes, 'base64');
  };
  const text = (value: Uint8Array) => Buffer.from(value).toString('base64');
  const store: KeyStore = {
    ensure: async (name: string, kind: KeyAlgorithm) =>
      infoIn(await ask({ op: 'ensure', label: name, algorithm: kind })),
    rotate: async (name, kind) => infoIn(await ask({ op: 'rotate', label: name, algorithm: kind })),
    find: async (name) => (await ask({ op: 'find', label: name })).info,
    publicKey: async (id) => infoIn(await ask({ op: 'public-key', kid: id })),
    list: async () => (await ask({ op: 'list' })).infos ?? [],
    sign: async (id, value) => bytesIn(await ask({ op: 'sign', kid: id, bytes: text(value) })),
    wrap: async (id, value, about) => bytesIn(await ask({ op: 'wrap', kid: id, bytes: text(value), about })),
    unwrap: async (id, value, about) => bytesIn(await ask({ op: 'unwrap', kid: id, bytes: text(value), about })),
    agree: async (id, value) => bytesIn(await ask({ op: 'agree', kid: id, bytes: text(value) })),
    async health() {
      try {
        const { code } = await ask({ op: 'health' });
        return code === undefined ? { ok: true } : { ok: false, code };
      } catch (error) {
        return { ok: false, code: error instanceof Unavailable ? error.code : 'crypto.vault-not-reached' };
      }
    },
  };
  return { ...store, close: () => void line?.then((one) => one.close()).catch(() => {}) };
}

interface Line {
  ask(asked: { id: number; question: Question }): Promise<Answer>;
  close(): void;
}

function openLine(socket: string, shared: string, timeoutMs: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const waiting = new Map<number, { done(answer: Answer): void; failed(error: Unavailable): void }>();
    const connection = createConnection(socket);
    let proved = false;
    let answered = false;
    connection.unref();
    connection.setTimeout(timeoutMs, () => (waiting.size > 0 ? connection.destroy() : undefined));
    const end = () => {
      const error = new Unavailable(proved && !answered ? 'crypto.vault-refused' : 'crypto.vault-not-reached');
      for (const one of waiting.values()) one.failed(error);
      waiting.clear();
      reject(error);
    };
    connection.on('error', () => connection.destroy());
    connection.on('close', end);
    readLines(connection, (line) => {
      if (!proved) {
        const challenge = Challenge.safeParse(parseJson(line));
        if (!challenge.success) return connection.destroy();
        proved = true;
        connection.write(`${proofOf(shared, challenge.data.challenge)}\n`);
        resolve({
          ask: (asked) =>
            new Promise((done, failed) => {
              if (connection.destroyed) return failed(new Unavailable('crypto.vault-not-reached'));
              waiting.set(asked.id, { done, failed });
              connection.ref();
              connection.write(`${JSON.stringify(asked)}\n`);
            }),
          close: () => connection.destroy(),
        });
        return;
      }
      const answer = Answer.safeParse(parseJson(line));
      if (!answer.success) return connection.destroy();
      answered = true;
      waiting.get(answer.data.id)?.done(answer.data);
      waiting.delete(answer.data.id);
      if (waiting.size === 0) connection.unref();
    });
  });
}
