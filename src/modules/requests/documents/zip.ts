import { buffer } from 'node:stream/consumers';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { ZipFile as ZipWriter } from 'yazl';
import type { Instant } from '../../../platform/values/index.ts';

export interface ZipEntry {
  name: string;
  bytes: Buffer;
}

function open(bytes: Uint8Array): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(Buffer.from(bytes), { lazyEntries: true }, (error, zip) =>
      zip ? resolve(zip) : reject(error ?? new Error('Not a zip')),
    );
  });
}

function read(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      stream ? resolve(buffer(stream)) : reject(error ?? new Error('Not readable')),
    );
  });
}

/** All entries of a zip in memory, in their order. For small files of our own making. */
export async function zipEntries(bytes: Uint8Array): Promise<ZipEntry[]> {
  const zip = await open(bytes);
  const entries: ZipEntry[] = [];
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      read(zip, entry).then((content) => {
        entries.push({ name: entry.fileName, bytes: content });
        zip.readEntry();
      }, reject);
    });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  return entries;
}

/** Writes a zip whose bytes depend on its entries and the moment alone. */
export async function writeZip(entries: readonly ZipEntry[], at: Instant): Promise<Uint8Array> {
  const zip = new ZipWriter();
  for (const { name, bytes } of entries)
    zip.addBuffer(bytes, name, { mtime: new Date(at), mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream));
}
