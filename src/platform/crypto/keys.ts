import type { JWK } from 'jose';

/**
 * `ES256`: P-256 signatures, `EdDSA`: Ed25519 signatures, `X25519`: key agreement, `A256GCM`: wraps data keys.
 */
export type KeyAlgorithm = 'ES256' | 'EdDSA' | 'X25519' | 'A256GCM';

/** What may be known of a key. `kid` is the RFC 7638 thumbprint of the public key, or random for a wrapping key. */
export interface KeyInfo {
  kid: string;
  /** What it is for, `node/sign`, `case-files/wrap`; the newest of a label is the one in use. */
  label: string;
  algorithm: KeyAlgorithm;
  /** Absent for a wrapping key. */
  publicKey?: JWK;
  createdAt: string;
}

/** Where private keys live. Nothing leaves it but results. */
export interface KeyStore {
  /** The key in use for a label; made when there is none. */
  ensure(label: string, algorithm: KeyAlgorithm): Promise<KeyInfo>;
  /** Makes a new key for a label; the ones before stay for reading. */
  rotate(label: string, algorithm: KeyAlgorithm): Promise<KeyInfo>;
  find(label: string): Promise<KeyInfo | undefined>;
  /** Throws `Unavailable` `crypto.no-key`. */
  publicKey(kid: string): Promise<KeyInfo>;
  list(): Promise<KeyInfo[]>;
  /** ES256: 64 bytes r and s; EdDSA: 64 bytes. */
  sign(kid: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Wraps a data key; `about` must be given again to unwrap. */
  wrap(kid: string, dataKey: Uint8Array, about: string): Promise<Uint8Array>;
  unwrap(kid: string, wrapped: Uint8Array, about: string): Promise<Uint8Array>;
  /** X25519 shared secret with a raw public key of 32 bytes. Throws `crypto.bad-public-key` on small-order points. */
  agree(kid: string, publicKey: Uint8Array): Promise<Uint8Array>;
  /** Whether keys can be used now; `code` says why not. */
  health(): Promise<{ ok: true } | { ok: false; code: string }>;
}
