import { type Readable } from 'node:stream';
import type { StampAuthority } from '../../../platform/crypto/index.ts';
import { sha256 } from '../../../platform/values/index.ts';
import { openEntry, writeStoredZip, type StoredEntry } from '../archive/zip.ts';
import type { MiddleReader } from '../storage.ts';
import { openContainer } from './read.ts';
import { fileOf, manifestXml, measure, stampType } from './write.ts';

/**
 * Adds a time stamp over everything in a container, so that it stays provable after the certificates or algorithms of
 * older stamps end. The first stamp of a container that waited for one is made in the same way.
 * @throws Unavailable `crypto.stamp-unreachable`
 * @source ETSI EN 319 162-1 annex A.7, ASiCArchiveManifest
 */
export async function restampContainer(
  reader: MiddleReader,
  authority: StampAuthority,
): Promise<AsyncGenerator<Buffer>> {
  const { entries, digests, manifests } = await openContainer(reader);
  const stamps = manifests.filter((one) => one.proof.endsWith('.tst')).length;
  const number = String(stamps + 1).padStart(3, '0');
  const proof = `META-INF/timestamp${number}.tst`;
  const name = stamps === 0 ? 'META-INF/ASiCManifest002.xml' : `META-INF/ASiCArchiveManifest${number}.xml`;
  const listed = entries
    .filter((one) => one.name !== 'mimetype')
    .map((one) => ({ name: one.name, mediaType: 'application/octet-stream', digest: digests.get(one.name) ?? '' }));
  const manifest = manifestXml({ uri: proof, type: stampType }, listed);
  const { token } = await authority.stamp(sha256(manifest));
  const old: StoredEntry[] = entries.map((one) => ({
    name: one.name,
    size: one.size,
    crc: one.crc,
    open: async (): Promise<Readable> => openEntry(reader, one),
  }));
  return writeStoredZip([
    ...old,
    await measure(fileOf(name, 'text/xml', manifest)),
    await measure(fileOf(proof, stampType, token)),
  ]);
}
