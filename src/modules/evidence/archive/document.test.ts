import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeZip } from '../../../../tests/support/hostile/archives.ts';
import { decideScan } from '../rules/scan.ts';
import { inspectDocument } from './document.ts';
import { inspectArchive } from './inspect.ts';

const over = (bytes: Buffer) => ({
  size: bytes.length,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});
const look = (bytes: Buffer) => inspectDocument(over(bytes));

const zip = makeZip([{ name: 'a.txt', content: Buffer.from('a') }]);
const office = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const wide = (text: string) => Buffer.from(text, 'utf16le');
const pdf = (trailer: string, before = 0) =>
  Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(before, 'a'), Buffer.from(`trailer << ${trailer} >>\n%%EOF`)]);
const tar = Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\x0000', 'latin1'), Buffer.alloc(3000)]);

test.each([
  ['a PDF that is encrypted', pdf('/Encrypt 7 0 R'), ['document-encrypted']],
  ['one whose word stands over the border of what is read at once', pdf('/Encrypt<</V 5>>', 1_048_576 - 24), ['document-encrypted']], // prettier-ignore
  ['a PDF that runs a script', pdf('/OpenAction << /S /JavaScript /JS (x) >>'), ['document-macros']],
  ['a plain PDF that only names what encryption would leave open', pdf('/EncryptMetadata false /JSX 1'), []],
  ['a document of an office program, encrypted', Buffer.concat([office, Buffer.alloc(600), wide('EncryptedPackage')]), ['document-encrypted']], // prettier-ignore
  ['one with macros', Buffer.concat([office, Buffer.alloc(600), wide('_VBA_PROJECT')]), ['document-macros']],
  ['gzip', gzipSync('text'), ['archive-unknown']],
  ['7z', Buffer.from('377abcaf271c0004', 'hex'), ['archive-unknown']],
  ['RAR', Buffer.from('526172211a0701', 'hex'), ['archive-unknown']],
  ['tar', tar, ['archive-unknown']],
  ['a PDF with an archive behind it', Buffer.concat([pdf(''), zip]), ['two-kinds']],
  ['a program with an archive and more behind it', Buffer.concat([Buffer.from('MZ'), zip, Buffer.alloc(900)]), ['two-kinds']], // prettier-ignore
  ['words that only speak of an archive', Buffer.from('PK\x05\x06 is how a zip ends, says the manual of zip.'), []],
  ['text', Buffer.from('BZh is how a name begins'), []],
  ['nothing at all', Buffer.alloc(0), []],
])('F1: what a scanner cannot answer for is told: %s', async (_title, bytes, findings) => {
  expect(await look(bytes)).toEqual(findings);
});

test('F1: macros of an office document in a zip, and an archive of another kind inside it, are told', async () => {
  const word = makeZip([{ name: 'word/vbaProject.bin', content: Buffer.from('x') }]);
  expect((await inspectArchive(over(word))).findings).toEqual(['document-macros']);
  const packed = makeZip([{ name: 'more.7z', content: Buffer.from('377abcaf271c0004', 'hex') }]);
  expect((await inspectArchive(over(packed))).findings).toEqual(['archive-unknown']);
});

test('F3: what nobody could look into is never called clean, whatever the scanner says', () => {
  const said = (finding: Parameters<typeof decideScan>[0]['findings'][number]) =>
    decideScan({ hasScanner: true, answer: { status: 'clean' }, findings: [finding] }).scan;
  for (const closed of ['document-encrypted', 'archive-unknown', 'two-kinds'] as const)
    expect(said(closed)).toBe('not-scanned');
  // Programs in a document are something a scanner knows of.
  expect(said('document-macros')).toBe('clean');
});
