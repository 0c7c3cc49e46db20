import { type z } from 'zod';
import { canonical, fail, ok, sha256, type Instant, type Result, type Sha256 } from '../../platform/values/index.ts';
import {
  flatJwsText,
  parseFlatJws,
  readJws,
  secondsOf,
  signJws,
  type FlatJws,
  type ReadJws,
  type Signer,
} from '../../platform/crypto/index.ts';
import { jwsTypes, type RefusalCode, type SignedThing } from './schema.ts';

/** A signed object: what it says, and the bytes that prove it. */
export interface Signed<T> {
  value: T;
  jws: FlatJws;
  /** The one spelling of the JWS: what is stored, hashed and sent. */
  text: string;
  textSha256: Sha256;
  /** Of the payload that was signed: what names a message, whoever signs it again. */
  payloadSha256: Sha256;
  kid: string;
}

const deepest = 16;

/** Depth and keys of a JSON value; false when it is nested too deep or has keys outside ASCII. */
function isPlain(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (left === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, left - 1));
  return Object.entries(value).every(([key, item]) => /^[\x20-\x7e]*$/.test(key) && isPlain(item, left - 1));
}

/** Reads JSON of any spelling, to find out whose it says it is. Undefined when it is no JSON object. */
export function peek(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether bytes are the canonical form of what they say: then two readers never disagree about them. */
export function isCanonical(bytes: Uint8Array, value: unknown): boolean {
  try {
    return isPlain(value, deepest) && Buffer.from(canonical(value), 'utf8').equals(bytes);
  } catch {
    return false;
  }
}

/** A schema of something signed: `kind`, `version` and the rest. */
type SignedSchema = z.ZodObject<{ kind: z.ZodLiteral<string>; version: z.ZodLiteral<number> }>;

type Open = ReturnType<z.ZodObject['loose']>;
const opened = new WeakMap<z.ZodObject, Open>();

/** The schema that keeps members which it does not know: made once, since each new one is compiled anew. */
export function keepingUnknown(schema: z.ZodObject): Open {
  const made = opened.get(schema) ?? schema.loose();
  opened.set(schema, made);
  return made;
}

/**
 * Reads what was signed, after its signature held. Members that this version does not know are kept.
 * `exchange.not-canonical`, `exchange.version`, `exchange.schema`.
 */
export function readPayload<S extends SignedSchema>(schema: S, bytes: Uint8Array): Result<z.infer<S>, RefusalCode> {
  const value = peek(bytes);
  if (!value || !isCanonical(bytes, value)) return fail('exchange.not-canonical');
  const { kind, version } = schema.shape;
  if (value['kind'] !== kind.value) return fail('exchange.schema');
  if (value['version'] !== version.value) return fail('exchange.version');
  const read = keepingUnknown(schema).safeParse(value);
  return read.success ? ok(read.data as z.infer<S>) : fail('exchange.schema');
}

/** Takes a JWS of a kind apart: `exchange.algorithm` for its header, `exchange.not-canonical` for its form. */
export function readSigned(thing: SignedThing, jws: unknown): Result<ReadJws, RefusalCode> {
  const read = readJws(jws, jwsTypes[thing]);
  if (read.ok) return read;
  return fail(read.error === 'algorithm' ? 'exchange.algorithm' : 'exchange.not-canonical');
}

/** Takes the bytes of a JWS apart, which must be in the one spelling. */
export function readSignedText(thing: SignedThing, text: string | Uint8Array): Result<ReadJws, RefusalCode> {
  const jws = parseFlatJws(text);
  if (jws) return readSigned(thing, jws);
  const other = peek(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  const isOtherKind = other !== undefined && ('signatures' in other || 'header' in other);
  return fail(isOtherKind ? 'exchange.algorithm' : 'exchange.not-canonical');
}

/** Whether the header's second is that of the object: a signature is of the moment that it states. */
export function isOfMoment({ header }: ReadJws, at: unknown): boolean {
  return typeof at === 'string' && header.iat === secondsOf(at as Instant);
}

export function signed<T>(value: T, read: Pick<ReadJws, 'jws' | 'payload'>, kid: string): Signed<T> {
  const text = flatJwsText(read.jws);
  return { value, jws: read.jws, text, textSha256: sha256(text), payloadSha256: sha256(read.payload), kid };
}

/** Builds and signs an object; what does not fit its schema is our own fault and throws. */
export async function sign<S extends SignedSchema>(
  schema: S,
  thing: SignedThing,
  signer: Signer,
  kid: string,
  fields: Omit<z.input<S>, 'kind' | 'version'>,
  at: Instant,
  certificates?: readonly Uint8Array[],
): Promise<Signed<z.infer<S>>> {
  const { kind, version } = schema.shape;
  const value = schema.parse({ ...fields, kind: kind.value, version: version.value }) as z.infer<S>;
  const payload = canonical(value);
  const jws = await signJws(signer, kid, { typ: jwsTypes[thing], at, certificates }, payload);
  return signed(value, { jws, payload: Buffer.from(payload, 'utf8') }, kid);
}
