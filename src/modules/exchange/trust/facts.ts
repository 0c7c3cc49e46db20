import type { JWK } from 'jose';
import { z } from 'zod';
import {
  certificateKey,
  fromRecipient,
  kidOf,
  publicKeyProblem,
  x25519Jwk,
  type SignedRecord,
} from '../../../platform/crypto/index.ts';
import { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { AuthorityRef, KeyRevocation, NodeEntry, NodeId, type KeyUse } from '../schema.ts';
import type { HeldKey } from './schema.ts';

/** A key as a record says it, with what is wrong with the key itself. */
export interface SaidKey extends Omit<HeldKey, 'since'> {
  recipient?: string;
  /** `trust.key-…`; such a key never counts. */
  problem: string | undefined;
}

/** What trust takes from one signed record. */
export type RecordFacts =
  | { what: 'node'; owner: string; seq: number; at: Instant; ends: boolean; entry: NodeEntry; keys: SaidKey[] }
  | { what: 'revocation'; owner: string; seq: number; at: Instant; revocation: KeyRevocation }
  | {
      what: 'authority';
      owner: string;
      seq: number;
      at: Instant;
      ends: boolean;
      id: string;
      node: string | null;
      from: Instant | null;
      until: Instant | null;
      keys: SaidKey[];
    };

const EntryKey = z.object({
  key: z.string(),
  kind: z.string(),
  validFrom: PlainDate,
  validUntil: PlainDate.nullable(),
  fingerprint: z.string(),
});

/** What trust reads of an entry of the directory; the rest is for people. */
const Address = z.object({
  id: AuthorityRef,
  state: StateCode,
  origin: z.string(),
  nodeId: z.union([NodeId, z.object({ unknown: z.string() })]),
  signingKeys: z.array(EntryKey),
  sealingKeys: z.array(EntryKey),
  validFrom: z.union([PlainDate, z.object({ unknown: z.string() })]),
  until: PlainDate.nullable(),
});

/** A day begins everywhere at the same moment here: midnight UTC. */
export function startOf(day: PlainDate): Instant {
  return Instant.parse(`${day}T00:00:00.000Z`);
}

/** @returns `trust.key-kid` beside the problems of the key itself */
async function checkKey(said: Omit<SaidKey, 'problem'>): Promise<SaidKey> {
  if (said.publicKey === null) return { ...said, problem: undefined };
  const problem = publicKeyProblem(said.publicKey);
  if (problem) return { ...said, problem };
  return { ...said, problem: (await kidOf(said.publicKey)) === said.kid ? undefined : 'trust.key-kid' };
}

export async function nodeKeys(entry: NodeEntry, owner: string): Promise<SaidKey[]> {
  return Promise.all(
    entry.keys.map((key) =>
      key.use === 'tls' && !/^[0-9a-f]{64}$/.test(key.kid)
        ? { ...toSaid(key, entry.node, owner), problem: 'trust.key-kid' }
        : (key.publicKey === null) === (key.use === 'tls')
          ? checkKey(toSaid(key, entry.node, owner))
          : { ...toSaid(key, entry.node, owner), problem: 'trust.key-form' },
    ),
  );
}

function toSaid(key: NodeEntry['keys'][number], holder: string, owner: string): Omit<SaidKey, 'problem'> {
  const { kid, use, publicKey, validFrom: from, validUntil: until } = key;
  return { kid, use, holder, owner, publicKey, from, until };
}

/** Public key that an entry of the directory writes down; undefined when it cannot be read. */
function readEntryKey(kind: string, text: string): JWK | undefined {
  if (kind === 'x509') return certificateKey(text);
  if (kind === 'age-x25519') {
    const bytes = fromRecipient(text);
    return bytes && x25519Jwk(bytes);
  }
  if (kind !== 'ES256' && kind !== 'EdDSA') return undefined;
  try {
    const key = JSON.parse(text) as JWK;
    const fits = kind === 'ES256' ? key.kty === 'EC' : key.kty === 'OKP' && key.crv === 'Ed25519';
    return fits ? key : undefined;
  } catch {
    return undefined;
  }
}

async function entryKey(said: z.infer<typeof EntryKey>, use: KeyUse, holder: string, owner: string): Promise<SaidKey> {
  const kinds = use === 'authority-seal' ? ['age-x25519'] : ['ES256', 'EdDSA', 'x509'];
  const publicKey = kinds.includes(said.kind) ? readEntryKey(said.kind, said.key) : undefined;
  const one = {
    kid: said.fingerprint,
    use,
    holder,
    owner,
    publicKey: publicKey ?? null,
    from: startOf(said.validFrom),
    until: said.validUntil && startOf(said.validUntil),
    ...(use === 'authority-seal' ? { recipient: said.key } : {}),
  };
  return publicKey ? checkKey(one) : { ...one, problem: 'trust.key-kind' };
}

/** What a verified record says for trust; undefined when it says nothing or nothing that counts. */
export async function factsOf(record: SignedRecord): Promise<RecordFacts | undefined> {
  const { owner, seq, at, kind, op } = record;
  const ends = op === 'withdraw';
  if (kind === 'node-entry') {
    const entry = NodeEntry.safeParse(ends ? { ...emptyEntry, node: record.recordId } : record.body);
    if (!entry.success) return undefined;
    return {
      what: 'node',
      owner,
      seq,
      at,
      ends,
      entry: entry.data,
      keys: ends ? [] : await nodeKeys(entry.data, owner),
    };
  }
  if (kind === 'key-revocation') {
    const revocation = KeyRevocation.safeParse(record.body);
    return revocation.success ? { what: 'revocation', owner, seq, at, revocation: revocation.data } : undefined;
  }
  if (kind !== 'authority-entry') return undefined;
  if (ends)
    return {
      what: 'authority',
      owner,
      seq,
      at,
      ends,
      id: record.recordId,
      node: null,
      from: null,
      until: at,
      keys: [],
    };
  const address = Address.safeParse(record.body);
  // Only a State's own word gives keys to its authorities; a custodian's entry is for people.
  if (!address.success || address.data.state !== owner || address.data.origin !== 'own') return undefined;
  const { id, nodeId, signingKeys, sealingKeys, validFrom, until } = address.data;
  if (!id.startsWith(`${owner}:`)) return undefined;
  const keys = await Promise.all([
    ...signingKeys.map((key) => entryKey(key, 'authority-sign', id, owner)),
    ...sealingKeys.map((key) => entryKey(key, 'authority-seal', id, owner)),
  ]);
  return {
    what: 'authority',
    owner,
    seq,
    at,
    ends,
    id,
    node: typeof nodeId === 'string' ? nodeId : null,
    from: typeof validFrom === 'string' ? startOf(validFrom) : null,
    until: until && startOf(until),
    keys,
  };
}

const emptyEntry = {
  state: null,
  endpoints: [],
  keys: [
    {
      use: 'tls',
      kid: 'withdrawn-node-entry',
      publicKey: null,
      validFrom: '1970-01-01T00:00:00.000Z',
      validUntil: null,
    },
  ],
  instruments: [],
  suites: ['age-x25519/1'],
  logOrigin: '',
};
