import { spawn } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { Unavailable } from '../errors.ts';
import { secret, type Random } from '../random.ts';
import { openFileKeyStore } from './file-keys.ts';
import type { KeyInfo, KeyStore } from './keys.ts';

const TokenKey = z.strictObject({
  kid: z.string(),
  label: z.string(),
  /** CKA_ID on the token, hex. */
  id: z.string(),
  publicKey: z.record(z.string(), z.string()),
  createdAt: z.string(),
});
const TokenFile = z.strictObject({
  kind: z.literal('token-keys'),
  version: z.literal(1),
  /** Key on the token that releases the secret under which the other keys are sealed. */
  wrapping: z.strictObject({ id: z.string(), iv: z.string(), sealed: z.string() }),
  keys: z.array(TokenKey),
});
type TokenFile = z.infer<typeof TokenFile>;
type TokenKey = z.infer<typeof TokenKey>;

export interface Pkcs11Options {
  /** The token's library, `/usr/lib/softhsm/libsofthsm2.so`. */
  module: string;
  tokenLabel: string;
  /** Holds the PIN. It is tried once: a token that locks itself is not provoked. */
  pinFile: string;
  /** Holds `token-keys.json` and the sealed keys the token cannot hold. */
  folder: string;
  clock: Clock;
  random: Random;
  /** `pkcs11-tool` unless told. */
  tool?: string;
  /** What the token's library reads of its environment; nothing else of ours is handed on. */
  environment?: Readonly<Record<string, string>>;
  /** Cost of scrypt for the sealed keys, as in the file store. */
  cost?: number;
}

interface ToolAnswer {
  code: number | null;
  out: Buffer;
  said: string;
}

const answerWithinMs = 30_000;

function runTool(
  tool: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input?: Uint8Array,
): Promise<ToolAnswer> {
  return new Promise((resolve, reject) => {
    // The PIN goes by the environment of the child: arguments are seen by every user of the machine.
    const child = spawn(tool, args, {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: answerWithinMs,
    });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => said.push(piece));
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(new Unavailable(cause.code === 'ENOENT' ? 'crypto.token-tool-missing' : 'crypto.token-failed', { cause })),
    );
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out), said: Buffer.concat(said).toString('utf8') }));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/**
 * Keys on a PKCS#11 token, spoken to by OpenSC's `pkcs11-tool`. Signing keys (P-256) are made on the token and never
 * leave it. What the token cannot do (X25519, Ed25519, wrapping) is done with keys that are sealed under a secret which
 * only the token releases, and which lives in the memory of this process alone.
 * A missing token, a wrong PIN, a failed signature are states with a code; no file key ever takes their place.
 * @throws Unavailable `crypto.token-missing`, `crypto.wrong-pin`, `crypto.token-failed`, `crypto.token-tool-missing`
 */
export async function openPkcs11KeyStore(options: Pkcs11Options): Promise<KeyStore> {
  const { module, tokenLabel, folder, clock, random, tool = 'pkcs11-tool' } = options;
  const file = join(folder, 'token-keys.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pin = (await readFile(options.pinFile, 'utf8').catch(() => '')).trim();
  // After a wrong PIN no other try is made until a person has looked.
  let wrongPin = false;
  let seenAt: number | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function ask(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
    if (wrongPin || pin === '') throw new Unavailable('crypto.wrong-pin', { params: { file: options.pinFile } });
    const common = ['--module', module, '--token-label', tokenLabel, '--login', '--pin', 'env:COMITY_TOKEN_PIN'];
    const { code, out, said } = await runTool(
      tool,
      [...common, ...args],
      { ...options.environment, COMITY_TOKEN_PIN: pin },
      input,
    );
    if (code === 0) return out;
    if (/CKR_PIN_(INCORRECT|LOCKED|INVALID|LEN_RANGE|EXPIRED)/.test(said)) {
      wrongPin = true;
      throw new Unavailable('crypto.wrong-pin', { params: { file: options.pinFile } });
    }
    if (/No slot|CKR_TOKEN_NOT_PRESENT|CKR_DEVICE_REMOVED|CKR_SLOT_ID_INVALID|Failed to load pkcs11 module/i.test(said))
      throw new Unavailable('crypto.token-missing', { params: { token: tokenLabel } });
    throw new Unavailable('crypto.token-failed');
  }
  /** One call at a time: many tokens have one session. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work);
    queue = turn.catch(() => {});
    return turn;
  }
  async function load(): Promise<TokenFile | undefined> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new Unavailable('crypto.key-store-unreadable', { params: { file }, cause: error });
    });
    if (text === undefined) return undefined;
    const read = TokenFile.safeParse(JSON.parse(text));
    if (!read.success) throw new Unavailable('crypto.key-store-unreadable', { params: { file } });
    return read.data;
  }
  async function save(store: TokenFile): Promise<void> {
    const draft = `${file}.${secret(random, 9)}`;
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(store, null, 2));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  }
  const newId = () => Buffer.from(random.bytes(16)).toString('hex');
  const aes = ({ id, iv }: { id: string; iv: string }, act: '--encrypt' | '--decrypt', bytes: Uint8Array) =>
    ask([act, '--mechanism', 'AES-CBC-PAD', '--iv', iv, '--id', id], bytes);

  async function first(): Promise<TokenFile> {
    const id = newId();
    const iv = Buffer.from(random.bytes(16)).toString('hex');
    await ask(['--keygen', '--key-type', 'AES:32', '--id', id, '--label', 'comity/wrap', '--sensitive']);
    const sealed = await aes({ id, iv }, '--encrypt', Buffer.from(secret(random), 'ascii'));
    const made: TokenFile = {
      kind: 'token-keys',
      version: 1,
      wrapping: { id, iv, sealed: sealed.toString('base64') },
      keys: [],
    };
    await save(made);
    return made;
  }
  const opened = await inTurn(async () => (await load()) ?? first());
  const { wrapping } = opened;
  const passphrase = (await inTurn(() => aes(wrapping, '--decrypt', Buffer.from(wrapping.sealed, 'base64')))).toString(
    'ascii',
  );
  const sealedKeys = await openFileKeyStore({
    folder: join(folder, 'sealed'),
    passphraseFile: options.pinFile,
    passphrase,
    clock,
    random,
    ...(options.cost === undefined ? {} : { cost: options.cost }),
  });

  const toInfo = ({ id: _, ...key }: TokenKey): KeyInfo => ({ ...key, algorithm: 'ES256', publicKey: key.publicKey });
  const tokenKeys = async () => (await load())?.keys ?? [];
  async function make(label: string): Promise<KeyInfo> {
    const id = newId();
    await ask([
      '--keypairgen',
      '--key-type',
      'EC:prime256v1',
      '--id',
      id,
      '--label',
      label,
      '--usage-sign',
      '--sensitive',
    ]);
    const der = await ask(['--read-object', '--type', 'pubkey', '--id', id]);
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ format: 'jwk' }) as Record<
      string,
      string
    >;
    const kid = await calculateJwkThumbprint(publicKey as JWK);
    const key = { kid, label, id, publicKey, createdAt: clock.now() };
    const store = (await load()) ?? opened;
    await save({ ...store, keys: [...store.keys, key] });
    return toInfo(key);
  }
  const newest = async (label: string) => (await tokenKeys()).filter((key) => key.label === label).at(-1);

  return {
    ensure: (label, algorithm) =>
      algorithm === 'ES256'
        ? inTurn(async () => {
            const found = await newest(label);
            return found ? toInfo(found) : make(label);
          })
        : sealedKeys.ensure(label, algorithm),
    rotate: (label, algorithm) =>
      algorithm === 'ES256' ? inTurn(() => make(label)) : sealedKeys.rotate(label, algorithm),
    async find(label) {
      const found = await newest(label);
      return found ? toInfo(found) : sealedKeys.find(label);
    },
    async publicKey(kid) {
      const found = (await tokenKeys()).find((key) => key.kid === kid);
      return found ? toInfo(found) : sealedKeys.publicKey(kid);
    },
    list: async () => [...(await tokenKeys()).map(toInfo), ...(await sealedKeys.list())],
    async sign(kid, bytes) {
      const found = (await tokenKeys()).find((key) => key.kid === kid);
      if (!found) return sealedKeys.sign(kid, bytes);
      const digest = createHash('sha256').update(bytes).digest();
      const signature = await inTurn(() => ask(['--sign', '--mechanism', 'ECDSA', '--id', found.id], digest));
      if (signature.length !== 64) throw new Unavailable('crypto.token-failed');
      return signature;
    },
    wrap: async (kid, dataKey, about) => {
      await present();
      return sealedKeys.wrap(kid, dataKey, about);
    },
    unwrap: async (kid, wrapped, about) => {
      await present();
      return sealedKeys.unwrap(kid, wrapped, about);
    },
    agree: async (kid, publicKey) => {
      await present();
      return sealedKeys.agree(kid, publicKey);
    },
    async health() {
      try {
        await present();
        return { ok: true };
      } catch (error) {
        return { ok: false, code: error instanceof Unavailable ? error.code : 'crypto.token-failed' };
      }
    },
  };

  /** Whether the token is still there and still lets us in; asked at most every ten seconds. */
  async function present(): Promise<void> {
    const now = Date.parse(clock.now());
    if (seenAt !== undefined && Math.abs(now - seenAt) < 10_000) return;
    await inTurn(() => ask(['--list-objects', '--type', 'secrkey']));
    seenAt = now;
  }
}
