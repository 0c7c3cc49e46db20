import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { instant, type Instant } from '../../src/platform/values/index.ts';
import { encodeRecipient, x25519, type Agreeing, type Signer } from '../../src/platform/crypto/index.ts';
import type { KeyFinding, NodeEntry, NodeId, TrustView, VerifyingKey } from '../../src/modules/exchange/schema.ts';

/** A key in memory, and when it counts. Times may be changed by a test. */
export interface WorldKey {
  kid: string;
  algorithm: 'ES256' | 'EdDSA';
  publicKey: VerifyingKey;
  privateKey: KeyObject;
  validFrom: Instant;
  validUntil: Instant | null;
  revokedSince: Instant | null;
}

export function thumbprint(publicKey: VerifyingKey): string {
  const members =
    publicKey.kty === 'EC'
      ? `{"crv":"P-256","kty":"EC","x":"${publicKey.x}","y":"${publicKey.y}"}`
      : `{"crv":"${publicKey.crv}","kty":"OKP","x":"${publicKey.x}"}`;
  return createHash('sha256').update(members).digest('base64url');
}

export function makeKey(algorithm: 'ES256' | 'EdDSA' = 'ES256'): WorldKey {
  const pair =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'jwk' }) as VerifyingKey;
  return {
    kid: thumbprint(publicKey),
    algorithm,
    publicKey,
    privateKey: pair.privateKey,
    validFrom: instant('2026-01-01T00:00:00.000Z'),
    validUntil: instant('2027-01-01T00:00:00.000Z'),
    revokedSince: null,
  };
}

export function signerOf(...keys: WorldKey[]): Signer {
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
    sign: async (kid, bytes) => {
      const { algorithm, privateKey: key } = get(kid);
      return algorithm === 'ES256' ? sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }) : sign(null, bytes, key);
    },
  };
}

/** A node of an invented State with one authority, all keys in memory. */
export interface WorldNode {
  id: NodeId;
  state: string;
  authority: string;
  nodeKey: WorldKey;
  authorityKey: WorldKey;
  signer: Signer;
  recipient: string;
  reader: Agreeing;
}

export function makeNode(state: string, algorithm: 'ES256' | 'EdDSA' = 'ES256'): WorldNode {
  const nodeKey = makeKey(algorithm);
  const authorityKey = makeKey(algorithm);
  const sealing = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(sealing.d ?? '', 'base64url');
  return {
    id: state.toLowerCase(),
    state,
    authority: `${state}:central-authority`,
    nodeKey,
    authorityKey,
    signer: signerOf(nodeKey, authorityKey),
    recipient: encodeRecipient(Buffer.from(sealing.x ?? '', 'base64url')),
    reader: {
      agree: async (_kid, publicKey) => x25519(secret, publicKey),
      publicKey: async (kid) => ({
        kid,
        label: 'authority/seal',
        algorithm: 'X25519',
        publicKey: { kty: 'OKP', crv: 'X25519', x: sealing.x },
        createdAt: '',
      }),
    },
  };
}

export function findingOf(key: WorldKey | undefined, kid: string, at: Instant): KeyFinding {
  if (!key || key.kid !== kid) return { finding: 'unknown' };
  if (key.revokedSince !== null && at >= key.revokedSince) return { finding: 'revoked' };
  if (at < key.validFrom) return { finding: 'not-yet' };
  if (key.validUntil !== null && at >= key.validUntil) return { finding: 'expired' };
  return { finding: 'valid', publicKey: key.publicKey };
}

/** What nodes that know each other know. It follows the nodes: a key revoked later is revoked here at once. */
export function trustOf(nodes: readonly WorldNode[]): TrustView {
  const byId = (id: string) => nodes.find((node) => node.id === id);
  const byAuthority = (id: string) => nodes.find((node) => node.authority === id);
  const entryOf = (node: WorldNode): NodeEntry => ({
    node: node.id,
    state: node.state as NodeEntry['state'],
    endpoints: [],
    keys: [
      {
        use: 'node-sign',
        kid: node.nodeKey.kid,
        publicKey: node.nodeKey.publicKey,
        validFrom: node.nodeKey.validFrom,
        validUntil: node.nodeKey.validUntil,
      },
    ],
    instruments: [],
    suites: ['age-x25519/1'],
    logOrigin: `comity/${node.state}/exchange/1`,
  });
  return {
    nodeOf: (authority) => byAuthority(authority)?.id,
    node: (id) => {
      const node = byId(id);
      return node && { entry: entryOf(node), owner: node.state };
    },
    nodeByTlsKey: () => undefined,
    nodeKey: (id, kid, _use, at) => findingOf(byId(id)?.nodeKey, kid, at),
    authorityKey: (authority, kid, at) => findingOf(byAuthority(authority)?.authorityKey, kid, at),
    sealingKeys: (authority) => {
      const node = byAuthority(authority);
      return node ? [{ kid: `${node.id}-seal`, recipient: node.recipient }] : [];
    },
    knowsAuthority: (authority) => byAuthority(authority) !== undefined,
    freshAt: () => null,
  };
}
