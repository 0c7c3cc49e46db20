import { sha256, Sha256, type Hash, type Instant } from '../../../platform/values/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { PrintableRequest, PrintLanguage } from './printable/index.ts';

export const renditionFormats = ['pdf', 'docx', 'json'] as const;
export type RenditionFormat = (typeof renditionFormats)[number];

/** One file that left this node: which content it renders, and its own hash. Written once, never changed. */
export interface ReleasedRendition {
  contentHash: Hash;
  fileSha256: Sha256;
  /** Languages of the paper in their order, `en` or `en,ar`. */
  language: string;
  format: RenditionFormat;
  reference: string;
  requestVersion: number;
  releasedAt: Instant;
}

/** What checking a file answers: the released file it is, byte for byte, or that it is not known here. */
export type Verification = { known: true; rendition: ReleasedRendition } | { known: false };

export function toRendition(
  request: PrintableRequest,
  format: RenditionFormat,
  bytes: Uint8Array,
  releasedAt: Instant,
): ReleasedRendition {
  const { contentHash, languages, reference, requestVersion } = request;
  return {
    contentHash,
    fileSha256: sha256(bytes),
    language: languages.join(','),
    format,
    reference,
    requestVersion,
    releasedAt,
  };
}

/** Reads a SHA-256 as people paste it: any case, with spaces or `sha256:` before it. Undefined when it is not one. */
export function readSha256(text: string): Sha256 | undefined {
  const read = Sha256.safeParse(
    text
      .trim()
      .toLowerCase()
      .replace(/^sha-?256:?/, '')
      .replaceAll(/\s/g, ''),
  );
  return read.success ? read.data : undefined;
}

/** Looks a file up by its hash. A file that was not released here is not known, whatever it says about itself. */
export async function verifyFile(
  fileSha256: Sha256,
  find: (fileSha256: Sha256) => Promise<ReleasedRendition | undefined>,
): Promise<Verification> {
  const rendition = await find(fileSha256);
  return rendition?.fileSha256 === fileSha256 ? { known: true, rendition } : { known: false };
}

/** The answer of page, command and API alike: the released file, or that it is not known here. */
export function toVerifyAnswer(by: 'file' | 'content', found: Verification) {
  return {
    kind: 'requests.verification' as const,
    version: 1 as const,
    known: found.known,
    by,
    rendition: found.known ? found.rendition : null,
  };
}

/** Reads `en,ar`. Two languages face each other with the left-to-right one first. */
export function readPrintLanguages(text: string): PrintLanguage[] {
  const asked = text.split(',').map((one) => one.trim().toLowerCase());
  const known = (['en', 'ar'] as const).filter((one) => asked.includes(one));
  if (known.length === 0 || known.length !== asked.length)
    throw new Invalid('requests.print-unknown-language', { params: { given: text } });
  return known;
}
