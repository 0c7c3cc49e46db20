import { createHash, timingSafeEqual } from 'node:crypto';
import { Invalid } from '../errors.ts';
import type { Random } from '../random.ts';

// Shamir's scheme over the field of 256 elements with the polynomial of AES, byte by byte.
const exp = new Uint8Array(510);
const log = new Uint8Array(256);
{
  let value = 1;
  for (let power = 0; power < 255; power += 1) {
    exp[power] = value;
    exp[power + 255] = value;
    log[value] = power;
    // Three generates the whole field; twice the value plus the value.
    const doubled = (value << 1) ^ (value & 0x80 ? 0x11b : 0);
    value = (doubled ^ value) & 0xff;
  }
}
const at = (table: Uint8Array, index: number) => table[index] ?? 0;
const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : at(exp, at(log, a) + at(log, b)));
const over = (a: number, b: number) => (a === 0 ? 0 : at(exp, at(log, a) + 255 - at(log, b)));

/** Value at zero of the polynomial through the points. `x` are different and not zero. */
export function interpolateAtZero(points: readonly { x: number; y: number }[]): number {
  let sum = 0;
  for (const one of points) {
    let part = one.y;
    for (const other of points) if (other.x !== one.x) part = times(part, over(other.x, other.x ^ one.x));
    sum ^= part;
  }
  return sum;
}

/** Value of a polynomial, lowest coefficient first. */
export function valueAt(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => times(sum, x) ^ coefficient, 0);
}

const version = 1;
const idLength = 8;
const checkLength = 16;

/** Layout of a share: version, shares needed, its number, id of the split, check of the secret, bytes. */
function writeShare(needed: number, x: number, id: Uint8Array, check: Uint8Array, bytes: Uint8Array): string {
  const body = Buffer.concat([Buffer.from([version, needed, x]), id, check, bytes]);
  const sum = createHash('sha256').update(body).digest().subarray(0, 4);
  return `comity-share-${Buffer.concat([body, sum]).toString('base64url')}`;
}

interface Share {
  needed: number;
  x: number;
  /** Id and check: the same in all shares of one split. */
  same: Buffer;
  check: Buffer;
  bytes: Buffer;
}

function readShare(text: string): Share | undefined {
  const match = /^comity-share-([A-Za-z0-9_-]+)$/.exec(text.trim());
  const all = Buffer.from(match?.[1] ?? '', 'base64url');
  const headLength = 3 + idLength + checkLength;
  if (all.length < headLength + 1 + 4 || all.toString('base64url') !== match?.[1]) return undefined;
  const body = all.subarray(0, -4);
  if (!createHash('sha256').update(body).digest().subarray(0, 4).equals(all.subarray(-4))) return undefined;
  const [first, needed = 0, x = 0] = body;
  if (first !== version || needed < 2 || x < 1) return undefined;
  return {
    needed,
    x,
    same: body.subarray(3, headLength),
    check: body.subarray(3 + idLength, headLength),
    bytes: body.subarray(headLength),
  };
}

/** Whether a text is a whole share, without typing errors: of whichever secret. */
export function isShare(text: string): boolean {
  return readShare(text) !== undefined;
}

function checkOf(id: Uint8Array, bytes: Uint8Array): Buffer {
  return createHash('sha256').update('comity shares').update(id).update(bytes).digest().subarray(0, checkLength);
}

/**
 * Splits a secret so that `needed` of `count` shares give it back and fewer tell nothing. Each share is one line of
 * text that notices its own typing errors.
 * @param bytes a key of full strength, up to 1 KiB: the check in the shares would tell a guess of a weak secret
 * @source A. Shamir, How to share a secret, Communications of the ACM 22 (1979)
 */
export function splitSecret(bytes: Uint8Array, needed: number, count: number, random: Random): string[] {
  if (needed < 2 || count < needed || count > 16 || bytes.length < 16 || bytes.length > 1024)
    throw new Error('A split has 2 to 16 shares, and a secret of 16 to 1024 bytes');
  const id = random.bytes(idLength);
  const check = checkOf(id, bytes);
  const polynomials = [...bytes].map((byte) => [byte, ...random.bytes(needed - 1)]);
  return Array.from({ length: count }, (_, n) => {
    const values = Uint8Array.from(polynomials.map((coefficients) => valueAt(coefficients, n + 1)));
    return writeShare(needed, n + 1, id, check, values);
  });
}

/**
 * Gives a split secret back, exactly or not at all.
 * Throws `Invalid` `crypto.bad-share` for a damaged share or one of another split, `crypto.too-few-shares` also when one
 * is given twice.
 */
export function combineShares(texts: readonly string[]): Uint8Array {
  const shares = texts.map((text) => {
    const share = readShare(text);
    if (!share) throw new Invalid('crypto.bad-share');
    return share;
  });
  const [first] = shares;
  if (!first) throw new Invalid('crypto.too-few-shares', { params: { needed: 2, given: 0 } });
  const fits = (one: Share) =>
    one.needed === first.needed && one.same.equals(first.same) && one.bytes.length === first.bytes.length;
  if (!shares.every(fits)) throw new Invalid('crypto.bad-share');
  const different = [...new Map(shares.map((one) => [one.x, one])).values()];
  const { needed } = first;
  if (different.length < needed)
    throw new Invalid('crypto.too-few-shares', { params: { needed, given: different.length } });
  const used = different.slice(0, needed);
  const bytes = Uint8Array.from(first.bytes, (_, index) =>
    interpolateAtZero(used.map((one) => ({ x: one.x, y: one.bytes[index] ?? 0 }))),
  );
  const check = checkOf(first.same.subarray(0, idLength), bytes);
  if (!timingSafeEqual(check, first.check)) throw new Invalid('crypto.bad-share');
  return bytes;
}
