import { Invalid } from '../errors.ts';

// DER as certificates, CMS and time stamps need it: definite lengths, single-byte tags, canonical times.

/** One element. `raw` is all of it, `body` what it holds. */
export interface Der {
  tag: number;
  body: Buffer;
  raw: Buffer;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(body.length), body]);
}

export const sequence = (...parts: Uint8Array[]): Buffer => element(tags.sequence, ...parts);
/** Members in the order DER asks for: by their bytes. */
export const setOf = (...parts: Uint8Array[]): Buffer =>
  element(tags.set, ...parts.map((one) => Buffer.from(one)).sort((a, b) => Buffer.compare(a, b)));
export const octets = (bytes: Uint8Array): Buffer => element(tags.octets, bytes);
export const bits = (bytes: Uint8Array): Buffer => element(tags.bits, Buffer.from([0]), bytes);
export const nothing = (): Buffer => element(tags.null);
export const utf8 = (text: string): Buffer => element(tags.utf8, Buffer.from(text, 'utf8'));
export const truth = (value: boolean): Buffer => element(tags.boolean, Buffer.from([value ? 0xff : 0]));
/** Context tag that wraps an element. */
export const explicit = (number: number, ...parts: Uint8Array[]): Buffer => element(0xa0 | number, ...parts);

/** A whole number that is not negative. */
export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from(value.toString(16).padStart(14, '0'), 'hex') : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const short = Buffer.from(bytes.subarray(start));
  return element(tags.integer, (short[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const out: number[] = [];
  for (const part of [first * 40 + second, ...rest]) {
    const groups = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    out.push(...groups);
  }
  return element(tags.oid, Buffer.from(out));
}

/** `2026-05-14T12:00:00Z` as certificates and CMS write it: two-digit years up to 2049. */
export function time(at: Date): Buffer {
  const text = `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return at.getUTCFullYear() < 2050
    ? element(tags.utcTime, Buffer.from(text.slice(2), 'ascii'))
    : element(tags.time, Buffer.from(text, 'ascii'));
}

export function generalizedTime(at: Date): Buffer {
  return element(tags.time, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`, 'ascii'));
}

function malformed(): Invalid {
  return new Invalid('crypto.malformed-der');
}

function readAt(bytes: Buffer, at: number): { one: Der; next: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed();
  let length = first;
  let begin = at + 2;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || begin + count > bytes.length) throw malformed();
    length = bytes.readUIntBE(begin, count);
    begin += count;
    // One way to write a length: signatures must not verify over two spellings.
    if (length < 0x80 || (count > 1 && length < 2 ** (8 * (count - 1)))) throw malformed();
  }
  const next = begin + length;
  if (next > bytes.length) throw malformed();
  return { one: { tag, body: bytes.subarray(begin, next), raw: bytes.subarray(at, next) }, next };
}

/**
 * Reads exactly one element.
 * @throws Invalid `crypto.malformed-der`
 */
export function readDer(bytes: Uint8Array): Der {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { one, next } = readAt(input, 0);
  if (next !== input.length) throw malformed();
  return one;
}

/** What an element holds. */
export function inside(one: Der | undefined, tag?: number): Der[] {
  if (!one || (tag !== undefined && one.tag !== tag)) throw malformed();
  const out: Der[] = [];
  for (let at = 0; at < one.body.length;) {
    const { one: next, next: after } = readAt(one.body, at);
    out.push(next);
    at = after;
  }
  return out;
}

/** The element with this tag, which must be there. */
export function expectTag(one: Der | undefined, tag: number): Der {
  if (one?.tag !== tag) throw malformed();
  return one;
}

export function readOid(one: Der | undefined): string {
  const { body } = expectTag(one, tags.oid);
  const parts: number[] = [];
  let value = 0;
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    parts.push(value);
    value = 0;
  }
  const [head = 0, ...rest] = parts;
  const first = Math.min(Math.floor(head / 40), 2);
  return [first, head - first * 40, ...rest].join('.');
}

/** Time as milliseconds. Fractions of a second are kept; anything but UTC is refused. */
export function readTime(one: Der | undefined): number {
  if (!one) throw malformed();
  const text = one.body.toString('latin1');
  const match =
    one.tag === tags.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()Z$/.exec(text)
      : one.tag === tags.time
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
        : null;
  if (!match) throw malformed();
  const [, year = '', month, day, hour, minute, second, fraction] = match;
  const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  const millis = Date.parse(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(millis)) throw malformed();
  return millis + Number((fraction ?? '').padEnd(3, '0').slice(0, 3) || 0);
}

export function bytesOfBits(one: Der | undefined): Buffer {
  const { body } = expectTag(one, tags.bits);
  if (body[0] !== 0) throw malformed();
  return body.subarray(1);
}

/** Hex of a whole number, without leading zeros. */
export function hexOfInteger(one: Der | undefined): string {
  return expectTag(one, tags.integer)
    .body.toString('hex')
    .replace(/^(00)+(?=.)/, '');
}
