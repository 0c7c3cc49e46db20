import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { signCms, type CmsSigner, type StampAuthority, type TimeStamp } from '../../../platform/crypto/index.ts';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import { writeStoredZip, type StoredEntry } from '../archive/zip.ts';

/** One file of a container. `open` gives its bytes each time it is called: they are measured first and written after. */
export interface ContainerFile {
  /** ASCII letters, digits, dot, hyphen, underscore, slash. */
  name: string;
  mediaType: string;
  open(): Promise<Readable>;
}

export const containerType = 'application/vnd.etsi.asic-e+zip';
export const namespaces = {
  asic: 'http://uri.etsi.org/02918/v1.2.1#',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
} as const;

const safe = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

export interface Measured extends StoredEntry {
  mediaType: string;
  /** Base64, as manifests write it. */
  digest: string;
}

/** Size, checksum and digest of a file. */
export async function measure(file: ContainerFile): Promise<Measured> {
  if (!safe.test(file.name) || file.name.split('/').includes('..')) throw new Error(`Not a name: ${file.name}`);
  const hash = createHash('sha256');
  let size = 0;
  let crc = 0;
  for await (const part of await file.open()) {
    const bytes = part as Buffer;
    hash.update(bytes);
    crc = crc32(bytes, crc);
    size += bytes.length;
  }
  return { ...file, size, crc, digest: hash.digest('base64') };
}

export function fileOf(name: string, mediaType: string, content: string | Uint8Array): ContainerFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
  return { name, mediaType, open: async () => Readable.from([bytes]) };
}

/**
 * A manifest: what is signed or stamped, by digest.
 * @source ETSI EN 319 162-1 annex A.4
 */
export function manifestXml(
  proof: { uri: string; type: string },
  files: readonly Pick<Measured, 'name' | 'mediaType' | 'digest'>[],
): string {
  const references = files.map(
    (one) =>
      `<asic:DataObjectReference URI="${one.name}" MimeType="${one.mediaType}">` +
      `<ds:DigestMethod Algorithm="${namespaces.sha256}"/><ds:DigestValue>${one.digest}</ds:DigestValue>` +
      '</asic:DataObjectReference>\n',
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<asic:ASiCManifest xmlns:asic="${namespaces.asic}" xmlns:ds="${namespaces.ds}">\n` +
    `<asic:SigReference URI="${proof.uri}" MimeType="${proof.type}"/>\n${references.join('')}</asic:ASiCManifest>\n`
  );
}

export interface WrittenContainer {
  bytes: AsyncGenerator<Buffer>;
  files: number;
  /** Null: no authority answered; the container can be stamped later. */
  stamp: TimeStamp | null;
}

/** What stands in `META-INF`, in the order of a fresh container. */
const names = {
  manifest: 'META-INF/ASiCManifest001.xml',
  signature: 'META-INF/signature001.p7s',
  stampManifest: 'META-INF/ASiCManifest002.xml',
  stamp: 'META-INF/timestamp001.tst',
} as const;

const xml = 'text/xml';
export const signatureType = 'application/pkcs7-signature';
export const stampType = 'application/vnd.etsi.timestamp-token';

/**
 * Makes an ASiC-E container with CAdES: nothing is packed, `mimetype` stands first, a manifest lists every file, the
 * office signs the manifest, a time-stamp authority stamps the signed whole.
 * @param stampBy undefined, or failing: the container is made without a stamp
 * @source ETSI EN 319 162-1
 */
export async function writeContainer(
  files: readonly ContainerFile[],
  signer: CmsSigner,
  at: Instant,
  stampBy?: StampAuthority,
): Promise<WrittenContainer> {
  const data: Measured[] = [];
  for (const file of files) data.push(await measure(file));
  const manifest = manifestXml({ uri: names.signature, type: signatureType }, data);
  const signature = await signCms({ content: Buffer.from(manifest) }, signer, at);
  const signed = [
    await measure(fileOf(names.manifest, xml, manifest)),
    await measure(fileOf(names.signature, signatureType, signature)),
  ];
  const entries: StoredEntry[] = [await measure(fileOf('mimetype', containerType, containerType)), ...data, ...signed];
  const stampManifest = manifestXml({ uri: names.stamp, type: stampType }, signed);
  // Mail flows when no authority answers: the container says that it waits, and is stamped later.
  const stamped = await stampBy?.stamp(sha256(stampManifest)).catch(() => undefined);
  if (stamped) {
    entries.push(
      await measure(fileOf(names.stampManifest, xml, stampManifest)),
      await measure(fileOf(names.stamp, stampType, stamped.token)),
    );
  }
  return { bytes: writeStoredZip(entries), files: data.length, stamp: stamped?.stamp ?? null };
}
