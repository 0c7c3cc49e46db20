import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import yazl from 'yazl';
import { buildDevelopmentPack, developmentData } from './development.ts';
import { checkPackFolder, installPack, unzipPack } from './folder.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-packs-'));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(base, `pack-${(count += 1)}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const manifest = {
  kind: 'reference-pack',
  formatVersion: 1,
  id: 'sample-texts',
  version: '1',
  title: 'Sample texts',
  asOf: '2026-05-01',
  language: 'en',
  licence: 'Invented for tests',
  sources: ['Invented'],
  files: [
    { path: 'treaties/one.json', kind: 'treaty-text', sha256: hash('{"one":1}') },
    { path: 'two.md', kind: 'resolution', sha256: hash('two') },
  ],
};

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
function putPack(more: Record<string, unknown> = {}): void {
  put('treaties/one.json', '{"one":1}');
  put('two.md', 'two');
  put('pack.json', JSON.stringify({ ...manifest, ...more }));
}
async function faults(): Promise<[string, string][]> {
  const checked = await checkPackFolder(folder);
  return checked.ok ? [] : checked.error.map((one) => [one.code, one.path.join('.')]);
}
const withFile = (file: Record<string, unknown>) => ({
  files: [{ ...manifest.files[0], ...file }, manifest.files[1]],
});

describe('checking a pack', () => {
  test('finds nothing wrong with one whose files are as listed', async () => {
    putPack();
    expect(await checkPackFolder(folder)).toMatchObject({ ok: true, value: { manifest: { id: 'sample-texts' } } });
  });

  test('names a missing pack.json, and one that is not JSON', async () => {
    expect(await faults()).toEqual([['packs.no-manifest', 'pack.json']]);
    put('pack.json', '{');
    expect(await faults()).toEqual([['http.not-json', 'pack.json']]);
  });

  test('names every file that is missing, differs or is listed twice, all at once', async () => {
    putPack({ files: [...manifest.files, manifest.files[1], { ...manifest.files[0], path: 'three.json' }] });
    put('treaties/one.json', 'changed');
    expect(await faults()).toEqual([
      ['packs.file-differs', 'files.0.sha256'],
      ['packs.file-twice', 'files.2.path'],
      ['packs.file-missing', 'files.3.sha256'],
    ]);
  });

  test('takes a folder where a file is listed for a missing file', async () => {
    putPack(withFile({ path: 'treaties' }));
    expect(await faults()).toEqual([['packs.file-missing', 'files.0.sha256']]);
  });

  test('refuses every path that leaves the pack', async () => {
    for (const path of [
      '../one.json',
      '/etc/hostname',
      'a/../../b',
      'a/./b',
      'a\\b',
      'a//b',
      'C:/x',
      'a/',
      '',
      'a\nb',
    ]) {
      putPack(withFile({ path }));
      expect(await faults(), path).toEqual([['packs.bad-path', 'files.0.path']]);
    }
  });

  test('refuses a file that is a link, or stands behind one, even where the hash fits', async () => {
    const secret = join(base, 'secret');
    mkdirSync(secret, { recursive: true });
    writeFileSync(join(secret, 'one.json'), '{"one":1}');
    putPack(withFile({ path: 'link.json' }));
    symlinkSync(join(secret, 'one.json'), join(folder, 'link.json'));
    expect(await faults()).toEqual([['packs.bad-path', 'files.0.path']]);
    putPack(withFile({ path: 'behind/one.json' }));
    symlinkSync(secret, join(folder, 'behind'));
    expect(await faults()).toEqual([['packs.bad-path', 'files.0.path']]);
  });

  test('names each wrong field of pack.json', async () => {
    const wrong: [Record<string, unknown>, string, string][] = [
      [{ kind: 'other' }, 'packs.bad-field', 'kind'],
      [{ formatVersion: 2 }, 'packs.bad-field', 'formatVersion'],
      [{ id: 'Sample Texts' }, 'packs.bad-id', 'id'],
      [{ version: '1/2' }, 'packs.bad-version', 'version'],
      [{ version: '..' }, 'packs.bad-version', 'version'],
      [{ version: '.' }, 'packs.bad-version', 'version'],
      [{ title: '' }, 'packs.bad-field', 'title'],
      [{ asOf: '2026-02-30' }, 'values.bad-date', 'asOf'],
      [{ language: 'no language' }, 'values.bad-language', 'language'],
      [{ licence: undefined }, 'packs.bad-field', 'licence'],
      [{ sources: [] }, 'packs.no-source', 'sources'],
      [{ files: [] }, 'packs.empty', 'files'],
      [{ colour: 'red' }, 'packs.bad-field', 'colour'],
      [withFile({ kind: 'song' }), 'packs.bad-field', 'files.0.kind'],
      [withFile({ sha256: 'abc' }), 'values.bad-hash', 'files.0.sha256'],
    ];
    for (const [more, code, path] of wrong) {
      putPack(more);
      expect(await faults(), JSON.stringify(more)).toEqual([[code, path]]);
    }
  });
});

test('a checked pack is installed whole, in place of what stood there, and nothing unlisted comes along', async () => {
  putPack();
  put('notes.txt', 'unlisted');
  const checked = await checkPackFolder(folder);
  if (!checked.ok) throw new Error('the pack is sound');
  const packs = join(base, 'installed');
  mkdirSync(join(packs, 'sample-texts', '1'), { recursive: true });
  writeFileSync(join(packs, 'sample-texts', '1', 'old.txt'), 'old');
  const target = await installPack(checked.value, packs);
  expect(target).toBe(join(packs, 'sample-texts', '1'));
  expect((await readdir(target)).sort()).toEqual(['pack.json', 'treaties', 'two.md']);
  expect(await readFile(join(target, 'treaties', 'one.json'), 'utf8')).toBe('{"one":1}');
  expect(await readdir(join(packs, 'sample-texts'))).toEqual(['1']);
});

describe('a zip', () => {
  async function zipped(name: string, build: (zip: yazl.ZipFile) => void): Promise<string> {
    const zip = new yazl.ZipFile();
    build(zip);
    zip.end();
    const file = join(base, `${name}.zip`);
    await pipeline(zip.outputStream, createWriteStream(file));
    return file;
  }
  /** Writes another name of the same length over a name, as a hostile packer would. */
  async function renamed(file: string, from: string, to: string): Promise<string> {
    const bytes = await readFile(file);
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
    writeFileSync(file, bytes);
    return file;
  }
  async function cut(file: string): Promise<string> {
    writeFileSync(file, (await readFile(file)).subarray(0, 200));
    return file;
  }
  const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('comity-pack-'));

  test('is unpacked and found sound', async () => {
    const file = await zipped('sound', (zip) => {
      zip.addBuffer(Buffer.from(JSON.stringify(manifest)), 'pack.json');
      zip.addEmptyDirectory('treaties');
      zip.addBuffer(Buffer.from('{"one":1}'), 'treaties/one.json');
      zip.addBuffer(Buffer.from('two'), 'two.md', { compress: false });
    });
    folder = await unzipPack(file);
    expect(await faults()).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('is refused with its reason when it is hostile or torn, and leaves nothing behind', async () => {
    const before = await leftovers();
    const up = await zipped('up', (zip) => zip.addBuffer(Buffer.from('x'), 'UP/x.md'));
    const absolute = await zipped('absolute', (zip) => zip.addBuffer(Buffer.from('x'), 'Qetc/x.md'));
    const backslash = await zipped('backslash', (zip) => zip.addBuffer(Buffer.from('x'), 'aQb.md'));
    const twice = await zipped('twice', (zip) => {
      zip.addBuffer(Buffer.from('x'), 'a.md');
      zip.addBuffer(Buffer.from('y'), 'a.md');
    });
    const link = await zipped('link', (zip) => zip.addBuffer(Buffer.from('/etc/hostname'), 'a.md', { mode: 0o120777 }));
    const bomb = await zipped('bomb', (zip) => zip.addBuffer(Buffer.alloc(3_000_000), 'a.md'));
    const torn = await zipped('torn', (zip) =>
      zip.addBuffer(Buffer.from('a'.repeat(500)), 'a.md', { compress: false }),
    );
    const plain = join(base, 'plain.zip');
    writeFileSync(plain, 'no zip at all');
    const cases: [string, string][] = [
      [await renamed(up, 'UP/x.md', '../x.md'), 'packs.bad-path'],
      [await renamed(absolute, 'Qetc/x.md', '/etc/x.md'), 'packs.bad-path'],
      [await renamed(backslash, 'aQb.md', 'a\\b.md'), 'packs.bad-path'],
      [twice, 'packs.file-twice'],
      [link, 'packs.bad-path'],
      [bomb, 'packs.too-large'],
      [await cut(torn), 'packs.not-a-zip'],
      [plain, 'packs.not-a-zip'],
    ];
    for (const [file, code] of cases) await expect(unzipPack(file), file).rejects.toMatchObject({ code });
    expect(await leftovers()).toEqual(before);
    expect(existsSync(join(tmpdir(), 'x.md'))).toBe(false);
  });

  test('that declares fewer bytes than it unpacks to is refused', async () => {
    const file = await zipped('lies', (zip) => zip.addBuffer(Buffer.alloc(300_000, 'abc'), 'a.md'));
    const bytes = await readFile(file);
    const declared = Buffer.alloc(4);
    declared.writeUInt32LE(300_000);
    for (let at = bytes.indexOf(declared); at >= 0; at = bytes.indexOf(declared, at + 1)) bytes.writeUInt32LE(10, at);
    writeFileSync(file, bytes);
    await expect(unzipPack(file)).rejects.toMatchObject({ code: 'packs.not-a-zip' });
  });
});

describe('the development pack', () => {
  test('is built from data beside the project without the sets that are for tests only', async () => {
    const data = join(folder, 'data');
    const files = [
      'knowledge/treaties/untoc.en.json',
      'knowledge/treaties/PROVENANCE.md',
      'knowledge/resolutions-fr/a.json',
      'knowledge/resolutions-icpe/b.json',
      'knowledge/ir/cranfield/corpus.jsonl',
      'matching/names.csv',
      'treaties/declarations.csv',
      'treaties/participation.csv',
      'resolutions/one.md',
      'resolutions/PROVENANCE.md',
      'schemas/iati/iati.xsd',
    ];
    for (const file of files) put(join('data', file), file);
    const built = await buildDevelopmentPack(join(folder, 'built'), data);
    expect(built?.files.map((file) => [file.path, file.kind])).toEqual([
      ['treaties/untoc.en.json', 'treaty-text'],
      ['declarations/declarations.csv', 'declarations'],
      ['resolutions/one.md', 'resolution'],
      ['schemas/iati/iati.xsd', 'schema'],
    ]);
    folder = join(folder, 'built');
    expect(await faults()).toEqual([]);
  });

  test('is not built where no data stand', async () => {
    expect(await buildDevelopmentPack(join(folder, 'built'), join(folder, 'nowhere'))).toBeUndefined();
    expect(existsSync(join(folder, 'built'))).toBe(false);
  });

  test.skipIf(!existsSync(join(developmentData, 'knowledge', 'treaties')))(
    'of this clone is sound and holds none of the tests-only sets (left out when ../shared/data is absent)',
    async () => {
      const built = await buildDevelopmentPack(join(folder, 'built'));
      expect(built!.files.length).toBeGreaterThan(10);
      expect(built!.files.filter((file) => /resolutions-fr|resolutions-icpe|\bir\b|matching/.test(file.path))).toEqual(
        [],
      );
      expect(new Set(built!.files.map((file) => file.path.split('/')[0]))).toEqual(
        new Set(['treaties', 'declarations', 'resolutions', 'schemas']),
      );
      folder = join(folder, 'built');
      expect(await faults()).toEqual([]);
    },
  );
});
