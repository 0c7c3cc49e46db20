import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Unavailable } from '../../platform/errors.ts';
import { secret, type Random } from '../../platform/random.ts';

export type Direction = 'in' | 'out';

/** A part of which more may come: bytes are promised only after `flush`. */
export interface GrowingPart {
  write(bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Sealed parts too large to travel inside a message, and the hashes of their blocks. Everything in it is ciphertext. */
export interface PartFolder {
  /** Stores a part that is whole; answers when the disk has it. */
  write(direction: Direction, blobId: string, pieces: AsyncIterable<Uint8Array>): Promise<number>;
  /** Goes on at an offset; what stands behind it is cut off. */
  grow(direction: Direction, blobId: string, offset: number): Promise<GrowingPart>;
  read(direction: Direction, blobId: string, from?: number, until?: number): Readable;
  writeTree(direction: Direction, blobId: string, leaves: Uint8Array): Promise<void>;
  readTree(direction: Direction, blobId: string): Promise<Buffer>;
  remove(direction: Direction, blobId: string): Promise<void>;
  /** What lies there, some files at a time; drafts of a process that ended among it. */
  list(direction: Direction, atOnce: number): AsyncIterable<PartFile[]>;
  /** Removes one file by its name. */
  discard(direction: Direction, name: string): Promise<void>;
}

export interface PartFile {
  name: string;
  blobId: string;
  /** Never became whole: nothing knows of it. */
  isDraft: boolean;
  /** Milliseconds since 1970, by the clock of the disk. */
  changedAt: number;
}

function notWritable(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EIO' || code === 'EROFS' || code === 'EDQUOT'
    ? new Unavailable('exchange.not-recording', { params: { detail: code }, cause: error })
    : error;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Parts in a folder of the node. Ids are random text of the alphabet of base64url: they are safe as names. */
export function partFolder(base: string, random: Random): PartFolder {
  const at = (direction: Direction, name: string) => join(base, direction, name);
  const made = (direction: Direction) => mkdir(join(base, direction), { recursive: true, mode: 0o700 });

  async function store(direction: Direction, name: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    await made(direction);
    const draft = at(direction, `${name}.${secret(random, 8)}.new`);
    const handle = await open(draft, 'wx', 0o600);
    let size = 0;
    try {
      for await (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += (await handle.write(piece, done)).bytesWritten;
        size += piece.length;
      }
      await handle.sync();
      await handle.close();
      await rename(draft, at(direction, name));
      await syncFolder(join(base, direction));
      return size;
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(draft, { force: true });
      throw notWritable(error);
    }
  }

  return {
    write: (direction, blobId, pieces) => store(direction, `${blobId}.part`, pieces),
    async grow(direction, blobId, offset) {
      await made(direction);
      const path = at(direction, `${blobId}.part`);
      const there = await stat(path).catch(() => undefined);
      if ((there?.size ?? 0) < offset) throw new Unavailable('exchange.part-lost', { params: { part: blobId } });
      const handle = await open(path, there ? 'r+' : 'wx', 0o600);
      if (!there) await syncFolder(join(base, direction));
      await handle.truncate(offset);
      let place = offset;
      return {
        async write(bytes) {
          try {
            for (let done = 0; done < bytes.length;) {
              const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, place);
              done += bytesWritten;
              place += bytesWritten;
            }
          } catch (error) {
            throw notWritable(error);
          }
        },
        async flush() {
          // A failed flush is final: what was not flushed is asked for again.
          await handle.sync().catch((error: unknown) => {
            throw notWritable(error);
          });
        },
        close: () => handle.close(),
      };
    },
    read: (direction, blobId, from = 0, until) =>
      createReadStream(at(direction, `${blobId}.part`), {
        start: from,
        ...(until === undefined ? {} : { end: until - 1 }),
        highWaterMark: 262_144,
      }),
    async writeTree(direction, blobId, leaves) {
      async function* one(): AsyncIterable<Uint8Array> {
        yield leaves;
      }
      await store(direction, `${blobId}.tree`, one());
    },
    readTree: (direction, blobId) =>
      readFile(at(direction, `${blobId}.tree`)).catch((cause: unknown) => {
        throw new Unavailable('exchange.part-lost', { params: { part: blobId }, cause });
      }),
    async remove(direction, blobId) {
      await rm(at(direction, `${blobId}.part`), { force: true });
      await rm(at(direction, `${blobId}.tree`), { force: true });
    },
    async *list(direction, atOnce) {
      const folder = await opendir(join(base, direction)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (!folder) return;
      let files: PartFile[] = [];
      for await (const { name } of folder) {
        const found = await stat(at(direction, name)).catch(() => undefined);
        const [blobId = ''] = name.split('.');
        if (found?.isFile()) files.push({ name, blobId, isDraft: name.endsWith('.new'), changedAt: found.mtimeMs });
        if (files.length < atOnce) continue;
        yield files;
        files = [];
      }
      if (files.length > 0) yield files;
    },
    discard: (direction, name) => rm(at(direction, name), { force: true }),
  };
}
