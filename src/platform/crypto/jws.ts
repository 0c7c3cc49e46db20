import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { canonical, fail, ok, type Instant, type Result } from '../values/index.ts';
import { publicKeyProblem } from './key-kinds.ts';
import type { KeyStore } from './keys.ts';

export type JwsAlgorithm = 'ES256' | 'EdDSA';

/** JWS in flattened JSON serialisation: one signature, nothing unprotected. */
export interface FlatJws {
  payload: string;
  protected: string;
  signature: string;
}

const kid = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);

// A header of exactly these members: whatever names a key, moves the payload or must be understood is another header.
const Header = z
  .strictObject({
    alg: z.enum(['ES256', 'EdDSA']),
    typ: z.string().max(60),
    kid,
    /** Seconds since 1970. */
    iat: z.int().min(0),
    /** SHA-256 of the signer's certificate, base64url. */
    'x5t#S256': z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/)
      .optional(),
    /** The signer's certificate first, base64 of DER. For display and print: keys come from the directory. */
    x5c: z
      .array(
        z
          .string()
          .max(12_000)
          .regex(/^[A-Za-z0-9+/]+={0,2}$/),
      )
      .min(1)
      .max(6)
      .optional(),
  })
  .refine((header) => (header.x5c === undefined) === (header['x5t#S256'] === undefined));
export type JwsHeader = z.infer<typeof Header>;

/** What signs: a key store, or whatever stands for one. */
export type Signer = Pick<KeyStore, 'sign' | 'publicKey'>;

/** A JWS taken apart. Nothing is verified yet. */
export interface ReadJws {
  jws: FlatJws;
  header: JwsHeader;
  /** The bytes that were signed over, as they came. */
  payload: Buffer;
}

function base64url(text: string | Uint8Array): string {
  return Buffer.from(text as Uint8Array).toString('base64url');
}

/** Bytes of base64url in its one spelling; undefined for padding, foreign letters and loose last bits. */
function bytesOf(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const halfOrder = order / 2n;

function scalar(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** P-256 has two signatures for one: s and n - s. The smaller is the one spelling, so that no one can make a second. */
function lowS(signature: Uint8Array): Buffer {
  const s = scalar(signature.subarray(32));
  if (s <= halfOrder) return Buffer.from(signature);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')]);
}

function isLowS(signature: Uint8Array): boolean {
  const s = scalar(signature.subarray(32));
  return s > 0n && s <= halfOrder;
}

export interface JwsParts {
  alg: JwsAlgorithm;
  typ: string;
  kid: string;
  /** Moment of the signed object; its whole second becomes `iat`. */
  at: Instant;
  /** DER, the signer's own first. */
  certificates?: readonly Uint8Array[];
}

export function secondsOf(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000);
}

/** Bytes to be signed, for signers that are not a key store: a card, a remote service. `finish` takes 64 bytes. */
export function prepareJws(
  parts: JwsParts,
  payload: string,
): { input: Buffer; finish(signature: Uint8Array): FlatJws } {
  const [leaf] = parts.certificates ?? [];
  const header: JwsHeader = {
    alg: parts.alg,
    typ: parts.typ,
    kid: parts.kid,
    iat: secondsOf(parts.at),
    ...(leaf && {
      'x5t#S256': createHash('sha256').update(leaf).digest('base64url'),
      x5c: (parts.certificates ?? []).map((one) => Buffer.from(one).toString('base64')),
    }),
  };
  const head = base64url(canonical(Header.parse(header)));
  const body = base64url(payload);
  return {
    input: Buffer.from(`${head}.${body}`, 'ascii'),
    finish(signature) {
      if (signature.length !== 64) throw new Error('A signature has 64 bytes');
      const own = parts.alg === 'ES256' ? lowS(signature) : signature;
      return { payload: body, protected: head, signature: base64url(own) };
    },
  };
}

/** Signs a payload with a key of the store: ES256 or EdDSA, as the key is. */
export async function signJws(
  keys: Signer,
  keyId: string,
  parts: Omit<JwsParts, 'alg' | 'kid'>,
  payload: string,
): Promise<FlatJws> {
  const { algorithm } = await keys.publicKey(keyId);
  if (algorithm !== 'ES256' && algorithm !== 'EdDSA') throw new Error(`Key ${keyId} cannot sign`);
  const prepared = prepareJws({ ...parts, alg: algorithm, kid: keyId }, payload);
  return prepared.finish(await keys.sign(keyId, prepared.input));
}

/**
 * Takes a JWS apart. `malformed`: not exactly the three members in canonical base64url; `algorithm`: a header that is
 * not of our members, in canonical form and of this `typ`.
 */
export function readJws(jws: unknown, typ: string): Result<ReadJws, 'malformed' | 'algorithm'> {
  if (typeof jws !== 'object' || jws === null || Array.isArray(jws)) return fail('malformed');
  const { payload: body, protected: head, signature, ...rest } = jws as Record<string, unknown>;
  // A second signature, an unprotected header: the envelope is not ours whatever it says.
  if ('header' in rest || 'signatures' in rest) return fail('algorithm');
  if (Object.keys(rest).length > 0) return fail('malformed');
  if (typeof body !== 'string' || typeof head !== 'string' || typeof signature !== 'string') return fail('malformed');
  const payload = bytesOf(body);
  const headBytes = bytesOf(head);
  if (!payload || !headBytes || !bytesOf(signature)) return fail('malformed');
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(headBytes);
    const header = Header.safeParse(JSON.parse(text));
    if (!header.success || header.data.typ !== typ || canonical(header.data) !== text) return fail('algorithm');
    return ok({ jws: { payload: body, protected: head, signature }, header: header.data, payload });
  } catch {
    return fail('algorithm');
  }
}

const seen = new Map<string, KeyObject>();

/** The key made ready, once it was found fit for use: on its curve, of full order, in one spelling. */
function keyObject(publicKey: JWK): KeyObject | undefined {
  const { kty, crv, x, y } = publicKey;
  const name = `${kty} ${crv} ${x} ${y ?? ''}`;
  const found = seen.get(name);
  if (found) return found;
  if (publicKeyProblem(publicKey)) return undefined;
  const key = createPublicKey({ key: { kty, crv, x, ...(y !== undefined && { y }) }, format: 'jwk' });
  if (seen.size >= 500) seen.clear();
  seen.set(name, key);
  return key;
}

/** Whether 64 bytes are the signature of this key over the input, in the one spelling it has. */
export function isSignatureOf(alg: JwsAlgorithm, input: Uint8Array, signature: Uint8Array, publicKey: JWK): boolean {
  const fits = alg === 'ES256' ? publicKey.crv === 'P-256' : publicKey.crv === 'Ed25519';
  const key = fits && signature.length === 64 ? keyObject(publicKey) : undefined;
  if (!key) return false;
  if (alg === 'EdDSA') return verifySignature(null, input, key, signature);
  return isLowS(signature) && verifySignature('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** Whether the JWS was signed with this key, over the bytes as they came. */
export function isJwsSignedBy({ jws, header }: ReadJws, publicKey: JWK): boolean {
  const input = Buffer.from(`${jws.protected}.${jws.payload}`, 'ascii');
  return isSignatureOf(header.alg, input, Buffer.from(jws.signature, 'base64url'), publicKey);
}

/** The one spelling of a JWS that is stored, hashed and sent. */
export function flatJwsText({ payload, protected: head, signature }: FlatJws): string {
  return `{"payload":"${payload}","protected":"${head}","signature":"${signature}"}`;
}

const members = /^\{"payload":"([A-Za-z0-9_-]*)","protected":"([A-Za-z0-9_-]*)","signature":"([A-Za-z0-9_-]*)"\}$/;

/** Reads that spelling; undefined for any other, also one that means the same. */
export function parseFlatJws(text: string | Uint8Array): FlatJws | undefined {
  const found = members.exec(typeof text === 'string' ? text : Buffer.from(text).toString('latin1'));
  return found ? { payload: found[1] ?? '', protected: found[2] ?? '', signature: found[3] ?? '' } : undefined;
}
