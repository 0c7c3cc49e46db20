import { systemRandom } from '../../../src/platform/random.ts';
import { instant, type Instant } from '../../../src/platform/values/index.ts';
import { sealBytes, type Signer } from '../../../src/platform/crypto/index.ts';
import type { NodeEntry, Part, TrustView } from '../../../src/modules/exchange/schema.ts';
import { findingOf, makeKey, makeNode, signerOf, type WorldKey, type WorldNode } from '../../support/exchange-world.ts';

/** Keys are costly to make and say nothing about a run: every run of a process takes the same ones. */
const pool: { node: WorldNode; spare: WorldKey }[] = [];

export interface Person {
  node: WorldNode;
  /** Keys of the authority: the one in use is the last. */
  authorityKeys: WorldKey[];
  signer: Signer;
}

export function peopleOf(count: number): Person[] {
  while (pool.length < count) {
    const letters = String.fromCharCode(65 + Math.floor(pool.length / 26), 65 + (pool.length % 26));
    pool.push({ node: makeNode(`X${letters}`, 'EdDSA'), spare: makeKey('EdDSA') });
  }
  return pool.slice(0, count).map(({ node, spare }) => {
    const first = { ...node.authorityKey, revokedSince: null };
    return {
      node: { ...node, authorityKey: first },
      authorityKeys: [first],
      signer: signerOf(node.nodeKey, first, spare),
    };
  });
}

/** Withdraws the key in use from a moment on, and takes another into use. */
export function replaceKey(person: Person, index: number, since: Instant): void {
  const spare = pool[index]?.spare;
  const current = person.authorityKeys.at(-1);
  if (!spare || !current || person.authorityKeys.length > 1) return;
  current.revokedSince = since;
  person.authorityKeys.push({ ...spare, validFrom: since, revokedSince: null });
}

/**
 * What a node knows of the others, as of the moment asked: keys are looked up by their id, never taken from a message.
 * @param knows from when on it has heard of a key that came into use on the way
 */
export function trustAmong(people: readonly Person[], knows: (key: WorldKey) => boolean): TrustView {
  const nodes = new Map(people.map((person) => [person.node.id, person]));
  const authorities = new Map(people.map((person) => [person.node.authority, person]));
  return {
    nodeOf: (authority) => authorities.get(authority)?.node.id,
    node: (id) => {
      const person = nodes.get(id);
      const entry = { node: id, state: null, endpoints: [], keys: [], instruments: [], suites: [], logOrigin: '' };
      return person && { entry: entry as unknown as NodeEntry, owner: person.node.state };
    },
    nodeByTlsKey: () => undefined,
    nodeKey: (id, kid, _use, at) => findingOf(nodes.get(id)?.node.nodeKey, kid, at),
    authorityKey: (authority, kid, at) => {
      const key = authorities.get(authority)?.authorityKeys.find((one) => one.kid === kid);
      return findingOf(key && knows(key) ? key : undefined, kid, at);
    },
    sealingKeys: (authority) => {
      const person = authorities.get(authority);
      return person ? [{ kid: `${person.node.id}-seal`, recipient: person.node.recipient }] : [];
    },
    knowsAuthority: (authority) => authorities.has(authority),
    freshAt: () => instant('9999-01-01T00:00:00.000Z'),
  };
}

let standIn: { part: Part; bytes: Buffer } | undefined;

/** A sealed part that runs without sealing carry: real ciphertext, of nothing. */
export function standInPart(): { part: Part; bytes: Buffer } {
  if (!standIn) {
    const { recipient } = makeNode('XZ');
    const { bytes, length, headerSha256, payloadRoot } = sealBytes(Buffer.alloc(64), [recipient], systemRandom);
    standIn = {
      bytes,
      part: { name: 'part-000', mediaType: 'application/age', length, headerSha256, payloadRoot },
    };
  }
  return standIn;
}
