import type { Clock } from '../../platform/clock.ts';
import {
  cosignedAt,
  cosignNote,
  isNoteSignedBy,
  readCheckpoint,
  readNote,
  type KeyStore,
  type NoteKey,
} from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { uuidv7, type Random } from '../../platform/random.ts';
import { toInstant } from '../../platform/values/index.ts';
import type { Logs, WentBack } from './checkpoint.ts';
import { consistencyPath, getOrigin } from './log.ts';
import { recordAudit } from './record.ts';
import { verifyConsistency } from './rules/index.ts';
import {
  findCosignature,
  findWitnessed,
  insertConflict,
  insertCosignature,
  insertWitnessed,
  lockWitnessed,
  type ConflictKind,
  type Witnessed,
} from './store/index.ts';

/** Another node whose log this one watches, and which watches ours. */
export interface LogPeer {
  node: string;
  /** Origin of its log, as its State published it. */
  origin: string;
  /** Its log keys that are valid now, under the name `origin`. */
  keys: readonly NoteKey[];
}

/** Proof that a log only grew; hashes as 64 hex digits. */
export interface GrowthProof {
  from: number;
  to: number;
  hashes: string[];
}

/** What travels with ordinary traffic: the sender's newest checkpoint, and its cosignature of the other's. */
export interface WitnessPart {
  checkpoint: string | null;
  consistency: GrowthProof | null;
  cosignature: string | null;
}

export type WitnessFinding =
  /** Taken and stored; the next answer cosigns it. `first`: the first ever seen, which proves nothing about before. */
  | { finding: 'taken'; size: number; first: boolean }
  /** A retry of old bytes, or already known: nothing to do. */
  | { finding: 'known'; size: number }
  /** The proof begins elsewhere than at the size that this node cosigned last; the peer learns that size from the answer. */
  | { finding: 'proof-needed'; size: number; cosigned: number }
  /** Two states of one log that cannot both be true; kept as proof and recorded. */
  | { finding: 'split-view'; what: ConflictKind; isNew: boolean }
  /** Not a checkpoint of this peer under a key that is valid now. */
  | { finding: 'not-its-checkpoint' }
  | { finding: 'cosignature-taken'; size: number }
  /** The peer saw a longer or another log of ours, signed by us. */
  | { finding: 'history-went-back'; history: WentBack };

export interface Witness {
  keys: KeyStore;
  clock: Clock;
  random: Random;
  logs: Logs;
}

const watcher = { kind: 'system', id: 'log-witness' } as const;

/** What to send along to a peer now. */
export async function witnessPart(own: Witness, tx: Tx, peer: LogPeer): Promise<WitnessPart> {
  const checkpoint = await own.logs.checkpoint(tx);
  const size = readCheckpoint(checkpoint)!.size;
  const [origin, seen] = [await getOrigin(tx), await findWitnessed(tx, peer.origin)];
  const last = await findCosignature(tx, origin, peer.node);
  const consistency =
    last && last.size > 0 && last.size <= size
      ? {
          from: last.size,
          to: size,
          hashes: (await consistencyPath(tx, 'exchange', last.size, size)).map((hash) => hash.toString('hex')),
        }
      : null;
  return { checkpoint, consistency, cosignature: seen ? await cosign(own, origin, seen) : null };
}

/** Signs what stands in the table of checkpoints taken: nothing is cosigned that is not stored. */
async function cosign({ keys, clock, logs }: Witness, origin: string, seen: Witnessed): Promise<string> {
  const key = await logs.key();
  const seconds = Math.floor(Date.parse(clock.now()) / 1000);
  return cosignNote(keys, key.kid, { name: origin, publicKey: key.publicKey! }, seen.note, seconds);
}

/** Takes what a peer sent along. A bad part changes nothing but what is recorded of the peer; the message goes on. */
export async function takeWitnessPart(
  own: Witness,
  tx: Tx,
  peer: LogPeer,
  part: WitnessPart,
): Promise<WitnessFinding[]> {
  const findings: WitnessFinding[] = [];
  if (part.cosignature !== null) findings.push(...(await takeCosignature(own, tx, peer, part.cosignature)));
  if (part.checkpoint !== null)
    findings.push(await takeCheckpoint(own, tx, peer, part.checkpoint, part.consistency, peer.node));
  return findings;
}

async function takeCosignature(own: Witness, tx: Tx, peer: LogPeer, note: string): Promise<WitnessFinding[]> {
  const read = readNote(note);
  const head = read && readCheckpoint(read.text);
  const seconds = read && peer.keys.map((key) => cosignedAt(read, key)).find((at) => at !== undefined);
  if (!read || !head || seconds === undefined) return [{ finding: 'not-its-checkpoint' }];
  // Only a checkpoint that this node itself signed can say that its history went back.
  const history = await own.logs.findWentBack(tx, note);
  if (history) return [{ finding: 'history-went-back', history }];
  const origin = await getOrigin(tx);
  const keys = await own.logs.allKeys();
  const isOurs = keys.some((key) => isNoteSignedBy(read, { name: origin, publicKey: key.publicKey! }));
  if (head.origin !== origin || !isOurs) return [{ finding: 'not-its-checkpoint' }];
  const last = await findCosignature(tx, origin, peer.node);
  if (last && last.size >= head.size) return [{ finding: 'known', size: head.size }];
  const at = toInstant(new Date(seconds * 1000));
  await insertCosignature(tx, { origin, size: head.size, witness: peer.node, note, at });
  return [{ finding: 'cosignature-taken', size: head.size }];
}

/**
 * Takes a checkpoint of a peer's log, as it or another node shows it. It is stored before anything is signed; a smaller
 * or inconsistent one is never cosigned.
 * @param seenFrom node that showed it
 * @param options `compareOnly`: what a third node tells is held against what was seen here and never cosigned
 */
export async function takeCheckpoint(
  own: Witness,
  tx: Tx,
  peer: LogPeer,
  note: string,
  proof: GrowthProof | null,
  seenFrom: string,
  { compareOnly = false }: { compareOnly?: boolean } = {},
): Promise<WitnessFinding> {
  const read = readNote(note);
  const head = read && readCheckpoint(read.text);
  const isIts = read && head?.origin === peer.origin && peer.keys.some((key) => isNoteSignedBy(read, key));
  if (!read || !head || !isIts) return { finding: 'not-its-checkpoint' };
  const last = await lockWitnessed(tx, peer.origin);
  const same = last?.size === head.size ? last : await findWitnessed(tx, peer.origin, head.size);
  if (same) {
    if (same.root.equals(head.root)) return { finding: 'known', size: head.size };
    return keepConflict(own, tx, peer, 'same-size', same.note, note, seenFrom);
  }
  if (compareOnly) return { finding: 'known', size: head.size };
  const take = { ...head, node: peer.node, note, at: own.clock.now() };
  if (!last || last.size === 0) {
    if (head.size === 0) return { finding: 'known', size: 0 };
    await insertWitnessed(tx, take);
    return { finding: 'taken', size: head.size, first: true };
  }
  if (head.size < last.size) return { finding: 'known', size: head.size };
  if (proof?.from !== last.size || proof.to !== head.size)
    return { finding: 'proof-needed', size: head.size, cosigned: last.size };
  const path = proof.hashes.map((hash) => Buffer.from(hash, 'hex'));
  if (!verifyConsistency(last.size, last.root, head.size, head.root, path))
    return keepConflict(own, tx, peer, 'not-a-continuation', last.note, note, seenFrom);
  await insertWitnessed(tx, take);
  return { finding: 'taken', size: head.size, first: false };
}

/** Keeps two checkpoints that cannot both be true, and says so in the log. */
export async function keepConflict(
  own: Witness,
  tx: Tx,
  peer: LogPeer,
  what: ConflictKind,
  first: string,
  second: string,
  seenFrom: string,
): Promise<WitnessFinding> {
  const { clock, random } = own;
  const at = clock.now();
  // One pair is one conflict, whoever shows which half of it first.
  if (what === 'same-size' && first > second) [first, second] = [second, first];
  const isNew = await insertConflict(tx, {
    id: uuidv7(random, Date.parse(at)),
    origin: peer.origin,
    node: peer.node,
    what,
    first_note: first,
    second_note: second,
    seen_from: seenFrom,
    at,
  });
  if (isNew) {
    const ctx = { actor: watcher, clock, random };
    await recordAudit(
      tx,
      ctx,
      'audit.split-view',
      { kind: 'log', id: peer.origin },
      { node: peer.node, what, seenFrom },
    );
  }
  return { finding: 'split-view', what, isNew };
}
