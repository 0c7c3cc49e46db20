import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { Unavailable } from '../../errors.ts';

// An entry: length and name, then pieces with their lengths, then a piece of length 0. The end: a name of length 0.
const longestName = 1000;
const longestPiece = 64 * 1024 * 1024;

function lengthOf(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}

async function write(target: Writable, bytes: Buffer): Promise<void> {
  if (!target.write(bytes)) await once(target, 'drain');
}

export async function writeEntry(
  target: Writable,
  name: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  await write(target, Buffer.concat([lengthOf(Buffer.byteLength(name)), Buffer.from(name)]));
  for await (const piece of pieces) {
    if (piece.length > 0) await write(target, Buffer.concat([lengthOf(piece.length), piece]));
  }
  await write(target, lengthOf(0));
}

export async function writeEnd(target: Writable): Promise<void> {
  await write(target, lengthOf(0));
}

export interface Entry {
  name: string;
  /** Must be read to its end before the next entry is asked for. */
  pieces: AsyncGenerator<Buffer>;
}

/** Reads entries one after another. Throws `db.backup-unreadable` when the stream ends early or is of another form. */
export async function* readEntries(source: Readable): AsyncGenerator<Entry> {
  const pieces = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  async function take(count: number): Promise<Buffer> {
    const parts = [held];
    let have = held.length;
    while (have < count) {
      const next = await pieces.next();
      if (next.done) throw new Unavailable('db.backup-unreadable');
      parts.push(next.value as Buffer);
      have += (next.value as Buffer).length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(count);
    return all.subarray(0, count);
  }
  const takeLength = async (most: number) => {
    const count = (await take(4)).readUInt32BE();
    if (count > most) throw new Unavailable('db.backup-unreadable');
    return count;
  };
  for (;;) {
    const nameLength = await takeLength(longestName);
    if (nameLength === 0) break;
    const name = (await take(nameLength)).toString('utf8');
    async function* content(): AsyncGenerator<Buffer> {
      for (let length = await takeLength(longestPiece); length > 0; length = await takeLength(longestPiece))
        yield await take(length);
    }
    yield { name, pieces: content() };
  }
  // Only the end of the stream proves that nothing was cut off.
  if (held.length > 0 || !(await pieces.next()).done) throw new Unavailable('db.backup-unreadable');
}
