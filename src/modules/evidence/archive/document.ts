import type { Finding } from '../schema.ts';
import type { MiddleReader } from '../storage.ts';

// What a scanner cannot answer for: documents that are closed or carry programs, archives of kinds that are not read
// here, and files that are two things at once.

const mebibyte = 1_048_576;

/** Documents are read whole up to here, in bytes; of larger ones the first and the last part is. */
const readWhole = 64 * mebibyte;
const step = mebibyte;
/** Words that stand over the border of two steps are found as well. */
const overlap = 128;

const closedArchives: readonly { at: number; bytes: Buffer }[] = [
  { at: 0, bytes: Buffer.from('377abcaf271c', 'hex') }, // 7z
  { at: 0, bytes: Buffer.from('Rar!\x1a\x07', 'latin1') },
  { at: 0, bytes: Buffer.from('1f8b08', 'hex') }, // gzip
  { at: 0, bytes: Buffer.from('1f9d', 'hex') }, // compress
  { at: 4, bytes: Buffer.from('314159265359', 'hex') }, // bzip2
  { at: 0, bytes: Buffer.from('fd377a585a00', 'hex') }, // xz
  { at: 0, bytes: Buffer.from('28b52ffd', 'hex') }, // zstd
  { at: 0, bytes: Buffer.from('04224d18', 'hex') }, // lz4
  { at: 0, bytes: Buffer.from('LZIP', 'latin1') },
  { at: 0, bytes: Buffer.from('MSCF', 'latin1') }, // cabinet
  { at: 0, bytes: Buffer.from('60ea', 'hex') }, // arj
  { at: 2, bytes: Buffer.from('-lh', 'latin1') }, // lha
  { at: 257, bytes: Buffer.from('ustar', 'latin1') }, // tar
];

/** How many bytes of the start `isClosedArchive` and `inspectDocument` look at. */
export const headLength = 1024;

/** Whether a file begins as an archive that is not looked into here: neither own limits nor a scanner's word hold for it. */
export function isClosedArchive(head: Buffer): boolean {
  return closedArchives.some(({ at, bytes }) => head.subarray(at, at + bytes.length).equals(bytes));
}

const officeSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const wide = (text: string) => Buffer.from(text, 'utf16le').toString('latin1');

interface Sign {
  finding: Finding;
  pattern: RegExp;
}

/** @source ISO 32000-2: 7.6.2 (Encrypt in the trailer), 12.6.4.17 (JavaScript), 12.6.4.6 (Launch) */
const pdfSigns: readonly Sign[] = [
  { finding: 'document-encrypted', pattern: /\/Encrypt(?![A-Za-z])/ },
  { finding: 'document-macros', pattern: /\/(JavaScript|JS|Launch)(?![A-Za-z])/ },
];

/** @source MS-OFFCRYPTO 2.3.4.4 (EncryptedPackage), MS-OVBA 2.2.1 (project root storage) */
const officeSigns: readonly Sign[] = [
  { finding: 'document-encrypted', pattern: new RegExp(wide('EncryptedPackage')) },
  { finding: 'document-macros', pattern: new RegExp(wide('_VBA_PROJECT')) },
];

async function findSigns(reader: MiddleReader, signs: readonly Sign[], found: Set<Finding>): Promise<void> {
  const spans =
    reader.size <= readWhole
      ? [[0, reader.size]]
      : [
          [0, 8 * step],
          [reader.size - 8 * step, reader.size],
        ];
  for (const [from = 0, until = 0] of spans) {
    for (let at = from; at < until; at += step) {
      const start = Math.max(from, at - overlap);
      const text = (await reader.read(start, Math.min(at + step, until) - start)).toString('latin1');
      for (const { finding, pattern } of signs) if (pattern.test(text)) found.add(finding);
    }
  }
}

const endOfZip = Buffer.from('PK\x05\x06', 'latin1');
const listOfZip = Buffer.from('PK\x01\x02', 'latin1');

/** Whether programs for archives would open the end of a file that does not begin as an archive. */
async function endsAsZip(reader: MiddleReader): Promise<boolean> {
  const length = Math.min(reader.size, 65_557);
  const start = reader.size - length;
  const tail = await reader.read(start, length);
  for (let at = tail.lastIndexOf(endOfZip); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(endOfZip, at - 1)) {
    if (at + 22 > tail.length || tail.readUInt16LE(at + 10) === 0) continue;
    const list = start + at - tail.readUInt32LE(at + 12);
    if (list >= 0 && (await reader.read(list, 4)).equals(listOfZip)) return true;
  }
  return false;
}

/** Looks at a file that is no zip and no photo: what in it a scanner cannot answer for. */
export async function inspectDocument(reader: MiddleReader): Promise<Finding[]> {
  const found = new Set<Finding>();
  const head = await reader.read(0, Math.min(headLength, reader.size));
  if (isClosedArchive(head)) return ['archive-unknown'];
  // Readers of PDF take up to a kilobyte of anything before it.
  if (head.includes('%PDF-')) await findSigns(reader, pdfSigns, found);
  else if (head.subarray(0, 8).equals(officeSignature)) await findSigns(reader, officeSigns, found);
  if (await endsAsZip(reader)) found.add('two-kinds');
  return [...found];
}
