import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import { parseProvision, printProvision, type InstrumentNames } from './rules/provision.ts';
import type { Instrument, InstrumentId } from './schema/index.ts';
import { findProvision, readTexts } from './texts.ts';

export interface SourcesOptions {
  /** Folders in which treaty texts are looked for: installed packs, the development folder. */
  textFolders?: readonly string[];
  /** Root of the program's own files; the package by default. */
  root?: string;
}

export interface SourcesAnswer {
  kind: 'treaties.sources';
  version: 1;
  texts: string[];
  found: { provision: string; opening: string; files: string[] }[];
  missing: { provision: string; files: string[] }[];
  /** References to instruments of which no text is here, and to sources that are not treaties. */
  elsewhere: { provision: string; files: string[] }[];
}

/** Where the development copy of the texts stands, beside the package. */
export const developmentTexts: string = join(packageRoot, '..', 'shared', 'data', 'knowledge', 'treaties');

function filesUnder(folder: string, wanted: (name: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const commentPattern = /@source\s+([^@\n]+)/g;
const fieldPattern = /"source"\s*:\s*"([^"\n]+)"|\bsource:\s*'([^'\n]+)'/g;

/** Takes one written reference apart: `UNTOC art. 18(13), 18(14)` names two places; `; UNCAC art. 46` starts anew. */
export function splitReference(text: string): string[] {
  const places: string[] = [];
  let instrument = '';
  for (const clause of text.replace(/\*\/\s*$/, '').split(/[;,]|\s+and\s+/)) {
    const match = /^\s*(?:(.+?)\s+)?arts?\.\s+(.+?)\s*$/.exec(clause);
    if (match?.[1]) instrument = match[1];
    const place = (match ? match[2]! : clause.trim()).replace(/\s*[-–].*$/, '').replace(/[.\s]+$/, '');
    if (instrument !== '' && /^\d+(\([0-9A-Za-z]+\))*$/.test(place)) places.push(`${instrument} art. ${place}`);
  }
  return places;
}

function references(root: string): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  const note = (text: string, file: string) => {
    for (const place of splitReference(text)) {
      const files = places.get(place) ?? new Set<string>();
      places.set(place, files.add(relative(root, file)));
    }
  };
  const code = filesUnder(join(root, 'src'), (name) => /\.tsx?$/.test(name));
  const tables = filesUnder(join(root, 'src'), (name) => name.endsWith('.json'));
  for (const file of [...code, ...tables]) {
    const text = readFileSync(file, 'utf8');
    if (code.includes(file)) for (const match of text.matchAll(commentPattern)) note(match[1]!, file);
    for (const match of text.matchAll(fieldPattern)) note((match[1] ?? match[2])!, file);
  }
  return places;
}

function opening(words: string): string {
  const first = words.split(/\s+/).slice(0, 8).join(' ');
  return first.length < words.length ? `${first} …` : first;
}

/**
 * Walks every `@source` comment and every `source` field of the program's own files and resolves each against the
 * treaty texts that are here. A reference to a text that is here and lacks the place is `missing`.
 */
export function walkSources(
  options: SourcesOptions & { names: InstrumentNames; instruments: ReadonlyMap<InstrumentId, Instrument> },
): SourcesAnswer {
  const root = options.root ?? packageRoot;
  const texts = readTexts(options.textFolders ?? [developmentTexts]);
  const answer: SourcesAnswer = {
    kind: 'treaties.sources',
    version: 1,
    texts: [...texts.keys()].sort(),
    found: [],
    missing: [],
    elsewhere: [],
  };
  for (const [place, set] of [...references(root)].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const files = [...set].sort();
    const read = parseProvision(place, options.names);
    const textId = read.ok ? options.instruments.get(read.value.instrument)?.textId : undefined;
    const text = textId ? texts.get(textId) : undefined;
    if (!read.ok || !text) {
      const badPlace = !read.ok && read.error[0]!.code === 'treaties.bad-provision';
      (badPlace ? answer.missing : answer.elsewhere).push({ provision: place, files });
      continue;
    }
    const found = findProvision(text, read.value.article);
    const provision = printProvision(read.value, options.names);
    if (found) answer.found.push({ provision, opening: opening(found.words), files });
    else answer.missing.push({ provision, files });
  }
  return answer;
}
