import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** A page whose checksum does not fit what it holds, or the rest of a file that ends within a page. */
export interface DamagedPage {
  /** Inside the server's data folder, `base/16384/2619`. */
  file: string;
  /** Counted from the beginning of the table or index. */
  page: number;
}

export interface PageReport {
  files: number;
  pages: number;
  damaged: DamagedPage[];
}

const pageSize = 8_192;
const pagesPerSegment = 131_072;
/** A page that is being written while it is read looks torn for a moment. */
const looks = 5;

const prime = 16_777_619;
const lanes = 32;
/** @source PostgreSQL, src/include/storage/checksum_impl.h */
const beginnings = Uint32Array.of(
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c,
  0xf8d4474f, 0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb,
  0xe58f764b, 0x187636bc, 0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4,
  0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
); // prettier-ignore

const mixed = (sum: number, value: number): number => {
  const both = sum ^ value;
  return Math.imul(both, prime) ^ (both >>> 17);
};

/**
 * The checksum that PostgreSQL keeps in bytes 8 and 9 of a page, from everything else in it and its place.
 * @param place number of the page in its table or index, over all segments
 * @source PostgreSQL, src/include/storage/checksum_impl.h
 */
export function pageChecksum(page: Buffer, place: number): number {
  const sums = new Int32Array(beginnings);
  for (let at = 0; at < pageSize; at += lanes * 4) {
    for (let lane = 0; lane < lanes; lane += 1) {
      const from = at + lane * 4;
      // Its own place counts as nothing.
      const value = from === 8 ? page.readUInt16LE(10) << 16 : page.readInt32LE(from);
      sums[lane] = mixed(sums[lane]!, value);
    }
  }
  let sum = 0;
  for (let lane = 0; lane < lanes; lane += 1) sum ^= mixed(mixed(sums[lane]!, 0), 0);
  return (((sum ^ place) >>> 0) % 65_535) + 1;
}

/** Whether a page holds what was written to it; one that was never used has no checksum. */
export function isWholePage(page: Buffer, place: number): boolean {
  if (page.length !== pageSize) return false;
  const isNew = page.readUInt16LE(14) === 0;
  return isNew ? page.every((byte) => byte === 0) : page.readUInt16LE(8) === pageChecksum(page, place);
}

/** `16384`, `16384.1`, `16384_vm`, `16384_fsm.2`: forks and segments of tables and indexes. */
const relationFile = /^\d+(?:_(?:vm|fsm|init))?(?:\.(\d+))?$/;

async function relationFiles(data: string): Promise<string[]> {
  const folders = ['global'];
  for (const name of await readdir(join(data, 'base'))) if (/^\d+$/.test(name)) folders.push(`base/${name}`);
  const found: string[] = [];
  for (const folder of folders)
    for (const name of await readdir(join(data, folder))) if (relationFile.test(name)) found.push(`${folder}/${name}`);
  return found.sort();
}

async function readAgain(file: string, at: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(pageSize), 0, pageSize, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function isWholeAfterAll(file: string, at: number, place: number): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    await pause(20);
    const page = await readAgain(file, at);
    // Cut off by the server meanwhile: there is no such page any more.
    if (page.length === 0 || isWholePage(page, place)) return true;
  }
  return false;
}

/**
 * Reads every page of a PostgreSQL data folder and compares it with its checksum, whether the server runs or not. The
 * server itself looks only at what it is asked for.
 * @param data folder that holds `PG_VERSION`
 */
export async function checkPages(data: string): Promise<PageReport> {
  const report: PageReport = { files: 0, pages: 0, damaged: [] };
  for (const name of await relationFiles(data)) {
    const file = join(data, name);
    const first = Number(relationFile.exec(name.split('/').at(-1)!)?.[1] ?? 0) * pagesPerSegment;
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) continue;
    report.files += 1;
    try {
      const piece = Buffer.alloc(pageSize * 128);
      for (let at = 0; ;) {
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead === 0) break;
        for (let from = 0; from < bytesRead; from += pageSize) {
          const page = piece.subarray(from, Math.min(from + pageSize, bytesRead));
          const place = first + (at + from) / pageSize;
          report.pages += 1;
          if (!isWholePage(page, place) && !(await isWholeAfterAll(file, at + from, place)))
            report.damaged.push({ file: name, page: place });
        }
        if (bytesRead % pageSize !== 0) break;
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
  return report;
}

/** Folder of the node's own PostgreSQL; undefined when it has none. */
export function ownServerData(folder: string): string | undefined {
  const data = join(folder, 'postgres', 'data');
  return existsSync(join(data, 'PG_VERSION')) ? data : undefined;
}

/** Table or index that a file of the data folder belongs to, in the database the client is connected to; null for others. */
export async function nameOfFile(client: pg.Client, file: string): Promise<string | null> {
  const [, database, node] = /^base\/(\d+)\/(\d+)/.exec(file) ?? [];
  if (database === undefined) return null;
  const { rows } = await client.query<{ name: string | null }>(
    `SELECT pg_filenode_relation(0, $2::oid)::regclass::text AS name
       FROM pg_database WHERE oid = $1::oid AND datname = current_database()`,
    [database, node],
  );
  return rows[0]?.name ?? null;
}
