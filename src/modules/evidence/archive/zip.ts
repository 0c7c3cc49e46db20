import { Readable } from 'node:stream';
import { createInflateRaw, crc32 } from 'node:zlib';
import type { MiddleReader } from '../storage.ts';

// Zip files (APPNOTE 6.3) as far as they are safe to read: one volume, stored or deflated, with the large forms.

export interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  /** Bytes in the archive, and unpacked as the archive states. */
  packed: number;
  size: number;
  crc: number;
  /** Where the header of the entry begins. */
  offset: number;
  isLink: boolean;
  isFolder: boolean;
}

/** The archive is not what it says, or uses what no honest archive needs. */
export class BadZip extends Error {}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const largeEndSignature = 0x06064b50;
const largePlaceSignature = 0x07064b50;
const full = 0xffffffff;

function largeNumber(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadZip('number');
  return Number(value);
}

async function findEnd(reader: MiddleReader): Promise<{ count: number; size: number; offset: number; end: number }> {
  const length = Math.min(reader.size, 65_557);
  const start = reader.size - length;
  const tail = await reader.read(start, length);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    // What follows the end must be its comment, or something hides behind the archive.
    if (at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
    if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0) throw new BadZip('volumes');
    const found = {
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
      end: start + at,
    };
    const isLarge = found.count === 0xffff || found.size === full || found.offset === full;
    return isLarge ? readLargeEnd(reader, start + at) : found;
  }
  throw new BadZip('no end');
}

async function readLargeEnd(reader: MiddleReader, end: number) {
  const place = await reader.read(Math.max(end - 20, 0), 20);
  if (place.length < 20 || place.readUInt32LE(0) !== largePlaceSignature) throw new BadZip('large end');
  const at = largeNumber(place, 8);
  const record = await reader.read(at, 56);
  if (record.length < 56 || record.readUInt32LE(0) !== largeEndSignature) throw new BadZip('large end');
  return { count: largeNumber(record, 32), size: largeNumber(record, 40), offset: largeNumber(record, 48), end: at };
}

/** Sizes and place that do not fit their fields stand in an extra field. */
function withLarge(entry: ZipEntry, extra: Buffer): ZipEntry {
  for (let at = 0; at + 4 <= extra.length;) {
    const id = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    const data = extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (id !== 1) continue;
    let next = 0;
    const take = (value: number) => {
      if (value !== full) return value;
      if (next + 8 > data.length) throw new BadZip('extra');
      next += 8;
      return largeNumber(data, next - 8);
    };
    const size = take(entry.size);
    const packed = take(entry.packed);
    return { ...entry, size, packed, offset: take(entry.offset) };
  }
  return entry;
}

/**
 * Reads the list of an archive. No more than `most` entries are looked at.
 * @throws BadZip
 */
export async function listZip(reader: MiddleReader, most: number): Promise<{ entries: ZipEntry[]; listAt: number }> {
  const { count, size, offset, end } = await findEnd(reader);
  if (count > most) return { entries: new Array<ZipEntry>(0), listAt: -1 };
  if (size > 64 * 1_048_576 || offset + size > end) throw new BadZip('list');
  const list = await reader.read(offset, size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > list.length || list.readUInt32LE(at) !== entrySignature) throw new BadZip('entry');
    const flags = list.readUInt16LE(at + 8);
    const nameLength = list.readUInt16LE(at + 28);
    const extraLength = list.readUInt16LE(at + 30);
    const commentLength = list.readUInt16LE(at + 32);
    const madeBy = list.readUInt8(at + 5);
    const mode = list.readUInt32LE(at + 38) >>> 16;
    const name = list.subarray(at + 46, at + 46 + nameLength).toString(flags & 0x800 ? 'utf8' : 'latin1');
    const extra = list.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    entries.push(
      withLarge(
        {
          name,
          method: list.readUInt16LE(at + 10),
          encrypted: (flags & 0x41) !== 0,
          crc: list.readUInt32LE(at + 16),
          packed: list.readUInt32LE(at + 20),
          size: list.readUInt32LE(at + 24),
          offset: list.readUInt32LE(at + 42),
          isLink: madeBy === 3 && (mode & 0xf000) === 0xa000,
          isFolder: name.endsWith('/'),
        },
        extra,
      ),
    );
    at += 46 + nameLength + extraLength + commentLength;
  }
  if (at !== list.length) throw new BadZip('list');
  return { entries, listAt: offset };
}

/** Where the bytes of an entry begin. The header before them must tell the same name as the list. */
export async function dataStart(reader: MiddleReader, entry: ZipEntry): Promise<number> {
  const header = await reader.read(entry.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== localSignature) throw new BadZip('header');
  const nameLength = header.readUInt16LE(26);
  const flags = header.readUInt16LE(6);
  const name = (await reader.read(entry.offset + 30, nameLength)).toString(flags & 0x800 ? 'utf8' : 'latin1');
  if (name !== entry.name || header.readUInt16LE(8) !== entry.method) throw new BadZip('two names');
  return entry.offset + 30 + nameLength + header.readUInt16LE(28);
}

const step = 1_048_576;

/**
 * The bytes of an entry as they unpack. The stream fails with BadZip when they are more than stated, or not what the checksum says.
 */
export async function openEntry(reader: MiddleReader, entry: ZipEntry): Promise<Readable> {
  const start = await dataStart(reader, entry);
  async function* packed() {
    for (let at = 0; at < entry.packed; at += step) {
      const piece = await reader.read(start + at, Math.min(step, entry.packed - at));
      if (piece.length === 0) throw new BadZip('cut');
      yield piece;
    }
  }
  const source = Readable.from(packed(), { objectMode: false });
  if (entry.method !== 0 && entry.method !== 8) throw new BadZip('method');
  const inflate = entry.method === 8 ? createInflateRaw() : undefined;
  source.on('error', (error) => inflate?.destroy(error));
  const plain: AsyncIterable<Buffer> = inflate ? source.pipe(inflate) : source;
  async function* checked() {
    let size = 0;
    let crc = 0;
    try {
      for await (const part of plain) {
        size += part.length;
        if (size > entry.size) throw new BadZip('larger than stated');
        crc = crc32(part, crc);
        yield part;
      }
    } catch (error) {
      throw error instanceof BadZip ? error : new BadZip('packed', { cause: error });
    }
    if (size !== entry.size || crc !== entry.crc) throw new BadZip('checksum');
  }
  return Readable.from(checked(), { objectMode: false });
}

export interface StoredEntry {
  name: string;
  size: number;
  crc: number;
  open(): Promise<Readable>;
}

/** 1 January 1980, the earliest a zip can say: the same content gives the same bytes. */
const noTime = Buffer.from([0, 0, 0x21, 0]);

function largeExtra(...numbers: number[]): Buffer {
  const body = Buffer.alloc(4 + numbers.length * 8);
  body.writeUInt16LE(1, 0);
  body.writeUInt16LE(numbers.length * 8, 2);
  numbers.forEach((value, index) => body.writeBigUInt64LE(BigInt(value), 4 + index * 8));
  return body;
}

/** Writes an archive of stored entries whose sizes and checksums are known before. */
export async function* writeStoredZip(entries: readonly StoredEntry[]): AsyncGenerator<Buffer> {
  let at = 0;
  const list: Buffer[] = [];
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'ascii');
    const isLarge = entry.size >= full;
    const offset = at;
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(entry.crc, 0);
    sizes.writeUInt32LE(isLarge ? full : entry.size, 4);
    sizes.writeUInt32LE(isLarge ? full : entry.size, 8);
    const extra = isLarge ? largeExtra(entry.size, entry.size) : Buffer.alloc(0);
    const version = isLarge ? 45 : 20;
    const header = Buffer.concat([
      Buffer.from([0x50, 0x4b, 3, 4, version, 0, 0, 0, 0, 0]),
      noTime,
      sizes,
      Buffer.from([name.length & 255, name.length >> 8, extra.length, 0]),
      name,
      extra,
    ]);
    yield header;
    at += header.length;
    let size = 0;
    for await (const part of await entry.open()) {
      size += (part as Buffer).length;
      yield part as Buffer;
    }
    if (size !== entry.size) throw new BadZip('changed while written');
    at += size;
    const farOff = offset >= full;
    const listExtra =
      isLarge || farOff
        ? largeExtra(...(isLarge ? [entry.size, entry.size] : []), ...(farOff ? [offset] : []))
        : Buffer.alloc(0);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(farOff ? full : offset, 0);
    list.push(
      Buffer.concat([
        Buffer.from([0x50, 0x4b, 1, 2, farOff ? 45 : version, 0, farOff ? 45 : version, 0, 0, 0, 0, 0]),
        noTime,
        sizes,
        Buffer.from([name.length & 255, name.length >> 8, listExtra.length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        place,
        name,
        listExtra,
      ]),
    );
  }
  const all = Buffer.concat(list);
  yield all;
  const large = at >= full || entries.length >= 0xffff;
  if (large) {
    const record = Buffer.alloc(56 + 20);
    record.writeUInt32LE(largeEndSignature, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeUInt16LE(45, 12);
    record.writeUInt16LE(45, 14);
    record.writeBigUInt64LE(BigInt(entries.length), 24);
    record.writeBigUInt64LE(BigInt(entries.length), 32);
    record.writeBigUInt64LE(BigInt(all.length), 40);
    record.writeBigUInt64LE(BigInt(at), 48);
    record.writeUInt32LE(largePlaceSignature, 56);
    record.writeBigUInt64LE(BigInt(at + all.length), 64);
    record.writeUInt32LE(1, 72);
    yield record;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(large ? 0xffff : entries.length, 8);
  end.writeUInt16LE(large ? 0xffff : entries.length, 10);
  end.writeUInt32LE(large ? full : all.length, 12);
  end.writeUInt32LE(large ? full : at, 16);
  yield end;
}
