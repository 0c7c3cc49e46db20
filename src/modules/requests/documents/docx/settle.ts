import type { Instant } from '../../../../platform/values/index.ts';
import { writeZip, zipEntries } from '../zip.ts';

/** Numbers bookmarks from 1 in each file: the writer counts on from file to file. */
function renumbered(xml: string): string {
  const numbers = new Map<string, number>();
  return xml.replaceAll(
    /(<w:bookmark(?:Start|End)\b[^>]*?w:id=")(\d+)(")/g,
    (_, before: string, id: string, after: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
      return `${before}${numbers.get(id)}${after}`;
    },
  );
}

/** The writer stamps the present moment on its files; ours carry the request's, so that one request is one file. */
export async function settled(bytes: Uint8Array, at: Instant): Promise<Uint8Array> {
  const entries = (await zipEntries(bytes)).map(({ name, bytes: content }) => {
    const text = content.toString('utf8');
    if (name === 'docProps/core.xml')
      return { name, bytes: Buffer.from(text.replaceAll(/(W3CDTF">)[^<]*/g, `$1${at}`)) };
    return { name, bytes: name === 'word/document.xml' ? Buffer.from(renumbered(text)) : content };
  });
  return writeZip(entries, at);
}
