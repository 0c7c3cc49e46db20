import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../platform/paths.ts';

const data = join(packageRoot, '..', 'shared', 'data');
const founding = join(data, 'resolutions');
const french = join(data, 'knowledge', 'resolutions-fr');

export interface DevelopmentText {
  name: string;
  set: 'founding' | 'french' | 'conference';
  text: string;
}

interface Blocks {
  symbol: string;
  blocks: { t: 'h' | 'p' | 'l'; level?: number; fr?: string; items_fr?: string[] }[];
}

/** Blocks of the French collection as Markdown. */
function fromBlocks({ blocks }: Blocks): string {
  return blocks
    .map((one) => {
      if (one.t === 'l') return (one.items_fr ?? []).join('\n\n');
      return one.t === 'h' ? `${'#'.repeat(Math.min(6, one.level ?? 2))} ${one.fr ?? ''}` : (one.fr ?? '');
    })
    .join('\n\n');
}

interface Labelled {
  id: string;
  paragraphs: { n: number; fr: string; type: 'preambular' | 'operative' | null }[];
}

const labelled = join(data, 'knowledge', 'resolutions-icpe');

/** Recommendations of the International Conference on Education with their labels; none when they are not beside the project. */
export function conferenceTexts(): Labelled[] {
  if (!existsSync(labelled)) return [];
  const files = readdirSync(labelled).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(labelled, name), 'utf8')) as Labelled);
}

/** What people said of 305 of their paragraphs: `preambular`, `operative`, `null`, by `id paragraph`. */
export function humanLabels(): Map<string, string> {
  if (!existsSync(labelled)) return new Map();
  const lines = readFileSync(join(labelled, 'human-types.tsv'), 'utf8').trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [id = '', paragraph = '', , type = ''] = line.split('\t');
      return [`${id} ${paragraph}`, type.trim()];
    }),
  );
}

/** Development resolutions beside the project, never packaged: five in English, the French collection, the conference's. */
export function developmentTexts(): DevelopmentText[] {
  const read = (folder: string, ending: string) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith(ending) && name !== 'PROVENANCE.md')
          .map((name) => ({ name: name.slice(0, -ending.length), text: readFileSync(join(folder, name), 'utf8') }))
      : [];
  return [
    ...read(founding, '.md').map((one) => ({ ...one, set: 'founding' as const })),
    ...read(french, '.json').map(({ name, text }) => ({
      name,
      set: 'french' as const,
      text: fromBlocks(JSON.parse(text) as Blocks),
    })),
    ...conferenceTexts()
      .filter(({ paragraphs }) => paragraphs.length > 0)
      .map(({ id, paragraphs }) => ({
        name: id,
        set: 'conference' as const,
        text: paragraphs.map(({ fr }) => fr.replace(/\s*\n\s*/g, ' ')).join('\n\n'),
      })),
  ];
}
