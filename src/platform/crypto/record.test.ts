import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { canonical, instant } from '../values/index.ts';
import { openFileKeyStore } from './file-keys.ts';
import type { KeyInfo, KeyStore } from './keys.ts';
import { buildDelegation, readDelegation, readRecordFile, writeRecordFile } from './record-file.ts';
import {
  buildRecord,
  type BuiltRecord,
  checkFeed,
  type FindKey,
  type RecordKey,
  recordType,
  signCompact,
  verifyRecord,
} from './record.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-records-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const at = instant('2026-05-14T12:00:00.000Z');
let keys: KeyStore;
let root: KeyInfo;
let delegate: KeyInfo;
let key: RecordKey;
const findKey: FindKey = (owner, kid) => (owner === key.owner && kid === key.kid ? key : undefined);

beforeAll(async () => {
  keys = await openFileKeyStore({
    folder: base,
    passphraseFile: join(base, 'p'),
    clock: fakeClock(at),
    random: systemRandom,
    cost: 1024,
  });
  root = await keys.ensure('authority/root', 'ES256');
  delegate = await keys.ensure('authority/records', 'ES256');
  key = {
    owner: 'XA',
    kid: delegate.kid,
    publicKey: delegate.publicKey!,
    from: instant('2026-01-01T00:00:00.000Z'),
    until: instant('2027-01-01T00:00:00.000Z'),
    feeds: ['directory'],
  };
});

const content = (n: number, more: object = {}) => ({
  kind: 'authority-entry',
  version: 1,
  owner: 'XA',
  feed: 'directory',
  recordId: `XA:desk-${n}`,
  recordVersion: 1,
  op: 'put' as const,
  at,
  body: { n, name: 'هيئة' },
  ...more,
});

async function feed(length: number): Promise<BuiltRecord[]> {
  const made: BuiltRecord[] = [];
  for (let n = 1; n <= length; n += 1) {
    const last = made.at(-1);
    made.push(await buildRecord(keys, delegate.kid, content(n), last && { seq: last.record.seq, hash: last.hash }));
  }
  return made;
}

test('a record verifies with us and with any JOSE library', async () => {
  const [one] = await feed(1);
  const checked = verifyRecord(one!.jws, findKey);
  expect(checked).toEqual({ ok: true, value: one });
  const { payload, protectedHeader } = await compactVerify(one!.jws, await importJWK(delegate.publicKey!, 'ES256'), {
    algorithms: ['ES256'],
  });
  expect(new TextDecoder().decode(payload)).toBe(canonical(one!.record));
  expect(protectedHeader).toEqual({ alg: 'ES256', kid: delegate.kid, typ: recordType });
});

test('one changed character anywhere is refused', async () => {
  const { jws } = (await feed(1))[0]!;
  for (let index = 0; index < jws.length; index += 1) {
    const other = jws[index] === 'A' ? 'B' : 'A';
    expect(verifyRecord(jws.slice(0, index) + other + jws.slice(index + 1), findKey).ok).toBe(false);
  }
});

test('a header of any other shape is refused though its signature holds', async () => {
  const payload = canonical((await feed(1))[0]!.record);
  const headers = [
    { alg: 'ES256', kid: delegate.kid, typ: 'JWT' },
    { alg: 'none', kid: delegate.kid, typ: recordType },
    { alg: 'HS256', kid: delegate.kid, typ: recordType },
    { alg: 'ES256', kid: delegate.kid, typ: recordType, jwk: delegate.publicKey },
    { alg: 'ES256', crit: ['b64'], b64: true, kid: delegate.kid, typ: recordType },
  ];
  for (const header of headers) {
    const input = `${Buffer.from(canonical(header)).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`;
    const jws = `${input}.${Buffer.from(await keys.sign(delegate.kid, Buffer.from(input))).toString('base64url')}`;
    expect(verifyRecord(jws, findKey)).toMatchObject({ ok: false, error: [{ code: 'records.malformed' }] });
  }
});

test('a payload with a second spelling is refused though its signature holds', async () => {
  const text = canonical((await feed(1))[0]!.record);
  for (const payload of [
    ` ${text}`,
    text.replace('{', '{"at":"2026-05-14T12:00:00.000Z",'),
    text.replace('"seq":1', '"seq":1.0'),
  ]) {
    const jws = await signCompact(keys, delegate.kid, recordType, payload);
    expect(verifyRecord(jws, findKey)).toMatchObject({ ok: false, error: [{ code: 'records.not-canonical' }] });
  }
});

test('a key signs only for its owner, in its time and for its feeds', async () => {
  const check = async (more: object) =>
    verifyRecord((await buildRecord(keys, delegate.kid, content(1, more))).jws, findKey);
  expect(await check({ owner: 'XB' })).toMatchObject({ error: [{ code: 'records.unknown-key' }] });
  expect(await check({ at: key.from })).toMatchObject({ ok: true });
  expect(await check({ at: '2025-12-31T23:59:59.999Z' })).toMatchObject({
    error: [{ code: 'records.key-out-of-time' }],
  });
  expect(await check({ at: key.until })).toMatchObject({ error: [{ code: 'records.key-out-of-time' }] });
  expect(await check({ at: '2026-12-31T23:59:59.999Z' })).toMatchObject({ ok: true });
  expect(await check({ feed: 'treaties' })).toMatchObject({ error: [{ code: 'records.key-other-feed' }] });
  const foreign = await buildRecord(keys, root.kid, content(1));
  expect(verifyRecord(foreign.jws, () => ({ ...key, kid: root.kid }))).toMatchObject({
    error: [{ code: 'records.bad-signature' }],
  });
});

test('records arriving in any order and twice give the same feed', async () => {
  const records = await feed(8);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...records, ...records], { minLength: 16 }), async (shuffled) => {
      const checked = checkFeed(shuffled);
      expect(checked.accepted).toEqual(records);
      expect(checked.problems).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('a gap stops the feed until it is filled', async () => {
  const records = await feed(5);
  const without = checkFeed([records[0]!, records[1]!, records[3]!, records[4]!]);
  expect(without.accepted.map((one) => one.record.seq)).toEqual([1, 2]);
  expect(without.waiting.map((one) => one.record.seq)).toEqual([4, 5]);
  expect(without.problems).toMatchObject([{ code: 'records.gap', params: { from: 3, to: 3 } }]);
  const filled = checkFeed([records[2]!, ...without.waiting], { seq: 2, hash: records[1]!.hash });
  expect(filled.accepted.map((one) => one.record.seq)).toEqual([3, 4, 5]);
});

test('two different records with one number freeze the feed before them, and both are kept', async () => {
  const records = await feed(4);
  const second = await buildRecord(keys, delegate.kid, content(99), { seq: 2, hash: records[1]!.hash });
  const checked = checkFeed([...records, second]);
  expect(checked.accepted.map((one) => one.record.seq)).toEqual([1, 2]);
  expect(checked.equivocation?.seq).toBe(3);
  expect(new Set(checked.equivocation?.records.map((one) => one.hash))).toEqual(
    new Set([records[2]!.hash, second.hash]),
  );
  expect(checked.problems).toMatchObject([{ code: 'records.equivocation' }]);
  const later = checkFeed([second], { seq: 3, hash: records[2]!.hash });
  expect(later.equivocation?.seq).toBe(3);
});

test('a record that follows another history is not taken', async () => {
  const records = await feed(2);
  const stranger = await buildRecord(keys, delegate.kid, content(3), { seq: 2, hash: records[0]!.hash });
  const checked = checkFeed([...records, stranger]);
  expect(checked.accepted).toHaveLength(2);
  expect(checked.problems).toMatchObject([{ code: 'records.chain-broken' }]);
});

test('a record file stands for itself, and the trusted root comes from the reader', async () => {
  const records = await feed(3);
  const delegation = await buildDelegation(keys, root.kid, {
    owner: 'XA',
    key: { kty: 'EC', crv: 'P-256', x: delegate.publicKey!.x!, y: delegate.publicKey!.y! },
    feeds: ['directory'],
    from: key.from,
    until: key.until,
  });
  expect(await readDelegation(delegation, root.publicKey!)).toEqual({
    ...key,
    publicKey: expect.objectContaining({ x: delegate.publicKey!.x }),
  });
  const file = await writeRecordFile(records, root.publicKey!, [delegation]);
  expect((await writeRecordFile(records, root.publicKey!, [delegation])).equals(file)).toBe(true);
  const read = await readRecordFile(file, root.publicKey!);
  expect(read).toMatchObject({ ok: true, value: { owner: 'XA', feed: 'directory', accepted: records, problems: [] } });
  expect(await readRecordFile(file, delegate.publicKey!)).toMatchObject({ error: [{ code: 'records.other-root' }] });
  expect(await readRecordFile(file.subarray(0, 100), root.publicKey!)).toMatchObject({
    error: [{ code: 'records.file-unreadable' }],
  });
  const selfMade = await buildDelegation(keys, delegate.kid, {
    owner: 'XA',
    key: { kty: 'EC', crv: 'P-256', x: delegate.publicKey!.x!, y: delegate.publicKey!.y! },
    feeds: null,
    from: key.from,
    until: null,
  });
  expect(
    await readRecordFile(await writeRecordFile(records, root.publicKey!, [selfMade]), root.publicKey!),
  ).toMatchObject({ error: [{ code: 'records.bad-delegation' }] });
});
