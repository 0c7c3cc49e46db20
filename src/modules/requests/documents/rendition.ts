import { sha256, Sha256, type Hash, type Instant } from '../../../platform/values/index.ts';
import type { PrintableRequest } from './printable/index.ts';

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
