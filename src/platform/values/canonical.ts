import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** 64 lower-case hex digits: fields named `sha256` or `…Sha256`. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'values.bad-hash')
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** `sha256:` and 64 hex digits: fields named `hash` or `…Hash`. */
export const Hash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'values.bad-hash')
  .brand<'Hash'>();
export type Hash = z.infer<typeof Hash>;

const halfPair = /\p{Surrogate}/u;

function refuseWhatHasNoForm(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new Error(`Not an integer at ${path || '/'}: numbers with a fraction are never hashed or signed`);
  }
  if (typeof value === 'string' && halfPair.test(value)) {
    throw new Error(`Half a surrogate pair at ${path || '/'}: it has no UTF-8 form to hash`);
  }
  if (Array.isArray(value)) value.forEach((item, index) => refuseWhatHasNoForm(item, `${path}/${index}`));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (halfPair.test(key)) throw new Error(`Half a surrogate pair in a key at ${path || '/'}`);
      refuseWhatHasNoForm(item, `${path}/${key}`);
    }
  }
}

/**
 * RFC 8785 canonical text of a JSON value. Integers only.
 * @source RFC 8785
 */
export function canonical(value: unknown): string {
  refuseWhatHasNoForm(value, '');
  const text = canonicalize(value);
  if (text === undefined) throw new Error('Nothing to write in canonical form');
  return text;
}

export function sha256(bytes: string | Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}

/** SHA-256 of the canonical form, as a `…Hash` field holds it. */
export function hashOf(value: unknown): Hash {
  return `sha256:${sha256(canonical(value))}` as Hash;
}
