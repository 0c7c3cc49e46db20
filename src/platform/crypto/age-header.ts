import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { Invalid, Unavailable } from '../errors.ts';
import type { Random } from '../random.ts';
import { decodeBech32, encodeBech32 } from './age-bech32.ts';
import { publicKeyProblem, x25519Jwk } from './key-kinds.ts';
import type { KeyStore } from './keys.ts';

const intro = 'age-encryption.org/v1';
const fileKeyLength = 16;
const longestHeader = 64 * 1024;
const mostStanzas = 64;
const info = 'age-encryption.org/v1/X25519';

/** What cannot be opened, for whatever reason: changed, cut, not for us, not of our shape. */
export function cannotOpen(cause?: unknown): Unavailable {
  return new Unavailable('crypto.cannot-open', { cause });
}

/** An `age1…` recipient of a raw X25519 public key. */
export function encodeRecipient(publicKey: Uint8Array): string {
  return encodeBech32('age', publicKey);
}

/** Raw public key of an `age1…` recipient. Throws `Invalid` `crypto.bad-recipient`, for points of small order too. */
export function decodeRecipient(text: string): Buffer {
  const bytes = decodeBech32('age', text);
  if (bytes?.length !== 32 || publicKeyProblem(x25519Jwk(bytes))) throw new Invalid('crypto.bad-recipient');
  return bytes;
}

export function encodeIdentity(privateKey: Uint8Array): string {
  return encodeBech32('age-secret-key-', privateKey).toUpperCase();
}

/** Raw private key of an `AGE-SECRET-KEY-1…`: for the vault and for tests. Throws `Invalid` `crypto.bad-recipient`. */
export function decodeIdentity(text: string): Buffer {
  const bytes = text === text.toUpperCase() ? decodeBech32('age-secret-key-', text.toLowerCase()) : undefined;
  if (bytes?.length !== 32) throw new Invalid('crypto.bad-recipient');
  return bytes;
}

function publicX25519(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { ...x25519Jwk(raw) }, format: 'jwk' });
}

/** A raw private key. Read as JWK, where the public half is made from `d`: ten times faster than as PKCS #8. */
function privateX25519(raw: Uint8Array): KeyObject {
  const key = { kty: 'OKP', crv: 'X25519', x: '', d: Buffer.from(raw).toString('base64url') };
  return createPrivateKey({ key, format: 'jwk' });
}

function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  if (shared.every((byte) => byte === 0)) throw new Error('All-zero result of X25519');
  return shared;
}

/** X25519 of a raw private and a raw public key. Throws when the result is all zero. */
export function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  return agree(privateX25519(privateKey), publicX25519(publicKey));
}

export interface AgeStanza {
  type: string;
  args: readonly string[];
  body: Buffer;
}

/** The header of a sealed part: who can open it, and a code over all of it. Read, not verified. */
export interface AgeHeader {
  stanzas: readonly AgeStanza[];
  /** All bytes of the header, the line of the code and its end included. */
  bytes: Buffer;
  length: number;
  /** What the code covers. */
  covered: Buffer;
  mac: Buffer;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

/** Base64 without padding in its one spelling. */
function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]*$/.test(text) || base64(bytes) !== text) throw cannotOpen();
  return bytes;
}

/** Takes lines one after another; undefined when the bytes end before a line does. */
function lineReader(bytes: Buffer) {
  let at = 0;
  return {
    at: () => at,
    next(): string | undefined {
      const end = bytes.indexOf(0x0a, at);
      if (end === -1) return undefined;
      const line = bytes.toString('latin1', at, end);
      at = end + 1;
      return line;
    },
  };
}

/**
 * Reads the header at the beginning of bytes; undefined when more of them are needed.
 * @throws Unavailable `crypto.cannot-open`: another version, over 64 KiB or 64 stanzas, loose base64, a passphrase stanza
 * @source C2SP age, "Header"
 */
export function readAgeHeader(input: Uint8Array): AgeHeader | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, Math.min(input.length, longestHeader));
  const lines = lineReader(bytes);
  const more = (): undefined => {
    if (input.length >= longestHeader) throw cannotOpen();
    return undefined;
  };
  const first = lines.next();
  if (first === undefined) {
    if (!intro.startsWith(bytes.toString('latin1', 0, intro.length)) || bytes.length > intro.length) throw cannotOpen();
    return more();
  }
  if (first !== intro) throw cannotOpen();
  const stanzas: AgeStanza[] = [];
  for (;;) {
    const start = lines.at();
    const line = lines.next();
    if (line === undefined) return more();
    if (line.startsWith('---')) {
      const mac = strictBase64(/^--- ([A-Za-z0-9+/]{43})$/.exec(line)?.[1] ?? '=');
      if (stanzas.length === 0) throw cannotOpen();
      const length = lines.at();
      return {
        stanzas,
        bytes: Buffer.from(bytes.subarray(0, length)),
        length,
        covered: Buffer.from(bytes.subarray(0, start + 3)),
        mac,
      };
    }
    const parts = line.split(' ');
    if (parts[0] !== '->' || parts.length < 2 || parts.slice(1).some((part) => !/^[\x21-\x7e]+$/.test(part)))
      throw cannotOpen();
    if (stanzas.length === mostStanzas || parts[1] === 'scrypt') throw cannotOpen();
    let body = '';
    for (;;) {
      const next = lines.next();
      if (next === undefined) return more();
      if (next.length > 64) throw cannotOpen();
      body += next;
      if (next.length < 64) break;
    }
    stanzas.push({ type: parts[1] ?? '', args: parts.slice(2), body: strictBase64(body) });
  }
}

function headerMac(fileKey: Uint8Array, covered: Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync('sha256', fileKey, Buffer.alloc(0), 'header', 32));
  return createHmac('sha256', key).update(covered).digest();
}

const zeroNonce = Buffer.alloc(12);

function wrappingKey(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, recipient]), info, 32));
}

interface Recipient {
  raw: Buffer;
  key: KeyObject;
}

/** Recipients that were found fit for use: the same few are sealed to again and again. */
const fit = new Map<string, Recipient>();
const mostFit = 500;

function recipientOf(text: string): Recipient {
  const known = fit.get(text);
  if (known) return known;
  const raw = decodeRecipient(text);
  const recipient = { raw, key: publicX25519(raw) };
  if (fit.size >= mostFit) fit.clear();
  fit.set(text, recipient);
  return recipient;
}

function wrapFor(fileKey: Uint8Array, recipient: Recipient, random: Random): AgeStanza {
  const own = privateX25519(random.bytes(32));
  const ephemeral = Buffer.from(createPublicKey(own).export({ format: 'jwk' }).x ?? '', 'base64url');
  const key = wrappingKey(agree(own, recipient.key), ephemeral, recipient.raw);
  const cipher = createCipheriv('chacha20-poly1305', key, zeroNonce, { authTagLength: 16 });
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return { type: 'X25519', args: [base64(ephemeral)], body };
}

function stanzaText({ type, args, body }: AgeStanza): string {
  const text = base64(body);
  const lines = text.match(/.{64}/g) ?? [];
  return `-> ${[type, ...args].join(' ')}\n${[...lines, text.slice(lines.length * 64)].join('\n')}\n`;
}

/**
 * Writes a header for a file key: for a new part, or for one more reader of a part that is there.
 * @param recipients `age1…`, at least one, each once
 * @throws Invalid `crypto.bad-recipient`
 */
export function writeAgeHeader(fileKey: Uint8Array, recipients: readonly string[], random: Random): Buffer {
  const unique = [...new Set(recipients)];
  if (unique.length === 0 || unique.length > mostStanzas) throw new Invalid('crypto.bad-recipient');
  const stanzas = unique.map((one) => stanzaText(wrapFor(fileKey, recipientOf(one), random))).join('');
  const covered = `${intro}\n${stanzas}---`;
  return Buffer.from(`${covered} ${base64(headerMac(fileKey, Buffer.from(covered, 'latin1')))}\n`, 'latin1');
}

/** Bytes of the header that `writeAgeHeader` makes for so many recipients. */
export function ageHeaderLength(recipients: number): number {
  return intro.length + 1 + recipients * ('-> X25519 '.length + 43 + 1 + 43 + 1) + '--- '.length + 43 + 1;
}

export function newFileKey(random: Random): Buffer {
  return Buffer.from(random.bytes(fileKeyLength));
}

/** What agrees on a secret with a key that stays where it is. */
export type Agreeing = Pick<KeyStore, 'agree' | 'publicKey'>;

function openStanza(stanza: AgeStanza, shared: Uint8Array, recipient: Uint8Array): Buffer | undefined {
  const ephemeral = strictBase64(stanza.args[0] ?? '=');
  const decipher = createDecipheriv('chacha20-poly1305', wrappingKey(shared, ephemeral, recipient), zeroNonce, {
    authTagLength: 16,
  });
  decipher.setAuthTag(stanza.body.subarray(-16));
  try {
    return Buffer.concat([decipher.update(stanza.body.subarray(0, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * Gets the file key out of a header with keys that never leave their store, and checks the header's code.
 * @throws Unavailable `crypto.no-reader`: none of the keys is a recipient; `crypto.cannot-open`: the header was changed
 */
export async function unwrapFileKey(header: AgeHeader, keys: Agreeing, kids: readonly string[]): Promise<Buffer> {
  const candidates = header.stanzas.filter((one) => one.type === 'X25519');
  for (const one of candidates) {
    // The shape is fixed for every stanza of the type, also for those of others.
    if (one.args.length !== 1 || strictBase64(one.args[0] ?? '=').length !== 32 || one.body.length !== 32)
      throw cannotOpen();
  }
  for (const kid of kids) {
    const recipient = Buffer.from((await keys.publicKey(kid)).publicKey?.x ?? '', 'base64url');
    for (const one of candidates) {
      const shared = await keys.agree(kid, strictBase64(one.args[0] ?? '=')).catch((cause: unknown) => {
        if (cause instanceof Unavailable && cause.code === 'crypto.bad-public-key') throw cannotOpen(cause);
        throw cause;
      });
      const fileKey = openStanza(one, shared, recipient);
      if (!fileKey) continue;
      if (!timingSafeEqual(headerMac(fileKey, header.covered), header.mac)) throw cannotOpen();
      return fileKey;
    }
  }
  throw new Unavailable('crypto.no-reader');
}
