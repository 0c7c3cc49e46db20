import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, copyFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import yauzl from 'yauzl';
import { Invalid } from '../../platform/errors.ts';
import { fail, ok, problem, sha256, type Problem, type Result, type Sha256 } from '../../platform/values/index.ts';
import { PackManifest, PackPath } from './schema.ts';

const maxUnpackedBytes = 2_000_000_000;
const maxRatio = 100;
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
      parsed.error.issues.map((issue) =>
        problem(
          issue.message.startsWith('packs.') || issue.message.startsWith('values.') ? issue.message : 'packs.bad-field',
          issue.path.map(String),
          {
            params: { field: issue.path.join('.') || 'pack.json' },
          },
        ),
      ),
    );
  }
  const manifest = parsed.data;
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, file] of manifest.files.entries()) {
    const path = ['files', index, 'sha256'];
    if (seen.has(file.path))
      problems.push(problem('packs.file-twice', ['files', index, 'path'], { params: { file: file.path } }));
    seen.add(file.path);
    const full = join(folder, ...file.path.split('/'));
    const there = await stat(full).catch(() => undefined);
    if (!there?.isFile()) problems.push(problem('packs.file-missing', path, { params: { file: file.path } }));
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
  const zip = await yauzl
    .openPromise(zipFile, { strictFileNames: true, validateEntrySizes: true })
    .catch((cause: unknown) => {
      throw new Invalid('packs.not-a-zip', { cause });
    });
  const seen = new Set<string>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
    if (!PackPath.safeParse(entry.fileName).success || isLink)
      throw new Invalid('packs.bad-path', { params: { file: entry.fileName } });
    if (seen.has(entry.fileName)) throw new Invalid('packs.file-twice', { params: { file: entry.fileName } });
    seen.add(entry.fileName);
    total += entry.uncompressedSize;
    if (total > maxUnpackedBytes || entry.uncompressedSize > maxRatio * Math.max(entry.compressedSize, 10_000)) {
      throw new Invalid('packs.too-large', { params: { file: entry.fileName } });
    }
    const to = join(folder, ...entry.fileName.split('/'));
    await mkdir(dirname(to), { recursive: true });
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    await writeFile(to, Buffer.concat(chunks));
  }
}
