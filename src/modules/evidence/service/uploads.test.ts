import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidenceDesk, type EvidenceDesk } from '../../../../tests/support/evidence.ts';
import { withTransaction } from '../../../platform/db/index.ts';
import { systemRandom } from '../../../platform/random.ts';
import { plainDate, sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { CaseFileId } from '../index.ts';
import { inPortions, pieceLength } from '../storage.ts';

let desk: EvidenceDesk;
let amina: Context;
let node: Context;
let caseFileId: CaseFileId;

beforeAll(async () => {
  desk = await evidenceDesk();
  amina = desk.person('amina');
  node = desk.system('evidence');
  caseFileId = (await desk.evidence.openCaseFile(amina, { title: 'Harbour', handling: desk.handling })).id;
});
afterAll(() => desk.close());

const random = (size: number) => Buffer.from(systemRandom.bytes(size));

/** A line that breaks after some bytes. */
function broken(bytes: Buffer): Readable {
  async function* line() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    throw new Error('line lost');
  }
  return Readable.from(line());
}

async function storedBlobs(): Promise<number> {
  let count = 0;
  for await (const _ of desk.blobs.list()) count += 1;
  return count;
}

test('what arrived before a break comes first, then the error; portions have the length asked for', async () => {
  const bytes = random(1000);
  const got: Buffer[] = [];
  const read = async () => {
    for await (const portion of inPortions(broken(bytes), 300)) got.push(Buffer.concat(portion));
  };
  await expect(read()).rejects.toThrow('line lost');
  expect(got.map((one) => one.length)).toEqual([300, 300, 300, 100]);
  expect(Buffer.concat(got).equals(bytes)).toBe(true);
});

test('an upload goes on where the line broke, also at a node that was started again, and comes back the same', async () => {
  const bytes = random(2 * pieceLength + 5000);
  const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'disk.img', size: bytes.length });
  const first = pieceLength + 100_000;
  await expect(desk.evidence.continueUpload(amina, upload.id, 0, broken(bytes.subarray(0, first)))).rejects.toThrow(
    'line lost',
  );
  expect((await desk.evidence.getUpload(amina, upload.id)).received).toBe(first);
  await expect(desk.evidence.continueUpload(amina, upload.id, 0, Readable.from([bytes]))).rejects.toThrow(
    'evidence.upload-offset',
  );
  const restarted = desk.again();
  expect(await restarted.listUploads(amina, caseFileId)).toMatchObject([{ fileName: 'disk.img', received: first }]);
  const done = await restarted.continueUpload(amina, upload.id, first, Readable.from([bytes.subarray(first)]));
  expect(done.file).toMatchObject({ size: bytes.length, sha256: sha256(bytes), fileName: 'disk.img' });
  const read = await restarted.readFile(amina, upload.id);
  expect((await buffer(read.bytes)).equals(bytes)).toBe(true);
  expect(await restarted.listUploads(amina, caseFileId)).toEqual([]);
  const { entries, problems } = await restarted.listCustody(amina, upload.id);
  expect(entries.map((one) => one.entry.act)).toEqual(['received', 'sealed', 'read']);
  expect(problems).toEqual([]);
});

test('no two pieces are sealed under one key and nonce, whatever was sent again', async () => {
  const bytes = Buffer.alloc(3000, 7);
  const headers: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'same.bin', size: bytes.length });
    await desk.evidence.continueUpload(amina, upload.id, 0, Readable.from([bytes.subarray(0, 1000)]));
    await desk.evidence.continueUpload(amina, upload.id, 1000, Readable.from([bytes.subarray(1000, 2000)]));
    await desk.evidence.continueUpload(amina, upload.id, 2000, Readable.from([bytes.subarray(2000)]));
    const row = await withTransaction(desk.database.db, 'system:test', (tx) =>
      tx.selectFrom('evidence_files').selectAll().where('id', '=', upload.id).executeTakeFirstOrThrow(),
    );
    const list = JSON.parse((await buffer(await desk.blobs.get(row.blob_key))).toString()) as {
      pieces: [typeof row.blob_key, number, number][];
    };
    expect(list.pieces).toHaveLength(3);
    for (const [key] of list.pieces) {
      const sealed = await buffer(await desk.blobs.get(key));
      headers.push(sealed.subarray(0, 35).toString('hex'));
      expect(sealed.includes(Buffer.alloc(16, 7))).toBe(false);
    }
  }
  expect(new Set(headers).size).toBe(6);
});

test('a stop between promise and count leaves nothing behind and nothing lost', async () => {
  const bytes = random(300_000);
  const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'stop.bin', size: bytes.length });
  await desk.evidence.continueUpload(amina, upload.id, 0, Readable.from([bytes.subarray(0, 100_000)]));
  const before = await storedBlobs();
  // What a killed process leaves: a piece in the store, promised, never counted.
  const { key } = await desk.blobs.put(Readable.from([random(500)]));
  await amina.transaction((tx) =>
    tx
      .insertInto('evidence_upload_pieces')
      .values({ upload_id: upload.id, seq: 1, blob_key: key, plain: 484, sealed: 500, stored: false })
      .execute(),
  );
  const done = await desk.again().continueUpload(amina, upload.id, 100_000, Readable.from([bytes.subarray(100_000)]));
  expect(done.file?.sha256).toBe(sha256(bytes));
  expect(await desk.blobs.has(key)).toBe(false);
  // The second piece and the list of both.
  expect(await storedBlobs()).toBe(before + 2);
});

test('two windows that go on with one upload do not mix: one is told', async () => {
  const bytes = random(2 * pieceLength);
  const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'two.bin', size: bytes.length });
  const both = await Promise.allSettled([
    desk.evidence.continueUpload(amina, upload.id, 0, Readable.from([bytes])),
    desk.again().continueUpload(amina, upload.id, 0, Readable.from([bytes])),
  ]);
  const won = both.filter((one) => one.status === 'fulfilled');
  expect(won.length).toBeLessThan(2);
  if (won.length === 0) {
    const { received } = await desk.evidence.getUpload(amina, upload.id);
    await desk.again().continueUpload(amina, upload.id, received, Readable.from([bytes.subarray(received)]));
  }
  expect(await desk.evidence.getFile(amina, upload.id)).toMatchObject({ sha256: sha256(bytes) });
});

test('an upload belongs to whoever began it: another person, and a former member, do not see it', async () => {
  const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'mine.bin', size: 10 });
  await desk.evidence.addMember(amina, caseFileId, 'bruno');
  const bruno = desk.person('bruno');
  await expect(desk.evidence.getUpload(bruno, upload.id)).rejects.toThrow('evidence.no-upload');
  await expect(desk.evidence.continueUpload(bruno, upload.id, 0, Readable.from(['x']))).rejects.toThrow(
    'evidence.no-upload',
  );
  await expect(desk.evidence.dropUpload(bruno, upload.id)).rejects.toThrow('evidence.no-upload');
  await desk.evidence.dropUpload(amina, upload.id);
  await expect(desk.evidence.getUpload(amina, upload.id)).rejects.toThrow('evidence.no-upload');
});

test('F9: quotas of file, case file and person are refused in plain words before a byte is sent', async () => {
  const small = desk.again({ maxFileBytes: 1000 });
  await expect(small.beginUpload(amina, caseFileId, { fileName: 'a', size: 1001 })).rejects.toThrow(
    'evidence.file-too-large',
  );
  const { id } = await desk.evidence.openCaseFile(amina, { title: 'Quota', handling: desk.handling });
  const tight = desk.again({ maxCaseFileBytes: 5000 });
  await tight.addFile(amina, id, { fileName: 'a', bytes: random(3000) });
  await expect(tight.beginUpload(amina, id, { fileName: 'b', size: 2500 })).rejects.toThrow('evidence.over-case-quota');
  const clara = desk.person('clara');
  const own = await desk.evidence.openCaseFile(clara, { title: 'Person', handling: desk.handling });
  const fair = desk.again({ maxPersonBytes: 5000 });
  await fair.beginUpload(clara, own.id, { fileName: 'a', size: 4000 });
  await expect(fair.beginUpload(clara, own.id, { fileName: 'b', size: 2000 })).rejects.toThrow(
    'evidence.over-person-quota',
  );
  await expect(fair.addFile(clara, own.id, { fileName: 'b', bytes: Readable.from([random(2000)]) })).rejects.toThrow(
    'evidence.over-person-quota',
  );
});

test('F9: an upload left alone for a day goes with every piece of it, and the log says so', async () => {
  const before = await storedBlobs();
  const bytes = random(pieceLength + 10);
  const upload = await desk.evidence.beginUpload(amina, caseFileId, { fileName: 'left.bin', size: 2 * bytes.length });
  await desk.evidence.continueUpload(amina, upload.id, 0, Readable.from([bytes]));
  const staged = await desk.evidence.stageFile(node, {
    fileName: 'never-taken.bin',
    mediaType: 'application/octet-stream',
    bytes: Readable.from([bytes]),
  });
  expect(await storedBlobs()).toBe(before + 5);
  desk.clock.advance(23 * 3_600_000);
  const soon = await desk.evidence.sweepUploads(node);
  desk.clock.advance(2 * 3_600_000);
  expect((await desk.evidence.sweepUploads(node)) + soon).toBeGreaterThanOrEqual(2);
  expect(await storedBlobs()).toBe(before);
  await expect(desk.evidence.getUpload(amina, upload.id)).rejects.toThrow('evidence.no-upload');
  await expect(
    node.transaction((tx) =>
      desk.evidence.takeStaged(tx, node, caseFileId, staged, {
        source: 'XB:central-authority',
        custodyRef: null,
        useLimitation: null,
      }),
    ),
  ).rejects.toThrow('evidence.no-upload');
  const logged = await withTransaction(desk.database.db, 'system:test', (tx) =>
    tx.selectFrom('audit_entries').select('entry').execute(),
  );
  const drops = logged.map((one) => JSON.stringify(one.entry)).filter((one) => one.includes('evidence.drop-upload'));
  expect(drops.filter((one) => one.includes('left-alone')).length).toBeGreaterThanOrEqual(2);
});

test('F11: the same file twice, and equal names with other content, each have a custody of their own', async () => {
  const bytes = random(1000);
  const one = await desk.evidence.addFile(amina, caseFileId, { fileName: 'scan.pdf', bytes });
  const two = await desk.evidence.addFile(amina, caseFileId, { fileName: 'scan.pdf', bytes });
  const other = await desk.evidence.addFile(amina, caseFileId, { fileName: 'scan.pdf', bytes: random(1000) });
  expect(one.sha256).toBe(two.sha256);
  expect(other.sha256).not.toBe(one.sha256);
  expect(new Set([one.id, two.id, other.id]).size).toBe(3);
  await buffer((await desk.evidence.readFile(amina, one.id)).bytes);
  const acts = async (id: typeof one.id) =>
    (await desk.evidence.listCustody(amina, id)).entries.map(({ entry }) => entry.act);
  expect(await acts(one.id)).toEqual(['received', 'sealed', 'read']);
  expect(await acts(two.id)).toEqual(['received', 'sealed']);
});

test('D7: a flipped bit in any piece of a large file is found, refused and recorded', async () => {
  const bytes = random(pieceLength + 70_000);
  const file = await desk.evidence.addFile(amina, caseFileId, { fileName: 'rot.bin', bytes });
  const row = await withTransaction(desk.database.db, 'system:test', (tx) =>
    tx.selectFrom('evidence_files').selectAll().where('id', '=', file.id).executeTakeFirstOrThrow(),
  );
  const list = JSON.parse((await buffer(await desk.blobs.get(row.blob_key))).toString()) as { pieces: [string][] };
  const [second] = list.pieces[1]!;
  const path = join(desk.folder, 'blobs', second.slice(0, 2), second);
  const sound = readFileSync(path);
  const rotten = Buffer.from(sound);
  rotten[1000]! ^= 1;
  writeFileSync(path, rotten);
  await expect(desk.evidence.readFile(amina, file.id)).rejects.toThrow('blobs.damaged');
  expect((await desk.evidence.verifyFile(amina, file.id)).whole).toBe(false);
  const { problems } = await desk.evidence.verifyAll(node);
  expect(problems).toMatchObject([{ code: 'evidence.file-damaged', path: [file.id] }]);
  const scrubbed: string[] = [];
  for await (const one of desk.blobs.scrub()) if (!one.whole) scrubbed.push(one.key);
  expect(scrubbed).toEqual([second]);
  // The healthy copy comes back from a backup.
  writeFileSync(path, sound);
  expect((await desk.evidence.verifyFile(amina, file.id)).whole).toBe(true);
  const { entries } = await desk.evidence.listCustody(amina, file.id);
  expect(entries.map(({ entry }) => [entry.act, entry.outcome])).toEqual([
    ['received', undefined],
    ['sealed', undefined],
    ['verified', 'damaged'],
    ['verified', 'damaged'],
    ['verified', 'whole'],
  ]);
});

test('the plaintext of an upload rests on no disk: a canary is found in no file and no row', async () => {
  const canary = random(32);
  const bytes = Buffer.concat([random(pieceLength - 20), canary, random(1000), canary]);
  const upload = await desk.evidence.beginUpload(amina, caseFileId, {
    fileName: `canary-${canary.toString('hex')}.bin`,
    size: bytes.length,
    collected: { on: plainDate('2026-05-01'), by: `K ${canary.toString('hex')}` },
  });
  await expect(
    desk.evidence.continueUpload(amina, upload.id, 0, broken(bytes.subarray(0, pieceLength + 40))),
  ).rejects.toThrow('line lost');
  const { received } = await desk.evidence.getUpload(amina, upload.id);
  await desk.evidence.continueUpload(amina, upload.id, received, Readable.from([bytes.subarray(received)]));
  const forms = [canary, Buffer.from(canary.toString('hex')), Buffer.from(canary.toString('base64'))];
  for (const name of readdirSync(desk.folder, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const stored = readFileSync(join(name.parentPath, name.name));
    for (const form of forms) expect(stored.includes(form), name.name).toBe(false);
  }
  const rows = await withTransaction(desk.database.db, 'system:test', async (tx) =>
    JSON.stringify([
      await tx.selectFrom('evidence_files').selectAll().execute(),
      await tx.selectFrom('evidence_uploads').selectAll().execute(),
      await tx.selectFrom('custody_entries').selectAll().execute(),
      await tx.selectFrom('audit_entries').select('entry').execute(),
    ]),
  );
  for (const form of forms) expect(rows.includes(form.toString('latin1'))).toBe(false);
});
