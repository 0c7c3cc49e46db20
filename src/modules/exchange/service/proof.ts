import { parseFlatJws, readCheckpoint, readNote } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { Instant } from '../../../platform/values/index.ts';
import {
  consistencyPath,
  findLeaf,
  getHead,
  getOrigin,
  inclusionPath,
  listCheckpoints,
  listCosignatures,
  type Witness,
} from '../../audit/index.ts';
import { findStampedState } from '../../evidence/index.ts';
import { peek, readSigned } from '../envelope-read.ts';
import type { MessageProof, ProofKey, ProvenEntry } from '../rules/proof.ts';
import type { FlatJws, SignedThing, TrustView } from '../schema.ts';
import { findStored, listStoredEvents } from '../store/proof.ts';
import { sendingState } from './recover.ts';
import { logPeerOf } from './witness.ts';

export interface ProofParts extends Witness {
  node: string;
  trust: { loadTrust(tx: Tx): Promise<TrustView> };
}

/**
 * All that this node keeps of a message that it sent or received, for a court or a third State: the signed message,
 * receipts, events, their places in the own log up to a checkpoint that witnesses cosigned, and the keys as of signing.
 * The transaction must be the node's own. Throws `NotFound` `exchange.no-such-message`.
 */
export async function getProof(parts: ProofParts, tx: Tx, messageId: string): Promise<MessageProof> {
  const stored = await findStored(tx, messageId);
  const message = stored && readMessage(stored.bytes, stored.side);
  if (!stored || !message) throw new NotFound('exchange.no-such-message');
  const receipt = stored.receipt ? parseFlatJws(stored.receipt) : undefined;
  const rows = await listStoredEvents(tx, messageId);
  const events = rows.flatMap((row) => parseFlatJws(row.bytes) ?? []);
  const trust = await parts.trust.loadTrust(tx);
  const places = [stored.logIndex, ...rows.map((row) => row.logIndex)].filter((place) => place !== null);
  const log = await proveEntries(
    parts,
    tx,
    [...new Set(places)].sort((a, b) => a - b),
  );
  const things: [SignedThing, FlatJws][] = [
    ['message', message],
    ...(receipt ? [['receipt', receipt] as [SignedThing, FlatJws]] : []),
    ...events.map((one): [SignedThing, FlatJws] => ['event', one]),
  ];
  const keys = new Map<string, ProofKey>();
  for (const [thing, jws] of things)
    for (const key of keysOf(trust, thing, jws)) keys.set(`${key.use} ${key.kid}`, key);
  for (const key of await logKeys(parts, tx, trust, log.witnesses)) keys.set(`${key.use} ${key.kid}`, key);
  return {
    kind: 'exchange.proof',
    version: 1,
    message,
    receipts: receipt ? [receipt] : [],
    events,
    log: log.entries,
    checkpoint: log.checkpoint,
    cosignatures: log.cosignatures,
    consistency: log.consistency,
    stamps: log.stamps,
    keys: [...keys.values()],
  };
}

/** A sent message is kept as its authority signed it, a received one in the envelope that it came in. */
function readMessage(bytes: Buffer, side: 'out' | 'in'): FlatJws | undefined {
  const outer = parseFlatJws(bytes);
  if (!outer || side === 'out') return outer;
  const inner = peek(Buffer.from(outer.payload, 'base64url'))?.['message'];
  const read = readSigned('message', inner);
  return read.ok ? read.value.jws : undefined;
}

/** Keys that the directory gave for a signature at its moment. */
function keysOf(trust: TrustView, thing: SignedThing, jws: FlatJws): ProofKey[] {
  const read = readSigned(thing, jws);
  const said = read.ok ? peek(read.value.payload) : undefined;
  if (!read.ok || !said) return [];
  const { kid, x5c } = read.value.header;
  const by = (said['by'] ?? {}) as { node?: string; authority?: string };
  const authority = thing === 'message' ? String(said['from']) : by.authority;
  const node = thing === 'receipt' ? String(said['receiver']) : (by.node ?? (authority && trust.nodeOf(authority)));
  const at = (said['signedAt'] ?? said['receivedAt'] ?? said['at']) as Instant;
  const found: ProofKey[] = [];
  if (authority !== undefined) {
    const key = trust.authorityKey(authority, kid, at);
    if (key.finding === 'valid')
      found.push({
        use: 'authority-sign',
        holder: authority,
        ...(node === undefined ? {} : { node }),
        kid,
        publicKey: key.publicKey,
        at,
        ...(x5c ? { certificates: [...x5c] } : {}),
      });
  }
  if (thing !== 'message' && node !== undefined) {
    const key = trust.nodeKey(node, kid, 'node-sign', at);
    if (key.finding === 'valid') found.push({ use: 'node-sign', holder: node, kid, publicKey: key.publicKey, at });
  }
  return found;
}

interface LogProofs {
  entries: ProvenEntry[];
  checkpoint: string | null;
  cosignatures: string[];
  consistency: MessageProof['consistency'];
  stamps: MessageProof['stamps'];
  witnesses: string[];
}

async function proveEntries(parts: ProofParts, tx: Tx, places: readonly number[]): Promise<LogProofs> {
  const { size: held } = await getHead(tx, 'exchange');
  const none: LogProofs = {
    entries: [],
    checkpoint: null,
    cosignatures: [],
    consistency: [],
    stamps: [],
    witnesses: [],
  };
  const last = places.at(-1);
  if (last === undefined || last >= held || !(await sendingState(tx)).may) return none;
  const checkpoint = await parts.logs.checkpoint(tx);
  const { origin, size } = readCheckpoint(readNote(checkpoint)!.text)!;
  const entries: ProvenEntry[] = [];
  for (const index of places) {
    const leaf = await findLeaf(tx, index);
    if (!leaf) continue;
    const path = (await inclusionPath(tx, 'exchange', index, size)).map((hash) => hash.toString('hex'));
    entries.push({ origin, index, size, entry: leaf.entry, salt: leaf.salt.toString('hex'), path });
  }
  const witnessed = (await listCosignatures(tx, origin, last + 1)).filter((one) => one.size <= size);
  const stamps = await stampedState(tx, origin, last + 1, size);
  const sizes = [...new Set([...witnessed, ...stamps].map((one) => one.size))].filter((one) => one < size);
  const consistency: MessageProof['consistency'] = [];
  for (const from of sizes) {
    const hashes = (await consistencyPath(tx, 'exchange', from, size)).map((hash) => hash.toString('hex'));
    consistency.push({ from, to: size, hashes } as MessageProof['consistency'][number]);
  }
  return {
    entries,
    checkpoint,
    cosignatures: witnessed.map((one) => one.note),
    consistency,
    stamps: stamps.map(({ checkpoint: stamped, token }) => ({ checkpoint: stamped, token: token.toString('base64') })),
    witnesses: witnessed.map((one) => one.witness),
  };
}

/** The first state that holds all these entries and bears a time stamp: none while it waits for one. */
async function stampedState(
  tx: Tx,
  origin: string,
  least: number,
  most: number,
): Promise<{ size: number; checkpoint: string; token: Buffer }[]> {
  const stamp = await findStampedState(tx, origin, least, most);
  if (!stamp) return [];
  const states = await listCheckpoints(tx, 'exchange', stamp.size, 5);
  const state = states.find((one) => one.origin === origin && one.size === stamp.size);
  return state ? [{ size: stamp.size, checkpoint: state.note, token: stamp.token }] : [];
}

async function logKeys(parts: ProofParts, tx: Tx, trust: TrustView, witnesses: readonly string[]): Promise<ProofKey[]> {
  const own = await parts.logs.key();
  const origin = await getOrigin(tx);
  const at = parts.clock.now();
  const found: ProofKey[] = [
    { use: 'log', holder: origin, node: parts.node, kid: own.kid, publicKey: own.publicKey as ProofKey['publicKey'] },
  ];
  for (const node of new Set(witnesses)) {
    const kids = trust.node(node)?.entry.keys.filter((key) => key.use === 'log') ?? [];
    const peer = logPeerOf(trust, node, at);
    for (const key of peer?.keys ?? []) {
      const kid = kids.find((one) => one.publicKey && 'x' in one.publicKey && one.publicKey.x === key.publicKey.x)?.kid;
      found.push({
        use: 'log',
        holder: key.name,
        node,
        kid: kid ?? '',
        publicKey: key.publicKey as ProofKey['publicKey'],
      });
    }
  }
  return found;
}
