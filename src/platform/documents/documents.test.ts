import { expect, test, vi } from 'vitest';
import { instant } from '../values/index.ts';
import { canShow, fontFiles, qrSvg, renderPdf, toPrintableText } from './index.ts';

vi.setConfig({ testTimeout: 30_000 });

const at = instant('2026-05-14T08:43:51.000Z');

test('every face is loaded under a family of our own and embedded under its own name', async () => {
  const families = [...new Set(fontFiles().map((font) => font.family))];
  const template = families.map((family) => `#text(font: "${family}", fallback: false)[Abc 123]`).join('');
  const { bytes } = await renderPdf({ template, data: {}, createdAt: at });
  const names = Buffer.from(bytes)
    .toString('latin1')
    .match(/\/FontName \/[A-Z]{6}\+\S+/g);
  const faces = new Set(names?.map((name) => name.slice(18)));
  expect(faces).toEqual(
    new Set(['SourceSerif4-Regular', 'Amiri-Regular', 'IBMPlexSans-Regular', 'IBMPlexMono-Regular']),
  );
});

test('a template that is wrong fails that document, and the next one is set', async () => {
  await expect(renderPdf({ template: '#nothing-here()', data: {}, createdAt: at })).rejects.toThrow(/not set/);
  await expect(renderPdf({ template: 'Good', data: {}, createdAt: at })).resolves.toMatchObject({ pages: 1 });
});

test('documents asked for at once are all set, each with its own data', async () => {
  const template = '#for n in range(json(bytes(sys.inputs.data)).pages - 1) [#n #pagebreak()] end';
  const jobs = [1, 2, 3].map((pages) => renderPdf({ template, data: { pages }, createdAt: at }));
  expect((await Promise.all(jobs)).map((pdf) => pdf.pages)).toEqual([1, 2, 3]);
});

test('Latin, Cyrillic and Arabic letters can be shown, Chinese ones are written as codes', () => {
  expect(canShow('é'.charCodeAt(0)) && canShow('Ж'.charCodeAt(0)) && canShow('ش'.charCodeAt(0))).toBe(true);
  expect(toPrintableText('Жук 张三 شمس')).toBe('Жук [U+5F20 U+4E09] شمس');
});

test('overrides, controls and lone surrogates never reach the paper; joiners and line ends do', () => {
  expect(toPrintableText('a\u202Eb\u2066c\u0000d\r\ne\tf\uD800')).toBe('abcd\ne f[U+D800]');
  expect(toPrintableText('می\u200Cخواهم')).toContain('\u200C');
  expect(toPrintableText(toPrintableText('\uE000x'))).toBe('[U+E000]x');
});

test('a QR code is drawn with its quiet zone and depends on its text', () => {
  const svg = qrSvg('https://cooperation.alba.example/verify');
  expect(svg).toMatch(/viewBox="0 0 (\d+) \1"/);
  expect(svg).toContain('M4 4h7v1h-7z');
  expect(svg).not.toMatch(/style/);
  expect(qrSvg('other')).not.toBe(svg);
});
