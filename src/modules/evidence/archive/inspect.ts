import { buffer } from 'node:stream/consumers';
import type { Finding } from '../schema.ts';
import type { MiddleReader } from '../storage.ts';
import { isClosedArchive } from './document.ts';
import { BadZip, listZip, openEntry, type ZipEntry } from './zip.ts';

/** Own limits, before any scanner is asked: what lies beyond is never called clean. */
export const archiveLimits = {
  entries: 10_000,
  unpacked: 2 * 1_073_741_824,
  ratio: 100,
  depth: 3,
  /** Archives inside archives are held in memory up to here. */
  nested: 64 * 1_048_576,
} as const;

/** Below this a high ratio harms nobody: a page of blanks packs 1000:1. */
const ratioFrom = 10 * 1_048_576;

export interface Inspection {
  findings: Finding[];
  /** Bytes that all layers unpack to, as far as was counted. */
  unpacked: number;
}

/** Says whether a file begins as a zip does; documents of office programs are zips too. */
export function beginsAsZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/** Programs that travel inside documents of office programs. */
const macros = /(^|\/)vbaProject\.bin$|^Basic\/|\/macrosheets\//i;

const unsafeName = /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|[\u0000-\u001F\\]/;

function checkNames(entries: readonly ZipEntry[], found: Set<Finding>): void {
  const seen = new Set<string>();
  for (const { name, isLink, encrypted } of entries) {
    if (unsafeName.test(name)) found.add('archive-unsafe-name');
    if (isLink) found.add('archive-link');
    if (encrypted) found.add('archive-encrypted');
    if (macros.test(name)) found.add('document-macros');
    // As a disk that does not tell cases apart would see it.
    const plain = name.normalize('NFC').toLowerCase();
    if (seen.has(plain)) found.add('archive-duplicate');
    seen.add(plain);
  }
}

/** What is wrong with the list of an archive by names, links and encryption alone. */
export function inspectNames(entries: readonly ZipEntry[]): Finding[] {
  const found = new Set<Finding>();
  checkNames(entries, found);
  return [...found];
}

/** Entries that share bytes unpack to far more than they hold. The header before the bytes is at least 30 long. */
function sharesBytes(entries: readonly ZipEntry[], listAt: number): boolean {
  const byPlace = [...entries].sort((a, b) => a.offset - b.offset);
  return byPlace.some((one, index) => one.offset + 30 + one.packed > (byPlace[index + 1]?.offset ?? listAt));
}

/** A reader over bytes in hand, for an archive inside an archive. */
function readerOver(bytes: Buffer): MiddleReader {
  return { size: bytes.length, read: async (start, length) => bytes.subarray(start, start + length) };
}

/**
 * Looks into a zip without writing anything: names, links, duplicates, shared bytes, sizes and layers. Entries are
 * really unpacked, since stated sizes lie; counting stops at the limits.
 */
export async function inspectArchive(reader: MiddleReader, limits = archiveLimits): Promise<Inspection> {
  const found = new Set<Finding>();
  let unpacked = 0;

  async function look(archive: MiddleReader, depth: number): Promise<void> {
    if (depth > limits.depth) return void found.add('archive-nested');
    const { entries, listAt } = await listZip(archive, limits.entries);
    if (listAt < 0) return void found.add('archive-too-many');
    checkNames(entries, found);
    if (sharesBytes(entries, listAt)) return void found.add('archive-overlap');
    if (found.has('archive-encrypted')) return;
    if (entries.reduce((sum, one) => sum + one.size, 0) > limits.unpacked) return void found.add('archive-too-large');
    let here = 0;
    for (const entry of entries) {
      if (entry.isFolder || entry.isLink) continue;
      const nested: Buffer[] = [];
      let isZip = false;
      let length = 0;
      for await (const part of await openEntry(archive, entry)) {
        const bytes = part as Buffer;
        if (length === 0) isZip = beginsAsZip(bytes);
        if (length === 0 && isClosedArchive(bytes)) found.add('archive-unknown');
        length += bytes.length;
        here += bytes.length;
        unpacked += bytes.length;
        if (unpacked > limits.unpacked) return void found.add('archive-too-large');
        if (here > ratioFrom && here > limits.ratio * archive.size) return void found.add('archive-ratio');
        if (isZip && length <= limits.nested) nested.push(bytes);
      }
      if (!isZip) continue;
      if (length > limits.nested) found.add('archive-too-large');
      else await look(readerOver(Buffer.concat(nested)), depth + 1);
    }
  }

  try {
    await look(reader, 1);
  } catch (error) {
    if (!(error instanceof BadZip)) throw error;
    found.add('archive-broken');
  }
  return { findings: [...found], unpacked };
}

/** All of a small entry. */
export async function readEntry(reader: MiddleReader, entry: ZipEntry): Promise<Buffer> {
  return buffer(await openEntry(reader, entry));
}
