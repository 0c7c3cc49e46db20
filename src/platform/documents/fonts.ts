import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../paths.ts';

const require = createRequire(join(packageRoot, 'package.json'));

/** The only faces on our paper, all under the SIL Open Font License 1.1, embedded as subsets in every file. */
const faces: Record<string, readonly string[]> = {
  'source-serif-4': [
    '400Regular/SourceSerif4_400Regular',
    '400Regular_Italic/SourceSerif4_400Regular_Italic',
    '600SemiBold/SourceSerif4_600SemiBold',
  ],
  // Noto Naskh Arabic builds letters from dotless shapes and dots, which this typesetter cannot map back to text.
  amiri: ['400Regular/Amiri_400Regular', '700Bold/Amiri_700Bold'],
  'ibm-plex-sans': ['400Regular/IBMPlexSans_400Regular', '600SemiBold/IBMPlexSans_600SemiBold'],
  'ibm-plex-mono': ['400Regular/IBMPlexMono_400Regular'],
};

/** Families by which templates name the faces; at most as long as the face's own name. */
const families: Record<string, string> = {
  'source-serif-4': 'Our Serif',
  amiri: 'Naskh',
  'ibm-plex-sans': 'Our Sans',
  'ibm-plex-mono': 'Our Mono',
};

export interface FontFile {
  file: string;
  family: string;
}

/** The font files that documents may use, with the family each is known by in templates. */
export function fontFiles(): FontFile[] {
  return Object.entries(faces).flatMap(([name, files]) => {
    const folder = dirname(require.resolve(`@expo-google-fonts/${name}/package.json`));
    return files.map((file) => ({ file: join(folder, `${file}.ttf`), family: families[name] ?? name }));
  });
}

function* segments(table: Buffer, at: number): Generator<[first: number, last: number]> {
  if (table.readUInt16BE(at) === 12) {
    const groups = table.readUInt32BE(at + 12);
    for (let n = 0; n < groups; n++) yield [table.readUInt32BE(at + 16 + 12 * n), table.readUInt32BE(at + 20 + 12 * n)];
  }
  if (table.readUInt16BE(at) === 4) {
    const half = table.readUInt16BE(at + 6);
    for (let n = 0; n < half; n += 2) {
      const last = table.readUInt16BE(at + 14 + n);
      if (last !== 0xffff) yield [table.readUInt16BE(at + 16 + half + n), last];
    }
  }
}

/**
 * Code points that a TrueType file maps to glyphs, from its cmap.
 * @source OpenType cmap, formats 4 and 12
 */
function codePointsOf(file: string): Set<number> {
  const font = readFileSync(file);
  const points = new Set<number>();
  for (let n = 0; n < font.readUInt16BE(4); n++) {
    if (font.toString('latin1', 12 + 16 * n, 16 + 16 * n) !== 'cmap') continue;
    const cmap = font.subarray(font.readUInt32BE(20 + 16 * n));
    for (let entry = 0; entry < cmap.readUInt16BE(2); entry++) {
      const platform = cmap.readUInt16BE(4 + 8 * entry);
      if (platform !== 0 && platform !== 3) continue;
      for (const [first, last] of segments(cmap, cmap.readUInt32BE(8 + 8 * entry))) {
        for (let point = first; point <= last; point++) points.add(point);
      }
    }
  }
  return points;
}

let known: Set<number> | undefined;

/** Says whether the faces of running text (Source Serif 4 with Amiri) can show a character. */
export function canShow(codePoint: number): boolean {
  known ??= new Set(
    fontFiles()
      .filter(({ file }) => /(SourceSerif4|Amiri)_400Regular\.ttf$/.test(file))
      .flatMap(({ file }) => [...codePointsOf(file)]),
  );
  return known.has(codePoint);
}
