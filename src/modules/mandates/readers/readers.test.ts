import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ZipFile as ZipWriter } from 'yazl';
import { renderPdf } from '../../../platform/documents/index.ts';
import { instant } from '../../../platform/values/index.ts';
import { readFile } from '../service.ts';
import { readSource } from './index.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const whyOf = async (bytes: Uint8Array) => {
  const read = await readSource(bytes);
  return read.ok ? read.value.format : [read.error.code, read.error.params?.why ?? ''].join(' ').trim();
};
const codeOf = async (text: string) => readFile(bytesOf(text)).then(({ resolutions }) => resolutions.length, (error: { code?: string }) => error.code); // prettier-ignore

async function zipOf(parts: Record<string, string | Buffer>): Promise<Uint8Array> {
  const zip = new ZipWriter();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream));
}

const run = (text: string, properties = '') => `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`; // prettier-ignore
const paragraph = (inner: string, properties = '') => `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${inner}</w:p>`; // prettier-ignore
const numbered = (level: number) => `<w:numPr><w:ilvl w:val="${String(level)}"/><w:numId w:val="1"/></w:numPr>`;
const document = (inner: string) =>
  `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${inner}</w:body></w:document>`;
const numbering = `<?xml version="1.0"?><w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`; // prettier-ignore

test('a Word document: automatic numbers go on over a paragraph between, notes and struck words are kept', async () => {
  const docx = await zipOf({
    'word/document.xml': document(
      [
        paragraph(run('On invented things'), '<w:pStyle w:val="Heading1"/>'),
        paragraph(run('The Commission on Crime Prevention and Criminal Justice,')),
        paragraph(`${run('Recalling')}${run(' its rules,')}<w:r><w:footnoteReference w:id="2"/></w:r>`),
        paragraph(run('Requests the Secretariat to report to the Commission;'), numbered(0)),
        paragraph(run('Urges States:'), numbered(0)),
        paragraph(run('To act;'), numbered(1)),
        paragraph(run('To wait;'), numbered(1)),
        paragraph(`${run('Invites ')}<w:del><w:r><w:delText>all</w:delText></w:r></w:del>${run('donors to give.')}`, numbered(0)), // prettier-ignore
      ].join(''),
    ),
    'word/numbering.xml': numbering,
    'word/footnotes.xml': `<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0"><w:p>${run('x')}</w:p></w:footnote><w:footnote w:id="2"><w:p>${run('See A/RES/55/25.')}</w:p></w:footnote></w:footnotes>`, // prettier-ignore
  });
  const { source, resolutions } = await readFile(docx);
  const [read] = resolutions;
  expect(source.format).toBe('docx');
  expect(read?.operative.map((one) => [one.number, one.verb])).toEqual([['1', 'requests'], ['2', 'urges'], ['3', 'invites']]); // prettier-ignore
  expect(read?.operative[1]?.children.map((one) => one.number)).toEqual(['(a)', '(b)']);
  expect(read?.footnotes[0]).toMatchObject({ marker: '1', citations: [{ target: 'A/RES/55/25' }] });
  expect(read?.document).toMatchObject({ title: 'On invented things', draft: true });
});

const html = `<!doctype html><html><head><title>x</title><script>document.write('Requests all States to fall;')</script></head><body onload="alert(1)">
<h2>Resolution 4/2</h2><p>The General Assembly,</p><p><i>Recalling</i> its 21<sup>st</sup> session,<sup>[1]</sup></p>
<ol><li><em>Requests</em> the Secretary-General to report at its next session;<ol type="a"><li>on one &amp; two;</li></ol></li><li>Calls upon States to act.</li></ol>
<hr><ol><li id="fn1">See A/RES/55/25.</li></ol><style>p{}</style><iframe src="http://127.0.0.1/"></iframe></body></html>`;

test('HTML: numbers of lists, notes, and nothing of a script', async () => {
  const { resolutions } = await readFile(bytesOf(html));
  const [read] = resolutions;
  expect(read?.document).toMatchObject({ number: '4/2', bodyId: 'ga' });
  expect(read?.operative.map((one) => [one.number, one.verb, one.children.length])).toEqual([['1', 'requests', 1], ['2', 'calls upon', 0]]); // prettier-ignore
  expect(read?.preambular[0]).toMatchObject({ text: 'Recalling its 21st session,', footnotes: ['1'] });
  expect(read?.problems).toEqual([]);
  expect(JSON.stringify(read)).not.toMatch(/fall|alert|127\.0/);
});

const template = '#let d = json(bytes(sys.inputs.data))\n#set page(width: 200mm, height: 120mm, margin: 20mm)\n#set text(font: "Source Serif 4", size: 11pt)\n#for p in d.lines [#p#parbreak()]'; // prettier-ignore

test('a PDF with text: lines are joined, pages too', async () => {
  const lines = [
    'Resolution 4/2',
    'The Commission on Crime Prevention and Criminal Justice,',
    `Recalling ${'the many words of an invented rule '.repeat(30)}of old,`,
    '1. Requests the Secretariat to report to the Commission at its fourth session;',
    `2. Urges States to ${'act upon what was invented and '.repeat(20)}to rest.`,
  ];
  const { bytes, pages } = await renderPdf({ template, data: { lines }, createdAt: instant('2026-01-01T00:00:00.000Z') });
  expect(pages).toBeGreaterThan(1);
  const { source, resolutions } = await readFile(bytes);
  expect(source.format).toBe('pdf');
  expect(resolutions[0]?.preambular).toHaveLength(1);
  expect(resolutions[0]?.operative.map((one) => [one.number, one.kind])).toEqual([['1', 'reporting'], ['2', 'call']]);
  expect(resolutions[0]?.operative[1]?.text).toBe(lines[4]?.slice(3));
}, 120_000); // prettier-ignore

/** A PDF of one page without text; `more` goes into its trailer. */
function bareEmptyPdf(more = ''): Uint8Array {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>',
    `<</Filter/Standard/V 1/R 2/Length 40/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`,
  ];
  let out = '%PDF-1.4\n';
  const places = objects.map((object, n) => {
    const at = out.length;
    out += `${String(n + 1)} 0 obj${object}endobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return bytesOf(`${out}xref\n0 5\n0000000000 65535 f \n${table}trailer<</Size 5/Root 1 0 R/ID[<01><01>]${more}>>\nstartxref\n${String(out.length)}\n%%EOF`); // prettier-ignore
}

test('what cannot be read says why: empty, binary, encrypted, scanned, broken, unknown', async () => {
  expect(await whyOf(new Uint8Array(0))).toBe('mandates.unreadable empty');
  expect(await whyOf(Uint8Array.from({ length: 400 }, (_one, n) => (n * 37) % 256))).toBe('mandates.unreadable binary');
  expect(await whyOf(bareEmptyPdf('/Encrypt 4 0 R'))).toBe('mandates.unreadable encrypted');
  expect(await whyOf(bareEmptyPdf())).toBe('mandates.unreadable pictures');
  expect(await whyOf(bytesOf('%PDF-1.7 nothing more'))).toBe('mandates.unreadable broken');
  expect(await whyOf(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1]))).toBe('mandates.unreadable format');
  expect(await whyOf(await zipOf({ 'word/document.xml': '<w:document>' }))).toBe('mandates.unreadable broken');
  expect(await whyOf(await zipOf({ 'a.txt': 'x' }))).toBe('mandates.unreadable format');
  const entities =
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w"/>';
  expect(await whyOf(await zipOf({ 'word/document.xml': entities }))).toBe('mandates.unreadable broken');
}, 120_000);

test('what is too large is refused before it is read: bytes, unpacked bytes, nesting', async () => {
  expect(await whyOf(new Uint8Array(21 * 1_048_576))).toBe('mandates.too-large');
  expect(await whyOf(await zipOf({ 'word/document.xml': Buffer.alloc(50 * 1_048_576, 32) }))).toBe(
    'mandates.too-large',
  );
  const lists = `<p>The General Assembly,</p>${'<ol><li>a'.repeat(8)}`;
  expect(await whyOf(bytesOf(lists))).toBe('mandates.too-large');
  expect(await whyOf(bytesOf(`<p>${'<b>'.repeat(200_000)}x`))).toBe('html');
  expect(await codeOf('(a) (i) (1) (a) (i) (1) (a) x')).toBe('mandates.too-large');
  expect(await codeOf(`The General Assembly,\n\n${'Recalling it,\n\n'.repeat(5001)}`)).toBe('mandates.too-large');
}, 60_000);

test('what is no resolution is said to be none: a letter, a treaty, an article', async () => {
  expect(await codeOf('Dear Sir,\n\nWe request the following:\n\n1. Pens\n\n2. Paper\n\n3. Ink\n\nYours')).toBe('mandates.not-a-resolution'); // prettier-ignore
  expect(await codeOf('Article 1\n\nEach Party shall act.\n\nArticle 2\n\nParties should meet.')).toBe('mandates.not-a-resolution'); // prettier-ignore
  expect(await codeOf('The market fell on Monday. Experts urge care.')).toBe('mandates.not-a-resolution');
});

test('text of old files without Unicode is read by the Western table', async () => {
  const old = Buffer.from("L'Assemblée générale,\n\nRappelant sa résolution 55/25,\n\n1. Prie le Secrétaire général de lui faire rapport;\n", 'latin1'); // prettier-ignore
  const { resolutions } = await readFile(new Uint8Array(old));
  expect(resolutions[0]?.operative[0]).toMatchObject({ verb: 'prie', kind: 'reporting', addressees: [{ id: 'secretary-general' }] }); // prettier-ignore
});
