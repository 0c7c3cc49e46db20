import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { deepestList, escapeMarkdown, printMark } from './html.ts';

/** Bytes of one part after unpacking; a resolution's are a hundredth of it. */
const mostUnpacked = 40 * 1_048_576;
const wanted = new Set(['word/document.xml', 'word/footnotes.xml', 'word/endnotes.xml', 'word/numbering.xml']);

export type DocxRead = { ok: true; markdown: string } | { ok: false; why: 'broken' | 'too-large' | 'format' };

function open(bytes: Uint8Array): Promise<ZipFile | undefined> {
  return new Promise((resolve) => {
    fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { lazyEntries: true }, (error, zip) =>
      resolve(error ? undefined : zip),
    );
  });
}

/** The text of a part; undefined when it is larger than it may be. */
function unpack(zip: ZipFile, entry: Entry): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) {
        reject(error);
        return;
      }
      const parts: Buffer[] = [];
      let size = 0;
      stream.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostUnpacked) {
          stream.destroy();
          resolve(undefined);
        } else parts.push(part);
      });
      stream.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
      stream.on('error', reject);
    });
  });
}

async function partsOf(zip: ZipFile): Promise<Map<string, string> | 'too-large'> {
  const parts = new Map<string, string>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (!wanted.has(entry.fileName)) {
        zip.readEntry();
        return;
      }
      unpack(zip, entry).then((text) => {
        if (text === undefined) resolve('too-large');
        else {
          parts.set(entry.fileName, text);
          zip.readEntry();
        }
      }, reject);
    });
    zip.on('end', () => resolve(parts));
    zip.on('error', reject);
    zip.readEntry();
  });
}

interface Level {
  format: string;
  start: number;
}

const formats: Record<string, string> = { decimal: '1', lowerLetter: 'a', upperLetter: 'a', lowerRoman: 'i', upperRoman: 'i', bullet: '-' }; // prettier-ignore

/** Reads XML of a part; throws when it is broken. Nothing is fetched. */
function walk(xml: string, onOpen: (tag: SaxesTagPlain) => void, onClose: (name: string) => void, onText: (text: string) => void) {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('A part of a document has no document type');
  });
  parser.on('opentag', onOpen);
  parser.on('closetag', ({ name }) => onClose(name));
  parser.on('text', onText);
  parser.write(xml).close();
} // prettier-ignore

/** Levels of each numbering, by its id. */
function numberings(xml: string): Map<string, Level[]> {
  const abstracts = new Map<string, Level[]>();
  const byId = new Map<string, Level[]>();
  let levels: Level[] = [];
  let level: Level = { format: '1', start: 1 };
  let id = '';
  walk(
    xml,
    ({ name, attributes }) => {
      const value = attributes['w:val'] ?? '';
      if (name === 'w:abstractNum') abstracts.set(attributes['w:abstractNumId'] ?? '', (levels = []));
      else if (name === 'w:lvl') levels[Number(attributes['w:ilvl'] ?? 0)] = level = { format: '1', start: 1 };
      else if (name === 'w:numFmt') level.format = formats[value] ?? '1';
      else if (name === 'w:start') level.start = Number(value) || 1;
      else if (name === 'w:num') id = attributes['w:numId'] ?? '';
      else if (name === 'w:abstractNumId') byId.set(id, abstracts.get(value) ?? []);
    },
    () => {},
    () => {},
  );
  return byId;
}

interface Paragraph {
  text: string;
  style: string;
  numbering: string;
  level: number;
}

class Body {
  readonly blocks: string[] = [];
  readonly marks: string[] = [];
  isTooDeep = false;
  readonly #levels: Map<string, Level[]>;
  readonly #counters = new Map<string, number[]>();
  constructor(levels: Map<string, Level[]>) {
    this.#levels = levels;
  }

  add({ text, style, numbering, level }: Paragraph): void {
    const words = text.replace(/\s+/g, ' ').replaceAll('~~~~', '').trim();
    if (words === '') return;
    if (/^(?:heading|title)/i.test(style)) {
      this.blocks.push(`## ${words}`);
      return;
    }
    const levels = numbering === '' || numbering === '0' ? undefined : this.#levels.get(numbering);
    if (!levels) {
      this.blocks.push(words);
      return;
    }
    if (level >= deepestList) this.isTooDeep = true;
    const counters = this.#counters.get(numbering) ?? [];
    this.#counters.set(numbering, counters);
    const here = levels[level] ?? { format: '1', start: 1 };
    counters[level] = (counters[level] ?? here.start - 1) + 1;
    counters.length = level + 1;
    // A number that is typed wins over the one of the list.
    const own = /^(?:\d{1,3}\s?[.)]|\([a-z\d]{1,4}\))\s/i.test(words);
    this.blocks.push(own ? words : `${here.format === '-' ? '-' : printMark(here.format, counters[level])} ${words}`);
  }
}

const skipped = new Set(['mc:Fallback', 'w:instrText', 'w:txbxContent']);

function readBody(xml: string, body: Body): void {
  let paragraph: Paragraph | undefined;
  let depthSkipped = 0;
  let isText = false;
  let isStruck = false;
  let isRaised = false;
  walk(
    xml,
    ({ name, attributes }) => {
      if (skipped.has(name)) depthSkipped += 1;
      if (depthSkipped > 0) return;
      const value = attributes['w:val'] ?? '';
      if (name === 'w:p') paragraph = { text: '', style: '', numbering: '', level: 0 };
      else if (name === 'w:r') isStruck = isRaised = false;
      else if (name === 'w:t') isText = true;
      else if (name === 'w:delText') isText = isStruck = true;
      else if (name === 'w:strike' || name === 'w:dstrike') isStruck = value !== '0' && value !== 'false';
      else if (name === 'w:vertAlign') isRaised = value === 'superscript';
      else if (!paragraph) return;
      else if (name === 'w:pStyle') paragraph.style = value;
      else if (name === 'w:numId') paragraph.numbering = value;
      else if (name === 'w:ilvl') paragraph.level = Number(value) || 0;
      else if (name === 'w:tab' || name === 'w:br') paragraph.text += ' ';
      else if (name === 'w:noBreakHyphen') paragraph.text += '-';
      else if (name === 'w:footnoteReference' || name === 'w:endnoteReference') {
        body.marks.push(`${name === 'w:footnoteReference' ? 'f' : 'e'}${attributes['w:id'] ?? ''}`);
        paragraph.text += `<sup>${String(body.marks.length)}</sup>`;
      }
    },
    (name) => {
      if (skipped.has(name)) depthSkipped -= 1;
      else if (depthSkipped > 0) return;
      else if (name === 'w:t' || name === 'w:delText') isText = false;
      else if (name === 'w:p' && paragraph) {
        body.add(paragraph);
        paragraph = undefined;
      }
    },
    (text) => {
      if (!isText || !paragraph || depthSkipped > 0) return;
      const words = escapeMarkdown(text);
      if (isStruck) paragraph.text += `~~${words}~~`;
      else if (isRaised && /^\d{1,4}$/.test(text.trim())) paragraph.text += `<sup>${text.trim()}</sup>`;
      else paragraph.text += words;
    },
  );
}

function readNotes(xml: string | undefined, kind: 'f' | 'e'): Map<string, string> {
  const notes = new Map<string, string>();
  if (xml === undefined) return notes;
  let id: string | undefined;
  let isText = false;
  walk(
    xml,
    ({ name, attributes }) => {
      if (name === 'w:footnote' || name === 'w:endnote')
        id = attributes['w:type'] === undefined ? `${kind}${attributes['w:id'] ?? ''}` : undefined;
      isText = name === 'w:t';
    },
    (name) => {
      isText = false;
      if (name === 'w:p' && id !== undefined) notes.set(id, `${notes.get(id) ?? ''} `);
    },
    (text) => {
      if (isText && id !== undefined) notes.set(id, (notes.get(id) ?? '') + escapeMarkdown(text));
    },
  );
  return notes;
}

/** A Word document as Markdown: typed and automatic numbers, notes, what was struck out. Macros and links are not looked at. */
export async function docxToMarkdown(bytes: Uint8Array): Promise<DocxRead> {
  const zip = await open(bytes);
  if (!zip) return { ok: false, why: 'broken' };
  try {
    const parts = await partsOf(zip);
    if (parts === 'too-large') return { ok: false, why: 'too-large' };
    const document = parts.get('word/document.xml');
    if (document === undefined) return { ok: false, why: 'format' };
    const numbering = parts.get('word/numbering.xml');
    const body = new Body(numbering === undefined ? new Map<string, Level[]>() : numberings(numbering));
    readBody(document, body);
    if (body.isTooDeep) return { ok: false, why: 'too-large' };
    const notes = new Map([...readNotes(parts.get('word/footnotes.xml'), 'f'), ...readNotes(parts.get('word/endnotes.xml'), 'e')]); // prettier-ignore
    const foot = body.marks.map((id, n) => `<sup>${String(n + 1)}</sup> ${(notes.get(id) ?? '').replace(/\s+/g, ' ').trim()}`); // prettier-ignore
    return { ok: true, markdown: [...body.blocks, ...(foot.length > 0 ? ['---', ...foot] : [])].join('\n\n') };
  } catch {
    return { ok: false, why: 'broken' };
  } finally {
    zip.close();
  }
}
