import { calculateJwkThumbprint, type JWK } from 'jose';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { ZipFile as ZipWriter } from 'yazl';
import { z } from 'zod';
import { canonical, fail, Instant, ok, problem, sha256, Sha256, type Problem, type Result } from '../values/index.ts';
import type { KeyStore } from './keys.ts';
import {
  checkFeed,
  isSignedBy,
  readCompact,
  signCompact,
  verifyRecord,
  type BuiltRecord,
  type FeedCheck,
  type RecordKey,
} from './record.ts';

const PublicKey = z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() });

/** A root key's word that another key may sign an owner's records for a time. */
export const KeyDelegation = z.strictObject({
  kind: z.literal('key-delegation'),
  version: z.literal(1),
  owner: z.string().min(1).max(200),
  key: PublicKey,
  feeds: z.array(z.string()).nullable(),
  from: Instant,
  until: Instant.nullable(),
});
export type KeyDelegation = z.infer<typeof KeyDelegation>;

export const delegationType = 'comity-delegation+jws';

/** The part of a public key that is compared, hashed and sent. */
export function barePublicKey(key: JWK): z.infer<typeof PublicKey> {
  return PublicKey.parse({ kty: key.kty, crv: key.crv, x: key.x, y: key.y });
}

export async function buildDelegation(
  keys: KeyStore,
  rootKid: string,
  content: Omit<KeyDelegation, 'kind' | 'version'>,
): Promise<string> {
  return signCompact(
    keys,
    rootKid,
    delegationType,
    canonical(KeyDelegation.parse({ kind: 'key-delegation', version: 1, ...content })),
  );
}

/** Reads a delegation signed by the given root; undefined when it is not exactly that. */
export async function readDelegation(jws: string, root: JWK): Promise<RecordKey | undefined> {
  const read = readCompact(jws, delegationType);
  if (!read || read.kid !== (await calculateJwkThumbprint(root)) || !isSignedBy(jws, root)) return undefined;
  try {
    const parsed = KeyDelegation.parse(JSON.parse(read.payload));
    if (canonical(parsed) !== read.payload) return undefined;
    const { owner, key, feeds, from, until } = parsed;
    return { owner, kid: await calculateJwkThumbprint(key), publicKey: key, feeds, from, until };
  } catch {
    return undefined;
  }
}

const Manifest = z.strictObject({
  kind: z.literal('record-file'),
  version: z.literal(1),
  owner: z.string(),
  feed: z.string(),
  from: z.int(),
  to: z.int(),
  root: PublicKey,
  delegations: z.array(z.string()),
  records: z.array(z.strictObject({ path: z.string(), seq: z.int(), sha256: Sha256 })),
});
type Manifest = z.infer<typeof Manifest>;

const verifyText = `How to check this file by hand
==============================
records/NNNNNNNN.jws   signed records, numbered without gaps
manifest.json          what is inside, with SHA-256 of each record's file
keys/root.json         public root key of the owner: compare it with the one you hold, do not trust it from here
keys/NN.jws            the root key's word that another key may sign, and for how long

Each .jws is HEADER.PAYLOAD.SIGNATURE in base64url (RFC 7515, ES256). For every record:
1. sha256sum records/*.jws gives the values in manifest.json.
2. The header's kid names a key of keys/*.jws whose time spans the record's "at".
3. The signature verifies: openssl dgst -sha256 -verify key.pem -signature sig.der input.txt
   (input.txt is HEADER.PAYLOAD; sig.der holds the two 32-byte halves as DER integers).
4. "previous" is "sha256:" and the SHA-256 of the decoded payload of the record before; "seq" rises by one.
`;

const day = new Date('2000-01-01T00:00:00Z');

/** Writes records of one feed as a zip that stands for itself. The same input gives the same bytes. */
export async function writeRecordFile(
  records: readonly BuiltRecord[],
  root: JWK,
  delegations: readonly string[],
): Promise<Buffer> {
  const first = records[0];
  const last = records.at(-1);
  if (!first || !last) throw new Error('No records to write');
  const zip = new ZipWriter();
  const add = (path: string, text: string) =>
    zip.addBuffer(Buffer.from(text, 'utf8'), path, { mtime: day, mode: 0o100644 });
  const manifest: Manifest = {
    kind: 'record-file',
    version: 1,
    owner: first.record.owner,
    feed: first.record.feed,
    from: first.record.seq,
    to: last.record.seq,
    root: barePublicKey(root),
    delegations: delegations.map((_, index) => `keys/${String(index + 1).padStart(2, '0')}.jws`),
    records: records.map(({ record, jws }) => ({
      path: `records/${String(record.seq).padStart(8, '0')}.jws`,
      seq: record.seq,
      sha256: sha256(jws),
    })),
  };
  add('manifest.json', canonical(manifest));
  add('VERIFY.txt', verifyText);
  add('keys/root.json', canonical(manifest.root));
  delegations.forEach((jws, index) => add(manifest.delegations[index] ?? '', jws));
  records.forEach(({ jws }, index) => add(manifest.records[index]?.path ?? '', jws));
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

const limits = { entries: 200_000, total: 512 * 1024 * 1024 };

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    ),
  );
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<string> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString('utf8');
}

async function readZip(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await openZip(bytes);
  const found = new Map<string, string>();
  let total = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      const link = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
      if (found.has(entry.fileName) || link || found.size >= limits.entries || total > limits.total)
        return reject(new Error('over limits'));
      readEntry(zip, entry).then((text) => {
        found.set(entry.fileName, text);
        zip.readEntry();
      }, reject);
    });
    zip.readEntry();
  });
  return found;
}

/** What a record file holds once everything in it was checked against the root key the reader trusts. */
export interface ReadRecordFile extends FeedCheck {
  owner: string;
  feed: string;
}

/**
 * Reads and checks a record file. The root key comes from the reader, never from the file.
 * Problems: `records.file-unreadable`, `records.other-root`, `records.bad-delegation`, `records.file-differs`, and those of `verifyRecord` and `checkFeed`.
 * @param held where the reader's copy of the feed stands
 */
export async function readRecordFile(
  bytes: Uint8Array,
  root: JWK,
  held?: Parameters<typeof checkFeed>[1],
): Promise<Result<ReadRecordFile, Problem[]>> {
  let files: Map<string, string>;
  let manifest: Manifest;
  try {
    files = await readZip(Buffer.from(bytes));
    manifest = Manifest.parse(JSON.parse(files.get('manifest.json') ?? ''));
  } catch {
    return fail([problem('records.file-unreadable')]);
  }
  if (canonical(manifest.root) !== canonical(barePublicKey(root))) return fail([problem('records.other-root')]);
  const keys: RecordKey[] = [];
  for (const path of manifest.delegations) {
    const key = await readDelegation(files.get(path) ?? '', root);
    if (!key) return fail([problem('records.bad-delegation', [path])]);
    keys.push(key);
  }
  const rootKid = await calculateJwkThumbprint(root);
  const problems: Problem[] = [];
  const records: BuiltRecord[] = [];
  for (const { path, seq, sha256: expected } of manifest.records) {
    const jws = files.get(path);
    if (jws === undefined || sha256(jws) !== expected) {
      problems.push(problem('records.file-differs', [path]));
      continue;
    }
    const checked = verifyRecord(jws, (owner, kid) =>
      keys.find((key) => key.owner === owner && key.kid === kid && key.kid !== rootKid),
    );
    if (!checked.ok) problems.push(...checked.error.map((one) => ({ ...one, path: [path, ...one.path] })));
    else if (
      checked.value.record.owner !== manifest.owner ||
      checked.value.record.feed !== manifest.feed ||
      checked.value.record.seq !== seq
    ) {
      problems.push(problem('records.file-differs', [path]));
    } else records.push(checked.value);
  }
  const listed = new Set([
    'manifest.json',
    'VERIFY.txt',
    'keys/root.json',
    ...manifest.delegations,
    ...manifest.records.map((one) => one.path),
  ]);
  problems.push(
    ...[...files.keys()].filter((path) => !listed.has(path)).map((path) => problem('records.file-differs', [path])),
  );
  if (problems.length > 0) return fail(problems);
  return ok({ owner: manifest.owner, feed: manifest.feed, ...checkFeed(records, held) });
}
