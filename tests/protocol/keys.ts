import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { encodeIdentity, encodeRecipient, type Signer } from '../../src/platform/crypto/index.ts';
import type { NodeEntry, TrustView, VerifyingKey } from '../../src/modules/exchange/schema.ts';
import { instant, type Instant } from '../../src/platform/values/index.ts';
import { findingOf, thumbprint, type WorldKey } from '../support/exchange-world.ts';

/** Bytes that follow from a name: the vectors are the same each time they are written. */
export function seeded(name: string, length = 32): Buffer {
  const blocks: Buffer[] = [];
  for (let count = 0; blocks.length * 32 < length; count += 1)
    blocks.push(createHash('sha256').update(`comity vector ${name} ${count}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

/** Chance that a name gives. */
export function seededRandom(name: string) {
  let turn = 0;
  return {
    bytes: (length: number) => {
      turn += 1;
      return Uint8Array.from(seeded(`${name} ${turn}`, length));
    },
  };
}

const ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const curve25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');

export interface VectorKey extends WorldKey {
  signBytes(bytes: Uint8Array): Uint8Array;
}

export function vectorKey(name: string, algorithm: 'ES256' | 'EdDSA'): VectorKey {
  const times = {
    validFrom: instant('2026-01-01T00:00:00.000Z'),
    validUntil: instant('2027-01-01T00:00:00.000Z'),
    revokedSince: null,
  };
  const secret = seeded(name);
  if (algorithm === 'ES256') {
    const point = Buffer.from(p256.getPublicKey(secret, false));
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
    const publicKey: VerifyingKey = { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' };
    const privateKey = createPrivateKey({ key: { ...publicKey, d: secret.toString('base64url') }, format: 'jwk' });
    // RFC 6979: the same bytes each time, so that the files do not change when they are written again.
    const signBytes = (bytes: Uint8Array) => p256.sign(bytes, secret);
    return { kid: thumbprint(publicKey), algorithm, publicKey, privateKey, ...times, signBytes };
  }
  const privateKey = createPrivateKey({ key: Buffer.concat([ed25519, secret]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey: VerifyingKey = { kty: 'OKP', crv: 'Ed25519', x };
  const signBytes = (bytes: Uint8Array) => signEd25519(privateKey, bytes);
  return { kid: thumbprint(publicKey), algorithm, publicKey, privateKey, ...times, signBytes };
}

function signEd25519(key: KeyObject, bytes: Uint8Array): Buffer {
  return sign(null, bytes, key);
}

export function vectorSigner(...keys: VectorKey[]): Signer {
  const get = (kid: string) => {
    const found = keys.find((key) => key.kid === kid);
    if (!found) throw new Error(`No key ${kid}`);
    return found;
  };
  return {
    publicKey: async (kid) => {
      const { algorithm, publicKey } = get(kid);
      return { kid, label: '', algorithm, publicKey, createdAt: '' };
    },
    sign: async (kid, bytes) => get(kid).signBytes(bytes),
  };
}

export function sealingKey(name: string): { identity: string; recipient: string; kid: string; secret: Buffer } {
  const secret = seeded(name);
  const key = createPrivateKey({ key: Buffer.concat([curve25519, secret]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const kid = createHash('sha256').update(`{"crv":"X25519","kty":"OKP","x":"${x}"}`).digest('base64url');
  return { identity: encodeIdentity(secret), recipient: encodeRecipient(Buffer.from(x, 'base64url')), kid, secret };
}

/** A key as a vector tells it: whose it is, for what, and when it counts. */
export interface ListedKey {
  holder: string;
  use: 'node-sign' | 'authority-sign' | 'log' | 'record';
  kid: string;
  publicKey: VerifyingKey;
  validFrom: Instant;
  validUntil: Instant | null;
  revokedSince: Instant | null;
}

export interface Known {
  /** Which node serves which authority. */
  nodes: { node: string; authority: string }[];
  keys: ListedKey[];
}

export function listed(key: WorldKey, holder: string, use: ListedKey['use']): ListedKey {
  const { kid, publicKey, validFrom, validUntil, revokedSince } = key;
  return { holder, use, kid, publicKey, validFrom, validUntil, revokedSince };
}

/** What a reader of a vector is to know, and nothing more. */
export function trustOfVector({ nodes, keys }: Known): TrustView {
  const find = (holder: string, use: ListedKey['use'], kid: string, at: Instant) => {
    const key = keys.find((one) => one.holder === holder && one.use === use && one.kid === kid);
    return findingOf(key as WorldKey | undefined, kid, at);
  };
  const byAuthority = (authority: string) => nodes.find((one) => one.authority === authority);
  return {
    nodeOf: (authority) => byAuthority(authority)?.node,
    node: (id) => {
      const entry = { node: id, state: null, endpoints: [], keys: [], instruments: [], suites: [], logOrigin: '' };
      return nodes.some((one) => one.node === id) ? { entry: entry as unknown as NodeEntry, owner: id } : undefined;
    },
    nodeByTlsKey: () => undefined,
    nodeKey: (id, kid, use, at) => find(id, use, kid, at),
    authorityKey: (authority, kid, at) => find(authority, 'authority-sign', kid, at),
    sealingKeys: () => [],
    knowsAuthority: (authority) => byAuthority(authority) !== undefined,
    freshAt: () => null,
  };
}
