import { toRecipient } from '../../../platform/crypto/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import {
  VerifyingKey,
  type KeyFinding,
  type KeyUse,
  type NodeEntry,
  type NodeId,
  type RevocableUse,
  type TrustView,
} from '../schema.ts';
import type { RecordFacts, SaidKey } from './facts.ts';
import type { HeldNode, OwnKeyRow, OwnNode } from './schema.ts';

/** Everything a view is made from; `records` in order of owner, feed and number, of owners with a confirmed root. */
export interface TrustFacts {
  records: readonly RecordFacts[];
  /** Node entries that two persons here confirmed without the signature of their State. */
  overrides: readonly { owner: string; at: Instant; entry: NodeEntry; keys: readonly SaidKey[] }[];
  own: OwnNode;
  ownKeys: readonly OwnKeyRow[];
  /** Thumbprints of keys printed in documents and vectors. */
  knownBad: ReadonlySet<string>;
}

/** A key that counts for its holder. */
interface CountedKey extends SaidKey {
  since: Instant;
}

/** A key that does not, and why: shown to the administrators. */
export interface RefusedKey {
  kid: string;
  use: KeyUse;
  holder: string;
  owner: string;
  code: string;
}

interface Address {
  id: string;
  owner: string;
  node: string | null;
  from: Instant | null;
  until: Instant | null;
}

/** Beside what verifying asks: what pages and replication show. */
export interface FullTrustView extends TrustView {
  node(id: string): HeldNode | undefined;
  nodes(): readonly HeldNode[];
  keysOf(holder: string): readonly CountedKey[];
  refusedKeys(): readonly RefusedKey[];
  revocations(): readonly {
    owner: string;
    key: string;
    use: RevocableUse;
    since: Instant;
    reason: string;
    at: Instant;
  }[];
  authorities(): readonly Address[];
  /** Whether this key may be said to be a new one of the holder. */
  problemOfNewKey(key: SaidKey): string | undefined;
}

const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : a < b ? a : b;
const later = (a: Instant | null, b: Instant): boolean => a !== null && a >= b;

function ownRecipient({ use, publicKey }: OwnKeyRow): string | undefined {
  return use === 'authority-seal' && publicKey?.x ? toRecipient(Buffer.from(publicKey.x, 'base64url')) : undefined;
}

/**
 * Keys of all versions of one thing. A key that a newer version leaves out ends with that version.
 */
function keysOverTime(versions: readonly { at: Instant; keys: readonly SaidKey[] }[]): CountedKey[] {
  const found = new Map<string, CountedKey>();
  for (const { at, keys } of versions) {
    const said = new Map(keys.map((key) => [key.kid, key]));
    for (const [kid, key] of found) if (!said.has(kid)) found.set(kid, { ...key, until: earlier(key.until, at) });
    for (const [kid, key] of said) found.set(kid, { ...key, since: found.get(kid)?.since ?? at });
  }
  return [...found.values()];
}

/** Puts everything known together. Pure; asks nothing later. */
export function buildTrustView(facts: TrustFacts, freshAt: (owner: string) => Instant | null): FullTrustView {
  const { own } = facts;
  const revoked = new Map<string, Instant>();
  const revocations: { owner: string; key: string; use: RevocableUse; since: Instant; reason: string; at: Instant }[] =
    [];
  for (const one of facts.records) {
    if (one.what !== 'revocation') continue;
    const { key, use, since, reason } = one.revocation;
    revocations.push({ owner: one.owner, key, use, since, reason, at: one.at });
    const name = `${one.owner} ${key}`;
    revoked.set(name, earlier(revoked.get(name) ?? null, since)!);
  }
  for (const key of facts.ownKeys) {
    const name = `${own.owner} ${key.kid}`;
    if (key.revokedAt) revoked.set(name, earlier(revoked.get(name) ?? null, key.revokedAt)!);
  }

  const byNode = new Map<string, { owner: string; versions: Extract<RecordFacts, { what: 'node' }>[] }>();
  const byAuthority = new Map<string, { owner: string; versions: Extract<RecordFacts, { what: 'authority' }>[] }>();
  for (const one of facts.records) {
    if (one.what === 'node') {
      const held = byNode.get(one.entry.node) ?? { owner: one.owner, versions: [] };
      // The owner who first spoke for a node keeps it.
      if (held.owner === one.owner) held.versions.push(one);
      byNode.set(one.entry.node, held);
    } else if (one.what === 'authority') {
      const held = byAuthority.get(one.id) ?? { owner: one.owner, versions: [] };
      if (held.owner === one.owner) held.versions.push(one);
      byAuthority.set(one.id, held);
    }
  }

  const nodes = new Map<string, HeldNode>();
  const said: CountedKey[] = [];
  for (const [node, { owner, versions }] of byNode) {
    const last = versions.at(-1);
    if (last && !last.ends) nodes.set(node, { entry: last.entry, owner, override: false });
    said.push(...keysOverTime(versions));
  }
  for (const { owner, at, entry, keys } of facts.overrides) {
    const signed = byNode.get(entry.node);
    const newest = signed?.versions.at(-1)?.at ?? null;
    // Their own later word takes the place of what was confirmed here.
    if (later(newest, at) || (signed && signed.owner !== owner)) continue;
    nodes.set(entry.node, { entry, owner, override: true });
    const known = new Set(said.filter((key) => key.holder === entry.node).map((key) => key.kid));
    said.push(...keys.filter((key) => !known.has(key.kid)).map((key) => ({ ...key, since: at })));
  }
  const addresses = new Map<string, Address>();
  for (const [id, { owner, versions }] of byAuthority) {
    const last = versions.at(-1);
    if (!last) continue;
    addresses.set(id, { id, owner, node: last.node, from: last.from, until: last.until });
    said.push(...keysOverTime(versions));
  }
  for (const id of own.authorities)
    addresses.set(id, { id, owner: own.owner, node: own.node, from: null, until: null });
  const saidHere = new Set(said.map((key) => `${key.holder} ${key.kid}`));
  for (const key of facts.ownKeys) {
    const { kid, use, holder, publicKey, validFrom: from, validUntil: until, madeAt } = key;
    if (saidHere.has(`${holder} ${kid}`) || !own.authorities.includes(holder)) continue;
    const recipient = ownRecipient(key);
    said.push({
      kid,
      use,
      holder,
      owner: own.owner,
      publicKey,
      from,
      until,
      since: madeAt,
      problem: undefined,
      ...(recipient === undefined ? {} : { recipient }),
    });
  }

  // Of two who say one key is theirs the first keeps it; the other's never counts.
  const holders = new Map<string, CountedKey>();
  const refused: RefusedKey[] = [];
  const counted = new Map<string, CountedKey[]>();
  for (const key of [...said].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))) {
    const first = holders.get(key.kid);
    const code =
      key.problem ??
      (facts.knownBad.has(key.kid)
        ? 'trust.key-printed'
        : first && (first.holder !== key.holder || first.use !== key.use)
          ? 'trust.key-of-another'
          : undefined);
    if (code) {
      refused.push({ kid: key.kid, use: key.use, holder: key.holder, owner: key.owner, code });
      continue;
    }
    holders.set(key.kid, key);
    counted.set(key.holder, [...(counted.get(key.holder) ?? []), key]);
  }
  const tls = new Map<string, CountedKey>();
  for (const key of holders.values()) if (key.use === 'tls') tls.set(key.kid, key);

  const stateOf = (key: CountedKey, at: Instant): 'valid' | 'revoked' | 'expired' | 'not-yet' => {
    const since = revoked.get(`${key.owner} ${key.kid}`);
    if (since !== undefined && at >= since) return 'revoked';
    if (at < key.from) return 'not-yet';
    return key.until !== null && at >= key.until ? 'expired' : 'valid';
  };
  const find = (holder: string, kid: string, use: KeyUse, at: Instant): KeyFinding => {
    const key = counted.get(holder)?.find((one) => one.kid === kid);
    if (!key) return { finding: 'unknown' };
    if (key.use !== use) return { finding: 'wrong-use' };
    const state = stateOf(key, at);
    if (state !== 'valid') return { finding: state };
    const publicKey = VerifyingKey.safeParse(key.publicKey);
    return publicKey.success ? { finding: 'valid', publicKey: publicKey.data } : { finding: 'wrong-use' };
  };
  const isKnownAt = ({ from, until }: Address, at: Instant) =>
    (from === null || from <= at) && (until === null || at < until);

  return {
    nodeOf: (authority) => {
      const node = addresses.get(authority)?.node;
      return node !== null && node !== undefined && nodes.has(node) ? (node as NodeId) : undefined;
    },
    node: (id) => nodes.get(id),
    nodeByTlsKey: (spki, at) => {
      const key = tls.get(spki);
      return key && nodes.has(key.holder) && stateOf(key, at) === 'valid' ? (key.holder as NodeId) : undefined;
    },
    nodeKey: (node, kid, use, at) => find(node, kid, use, at),
    authorityKey: (authority, kid, at) => find(authority, kid, 'authority-sign', at),
    sealingKeys: (authority, at) =>
      (counted.get(authority) ?? [])
        .filter((key) => key.use === 'authority-seal' && key.recipient !== undefined && stateOf(key, at) === 'valid')
        .map((key) => ({ kid: key.kid, recipient: key.recipient ?? '' })),
    knowsAuthority: (authority, at) => {
      const address = addresses.get(authority);
      return address !== undefined && isKnownAt(address, at);
    },
    freshAt,
    nodes: () => [...nodes.values()],
    keysOf: (holder) => counted.get(holder) ?? [],
    refusedKeys: () => refused,
    revocations: () => revocations,
    authorities: () => [...addresses.values()],
    problemOfNewKey(key) {
      const first = holders.get(key.kid);
      return (
        key.problem ??
        (facts.knownBad.has(key.kid)
          ? 'trust.key-printed'
          : first && (first.holder !== key.holder || first.use !== key.use)
            ? 'trust.key-of-another'
            : !first && [...revoked.keys()].some((name) => name.endsWith(` ${key.kid}`))
              ? 'trust.key-was-revoked'
              : undefined)
      );
    },
  };
}
