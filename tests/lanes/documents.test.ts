import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestDocx } from '../../src/modules/requests/documents/docx/index.ts';
import { requestPdf } from '../../src/modules/requests/documents/pdf.ts';
import { toPrintable } from '../../src/modules/requests/documents/printable/index.ts';
import { samplePrintOptions, sampleRequest } from '../../src/modules/requests/documents/sample.ts';
import { use } from './tools.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-papers-'));
const pdf = join(base, 'request.pdf');
const docx = join(base, 'request.docx');
beforeAll(async () => {
  const printable = toPrintable(sampleRequest(), samplePrintOptions(['en', 'ar']));
  expect(printable.signed).toBe(true);
  writeFileSync(pdf, (await requestPdf(printable)).bytes);
  writeFileSync(docx, await requestDocx(printable));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('qpdf finds no fault in a signed request', () => {
  const { status, out } = use('qpdf', ['--check', pdf]);
  expect(out).toContain('No syntax or stream encoding errors found');
  expect(status).toBe(0);
});

test('every font of the paper is embedded, subset, and can be read back as text', () => {
  const { status, out } = use('pdffonts', [pdf]);
  expect(status).toBe(0);
  const rows = out
    .split('\n')
    .slice(2)
    .filter((line) => line.trim() !== '');
  expect(rows.length).toBeGreaterThan(4);
  // emb sub uni, then the object's number and generation.
  for (const row of rows) expect(row).toMatch(/\s+yes\s+yes\s+yes\s+\d+\s+\d+$/);
});

test('the text comes out of the paper in both scripts, with its reference on each sheet', () => {
  const { status, out } = use('pdftotext', ['-layout', pdf, '-']);
  expect(status).toBe(0);
  const sheets = out.split('\f').filter((sheet) => sheet.trim() !== '');
  const reference = sampleRequest().reference ?? '';
  expect(reference).toMatch(/^XA-/);
  for (const sheet of sheets) expect(sheet).toContain(reference);
  expect(out).toMatch(/[\u0600-\u06FF\uFB50-\uFEFF]{3,}/);
});

test('unzip finds the Word file whole', () => {
  const { status, out } = use('unzip', ['-t', docx]);
  expect(out).toContain('No errors detected');
  expect(status).toBe(0);
});
