import { fail, ok, problem, sha256, type Problem, type Result } from '../../../platform/values/index.ts';
import { readAkomaNtoso } from '../rules/akn/read.ts';
import { Resolution } from '../schema.ts';
import { docxToMarkdown } from './docx.ts';
import { htmlToMarkdown } from './html.ts';
import { pdfToMarkdown } from './pdf.ts';

/** What was in a file: text to be parsed, or resolutions that were read before. */
export interface Source {
  format: 'text' | 'html' | 'docx' | 'pdf' | 'akn' | 'json';
  text: string;
  sha256: Resolution['document']['sha256'];
  resolutions?: Resolution[];
}

export const mostBytes = 20 * 1_048_576;

const unreadable = (why: string) => fail(problem('mandates.unreadable', [], { params: { why } }));
const tooLarge = () => fail(problem('mandates.too-large'));

/** Bytes as text: UTF-8, UTF-16 with a mark, else the Western table of old files. Undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    const odd = text.slice(0, 8192).match(/[\u0000-\u0008\u000E-\u001F\u007F-\u009F]/g)?.length ?? 0;
    return odd * 50 > Math.min(text.length, 8192) ? undefined : text;
  }
}

const starts = (bytes: Uint8Array, magic: readonly number[]) => magic.every((one, n) => bytes[n] === one);

/**
 * Reads a file of any known format, told by its own bytes and never by its name. Fails with `mandates.unreadable` and why, or
 * `mandates.too-large`.
 */
export async function readSource(bytes: Uint8Array): Promise<Result<Source, Problem>> {
  if (bytes.length > mostBytes) return tooLarge();
  const hash = sha256(bytes);
  if (bytes.length === 0) return unreadable('empty');
  if (starts(bytes, [0x25, 0x50, 0x44, 0x46])) {
    const read = await pdfToMarkdown(bytes);
    if (!read.ok) return read.why === 'too-large' ? tooLarge() : unreadable(read.why);
    return ok({ format: 'pdf', text: read.markdown, sha256: hash });
  }
  if (starts(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    const read = await docxToMarkdown(bytes);
    if (!read.ok) return read.why === 'too-large' ? tooLarge() : unreadable(read.why);
    return ok({ format: 'docx', text: read.markdown, sha256: hash });
  }
  // Old Word files and encrypted new ones share one container.
  if (starts(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    const isEncrypted = Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    return unreadable(isEncrypted ? 'encrypted' : 'format');
  }
  const text = decode(bytes)?.replace(/^\uFEFF/, '');
  if (text === undefined) return unreadable('binary');
  const begin = text.slice(0, 2000).trimStart();
  if (begin.startsWith('<')) {
    if (/<(?:\w+:)?akomaNtoso[\s>]/.test(begin)) {
      const read = readAkomaNtoso(text);
      if (!read) return unreadable('broken');
      return ok(
        read.kind === 'own'
          ? { format: 'akn', text, sha256: hash, resolutions: [read.resolution] }
          : { format: 'akn', text: read.markdown, sha256: hash },
      );
    }
    if (/<!doctype html|<(?:html|head|body|p|div|h\d|ol|ul|table|script|section|article)[\s>]/i.test(begin)) {
      const markdown = htmlToMarkdown(text);
      return markdown === undefined ? tooLarge() : ok({ format: 'html', text: markdown, sha256: hash });
    }
  }
  if (begin.startsWith('{') || begin.startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text);
      const read = Resolution.array().safeParse(Array.isArray(value) ? value : [value]);
      if (read.success) return ok({ format: 'json', text, sha256: hash, resolutions: read.data });
    } catch {
      // Text that only begins like JSON: a draft in brackets.
    }
  }
  return ok({ format: 'text', text, sha256: hash });
}
