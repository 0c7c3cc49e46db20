import { authenticator } from 'otplib';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import { findTotp, useRecoveryCode, useTotpStep } from '../store/index.ts';
import type { IdentityNode } from './node.ts';

const stepMillis = 30_000;
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Random text of so many letters, five bits each. */
function base32Text(random: Random, letters: number): string {
  return [...random.bytes(letters)].map((byte) => base32[byte % 32]).join('');
}

/** Secret of a code generator: 160 bits. @source RFC 4226 section 4 R6 */
export function newTotpSecret(random: Random): string {
  return base32Text(random, 32);
}

/** Address that an authenticator app reads from the QR code. */
export function totpAddress(secret: string, account: string, issuer: string): string {
  return authenticator.keyuri(account, issuer, secret);
}

/** Step of a right code, one step either side; undefined when the code is wrong. @source RFC 6238 section 5.2 */
export function totpStepOf(secret: string, code: string, now: Instant): number | undefined {
  const epoch = Date.parse(now);
  const delta = authenticator.clone({ epoch, window: 1 }).checkDelta(code, secret);
  return delta === null ? undefined : Math.floor(epoch / stepMillis) + delta;
}

/** The code as typed: spaces struck out, Arabic digits read. */
export function normalizeCode(typed: string): string {
  return typed
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .toUpperCase();
}

/** Ten recovery codes of 80 random bits, in groups of four. */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: 10 }, () => base32Text(random, 16).replaceAll(/(.{4})(?=.)/g, '$1-'));
}

export function recoveryCodeSha256(code: string): string {
  return sha256(`comity/recovery-code\n${normalizeCode(code)}`);
}

/** Uses up a code of the generator or a recovery code; each counts once. */
export async function useCode(
  tx: Tx,
  node: Pick<IdentityNode, 'open'>,
  personId: string,
  typed: string,
  now: Instant,
): Promise<'totp' | 'recovery' | undefined> {
  const code = normalizeCode(typed);
  if (/^\d{6}$/.test(code)) {
    const totp = await findTotp(tx, personId);
    if (!totp) return undefined;
    const step = totpStepOf(Buffer.from(node.open(totp.secretSealed)).toString(), code, now);
    return step !== undefined && (await useTotpStep(tx, personId, step)) ? 'totp' : undefined;
  }
  return (await useRecoveryCode(tx, personId, recoveryCodeSha256(code), now)) ? 'recovery' : undefined;
}
