import { randomBytes } from 'node:crypto';

/** The only source of chance. Tests hand in a seeded one. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** UUID version 7: sorts by time, made in code so that any PostgreSQL from 15 serves. `millis` is Unix time. */
export function uuidv7(random: Random, millis: number): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUIntBE(millis, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** URL-safe secret with the given number of random bytes. */
export function secret(random: Random, bytes = 32): string {
  return Buffer.from(random.bytes(bytes)).toString('base64url');
}
