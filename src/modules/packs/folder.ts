import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, stat, copyFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join, sep } from 'node:path';
import { tmpdir } from 'node:os';
import yauzl from 'yauzl';
import { ComityError, Invalid } from '../../platform/errors.ts';
import { fail, ok, problem, sha256, type Problem, type Result, type Sha256 } from '../../platform/values/index.ts';
import { PackManifest, PackPath } from './schema.ts';

const maxUnpackedBytes = 2_000_000_000;
const maxRatio = 100;
const maxEntries = 10_000;
const maxManifestBytes = 4_000_000;

export interface CheckedPack {
  folder: string;
  manifest: PackManifest;
  manifestSha256: Sha256;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Reads `pack.json` of a folder and compares every file with its hash. Answers all problems at once. */
export async function checkPackFolder(folder: string): Promise<Result<CheckedPack, Problem[]>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, 'pack.json'));
  } catch {
    return fail([problem('packs.no-manifest', ['pack.json'])]);
  }
  if (bytes.length > maxManifestBytes) return fail([problem('packs.too-large', ['pack.json'])]);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    return fail([problem('http.not-json', ['pack.json'])]);
  }
  const parsed = PackManifest.safeParse(json);
  if (!parsed.success) {
    return fail(
      parsed.error.issues.flatMap((issue) => {
        const own = issue.message.startsWith('packs.') || issue.message.startsWith('values.');
        const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
        return paths.map((path) =>
          problem(own ? issue.message : 'packs.bad-field', path.map(String), {
            params: { field: path.join('.') || 'pack.json' },
          }),
        );
      }),
    );
  }
  const manifest = parsed.data;
  const inside = `${await realpath(folder)}${sep}`;
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, file] of manifest.files.entries()) {
    const path = ['files', index, 'sha256'];
    if (seen.has(file.path))
      problems.push(problem('packs.file-twice', ['files', index, 'path'], { params: { file: file.path } }));
    seen.add(file.path);
    const full = join(folder, ...file.path.split('/'));
    const there = await stat(full).catch(() => undefined);
    // A link could bring in any file of this machine that the maker of the pack knows.
    if (there && (await realpath(full)) !== inside + file.path.split('/').join(sep))
      problems.push(problem('packs.bad-path', ['files', index, 'path'], { params: { file: file.path } }));
    else if (!there?.isFile()) problems.push(problem('packs.file-missing', path, { params: { file: file.path } }));
    else if ((await hashFile(full)) !== file.sha256)
      problems.push(problem('packs.file-differs', path, { params: { file: file.path } }));
  }
  return problems.length > 0 ? fail(problems) : ok({ folder, manifest, manifestSha256: sha256(bytes) });
}

/** Copies the files of a checked pack to `packsFolder/id/version`; whole or not at all. */
export async function installPack(pack: CheckedPack, packsFolder: string): Promise<string> {
  const target = packFolder(packsFolder, pack.manifest.id, pack.manifest.version);
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(join(dirname(target), '.new-'));
  for (const path of ['pack.json', ...pack.manifest.files.map((file) => file.path)]) {
    const to = join(draft, ...path.split('/'));
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(pack.folder, ...path.split('/')), to);
  }
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
  return target;
}

export function packFolder(packsFolder: string, id: string, version: string): string {
  return join(packsFolder, id, version);
}

/** Unpacks a zip into a temporary folder under our own limits; the caller removes it. */
export async function unzipPack(zipFile: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comity-pack-'));
  try {
    await unzipInto(zipFile, folder);
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function unzipInto(zipFile: string, folder: string): Promise<void> {
  // Names are checked by us alone, so that each refusal says why.
  const zip = await yauzl
    .openPromise(zipFile, { strictFileNames: true, validateEntrySizes: true, decodeStrings: false, autoClose: false })
    .catch((cause: unknown) => {
      throw new Invalid('packs.not-a-zip', { cause });
    });
  try {
    await unzipEntries(zip, folder);
  } catch (cause) {
    // Torn data, a wrong checksum, more bytes than declared, a password: nothing of it is our fault.
    throw cause instanceof ComityError ? cause : new Invalid('packs.not-a-zip', { cause });
  } finally {
    zip.close();
  }
}

async function unzipEntries(zip: yauzl.ZipFile, folder: string): Promise<void> {
  if (zip.entryCount > maxEntries) throw new Invalid('packs.too-large');
  const seen = new Set<string>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = Buffer.from(entry.fileName).toString('utf8');
    if (name.endsWith('/')) continue;
    const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
    if (!PackPath.safeParse(name).success || isLink) throw new Invalid('packs.bad-path', { params: { file: name } });
    if (seen.has(name)) throw new Invalid('packs.file-twice', { params: { file: name } });
    seen.add(name);
    total += entry.uncompressedSize;
    if (total > maxUnpackedBytes || entry.uncompressedSize > maxRatio * Math.max(entry.compressedSize, 10_000)) {
      throw new Invalid('packs.too-large', { params: { file: name } });
    }
    const to = join(folder, ...name.split('/'));
    await mkdir(dirname(to), { recursive: true });
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    await writeFile(to, Buffer.concat(chunks));
  }
}
