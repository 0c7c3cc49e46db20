import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { systemRandom } from '../random.ts';
import { sha256 } from '../values/index.ts';
import { folderBlobs } from './folder.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-blobs-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('bytes are stored under their hash and come back the same', async () => {
  const blobs = folderBlobs(join(base, 'a'), systemRandom);
  const bytes = Buffer.from(systemRandom.bytes(300_000));
  const stored = await blobs.put(Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]));
  expect(stored).toEqual({ key: sha256(bytes), size: 300_000 });
  expect((await buffer(await blobs.get(stored.key))).equals(bytes)).toBe(true);
  await blobs.put(Readable.from([bytes]));
  const listed = [];
  for await (const one of blobs.list()) listed.push(one);
  expect(listed).toEqual([stored]);
  await blobs.delete(stored.key);
  expect(await blobs.has(stored.key)).toBe(false);
  await expect(blobs.get(stored.key)).rejects.toThrow('blobs.missing');
});

test('a broken upload leaves nothing behind', async () => {
  const blobs = folderBlobs(join(base, 'b'), systemRandom);
  async function* broken() {
    yield Buffer.from('half');
    throw new Error('line lost');
  }
  await expect(blobs.put(Readable.from(broken()))).rejects.toThrow('line lost');
  expect(readdirSync(join(base, 'b', 'incoming'))).toEqual([]);
});

test('a flipped bit is refused on reading and found by a scrub', async () => {
  const blobs = folderBlobs(join(base, 'c'), systemRandom);
  const { key } = await blobs.put(Readable.from([Buffer.from('evidence')]));
  const file = join(base, 'c', key.slice(0, 2), key);
  const bytes = readFileSync(file);
  bytes[3]! ^= 1;
  writeFileSync(file, bytes);
  await expect(buffer(await blobs.get(key))).rejects.toThrow('blobs.damaged');
  const found = [];
  for await (const one of blobs.scrub()) found.push(one);
  expect(found).toEqual([{ key, whole: false }]);
});
