import { verify as verifySignature, createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { canonical, fail, Hash, hashOf, Instant, ok, problem, type Problem, type Result } from '../values/index.ts';
import type { KeyStore } from './keys.ts';

const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'crypto.bad-record');

/**
 * What an owner publishes, one after another in a feed. `seq` counts from 1 without gaps per owner and feed,
 * `previous` is the hash of the record before (null for the first); a withdrawal has an empty body.
 */
export const SignedRecord = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  version: z.int().min(1),
  owner: id,
  feed: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  seq: z.int().min(1),
  previous: Hash.nullable(),
  recordId: id,
  recordVersion: z.int().min(1),
  op: z.enum(['put', 'withdraw']),
  at: Instant,
  body: z.record(z.string(), z.json()),
});
export type SignedRecord = z.infer<typeof SignedRecord>;

/** A record with its signature: `jws` is what is stored and sent, the rest is read from it. */
export interface BuiltRecord {
  record: SignedRecord;
  /** Hash of the canonical record: the next one's `previous`. */
  hash: Hash;
  /** Compact JWS, ES256, payload = canonical form. */
  jws: string;
  kid: string;
}

/** A signing key of an owner and when it may sign: `[from, until)`. */
export interface RecordKey {
  owner: string;
  kid: string;
  publicKey: JWK;
  from: Instant;
  until: Instant | null;
  /** Feeds it may sign; null for all. */
  feeds: readonly string[] | null;
}
export type FindKey = (owner: string, kid: string) => RecordKey | undefined;

export const recordType = 'comity-record+jws';
const longest = 16 * 1024 * 1024;

const Header = z.strictObject({ alg: z.literal('ES256'), kid: id, typ: z.string() });

/** Signs bytes as a compact JWS. The header holds algorithm, key and type and nothing else. */
export async function signCompact(keys: KeyStore, kid: string, type: string, payload: string): Promise<string> {
  const header = Buffer.from(canonical({ alg: 'ES256', kid, typ: type })).toString('base64url');
  const input = `${header}.${Buffer.from(payload, 'utf8').toString('base64url')}`;
  return `${input}.${Buffer.from(await keys.sign(kid, Buffer.from(input, 'ascii'))).toString('base64url')}`;
}

/** Parts of a compact JWS with a header of exactly our shape; nothing is verified yet. */
export function readCompact(jws: string, type: string): { kid: string; payload: string } | undefined {
  const parts = jws.split('.');
  if (jws.length > longest || parts.length !== 3 || parts.some((part) => !/^[A-Za-z0-9_-]+$/.test(part)))
    return undefined;
  const [head = '', body = '', signature = ''] = parts;
  if (parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part)) return undefined;
  if (Buffer.from(signature, 'base64url').length !== 64) return undefined;
  try {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const text = strict.decode(Buffer.from(head, 'base64url'));
    const header = Header.safeParse(JSON.parse(text));
    if (!header.success || header.data.typ !== type || canonical(header.data) !== text) return undefined;
    return { kid: header.data.kid, payload: strict.decode(Buffer.from(body, 'base64url')) };
  } catch {
    return undefined;
  }
}

/** Whether a compact JWS was signed with this P-256 key. */
export function isSignedBy(jws: string, publicKey: JWK): boolean {
  if (publicKey.kty !== 'EC' || publicKey.crv !== 'P-256') return false;
  const end = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(end + 1), 'base64url');
  try {
    const { kty, crv, x, y } = publicKey;
    const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
    return verifySignature(
      'sha256',
      Buffer.from(jws.slice(0, end), 'ascii'),
      { key, dsaEncoding: 'ieee-p1363' },
      signature,
    );
  } catch {
    return false;
  }
}

/** Builds the next record of a feed; `last` is the one before, absent for the first. */
export async function buildRecord(
  keys: KeyStore,
  kid: string,
  content: Omit<SignedRecord, 'seq' | 'previous'>,
  last?: { seq: number; hash: Hash },
): Promise<BuiltRecord> {
  const record = SignedRecord.parse({ ...content, seq: (last?.seq ?? 0) + 1, previous: last?.hash ?? null });
  const jws = await signCompact(keys, kid, recordType, canonical(record));
  return { record, hash: hashOf(record), jws, kid };
}

/**
 * Checks one record by itself: form, canonical text, key of the owner, key's time and feed, signature.
 * Problems: `records.malformed`, `records.not-canonical`, `records.unknown-key`, `records.key-out-of-time`, `records.key-other-feed`, `records.bad-signature`.
 */
export function verifyRecord(jws: string, findKey: FindKey): Result<BuiltRecord, Problem[]> {
  const read = readCompact(jws, recordType);
  if (!read) return fail([problem('records.malformed')]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(read.payload);
    // Two readers never disagree about bytes that have only one spelling; duplicate keys and fractions end here too.
    if (canonical(parsed) !== read.payload) return fail([problem('records.not-canonical')]);
  } catch {
    return fail([problem('records.not-canonical')]);
  }
  const record = SignedRecord.safeParse(parsed);
  if (!record.success) {
    return fail(
      record.error.issues.map((issue) =>
        problem(
          'records.malformed',
          issue.path.filter((part) => typeof part !== 'symbol'),
        ),
      ),
    );
  }
  const { owner, at, feed, seq } = record.data;
  const params = { owner, feed, seq, kid: read.kid };
  const key = findKey(owner, read.kid);
  if (!key || key.owner !== owner) return fail([problem('records.unknown-key', [], { params })]);
  if (at < key.from || (key.until !== null && at >= key.until))
    return fail([problem('records.key-out-of-time', ['at'], { params })]);
  if (key.feeds !== null && !key.feeds.includes(feed))
    return fail([problem('records.key-other-feed', ['feed'], { params })]);
  if (!isSignedBy(jws, key.publicKey)) return fail([problem('records.bad-signature', [], { params })]);
  return ok({ record: record.data, hash: hashOf(record.data), jws, kid: read.kid });
}

/** Where a feed stands after a look at what came in. */
export interface FeedCheck {
  /** Records that follow without gap from the start given, in order. */
  accepted: BuiltRecord[];
  /** Verified records that wait for one before them. */
  waiting: BuiltRecord[];
  /** Two or more different records with one number: keep all, freeze the feed before them. */
  equivocation: { seq: number; records: BuiltRecord[] } | undefined;
  problems: Problem[];
}

/**
 * Puts verified records of one owner and feed behind what is held. Order of arrival does not matter; the same record twice counts once.
 * @param held the newest record held with its hash, or undefined for an empty feed; `recent` may name held records by number, to notice a second version of one
 */
export function checkFeed(
  records: readonly BuiltRecord[],
  held?: { seq: number; hash: Hash },
  recent: ReadonlyMap<number, BuiltRecord> = new Map(),
): FeedCheck {
  const bySeq = new Map<number, BuiltRecord[]>();
  for (const one of [...recent.values(), ...records]) {
    const same = bySeq.get(one.record.seq) ?? [];
    if (!same.some((other) => other.hash === one.hash)) bySeq.set(one.record.seq, [...same, one]);
  }
  const problems: Problem[] = [];
  const accepted: BuiltRecord[] = [];
  const seqs = [...bySeq.keys()].sort((a, b) => a - b);
  const doubled = seqs.find(
    (seq) => (bySeq.get(seq)?.length ?? 0) > 1 || (seq === held?.seq && bySeq.get(seq)?.[0]?.hash !== held.hash),
  );
  const equivocation = doubled === undefined ? undefined : { seq: doubled, records: bySeq.get(doubled) ?? [] };
  if (equivocation) problems.push(problem('records.equivocation', [], { params: { seq: equivocation.seq } }));
  let seq = held?.seq ?? 0;
  let hash: Hash | null = held?.hash ?? null;
  const stop = equivocation?.seq ?? Number.POSITIVE_INFINITY;
  while (seq + 1 < stop) {
    const next: BuiltRecord | undefined = bySeq.get(seq + 1)?.[0];
    if (!next) break;
    if (next.record.previous !== hash) {
      problems.push(problem('records.chain-broken', ['previous'], { params: { seq: seq + 1 } }));
      break;
    }
    accepted.push(next);
    seq += 1;
    hash = next.hash;
  }
  const waiting = seqs.filter((one) => one > seq && one !== equivocation?.seq).flatMap((one) => bySeq.get(one) ?? []);
  const gap = waiting.length > 0 && !bySeq.has(seq + 1);
  if (gap)
    problems.push(
      problem('records.gap', [], { params: { from: seq + 1, to: (waiting[0]?.record.seq ?? seq + 2) - 1 } }),
    );
  return { accepted, waiting, equivocation, problems };
}
