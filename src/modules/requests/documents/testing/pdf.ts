import { inflateSync } from 'node:zlib';

/** Just enough of a PDF reader to check our own papers: objects, fonts, and the text set with them. */
export interface ReadPdf {
  raw: string;
  /** Text of each page, in the order it was set; right-to-left words come out mirrored. */
  pages: string[];
  fonts: { name: string; embedded: boolean }[];
}

interface PdfObject {
  head: string;
  stream: string;
}

function readObjects(raw: string): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  for (const match of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length;
    const end = raw.indexOf('\nendobj', start);
    const at = raw.indexOf('\nstream\n', start);
    const head = raw.slice(start, at >= 0 && at < end ? at : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const data = at >= 0 && length > 0 ? raw.slice(at + 8, at + 8 + length) : '';
    const stream = /FlateDecode/.test(head) ? inflateSync(Buffer.from(data, 'latin1')).toString('latin1') : data;
    objects.set(Number(match[1]), { head, stream });
  }
  return objects;
}

function reference(head: string, key: string): number {
  return Number(new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(head)?.[1] ?? -1);
}

function utf16(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

function toUnicode(cmap: string): Map<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, block = ''] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph = '', text = ''] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      glyphs.set(Number.parseInt(glyph, 16), utf16(text));
    }
  }
  return glyphs;
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function literal(text: string): string {
  return text.replaceAll(/\\([0-7]{1,3}|[\s\S])/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
}

const operators = /\/(F\d+) [\d.]+ Tf|\/(X\d+|x\d+) Do|\(((?:\\[\s\S]|[^\\()])*)\)|<([0-9A-Fa-f]+)>|(ET)\b/g;

function show(content: string, fonts: Map<string, Map<number, string>>): string {
  let out = '';
  let glyphs = new Map<number, string>();
  for (const [, font, , string, hex, end] of content.matchAll(operators)) {
    if (font !== undefined) glyphs = fonts.get(font) ?? glyphs;
    if (end !== undefined) out += ' ';
    const bytes =
      string !== undefined ? literal(string) : hex !== undefined ? Buffer.from(hex, 'hex').toString('latin1') : '';
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      out += glyphs.get(bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1)) ?? '';
    }
  }
  return out;
}

export function readPdf(bytes: Uint8Array): ReadPdf {
  const raw = Buffer.from(bytes).toString('latin1');
  const objects = readObjects(raw);
  const head = (id: number) => objects.get(id)?.head ?? '';
  const fonts: ReadPdf['fonts'] = [];
  for (const { head: text } of objects.values()) {
    if (!/\/Type \/FontDescriptor/.test(text)) continue;
    const file = objects.get(Math.max(reference(text, 'FontFile2'), reference(text, 'FontFile3')));
    fonts.push({ name: /\/FontName \/([^\s/]+)/.exec(text)?.[1] ?? '', embedded: (file?.stream.length ?? 0) > 0 });
  }
  const pages = [...objects.values()]
    .filter((object) => /\/Type \/Page\n/.test(object.head))
    .map((page) => {
      const resources = head(reference(page.head, 'Resources'));
      const named = new Map<string, Map<number, string>>();
      for (const [, name = '', id = ''] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
        named.set(name, toUnicode(objects.get(reference(head(Number(id)), 'ToUnicode'))?.stream ?? ''));
      }
      return show(objects.get(reference(page.head, 'Contents'))?.stream ?? '', named);
    });
  return { raw, pages, fonts };
}

/** Text without any white space: what a search finds however lines were broken. */
export function squeezed(text: string): string {
  return text.replaceAll(/[\s\u2066-\u2069\u200b]/gu, '');
}

/** A right-to-left word as it lies on the page, left to right. */
export function mirrored(text: string): string {
  return [...squeezed(text)].reverse().join('');
}
