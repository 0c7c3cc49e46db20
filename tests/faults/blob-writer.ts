// Stores files one after the other in the folder it is given and says each when it is stored. Its writes are recorded.
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { folderBlobs } from '../../src/platform/blobs/index.ts';
import { systemRandom } from '../../src/platform/random.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
const blobs = folderBlobs(join(folder, 'blobs'), systemRandom);
for (let n = 0; n < Number(count); n += 1) {
  const { key } = await blobs.put(Readable.from([Buffer.alloc(3_000 + n, n), Buffer.alloc(2_000, n + 1)]));
  process.stdout.write(`stored ${key}\n`);
}
