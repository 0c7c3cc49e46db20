import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { archiveLimits } from '../archive/inspect.ts';
import { inspectNames, readEntry } from '../archive/inspect.ts';
import { BadZip, dataStart, listZip, openEntry, type ZipEntry } from '../archive/zip.ts';
import type { MiddleReader } from '../storage.ts';
import { containerType, namespaces } from './write.ts';

/** What a manifest says: which proof it belongs to, and what it lists. */
export interface Manifest {
  name: string;
  proof: string;
  references: { name: string; digest: string }[];
}

export interface OpenedContainer {
  entries: ZipEntry[];
  manifests: Manifest[];
  bytesOf(name: string): Promise<Buffer>;
  /** SHA-256 of every entry, base64. */
  digests: Map<string, string>;
}

/** The file is no container, or one that cannot be read safely. `code` is a message of this module. */
export class BadContainer extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

export async function fileReader(path: string): Promise<MiddleReader & { close(): Promise<void> }> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    size,
    async read(start, length) {
      const bytes = Buffer.alloc(Math.max(Math.min(length, size - start), 0));
      await handle.read(bytes, 0, bytes.length, start);
      return bytes;
    },
    close: () => handle.close(),
  };
}

const attribute = (text: string, name: string) => new RegExp(`\\s${name}="([^"<&]*)"`).exec(text)?.[1];

/**
 * Reads a manifest. Only the plain form is taken: elements of the two namespaces, SHA-256, no document type, no
 * entities, no comments, nothing unread between the references.
 */
export function readManifest(name: string, text: string): Manifest {
  const bad = () => new BadContainer('evidence.container-bad-manifest');
  if (text.includes('<!') || text.includes('&')) throw bad();
  const prefixOf = (namespace: string) =>
    new RegExp(`xmlns:([A-Za-z]+)="${namespace.replaceAll('.', '\\.')}"`).exec(text)?.[1];
  const asic = prefixOf(namespaces.asic);
  const ds = prefixOf(namespaces.ds);
  if (!asic || !ds) throw bad();
  const proof = new RegExp(`<${asic}:SigReference(\\s[^<>]*)/>`).exec(text);
  const uri = proof?.[1] && attribute(proof[1], 'URI');
  if (!uri) throw bad();
  const references: Manifest['references'] = [];
  const one = new RegExp(
    `<${asic}:DataObjectReference(\\s[^<>]*)>\\s*<${ds}:DigestMethod(\\s[^<>]*)/>\\s*<${ds}:DigestValue>([A-Za-z0-9+/=]+)</${ds}:DigestValue>\\s*</${asic}:DataObjectReference>`,
    'g',
  );
  const rest = text.replace(one, (_whole, about: string, method: string, digest: string) => {
    const target = attribute(about, 'URI');
    if (!target || attribute(method, 'Algorithm') !== namespaces.sha256) throw bad();
    references.push({ name: decodeURIComponent(target), digest });
    return '';
  });
  if (/DataObjectReference|DigestValue/.test(rest) || references.length === 0) throw bad();
  return { name, proof: uri, references };
}

/** Opens a container as a hostile file: safe names, no packing tricks, `mimetype` first and exact. */
export async function openContainer(reader: MiddleReader): Promise<OpenedContainer> {
  try {
    const { entries, listAt } = await listZip(reader, archiveLimits.entries);
    if (listAt < 0) throw new BadContainer('evidence.container-not-safe');
    if (inspectNames(entries).length > 0 || entries.some((one) => one.isFolder)) {
      throw new BadContainer('evidence.container-not-safe');
    }
    const [first] = entries;
    if (
      first?.name !== 'mimetype' ||
      first.offset !== 0 ||
      first.method !== 0 ||
      (await dataStart(reader, first)) !== 38
    ) {
      throw new BadContainer('evidence.container-bad-type');
    }
    if ((await readEntry(reader, first)).toString('latin1') !== containerType) {
      throw new BadContainer('evidence.container-bad-type');
    }
    const digests = new Map<string, string>();
    for (const entry of entries) {
      if (entry.packed !== entry.size && entry.method === 0) throw new BadZip('sizes');
      if (entry.size > 1000 * Math.max(entry.packed, 1024)) throw new BadContainer('evidence.container-not-safe');
      const hash = createHash('sha256');
      for await (const part of await openEntry(reader, entry)) hash.update(part as Buffer);
      digests.set(entry.name, hash.digest('base64'));
    }
    const byName = new Map(entries.map((one) => [one.name, one]));
    const bytesOf = async (name: string) => {
      const entry = byName.get(name);
      if (!entry || entry.size > archiveLimits.nested) throw new BadContainer('evidence.container-missing');
      return readEntry(reader, entry);
    };
    const manifests: Manifest[] = [];
    for (const { name } of entries) {
      if (!/^META-INF\/[^/]*Manifest[^/]*\.xml$/i.test(name) || name === 'META-INF/manifest.xml') continue;
      manifests.push(readManifest(name, (await bytesOf(name)).toString('utf8')));
    }
    return { entries, manifests, bytesOf, digests };
  } catch (error) {
    throw error instanceof BadZip ? new BadContainer('evidence.container-broken-zip', { cause: error }) : error;
  }
}
