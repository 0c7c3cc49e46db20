import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  scrypt,
  sign,
} from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { takeLock } from '../folder-lock.ts';
import { Unavailable } from '../errors.ts';
import { type Random, secret } from '../random.ts';
import type { KeyAlgorithm, KeyInfo, KeyStore } from './keys.ts';
import { dataKeyLength, seal, unseal } from './seal.ts';

const StoredKey = z.object({
  kid: z.string(),
  label: z.string(),
  algorithm: z.enum(['ES256', 'EdDSA', 'X25519', 'A256GCM']),
  publicKey: z.record(z.string(), z.string()).optional(),
  createdAt: z.string(),
  sealed: z.string(),
});
const StoreFile = z.object({
  kind: z.literal('key-store'),
  version: z.literal(1),
  kdf: z.object({ name: z.literal('scrypt'), n: z.int(), r: z.int(), p: z.int(), salt: z.string() }),
  /** Sealed fixed text: tells a wrong passphrase from a damaged key. */
  check: z.string(),
  keys: z.array(StoredKey),
});
type StoredKey = z.infer<typeof StoredKey>;
type StoreFile = z.infer<typeof StoreFile>;

export interface FileKeyStoreOptions {
  /** Holds `keys.json`. Backed up apart from the database. */
  folder: string;
  /** The passphrase; made at the first start when there is none. Keep it on another disk where you can. */
  passphraseFile: string;
  /** Instead of the file: what a token released, which stays in memory. */
  passphrase?: string;
  clock: Clock;
  random: Random;
  /** Cost of scrypt, a power of two; 2^16 (64 MiB) unless told. Applies to a new store. */
  cost?: number;
}

const checkText = Buffer.from('comity key store');

/** Keys in a file sealed under a passphrase: custody `node`. Root on the machine can reach them, and the pages say so. */
export async function openFileKeyStore(options: FileKeyStoreOptions): Promise<KeyStore> {
  const file = join(options.folder, 'keys.json');
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  if ((await readIfThere(file)) === undefined) await createStore(file, options);
  const store = await load(file);
  const passphrase = options.passphrase ?? (await readIfThere(options.passphraseFile))?.trim();
  if (!passphrase) throw new Unavailable('crypto.no-passphrase', { params: { file: options.passphraseFile } });
  const master = await deriveKey(passphrase, store);
  try {
    unseal(master, Buffer.from(store.check, 'base64'), 'key-store/check');
  } catch (cause) {
    throw new Unavailable('crypto.wrong-passphrase', { params: { file: options.passphraseFile }, cause });
  }
  return keyStoreOver(file, master, options);
}

async function createStore(file: string, options: FileKeyStoreOptions): Promise<void> {
  if (options.passphrase === undefined && (await readIfThere(options.passphraseFile)) === undefined) {
    await mkdir(dirname(options.passphraseFile), { recursive: true, mode: 0o700 });
    await writeDurably(options.passphraseFile, `${secret(options.random)}\n`, 'keep');
  }
  const passphrase = options.passphrase ?? (await readFile(options.passphraseFile, 'utf8')).trim();
  const kdf = {
    name: 'scrypt' as const,
    n: options.cost ?? 2 ** 16,
    r: 8,
    p: 1,
    salt: Buffer.from(options.random.bytes(16)).toString('base64'),
  };
  const empty: StoreFile = { kind: 'key-store', version: 1, kdf, check: '', keys: [] };
  const master = await deriveKey(passphrase, empty);
  empty.check = seal(master, checkText, 'key-store/check', options.random).toString('base64');
  await writeDurably(file, JSON.stringify(empty, null, 2), 'keep');
}

function deriveKey(passphrase: string, { kdf }: StoreFile): Promise<Buffer> {
  const { n, r, p } = kdf;
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFC'),
      Buffer.from(kdf.salt, 'base64'),
      dataKeyLength,
      { N: n, r, p, maxmem: 256 * n * r },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Unavailable('crypto.key-store-unreadable', { params: { file }, cause: error });
  }
}

async function load(file: string): Promise<StoreFile> {
  try {
    return StoreFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new Unavailable('crypto.key-store-unreadable', { params: { file }, cause });
  }
}

// Two stores opened at once in one process write beside each other, not into one draft.
let drafts = 0;

/** `keep`: a file that another process made meanwhile stays. */
async function writeDurably(file: string, text: string, mode: 'keep' | 'replace'): Promise<void> {
  drafts += 1;
  const draft = `${file}.${process.pid}.${drafts}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  if (mode === 'replace') await rename(draft, file);
  else {
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
  }
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

function about(key: { kid: string; label: string; algorithm: string }): string {
  return `key-store/${key.kid}/${key.algorithm}/${key.label}`;
}

function toInfo({ sealed: _, ...info }: StoredKey): KeyInfo {
  return { ...info, publicKey: info.publicKey as JWK | undefined };
}

function keyStoreOver(file: string, master: Buffer, { clock, random }: FileKeyStoreOptions): KeyStore {
  let queue: Promise<unknown> = Promise.resolve();
  const opened = new Map<string, KeyObject>();

  let read: { version: string; store: StoreFile } | undefined;
  /** Read again only when another process has replaced the file. */
  async function current(): Promise<StoreFile> {
    let found: Stats;
    try {
      // Asked at every use of a key, some microseconds each: a turn through the thread pool takes ten times as long.
      found = statSync(file);
    } catch (cause) {
      throw new Unavailable('crypto.key-store-unreadable', { params: { file }, cause });
    }
    const { ino, mtimeMs, size } = found;
    const version = `${ino}/${mtimeMs}/${size}`;
    if (read?.version !== version) read = { version, store: await load(file) };
    return read.store;
  }

  async function get(kid: string): Promise<StoredKey> {
    const found = (await current()).keys.find((key) => key.kid === kid);
    if (!found) throw new Unavailable('crypto.no-key', { params: { kid } });
    return found;
  }
  async function privateKey(
    kid: string,
    algorithms: readonly KeyAlgorithm[],
  ): Promise<{ stored: StoredKey; key: KeyObject }> {
    const stored = await get(kid);
    if (!algorithms.includes(stored.algorithm)) throw new Unavailable('crypto.wrong-key-kind', { params: { kid } });
    let key = opened.get(kid);
    if (!key) {
      const der = unseal(master, Buffer.from(stored.sealed, 'base64'), about(stored));
      key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      opened.set(kid, key);
    }
    return { stored, key };
  }
  async function wrappingKey(kid: string): Promise<Buffer> {
    const stored = await get(kid);
    if (stored.algorithm !== 'A256GCM') throw new Unavailable('crypto.wrong-key-kind', { params: { kid } });
    return unseal(master, Buffer.from(stored.sealed, 'base64'), about(stored));
  }
  async function make(label: string, algorithm: KeyAlgorithm): Promise<StoredKey> {
    const createdAt = clock.now();
    if (algorithm === 'A256GCM') {
      const kid = secret(random, 16);
      const sealed = seal(master, random.bytes(dataKeyLength), about({ kid, label, algorithm }), random);
      return { kid, label, algorithm, createdAt, sealed: sealed.toString('base64') };
    }
    const pair = generatePair(algorithm);
    const publicKey = pair.publicKey.export({ format: 'jwk' }) as Record<string, string>;
    const kid = await calculateJwkThumbprint(publicKey as JWK);
    const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealed = seal(master, der, about({ kid, label, algorithm }), random);
    return { kid, label, algorithm, publicKey, createdAt, sealed: sealed.toString('base64') };
  }
  /** One change at a time, in this process and among all that share the folder. */
  function change<T>(work: (store: StoreFile) => Promise<T>): Promise<T> {
    const turn = queue.then(async () => {
      let lock = takeLock(`${file}.lock`);
      for (; !lock.taken; lock = takeLock(`${file}.lock`)) await pause(20);
      try {
        const store = await load(file);
        const before = store.keys.length;
        const answer = await work(store);
        if (store.keys.length !== before) await writeDurably(file, JSON.stringify(store, null, 2), 'replace');
        return answer;
      } finally {
        lock.release();
      }
    });
    queue = turn.catch(() => {});
    return turn;
  }
  const newest = (store: StoreFile, label: string) => store.keys.filter((key) => key.label === label).at(-1);

  return {
    ensure: (label, algorithm) =>
      change(async (store) => {
        const found = newest(store, label);
        if (found) {
          if (found.algorithm !== algorithm)
            throw new Unavailable('crypto.wrong-key-kind', { params: { kid: found.kid } });
          return toInfo(found);
        }
        const made = await make(label, algorithm);
        store.keys.push(made);
        return toInfo(made);
      }),
    rotate: (label, algorithm) =>
      change(async (store) => {
        const made = await make(label, algorithm);
        store.keys.push(made);
        return toInfo(made);
      }),
    async find(label) {
      const found = newest(await current(), label);
      return found && toInfo(found);
    },
    publicKey: async (kid) => toInfo(await get(kid)),
    list: async () => (await current()).keys.map(toInfo),
    async sign(kid, bytes) {
      const { stored, key } = await privateKey(kid, ['ES256', 'EdDSA']);
      return stored.algorithm === 'ES256'
        ? sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
        : sign(null, bytes, key);
    },
    wrap: async (kid, dataKey, place) => seal(await wrappingKey(kid), dataKey, place, random),
    unwrap: async (kid, wrapped, place) => unseal(await wrappingKey(kid), wrapped, place),
    async agree(kid, publicKey) {
      const { key } = await privateKey(kid, ['X25519']);
      try {
        const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(publicKey).toString('base64url') };
        const shared = diffieHellman({ privateKey: key, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
        if (shared.every((byte) => byte === 0)) throw new Error('all-zero result');
        return shared;
      } catch (cause) {
        throw new Unavailable('crypto.bad-public-key', { cause });
      }
    },
    async health() {
      try {
        unseal(master, Buffer.from((await current()).check, 'base64'), 'key-store/check');
        return { ok: true };
      } catch (error) {
        return { ok: false, code: error instanceof Unavailable ? error.code : 'crypto.key-store-unreadable' };
      }
    },
  };
}

function generatePair(algorithm: Exclude<KeyAlgorithm, 'A256GCM'>): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'X25519':
      return generateKeyPairSync('x25519');
  }
}
