import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { secret, type Random } from '../platform/random.ts';

/** What the web tier keeps to itself: proofs against other sites, and sealing of what it must hold for a while. */
export interface WebSecrets {
  /** Proof that a form was shown in the session it comes from. */
  proofFor(session: string): string;
  isProofRight(session: string, proof: string): boolean;
  seal(bytes: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
}

/** Reads the node's web secret, making it at first start. Several processes may start at once: the first wins. */
export function openWebSecrets(dataFolder: string, random: Random): WebSecrets {
  const file = join(dataFolder, 'secrets', 'web.key');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${secret(random, 9)}`;
    writeFileSync(draft, random.bytes(64), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  const key = readFileSync(file);
  if (key.length !== 64)
    throw new Error(`${file} is damaged: it must hold 64 bytes. Restore it from a backup, or remove it`);
  return webSecrets(key, random);
}

export function webSecrets(key: Uint8Array, random: Random): WebSecrets {
  const proofKey = key.subarray(0, 32);
  const sealKey = key.subarray(32, 64);
  const proofFor = (session: string) => createHmac('sha256', proofKey).update(session).digest('base64url');
  return {
    proofFor,
    isProofRight(session, proof) {
      const right = Buffer.from(proofFor(session));
      const given = Buffer.from(proof);
      return right.length === given.length && timingSafeEqual(right, given);
    },
    seal(bytes) {
      const nonce = random.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}
