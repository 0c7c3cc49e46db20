import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { every } from '../../../platform/clock.ts';
import { evidenceDesk, type EvidenceDesk } from '../../../../tests/support/evidence.ts';

// Enough to tell a stream from a heap: five whole files would not fit below the limit with their copies.
const size = 48_000_000;
const piece = Buffer.alloc(1_048_576, 7);
let desk: EvidenceDesk;

beforeAll(async () => {
  desk = await evidenceDesk();
});
afterAll(() => desk.close());

function* bytes(length: number) {
  for (let at = 0; at < length; at += piece.length) yield piece.subarray(0, Math.min(piece.length, length - at));
}

test(
  'F8: five large uploads at once take less than 400 MiB together, and each comes whole',
  { timeout: 600_000 },
  async () => {
    const amina = desk.person('amina');
    const { id } = await desk.evidence.openCaseFile(amina, { title: 'Large', handling: desk.handling });
    let most = 0;
    const watch = every(50, () => (most = Math.max(most, process.memoryUsage().rss)));
    const before = process.memoryUsage().rss;
    const files = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        const upload = await desk.evidence.beginUpload(amina, id, { fileName: `disk-${index}.img`, size });
        const half = Math.floor(size / 2);
        await desk.evidence.continueUpload(amina, upload.id, 0, Readable.from(bytes(half)));
        return (await desk.evidence.continueUpload(amina, upload.id, half, Readable.from(bytes(size - half)))).file;
      }),
    );
    watch.stop();
    expect(files.map((one) => one?.size)).toEqual(Array.from({ length: 5 }, () => size));
    expect(new Set(files.map((one) => one?.sha256)).size).toBe(1);
    expect(most - before).toBeLessThan(400 * 1_048_576);
  },
);
