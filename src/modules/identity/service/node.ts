import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { Db, Tx } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log.ts';
import { uuidv7, type Random } from '../../../platform/random.ts';
import { sha256, toInstant, type Instant } from '../../../platform/values/index.ts';
import type { Actor } from '../context.ts';
import { nameActor } from '../create-context.ts';

/** The identity provider of the State. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Name on the button: "Ministry account". */
  name: string;
  /** Tests alone: a provider on the loopback address without TLS. */
  allowPlainHttp?: boolean;
}

/** What sign-in needs of the node it runs in. */
export interface IdentityNode {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  profile: 'demo' | 'training' | 'production';
  /** Exact origin that people open, `https://comity.example.int` or `http://alba.localhost:8080`. */
  origin: string;
  /** Name that authenticators show beside the account. */
  name: string;
  seal(bytes: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
  /** Keyed hash, base64url. */
  mac(text: string): string;
  /** Cost of one password check; the default takes about 250 ms on a small server. */
  passwordCost?: { memoryKiB: number; passes: number };
  oidc?: OidcSettings;
}

/** The three secret functions of a node from one 32-byte key. */
export function identitySecrets(key: Uint8Array, random: Random): Pick<IdentityNode, 'seal' | 'open' | 'mac'> {
  const part = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `comity/identity/${use}/1`, 32));
  const [sealing, proving] = [part('seal'), part('mac')];
  return {
    seal(bytes) {
      const nonce = random.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
    mac: (text) => createHmac('sha256', proving).update(text).digest('base64url'),
  };
}

const signingIn: Actor = { kind: 'system', id: 'identity' };

/** A transaction in which nobody is known yet. */
export async function asIdentity<T>(node: Pick<IdentityNode, 'db'>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return node.db.transaction().execute(async (tx) => {
    await nameActor(tx, signingIn);
    return work(tx);
  });
}

/** Within a person's transaction: the sign-in's own view, and back to the actor afterwards. */
export async function beyondOwnRows<T>(tx: Tx, actor: Actor, work: () => Promise<T>): Promise<T> {
  await nameActor(tx, signingIn);
  const value = await work();
  await nameActor(tx, actor);
  return value;
}

export function newId(node: Pick<IdentityNode, 'clock' | 'random'>): string {
  return uuidv7(node.random, Date.parse(node.clock.now()));
}

/** Moment so many milliseconds after another; negative goes back. */
export function after(at: Instant, millis: number): Instant {
  return toInstant(new Date(Date.parse(at) + millis));
}

export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a), 'hex'), Buffer.from(sha256(b), 'hex'));
}
