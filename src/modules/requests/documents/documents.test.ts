import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { instant, sha256 } from '../../../platform/values/index.ts';
import { contentHash, readDraft, type DraftRequest } from '../schema/index.ts';
import { requestDocx } from './docx/index.ts';
import { documentMessages } from './messages/index.ts';
import { requestPdf } from './pdf.ts';
import { toPrintable, type PrintableRequest } from './printable/index.ts';
import { readSha256, toRendition, verifyFile } from './rendition.ts';
import { samplePrintOptions, sampleRequest } from './sample.ts';
import { mirrored, readPdf, squeezed } from './testing/pdf.ts';
import { zipEntries } from './zip.ts';

// The first paper starts the typesetter and reads its fonts.
vi.setConfig({ testTimeout: 30_000 });

const both = () => toPrintable(sampleRequest(), samplePrintOptions(['en', 'ar']));

function withoutHash(request: DraftRequest): DraftRequest {
  const { contentHash: _hash, ...rest } = request;
  return rest;
}

async function docxText(request: PrintableRequest): Promise<Record<string, string>> {
  const entries = await zipEntries(await requestDocx(request));
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.bytes.toString('utf8')]));
}

function plain(xml: string): string {
  return xml
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

test('the parts of a request are printed in the order of the field, and clauses are numbered through', () => {
  const request = both();
  expect(request.sections.map((section) => section.id)).toEqual([
    'authorities',
    'urgency',
    'basis',
    'proceeding',
    'facts',
    'offences',
    'persons',
    'assistance',
    'particulars',
    'assurances',
    'use',
    'signature',
  ]);
  const numbers = request.sections.flatMap((section) => section.clauses.map((clause) => clause.n));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(request.tables.map((table) => table.number)).toEqual(['I', 'II']);
});

test('both sides of every clause have the same lines, so that they face each other', () => {
  for (const section of both().sections) {
    for (const { n, sides } of section.clauses)
      expect([n, sides[1]?.lines.length]).toEqual([n, sides[0]?.lines.length]);
  }
});

test('every line of the Arabic side is written in Arabic, save names, numbers and text without translation', () => {
  for (const section of both().sections) {
    for (const clause of section.clauses) {
      const labels = clause.sides[1]?.lines.map((line) => line.label ?? '') ?? [];
      for (const label of labels) expect(label.replaceAll(/\u2068[^\u2069]*\u2069/gu, '')).not.toMatch(/[a-z]{3}/);
    }
  }
});

test('text that has no translation is marked on the side that lacks it', () => {
  const sides = both().sections.find((section) => section.id === 'assurances')?.clauses[1]?.sides;
  expect(sides?.map((side) => side.lines.map((line) => line.mark))).toEqual([[undefined], ['not-translated']]);
  const alone = toPrintable(sampleRequest(), samplePrintOptions(['ar'])).sections.find(
    (section) => section.id === 'assurances',
  );
  expect(alone?.clauses[1]?.sides[0]?.mark?.kind).toBe('not-translated');
});

test('machine translation is marked until a named person has checked it', () => {
  const mark = (checkedBy?: string) => {
    const languages = { original: 'en', translations: [{ lang: 'ar', machine: true, checkedBy }] };
    const printed = toPrintable({ ...withoutHash(sampleRequest()), languages }, samplePrintOptions());
    return printed.sections.find((section) => section.id === 'facts')?.clauses[0]?.sides.map((side) => side.mark?.kind);
  };
  expect(mark()).toEqual([undefined, 'machine']);
  expect(mark('C. Reader')).toEqual([undefined, undefined]);
});

test('a protected person is printed by code, unless the reader is on the list', () => {
  const printed = (showProtected: boolean) =>
    JSON.stringify(toPrintable(sampleRequest(), { ...samplePrintOptions(), showProtected }));
  expect(printed(false)).not.toContain('Hidden Name');
  expect(printed(true)).toContain('Hidden Name');
});

test('a request is not printed under a hash that is not its own', () => {
  const changed = { ...sampleRequest(), requestVersion: 3 };
  expect(() => toPrintable(changed, samplePrintOptions())).toThrow(/hash/);
});

test('a draft without any answer can be printed, and says that it is not a request', async () => {
  const read = readDraft({ kind: 'request', version: 1 });
  if (!read.ok) throw new Error('An empty draft is a draft');
  const printed = toPrintable(read.value, samplePrintOptions());
  expect(printed.signed).toBe(false);
  const { pages } = readPdf((await requestPdf(printed)).bytes);
  expect(pages[0]).toContain('DRAFT – NOT A REQUEST');
});

test('one request at one moment is one PDF, byte for byte', async () => {
  const [first, second] = [await requestPdf(both()), await requestPdf(both())];
  expect(sha256(first.bytes)).toBe(sha256(second.bytes));
  const later = await requestPdf({ ...both(), createdAt: instant('2026-05-15T08:00:00.000Z') });
  expect(sha256(later.bytes)).not.toBe(sha256(first.bytes));
});

test('the PDF says that it is PDF/A-2b, and embeds every font, all of them ours', async () => {
  const { raw, fonts } = readPdf((await requestPdf(both())).bytes);
  expect(raw).toContain('<pdfaid:part>2</pdfaid:part>');
  expect(raw).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
  expect(raw).toContain('/OutputIntents');
  expect(fonts.length).toBeGreaterThan(4);
  for (const font of fonts) {
    expect(font.name).toMatch(/^[A-Z]{6}\+(SourceSerif4|Amiri|IBMPlexSans|IBMPlexMono)-/);
    expect(font.embedded).toBe(true);
  }
});

test('the text of both languages stands in the PDF, and every sheet carries reference, handling, hash and page count', async () => {
  const printed = both();
  const pdf = await requestPdf(printed);
  const { pages } = readPdf(pdf.bytes);
  expect(pages).toHaveLength(pdf.pages);
  const all = squeezed(pages.join(' '));
  expect(all).toContain(squeezed('Halder Quay Trading Ltd, Alba City, was founded on 11 January 2026'));
  // Every Arabic word can be found; those with vowel signs and the ligature lam-alef lie otherwise on the page.
  const arabic = printed.sections.flatMap((section) =>
    section.clauses.flatMap((clause) => clause.sides[1]?.lines ?? []),
  );
  const words = arabic.flatMap((line) => line.runs.flatMap((run) => run.text.match(/[\u0621-\u0652]+/gu) ?? []));
  const simple = words.filter((word) => !/[\u064B-\u0652]|ل[اأإآ]/u.test(word));
  expect(simple.length).toBeGreaterThan(300);
  expect(simple.filter((word) => !all.includes(mirrored(word)))).toEqual([]);
  for (const [index, page] of pages.entries()) {
    expect(page).toContain('XA-2026-05-0172-D');
    expect(page).toContain('Restricted');
    expect(page).toContain('TLP:AMBER+STRICT');
    expect(squeezed(page)).toContain(printed.contentHash.slice(7, 23));
    expect(squeezed(page)).toContain(squeezed(`Page ${index + 1} of ${pdf.pages}`));
  }
});

const hostile = [
  '#import "x"; #panic("now") #sys.inputs',
  '*bold* _under_ $ sum_(k=0)^n $ `raw` <label> @ref = Heading',
  'a ] b [ c } d { \\ e \\u{202e} "quoted" // comment /* more */',
  '<script>alert(1)</script> & &amp; <w:p/> ]]>',
  '{code, select, other {x}} {0} #{',
];

test('markup, code and HTML typed by people print as text in PDF and Word', async () => {
  const facts = hostile.map((text, index) => ({ id: `f${index + 1}`, text: { en: text } }));
  const printed = toPrintable({ ...withoutHash(sampleRequest()), facts }, samplePrintOptions(['en']));
  const page = squeezed(readPdf((await requestPdf(printed)).bytes).pages.join(' '));
  const word = squeezed(plain((await docxText(printed))['word/document.xml'] ?? ''));
  for (const text of hostile) {
    expect(page).toContain(squeezed(text));
    expect(word).toContain(squeezed(text));
  }
});

test('bidirectional overrides and control characters are left out of the paper, unknown characters are written as codes', async () => {
  const text = 'pay \u202E00.005 RUE\u202C\u0000\u0007\u2066 to 张三 \uE000x\uE001';
  const printed = toPrintable(
    { ...withoutHash(sampleRequest()), facts: [{ id: 'f1', text: { en: text } }] },
    samplePrintOptions(['en']),
  );
  const line = 'pay 00.005 RUE to [U+5F20 U+4E09] [U+E000]x[U+E001]';
  expect(squeezed(readPdf((await requestPdf(printed)).bytes).pages.join(' '))).toContain(squeezed(line));
  expect(JSON.stringify(printed)).not.toMatch(/[\u202A-\u202E\u0000]/u);
});

test('whatever is typed, the paper is made and its Word file is clean XML', { timeout: 60_000 }, async () => {
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...hostile));
  await fc.assert(
    fc.asyncProperty(anything, async (text) => {
      const request = withoutHash(sampleRequest());
      const typed: DraftRequest = {
        ...request,
        facts: [{ id: 'f1', text: { en: text, ar: text } }],
        otherReference: text,
        basis: { ...request.basis, agreement: text },
      };
      const printed = toPrintable(typed, samplePrintOptions());
      expect((await requestPdf(printed)).pages).toBeGreaterThan(0);
      const xml = (await docxText(printed))['word/document.xml'] ?? '';
      expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
    }),
    { numRuns: 8 },
  );
});

test('the Word file has styles, numbering, and reference, handling, hash and page count on every sheet', async () => {
  const printed = both();
  const files = await docxText(printed);
  for (const [name, xml] of Object.entries(files)) {
    if (!name.endsWith('.xml')) continue;
    const open = xml.match(/<[A-Za-z][^>]*[^/]>|<[A-Za-z]>/g)?.length ?? 0;
    expect([name, xml.match(/<\/[^>]+>/g)?.length ?? 0]).toEqual([name, open]);
  }
  const header = plain(files['word/header1.xml'] ?? '');
  expect(header).toContain('XA-2026-05-0172-D');
  expect(header).toContain('Restricted');
  expect(squeezed(header)).toContain(printed.contentHash.slice(7, 23));
  expect(files['word/footer1.xml']).toContain('NUMPAGES');
  expect(files['word/footer1.xml']).toContain(printed.contentHash.slice(7));
  expect(files['word/styles.xml']).toContain('ClauseArabic');
  expect(files['word/numbering.xml']).toContain('upperLetter');
  expect(files['word/document.xml']).toContain('<w:bidi/>');
  expect(files['word/document.xml']).toContain('<w:rtl/>');
  expect(files['word/document.xml']).toContain('w:name="en_');
});

test('one request at one moment is one Word file, byte for byte', async () => {
  expect(sha256(await requestDocx(both()))).toBe(sha256(await requestDocx(both())));
});

test('PDF, Word file and QR code show one content hash, that of the request', async () => {
  const printed = both();
  const hex = contentHash(sampleRequest()).slice(7);
  expect(printed.contentHash).toBe(`sha256:${hex}`);
  expect(squeezed(readPdf((await requestPdf(printed)).bytes).pages.join(' '))).toContain(hex);
  expect((await docxText(printed))['word/footer1.xml']).toContain(hex);
  expect(printed.verify.qr).not.toBe(
    toPrintable({ ...withoutHash(sampleRequest()), requestVersion: 9 }, samplePrintOptions()).verify.qr,
  );
});

test('a released file is known by its bytes, and a changed one is not', async () => {
  const printed = both();
  const { bytes } = await requestPdf(printed);
  const released = toRendition(printed, 'pdf', bytes, instant('2026-05-14T09:00:00.000Z'));
  const find = (hash: string) => Promise.resolve(hash === released.fileSha256 ? released : undefined);
  expect(await verifyFile(sha256(bytes), find)).toEqual({ known: true, rendition: released });
  expect(released).toMatchObject({ contentHash: printed.contentHash, language: 'en,ar', format: 'pdf' });
  const changed = bytes.slice();
  changed[changed.length - 1] = 0;
  expect(await verifyFile(sha256(changed), find)).toEqual({ known: false });
});

test('a SHA-256 is read as people paste it', () => {
  const hex = sha256('x');
  expect(readSha256(` SHA-256 ${hex.toUpperCase().replaceAll(/(.{8})/g, '$1 ')}`)).toBe(hex);
  expect(readSha256(`sha256:${hex}`)).toBe(hex);
  expect(readSha256('not a hash')).toBeUndefined();
});

test('fields of a type print as dates, amounts, places and names, not as codes', () => {
  const particulars =
    both().sections.find((section) => section.id === 'particulars')?.clauses[0]?.sides[0]?.lines ?? [];
  const words = particulars
    .map((line) => `${line.label ?? ''}: ${line.runs.map((run) => run.text).join('')}`)
    .join('\n');
  const shown = words.replaceAll(/[\u2066-\u2069]/gu, '');
  expect(shown).toContain('Location: Port Borea, Borea');
  expect(shown).toContain('Holder: Halder Quay Trading Ltd');
  expect(shown).toContain('Value: EUR\u00a0412,600.00 on 13 May 2026');
  expect(shown).toContain('Order: annex 1');
  expect(shown).toContain('Duration: 12 months');
});

test('no phrase of the paper is longer than 30 words', () => {
  for (const [key, text] of Object.entries(documentMessages.words.en)) {
    const sentences = text.replaceAll(/\{[^{}]*\}/g, 'x').split(/(?<=[.:;?])\s/);
    expect([key, Math.max(...sentences.map((sentence) => sentence.split(/\s+/).length)) <= 30]).toEqual([key, true]);
  }
});
