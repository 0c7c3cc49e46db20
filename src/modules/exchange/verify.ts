import { createHash, type X509Certificate } from 'node:crypto';
import {
  cosignedAt,
  isJwsSignedBy,
  isNoteSignedBy,
  parseFlatJws,
  readCheckpoint,
  readNote,
  type Note,
  type TreeHead,
} from '../../platform/crypto/index.ts';
import { toInstant, type Result } from '../../platform/values/index.ts';
import { leafData, verifyConsistency, verifyInclusion } from '../audit/index.ts';
import { stampStatements } from './verify-stamps.ts';
import { isOfMoment, peek, readPayload, readSigned } from './envelope-read.ts';
import { MessageProof, type ProofKey, type ProvenEntry, type Statement } from './rules/proof.ts';
import {
  Event,
  jwsTypes,
  Message,
  Receipt,
  Refusal,
  type Consistency,
  type FlatJws,
  type SignedThing,
} from './schema.ts';

/** What was found of one file: whether all that can be checked holds, sentence by sentence. */
export interface Verified {
  kind: 'exchange.verified';
  version: 1;
  /** What kind of thing it is. */
  what: string;
  holds: boolean;
  statements: Statement[];
}

/** What a proof is held against. */
export interface VerifyOptions {
  /** Keys that the reader has from elsewhere; those inside the file then count only when they are among them. */
  trusted?: readonly ProofKey[];
  /** Roots of time-stamp authorities that the reader has from elsewhere; without them their authority is not checked. */
  stampRoots?: readonly X509Certificate[];
}

const shapes = { message: Message, receipt: Receipt, refusal: Refusal, event: Event } as const;
type Readable = keyof typeof shapes;

class Findings {
  readonly statements: Statement[] = [];
  yes(code: string, params: Statement['params'] = {}): void {
    this.statements.push({ holds: true, code: `log.verify-${code}`, params });
  }
  no(code: string, params: Statement['params'] = {}): void {
    this.statements.push({ holds: false, code: `log.verify-${code}`, params });
  }
  answer(what: string): Verified {
    const holds = this.statements.length > 0 && this.statements.every((one) => one.holds);
    return { kind: 'exchange.verified', version: 1, what, holds, statements: this.statements };
  }
}

/** Checks whatever a file holds: a proof, a signed object, a checkpoint. Nothing is asked of a node or a network. */
export function verifyFile(text: string, options: VerifyOptions = {}): Verified {
  const note = readNote(text);
  if (note && readCheckpoint(note.text)) return verifyNoteFile(text, options);
  const value = peek(Buffer.from(text, 'utf8'));
  const found = new Findings();
  if (!value) {
    if (/^\s*[[{]/.test(text)) found.no('cut', { length: text.length });
    else found.no('unreadable');
    return found.answer('unknown');
  }
  if (value['kind'] === 'exchange.proof') {
    const proof = MessageProof.safeParse(value);
    if (proof.success) return verifyProof(proof.data, options);
    for (const issue of proof.error.issues.slice(0, 5)) found.no('bad-field', { field: fieldOf(issue) });
    return found.answer('exchange.proof');
  }
  const jws = parseFlatJws(text.trim());
  if (jws) {
    const thing = thingOf(jws);
    if (thing === undefined) found.no('unreadable');
    else verifySigned(found, thing, jws, options.trusted ?? []);
    return found.answer(thing ?? 'unknown');
  }
  found.no('unreadable');
  return found.answer('unknown');
}

/** Where in a file something is wrong: `log.0.path.3`, or the member that is too much. */
function fieldOf(issue: { path: readonly PropertyKey[]; code?: string | undefined; keys?: string[] }): string {
  return [...issue.path, ...(issue.keys ?? [])].map(String).join('.') || '.';
}

function thingOf(jws: FlatJws): Readable | undefined {
  const typ = peek(Buffer.from(jws.protected, 'base64url'))?.['typ'];
  return (Object.keys(shapes) as Readable[]).find((thing) => jwsTypes[thing] === typ);
}

function verifyNoteFile(text: string, { trusted = [] }: VerifyOptions): Verified {
  const found = new Findings();
  verifyCheckpoint(found, text, trusted);
  verifyCosignatures(found, [text], [], undefined, trusted);
  return found.answer('checkpoint');
}

/** Checks everything that is kept of a message. */
export function verifyProof(proof: MessageProof, { trusted, stampRoots }: VerifyOptions = {}): Verified {
  const found = new Findings();
  const keys = trusted === undefined ? proof.keys : [...trusted];
  if (trusted === undefined) found.yes('own-keys', { count: proof.keys.length });
  else found.yes('given-keys', { count: trusted.length });
  const message = verifySigned(found, 'message', proof.message, keys);
  if (message) {
    for (const jws of proof.receipts)
      verifyAbout(found, thingOf(jws) === 'refusal' ? 'refusal' : 'receipt', jws, keys, message);
    if (proof.receipts.length === 0) found.yes('no-receipt');
    verifyEvents(found, proof.events, keys, message);
  }
  const head = proof.checkpoint === null ? undefined : verifyCheckpoint(found, proof.checkpoint, keys);
  if (proof.checkpoint === null) found.yes('no-checkpoint');
  for (const entry of proof.log) verifyEntry(found, entry, head, proof);
  verifyCosignatures(found, proof.cosignatures, proof.consistency, head, keys);
  found.statements.push(
    ...stampStatements(proof, {
      head,
      isBegin: (seen, newest) => isBegin(seen, newest, proof.consistency),
      isOwn: (note, origin) => isOwnNote(note, origin, keys),
      roots: stampRoots,
    }),
  );
  return found.answer('exchange.proof');
}

interface Known {
  id: string;
  sha256: string;
}

/** One signature, shape and moment; answers what the thing says when all of it holds. */
function verifySigned(
  found: Findings,
  thing: Readable,
  jws: FlatJws,
  keys: readonly ProofKey[],
): (Known & { said: Record<string, unknown> }) | undefined {
  const read = readSigned(thing as SignedThing, jws);
  if (!read.ok) return void found.no('not-a', { thing, why: read.error });
  const payload: Result<object, string> = readPayload(shapes[thing], read.value.payload);
  if (!payload.ok) return void found.no('not-a', { thing, why: payload.error });
  const said = payload.value as Record<string, unknown>;
  const by = (said['by'] ?? {}) as { node?: string; authority?: string };
  const signer = thing === 'message' ? String(said['from']) : (by.authority ?? by.node ?? String(said['receiver']));
  const at = said['signedAt'] ?? said['receivedAt'] ?? said['at'];
  const { kid } = read.value.header;
  const key = keys.find((one) => one.kid === kid && fits(one, thing, signer, by.node));
  if (!key) return void found.no('no-key', { thing, signer, kid });
  if (!isJwsSignedBy(read.value, key.publicKey)) return void found.no('bad-signature', { thing, signer });
  if (!isOfMoment(read.value, at)) return void found.no('other-moment', { thing, signer });
  const sha256 = createHash('sha256').update(read.value.payload).digest('hex');
  if (thing === 'message')
    found.yes('message', { from: signer, to: String(said['to']), id: String(said['id']), at: String(at), sha256 });
  return { id: String(said['id'] ?? said['messageId']), sha256, said };
}

function fits(key: ProofKey, thing: Readable, signer: string, node: string | undefined): boolean {
  if (thing === 'receipt' || thing === 'refusal') return key.use === 'node-sign' && key.holder === signer;
  if (thing === 'message') return key.use === 'authority-sign' && key.holder === signer;
  // An event is signed by the authority it names, or by the node that serves it.
  return key.use === 'node-sign' ? key.holder === node : key.use === 'authority-sign' && key.holder === signer;
}

/** A receipt or refusal, which must be of exactly this message. */
function verifyAbout(
  found: Findings,
  thing: 'receipt' | 'refusal',
  jws: FlatJws,
  keys: readonly ProofKey[],
  message: Known,
): void {
  const read = verifySigned(found, thing, jws, keys);
  if (!read) return;
  const { said } = read;
  const receiver = String(said['receiver']);
  if (said['messageId'] !== message.id || said['messageSha256'] !== message.sha256)
    return void found.no('other-message', { thing, signer: receiver });
  if (thing === 'refusal')
    return void found.yes('refusal', { signer: receiver, code: String(said['code']), at: String(said['at']) });
  found.yes('receipt', { signer: receiver, at: String(said['receivedAt']) });
  if (said['durability'] !== 'flushed') found.no('not-durable', { signer: receiver });
}

/** Events, each of this message, and each node's in an unbroken row. */
function verifyEvents(found: Findings, events: readonly FlatJws[], keys: readonly ProofKey[], message: Known): void {
  const last = new Map<string, string>();
  for (const jws of events) {
    const read = verifySigned(found, 'event', jws, keys);
    if (!read) continue;
    const { type, messageId, messageSha256, at, by, previousEvent, reason } = Event.loose().parse(read.said);
    if (messageId !== message.id || messageSha256 !== message.sha256) {
      found.no('other-message', { thing: 'event', signer: by.node });
      continue;
    }
    if ((last.get(by.node) ?? null) !== previousEvent) found.no('event-missing', { signer: by.node, type });
    last.set(by.node, read.sha256);
    found.yes(reason === undefined ? 'event' : 'event-reason', {
      type,
      signer: by.authority ?? by.node,
      at,
      reason: reason ?? '',
    });
  }
}

function verifyCheckpoint(found: Findings, text: string, keys: readonly ProofKey[]): TreeHead | undefined {
  const note = readNote(text);
  const head = note && readCheckpoint(note.text);
  if (!note || !head) return void found.no('not-a', { thing: 'checkpoint', why: 'exchange.not-canonical' });
  if (!keys.some((key) => key.use === 'log' && key.holder === head.origin))
    return void found.no('no-key', { thing: 'checkpoint', signer: head.origin, kid: '' });
  if (!isOwnNote(note, head.origin, keys))
    return void found.no('bad-signature', { thing: 'checkpoint', signer: head.origin });
  found.yes('checkpoint', { origin: head.origin, size: head.size, root: head.root.toString('hex') });
  return head;
}

/** Whether the owner of a log signed this state of it. */
function isOwnNote(note: Note, origin: string, keys: readonly ProofKey[]): boolean {
  const own = keys.filter((key) => key.use === 'log' && key.holder === origin);
  return own.some((key) => isNoteSignedBy(note, { name: origin, publicKey: key.publicKey }));
}

function verifyEntry(found: Findings, one: ProvenEntry, head: TreeHead | undefined, proof: MessageProof): void {
  const { origin, index, size } = one;
  if (!head) return void found.no('entry-without-checkpoint', { index });
  const isIn = origin === head.origin && size === head.size && isInTree(one, head.root);
  if (!isIn) return void found.no('entry-not-in-log', { index, origin });
  const said = peek(Buffer.from(one.entry, 'utf8'));
  const hashes = [proof.message, ...proof.receipts, ...proof.events].map((jws) =>
    createHash('sha256').update(Buffer.from(jws.payload, 'base64url')).digest('hex'),
  );
  if (typeof said?.['sha256'] !== 'string' || !hashes.includes(said['sha256']))
    return void found.no('entry-of-another', { index, origin });
  found.yes('entry', { index, origin, what: String(said['what'] ?? ''), size });
}

function isInTree({ entry, salt, index, size, path }: ProvenEntry, root: Buffer): boolean {
  const data = leafData(Buffer.from(salt, 'hex'), entry);
  return verifyInclusion(
    data,
    index,
    size,
    path.map((hash) => Buffer.from(hash, 'hex')),
    root,
  );
}

function verifyCosignatures(
  found: Findings,
  notes: readonly string[],
  proofs: readonly Consistency[],
  head: TreeHead | undefined,
  keys: readonly ProofKey[],
): void {
  let witnesses = 0;
  for (const text of notes) {
    const note = readNote(text);
    const seen = note && readCheckpoint(note.text);
    if (!note || !seen) {
      found.no('not-a', { thing: 'cosignature', why: 'exchange.not-canonical' });
      continue;
    }
    if (head && !isBegin(seen, head, proofs)) {
      found.no('cosignature-of-another', { origin: seen.origin, size: seen.size });
      continue;
    }
    const logKeys = keys.filter((one) => one.use === 'log');
    const asKey = (key: ProofKey) => ({ name: key.holder, publicKey: key.publicKey });
    const ownLines = note.signatures.filter(({ name }) => name === seen.origin).length;
    const isOwn = logKeys.some((key) => key.holder === seen.origin && isNoteSignedBy(note, asKey(key)));
    if (head && (ownLines !== 1 || !isOwn)) found.no('bad-signature', { thing: 'cosignature', signer: seen.origin });
    for (const { name } of note.signatures) {
      if (name === seen.origin) continue;
      const known = logKeys.filter((key) => key.holder === name);
      if (known.length === 0) {
        found.no('no-key', { thing: 'cosignature', signer: name, kid: '' });
        continue;
      }
      const seconds = known.map((key) => cosignedAt(note, asKey(key))).find((at) => at !== undefined);
      if (seconds === undefined) {
        found.no('bad-signature', { thing: 'cosignature', signer: name });
        continue;
      }
      witnesses += 1;
      found.yes('cosignature', { witness: name, size: seen.size, at: toInstant(new Date(seconds * 1000)) });
    }
  }
  if (head && witnesses === 0) found.yes('no-witness');
}

/** Whether a cosigned state is the checkpoint itself or, by proof, its beginning. */
function isBegin(seen: TreeHead, head: TreeHead, proofs: readonly Consistency[]): boolean {
  if (seen.origin !== head.origin) return false;
  if (seen.size === head.size) return seen.root.equals(head.root);
  const proof = proofs.find((one) => one.from === seen.size && one.to === head.size);
  if (!proof) return false;
  const path = proof.hashes.map((hash) => Buffer.from(hash, 'hex'));
  return verifyConsistency(seen.size, seen.root, head.size, head.root, path);
}
