import { crc32, deflateRawSync } from 'node:zlib';

/** What an archive maker may lie about. */
export interface Entry {
  name: string;
  content?: Buffer;
  /** Bytes as they stand packed, with their checksum; instead of `content`. */
  packed?: { bytes: Buffer; crc: number };
  stored?: boolean;
  /** Size the list states. */
  statedSize?: number;
  flags?: number;
  /** Unix mode: 0o120777 is a link. */
  mode?: number;
  /** Place of another entry's header that this one points to. */
  sameAs?: number;
  /** Name in the header before the bytes, when it differs from the list. */
  localName?: string;
}

/** Writes a zip byte by byte, with whatever lies are asked for. */
export function makeZip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = entry.content ?? Buffer.alloc(0);
    const method = entry.stored ? 0 : 8;
    const packed = entry.packed?.bytes ?? (entry.stored ? content : deflateRawSync(content));
    const size = entry.statedSize ?? content.length;
    const flags = (entry.flags ?? 0) | 0x800;
    const numbers = Buffer.alloc(12);
    numbers.writeUInt32LE(entry.packed?.crc ?? crc32(content), 0);
    numbers.writeUInt32LE(packed.length, 4);
    numbers.writeUInt32LE(size, 8);
    const fixed = (name: Buffer) =>
      Buffer.concat([
        Buffer.from([20, 0, flags & 255, flags >> 8, method, 0, 0, 0, 0x21, 0]),
        numbers,
        Buffer.from([name.length & 255, name.length >> 8, 0, 0]),
      ]);
    let offset = entry.sameAs === undefined ? undefined : offsets[entry.sameAs];
    if (offset === undefined) {
      offset = at;
      const name = Buffer.from(entry.localName ?? entry.name);
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed(name), name, packed]);
      parts.push(local);
      at += local.length;
    }
    offsets.push(offset);
    const name = Buffer.from(entry.name);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fixed(name), tail, name]));
  }
  const all = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, all, end]);
}

const text = (words: string) => Buffer.from(words);

/** Zip in zip, `layers` deep. */
export function nestedZip(layers: number, core: Buffer): Buffer {
  let inner = core;
  for (let layer = 0; layer < layers; layer += 1) inner = makeZip([{ name: `layer-${layer}.zip`, content: inner }]);
  return inner;
}

/** Many entries over the same packed bytes: a bomb without layers. */
export function overlappingBomb(): Buffer {
  const kernel = Buffer.alloc(400_000);
  return makeZip([
    { name: 'kernel', content: kernel },
    ...Array.from({ length: 200 }, (_, index) => ({ name: `copy-${index}`, content: kernel, sameAs: 0 })),
  ]);
}

/** 40 MB of nothing in 40 kB. */
export function ratioBomb(): Buffer {
  return makeZip([{ name: 'zeros', content: Buffer.alloc(40_000_000) }]);
}

/** Each hostile archive with what must be found in it. */
export const hostileArchives: readonly { title: string; bytes(): Buffer; finding: string }[] = [
  { title: 'a bomb by ratio', bytes: ratioBomb, finding: 'archive-ratio' },
  { title: 'a bomb of overlapping entries', bytes: overlappingBomb, finding: 'archive-overlap' },
  {
    title: 'a size that lies: a few bytes are stated, ten million come out',
    bytes: () => makeZip([{ name: 'liar', content: Buffer.alloc(10_000_000), statedSize: 10 }]),
    finding: 'archive-broken',
  },
  { title: 'four layers', bytes: () => nestedZip(4, text('deep')), finding: 'archive-nested' },
  {
    title: 'more entries than allowed',
    bytes: () => makeZip(Array.from({ length: 10_001 }, (_, index) => ({ name: `f${index}`, stored: true }))),
    finding: 'archive-too-many',
  },
  {
    title: 'a name that climbs',
    bytes: () => makeZip([{ name: '../../etc/cron.d/x', content: text('x') }]),
    finding: 'archive-unsafe-name',
  },
  {
    title: 'an absolute name',
    bytes: () => makeZip([{ name: '/etc/passwd', content: text('x') }]),
    finding: 'archive-unsafe-name',
  },
  {
    title: 'a name with a drive',
    bytes: () => makeZip([{ name: 'C:\\Windows\\x', content: text('x') }]),
    finding: 'archive-unsafe-name',
  },
  {
    title: 'a name with a null',
    bytes: () => makeZip([{ name: 'a\u0000.txt', content: text('x') }]),
    finding: 'archive-unsafe-name',
  },
  {
    title: 'a link',
    bytes: () => makeZip([{ name: 'link', content: text('/etc/passwd'), mode: 0o120777 }]),
    finding: 'archive-link',
  },
  {
    title: 'two entries of one name',
    bytes: () =>
      makeZip([
        { name: 'a.txt', content: text('one') },
        { name: 'A.TXT', content: text('two') },
      ]),
    finding: 'archive-duplicate',
  },
  {
    title: 'an encrypted entry',
    bytes: () => makeZip([{ name: 'secret.bin', content: text('x'), flags: 1, stored: true }]),
    finding: 'archive-encrypted',
  },
  {
    title: 'another name before the bytes than in the list',
    bytes: () => makeZip([{ name: 'report.pdf', localName: 'virus.exe', content: text('x') }]),
    finding: 'archive-broken',
  },
  {
    title: 'a cut archive',
    bytes: () => makeZip([{ name: 'a', content: text('x') }]).subarray(0, -30),
    finding: 'archive-broken',
  },
];

/** Archives that must pass. */
export const honestArchives: readonly { title: string; bytes(): Buffer }[] = [
  {
    title: 'two files',
    bytes: () =>
      makeZip([
        { name: 'a.txt', content: text('one') },
        { name: 'b/c.txt', content: text('two'), stored: true },
      ]),
  },
  { title: 'three layers', bytes: () => nestedZip(3, text('deep enough')) },
  { title: 'an Arabic name', bytes: () => makeZip([{ name: 'أمر.txt', content: text('نص') }]) },
  { title: 'nothing in it', bytes: () => makeZip([]) },
  { title: 'a page of blanks', bytes: () => makeZip([{ name: 'blank.txt', content: Buffer.alloc(900_000, 32) }]) },
];
