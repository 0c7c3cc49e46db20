import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import type { JWK } from 'jose';
import type { KeyStore } from './keys.ts';

/** One signature line of a note. */
export interface NoteSignature {
  name: string;
  /** First four bytes of the key's id, 8 hex digits: a hint, never a proof. */
  keyId: string;
  /** What follows the key id. */
  bytes: Buffer;
}

/** A signed note, taken apart; nothing is verified yet. `text` ends with a line break. @source C2SP signed-note */
export interface Note {
  text: string;
  signatures: NoteSignature[];
}

/** A key that signs notes: the name under which it signs, and a public Ed25519 key. */
export interface NoteKey {
  name: string;
  publicKey: JWK;
}

/** What a key signs: `note` the text itself, `cosignature` the text with the time at which a witness saw it. */
export type NoteUse = 'note' | 'cosignature';
const typeByte = { note: 0x01, cosignature: 0x04 } as const;
const longest = 16_384;
const namePattern = /^[^\s+\p{Cc}]{1,200}$/u;

function isEd25519({ kty, crv, x }: JWK): boolean {
  return kty === 'OKP' && crv === 'Ed25519' && Buffer.from(x ?? '', 'base64url').length === 32;
}

function rawKey(publicKey: JWK): Buffer {
  if (!isEd25519(publicKey)) throw new Error('Not an Ed25519 key');
  return Buffer.from(publicKey.x ?? '', 'base64url');
}

/** Id of a key under its name, 8 hex digits. @source C2SP signed-note, tlog-cosignature */
export function noteKeyId(key: NoteKey, use: NoteUse = 'note'): string {
  const sum = createHash('sha256')
    .update(`${key.name}\n`)
    .update(Buffer.from([typeByte[use]]));
  return sum.update(rawKey(key.publicKey)).digest('hex').slice(0, 8);
}

function signatureLine(key: NoteKey, use: NoteUse, bytes: Uint8Array): string {
  return `— ${key.name} ${Buffer.concat([Buffer.from(noteKeyId(key, use), 'hex'), bytes]).toString('base64')}\n`;
}

/** Signs a text of whole lines as a note. */
export async function signNote(keys: Pick<KeyStore, 'sign'>, kid: string, key: NoteKey, text: string): Promise<string> {
  if (!namePattern.test(key.name) || !text.endsWith('\n') || text.includes('\n\n'))
    throw new Error('Not a text for a note');
  const signature = await keys.sign(kid, Buffer.from(text, 'utf8'));
  return `${text}\n${signatureLine(key, 'note', signature)}`;
}

function cosignedBytes(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, 'utf8');
}

/**
 * Adds a witness's signature over the text of a signed checkpoint and the time.
 * @param note the checkpoint as its log signed it
 * @param seconds Unix time, whole seconds
 * @source C2SP tlog-cosignature
 */
export async function cosignNote(
  keys: Pick<KeyStore, 'sign'>,
  kid: string,
  key: NoteKey,
  note: string,
  seconds: number,
): Promise<string> {
  const text = readNote(note)?.text;
  if (text === undefined) throw new Error('Not a signed note');
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = await keys.sign(kid, cosignedBytes(text, seconds));
  return `${note}${signatureLine(key, 'cosignature', Buffer.concat([time, signature]))}`;
}

/** Takes a note apart; undefined when it is none. */
export function readNote(note: string): Note | undefined {
  if (note.length > longest || !note.endsWith('\n')) return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end < 1) return undefined;
  const text = note.slice(0, end + 1);
  if (/[^\P{Cc}\n]/u.test(text) || text.includes('\n\n') || text.startsWith('\n')) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [dash, signer = '', base64 = '', more] = line.split(' ');
    const bytes = Buffer.from(base64, 'base64');
    if (dash !== '—' || !namePattern.test(signer) || more !== undefined || bytes.length < 5) return undefined;
    if (bytes.toString('base64') !== base64) return undefined;
    signatures.push({ name: signer, keyId: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) });
  }
  return signatures.length > 100 ? undefined : { text, signatures };
}

function isGood(publicKey: JWK, signed: Uint8Array, signature: Uint8Array): boolean {
  const { kty, crv, x } = publicKey;
  if (signature.length !== 64) return false;
  try {
    return verifySignature(null, signed, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), signature);
  } catch {
    return false;
  }
}

/** Whether the note bears a good signature of this key over its text. */
export function isNoteSignedBy(note: Note, key: NoteKey): boolean {
  if (!isEd25519(key.publicKey)) return false;
  const keyId = noteKeyId(key);
  const mine = note.signatures.filter((one) => one.name === key.name && one.keyId === keyId);
  return mine.length === 1 && mine.every((one) => isGood(key.publicKey, Buffer.from(note.text, 'utf8'), one.bytes));
}

/** Unix seconds at which this key cosigned the note's text; undefined when it did not. */
export function cosignedAt(note: Note, key: NoteKey): number | undefined {
  if (!isEd25519(key.publicKey)) return undefined;
  const keyId = noteKeyId(key, 'cosignature');
  for (const { name, keyId: id, bytes } of note.signatures) {
    if (name !== key.name || id !== keyId || bytes.length !== 72) continue;
    const seconds = Number(bytes.readBigUInt64BE());
    if (!Number.isSafeInteger(seconds)) continue;
    if (isGood(key.publicKey, cosignedBytes(note.text, seconds), bytes.subarray(8))) return seconds;
  }
  return undefined;
}

/** The newest state of a log as its owner states it. */
export interface TreeHead {
  origin: string;
  size: number;
  root: Buffer;
}

/** Text of a checkpoint. @source C2SP tlog-checkpoint */
export function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Tree head that a note's text states; undefined when it is no checkpoint. Extension lines stay in the text. */
export function readCheckpoint(text: string): TreeHead | undefined {
  const [origin = '', size = '', base64 = ''] = text.split('\n');
  const root = Buffer.from(base64, 'base64');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || root.length !== 32) return undefined;
  if (root.toString('base64') !== base64 || !Number.isSafeInteger(Number(size))) return undefined;
  return { origin, size: Number(size), root };
}
