import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { honestArchives, hostileArchives, makeZip } from '../../../../tests/support/hostile/archives.ts';
import { inspectArchive, readEntry } from './inspect.ts';
import { listZip, writeStoredZip } from './zip.ts';

const over = (bytes: Buffer) => ({
  size: bytes.length,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});

for (const { title, bytes, finding } of hostileArchives) {
  test(`F3: an archive with ${title} is found out`, async () => {
    expect((await inspectArchive(over(bytes()))).findings).toContain(finding);
  });
}

for (const { title, bytes } of honestArchives) {
  test(`F1: an honest archive passes: ${title}`, async () => {
    expect((await inspectArchive(over(bytes()))).findings).toEqual([]);
  });
}

test('F3: looking into a bomb stops at the limits and does not unpack it', async () => {
  const bomb = makeZip([
    { name: 'a', content: Buffer.alloc(30_000_000) },
    { name: 'b', content: Buffer.alloc(30_000_000) },
  ]);
  const { unpacked, findings } = await inspectArchive(over(bomb));
  expect(findings).toEqual(['archive-ratio']);
  expect(unpacked).toBeLessThan(20_000_000);
});

test('what is written as a stored archive reads back entry by entry', async () => {
  const contents = [Buffer.from('application/vnd.etsi.asic-e+zip'), Buffer.alloc(2_000_000, 7), Buffer.alloc(0)];
  const bytes = await buffer(
    Readable.from(
      writeStoredZip(
        contents.map((content, index) => ({
          name: `f${index}`,
          size: content.length,
          crc: crc32(content),
          open: async () => Readable.from([content]),
        })),
      ),
    ),
  );
  const { entries } = await listZip(over(bytes), 10);
  expect(entries.map((one) => one.name)).toEqual(['f0', 'f1', 'f2']);
  for (const [index, entry] of entries.entries()) {
    expect((await readEntry(over(bytes), entry)).equals(contents[index]!)).toBe(true);
  }
  expect((await inspectArchive(over(bytes))).findings).toEqual([]);
});
