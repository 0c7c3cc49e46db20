import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import { PackManifest, type PackFileKind } from './schema.ts';

/** Where a clone's development data stand, when they do: beside the project. */
export const developmentData: string = join(packageRoot, '..', 'shared', 'data');

const folders: { from: string; to: string; kind: PackFileKind; only: RegExp }[] = [
  // Authentic English texts; a translation that is for tests only stays out.
  { from: 'knowledge/treaties', to: 'treaties', kind: 'treaty-text', only: /\.en\.json$/ },
  {
    from: 'treaties',
    to: 'declarations',
    kind: 'declarations',
    only: /^(declarations|provisions|notifications)\.csv$/,
  },
  { from: 'resolutions', to: 'resolutions', kind: 'resolution', only: /^(?!PROVENANCE).*\.md$/ },
  { from: 'schemas/akoma-ntoso', to: 'schemas/akoma-ntoso', kind: 'schema', only: /\.xsd$/ },
  { from: 'schemas/iati', to: 'schemas/iati', kind: 'schema', only: /\.xsd$/ },
];

/**
 * Builds the development pack from the data beside the project. Sets for tests only stay out of it.
 * Answers undefined when the data are not there.
 */
export async function buildDevelopmentPack(
  target: string,
  data: string = developmentData,
): Promise<PackManifest | undefined> {
  if (!existsSync(join(data, 'knowledge', 'treaties'))) return undefined;
  await rm(target, { recursive: true, force: true });
  const files: PackManifest['files'] = [];
  for (const folder of folders) {
    if (!existsSync(join(data, folder.from))) continue;
    const names = (await readdir(join(data, folder.from))).filter((name) => folder.only.test(name)).sort();
    for (const name of names) {
      const path = `${folder.to}/${name}`;
      const to = join(target, path);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(data, folder.from, name), to);
      const sha256 = createHash('sha256')
        .update(await readFile(to))
        .digest('hex');
      files.push({ path, kind: folder.kind, sha256: sha256 as PackManifest['files'][number]['sha256'] });
    }
  }
  const manifest = {
    kind: 'reference-pack',
    formatVersion: 1,
    id: 'development',
    version: '2',
    title: 'Development texts: treaties, declarations, resolutions',
    asOf: '2024-05-04',
    language: 'en',
    licence: 'Official texts, see the provenance notes of the data; IATI schemas under their own licence',
    sources: [
      'Depositary status pages, Dutch government publication of treaties, United Nations and INTERPOL resolutions',
    ],
    supersedes: ['development@1'],
    files,
  };
  await writeFile(join(target, 'pack.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return PackManifest.parse(manifest);
}
