import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Unavailable } from '../errors.ts';
import { type Random, secret } from '../random.ts';
import { Sha256 } from '../values/index.ts';
import type { BlobKey, Blobs, StoredBlob } from './blobs.ts';

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** What a disk that takes nothing more is called; any other error as it is. */
function told(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EIO' || code === 'EROFS' || code === 'EDQUOT'
    ? new Unavailable('blobs.not-writable', { params: { detail: code }, cause: error })
    : error;
}

function hashing(key: BlobKey): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
    flush(done) {
      done(hash.digest('hex') === key ? null : new Unavailable('blobs.damaged', { params: { key } }));
    },
  });
}

/** Blobs in a folder, two levels deep by hash. A file appears under its name only when whole and flushed. */
export function folderBlobs(folder: string, random: Random): Blobs {
  const place = (key: BlobKey) => join(folder, key.slice(0, 2), key);
  const incoming = join(folder, 'incoming');

  /** The folder itself, and those above it that were made with it, stand on the disk: once, before anything is acknowledged. */
  let standing: Promise<void> | undefined;
  async function stand(): Promise<void> {
    const made = await mkdir(incoming, { recursive: true, mode: 0o700 });
    for (let above = dirname(folder); ; above = dirname(above)) {
      await syncFolder(above);
      if (made === undefined || above.length < made.length) return;
    }
  }

  async function put(bytes: Readable): Promise<StoredBlob> {
    await (standing ??= stand().catch((error: unknown) => {
      standing = undefined;
      throw told(error);
    }));
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const draft = join(incoming, secret(random, 16));
    const handle = await open(draft, 'wx', 0o600);
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const piece of bytes) {
        const chunk = piece as Buffer;
        hash.update(chunk);
        size += chunk.length;
        // One write may take less than it was given when the disk fills up.
        for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
      }
      // Acknowledged only when flushed; a failed flush is final and the caller is told.
      await handle.sync();
      await handle.close();
      const key = Sha256.parse(hash.digest('hex'));
      const target = place(key);
      await mkdir(join(folder, key.slice(0, 2)), { recursive: true, mode: 0o700 });
      await rename(draft, target);
      await syncFolder(join(folder, key.slice(0, 2)));
      await syncFolder(folder);
      return { key, size };
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(draft, { force: true });
      throw told(error);
    }
  }

  async function get(key: BlobKey): Promise<Readable> {
    const handle = await open(place(key), 'r').catch((cause: unknown) => {
      throw new Unavailable('blobs.missing', { params: { key }, cause });
    });
    const source = handle.createReadStream();
    const checked = hashing(key);
    source.on('error', (error) => checked.destroy(error));
    checked.on('close', () => source.destroy());
    return source.pipe(checked);
  }

  async function* list(): AsyncIterable<StoredBlob> {
    for (const level of (await readdir(folder).catch(() => [])).sort()) {
      if (!/^[0-9a-f]{2}$/.test(level)) continue;
      for (const name of (await readdir(join(folder, level))).sort()) {
        const key = Sha256.safeParse(name);
        if (key.success) yield { key: key.data, size: (await stat(join(folder, level, name))).size };
      }
    }
  }

  async function isWhole(key: BlobKey): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(place(key)), hash);
    } catch {
      return false;
    }
    return hash.digest('hex') === key;
  }

  return {
    put,
    get,
    list,
    has: (key) =>
      stat(place(key)).then(
        () => true,
        () => false,
      ),
    delete: (key) => rm(place(key), { force: true }),
    async *scrub() {
      for await (const { key } of list()) yield { key, whole: await isWhole(key) };
    },
  };
}
