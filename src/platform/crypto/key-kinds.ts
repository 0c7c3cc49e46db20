import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const prefix = 'age';

function polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    generator.forEach((one, bit) => {
      if ((top >>> bit) & 1) check ^= one;
    });
  }
  return check >>> 0;
}

const expandedPrefix = [
  ...[...prefix].map((letter) => letter.charCodeAt(0) >>> 5),
  0,
  ...[...prefix].map((letter) => letter.charCodeAt(0) & 31),
];

/** Cuts bits anew; undefined when bits are left over that are not zero. */
function regroup(values: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
  let held = 0;
  let bits = 0;
  const out: number[] = [];
  for (const value of values) {
    held = (held << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >>> bits) & ((1 << to) - 1));
    }
    held &= (1 << bits) - 1;
  }
  if (pad && bits > 0) out.push((held << (to - bits)) & ((1 << to) - 1));
  return !pad && (bits >= from || held !== 0) ? undefined : out;
}

/**
 * Writes an X25519 public key of 32 bytes as an age recipient, `age1…`.
 * @source BIP 173 (Bech32); C2SP age, native recipients
 */
export function toRecipient(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new Error('An X25519 public key has 32 bytes');
  const data = regroup(publicKey, 8, 5, true) ?? [];
  const check = polymod([...expandedPrefix, ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const sum = Array.from({ length: 6 }, (_, n) => (check >>> (5 * (5 - n))) & 31);
  return `${prefix}1${[...data, ...sum].map((value) => charset[value]).join('')}`;
}

/** Reads an age recipient in lower case; undefined when it is anything else. */
export function fromRecipient(text: string): Uint8Array | undefined {
  if (!/^age1[a-z0-9]{58}$/.test(text)) return undefined;
  const values = [...text.slice(4)].map((letter) => charset.indexOf(letter));
  if (values.some((value) => value < 0) || polymod([...expandedPrefix, ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -6), 5, 8, false);
  return bytes?.length === 32 ? Uint8Array.from(bytes) : undefined;
}

/** The public key as a JWK for its thumbprint. */
export function x25519Jwk(publicKey: Uint8Array): JWK {
  return { kty: 'OKP', crv: 'X25519', x: Buffer.from(publicKey).toString('base64url') };
}

/** RFC 7638 thumbprint of a public key: its `kid` everywhere but in TLS. */
export function kidOf(publicKey: JWK): Promise<string> {
  return calculateJwkThumbprint(publicKey);
}

let probe: KeyObject | undefined;

/** Points of small order on Curve25519 agree to zero with every key. */
function agreesToNothing(publicKey: Uint8Array): boolean {
  probe ??= generateKeyPairSync('x25519').privateKey;
  try {
    const other = createPublicKey({ key: { ...x25519Jwk(publicKey) }, format: 'jwk' });
    return diffieHellman({ privateKey: probe, publicKey: other }).every((byte) => byte === 0);
  } catch {
    return true;
  }
}

const fieldPrime = 2n ** 255n - 19n;
/** y of every point of small order on Ed25519, reduced: one, minus one, zero, and the two of order eight. */
const smallOrderY = new Set([
  0n,
  1n,
  fieldPrime - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

function isSmallOrderEd25519(bytes: Uint8Array): boolean {
  const last = bytes[31] ?? 0;
  const text = [...Uint8Array.from([...bytes.slice(0, 31), last & 0x7f])]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const y = BigInt(`0x${text}`);
  // A spelling at or above the prime is a second name of a key, and is refused with the small ones.
  return y >= fieldPrime || smallOrderY.has(y);
}

function coordinate(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === text ? bytes : undefined;
}

/**
 * Says why a public key may not be used at all, or undefined when it may: only P-256, Ed25519 and X25519,
 * in one spelling, on the curve and of full order.
 * @returns `trust.key-kind`, `trust.key-form`, `trust.key-off-curve` or `trust.key-small-order`
 */
export function publicKeyProblem(key: JWK): string | undefined {
  if (key.kty === 'EC' && key.crv === 'P-256') {
    const [x, y] = [coordinate(key.x), coordinate(key.y)];
    if (!x || !y) return 'trust.key-form';
    try {
      createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y }, format: 'jwk' });
      return undefined;
    } catch {
      return 'trust.key-off-curve';
    }
  }
  if (key.kty !== 'OKP' || (key.crv !== 'Ed25519' && key.crv !== 'X25519')) return 'trust.key-kind';
  const bytes = coordinate(key.x);
  if (!bytes) return 'trust.key-form';
  const small = key.crv === 'X25519' ? agreesToNothing(bytes) : isSmallOrderEd25519(bytes);
  return small ? 'trust.key-small-order' : undefined;
}

/** Public key of a certificate in base64 DER; undefined when it holds none that is used here. */
export function certificateKey(base64: string): JWK | undefined {
  try {
    const jwk = new X509Certificate(Buffer.from(base64, 'base64')).publicKey.export({ format: 'jwk' });
    return jwk.kty === 'EC' && jwk.crv === 'P-256' ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } : undefined;
  } catch {
    return undefined;
  }
}

/** 64 hex digits as 16 groups of four: how a fingerprint is read aloud. */
export function toGroups(sha256: string): string[] {
  return sha256.match(/.{4}/g) ?? [];
}

/** What a person typed or pasted, as 64 hex digits; undefined when it is not that. */
export function fromGroups(text: string): string | undefined {
  const digits = text.toLowerCase().replaceAll(/[\s:.-]/g, '');
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}
