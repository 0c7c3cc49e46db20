import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../../platform/paths.ts';
import { loadTreaties, type TreatyFacts, type TreatyText } from '../../treaties/index.ts';
import type { CaseRegister } from './cases.ts';
import { createInstrumentNames, type InstrumentNames } from './instruments.ts';
import { readOutline, treeOf } from './outline.ts';
import type { UnitTree } from './schema.ts';
import type { StatuteRegister } from './statutes.ts';
import { treatyTree } from './treaty-units.ts';

const Names = z.record(z.string(), z.array(z.string()));
const InstrumentsFile = z.strictObject({
  about: z.string(),
  instruments: z.array(
    z.strictObject({
      id: z.string(),
      names: Names,
      series: z.array(z.tuple([z.string(), z.string()])).default([]),
    }),
  ),
  others: z.array(z.string()),
});

/** What detection and the reading of queries need to know. Immutable; made once for a process. */
export interface CitationFacts {
  names: InstrumentNames;
  /** Units of an instrument; undefined when its outline is not known. */
  tree(instrument: string): UnitTree | undefined;
  /** Instruments at a volume of the Treaty Series under a registration number. */
  inSeries(volume: string, registration: string): readonly string[];
  /** Instruments whose outline is known. */
  outlined: readonly string[];
  /** The short name of an instrument in print. */
  printName(instrument: string): string;
  statutes?: StatuteRegister;
  cases?: CaseRegister;
}

export interface CitationFactsOptions {
  /** Treaty data; the shipped ones unless told. */
  treaties?: TreatyFacts;
  /** Texts of installed packs; where one is given its units take the place of the shipped outline. */
  texts?: readonly { id: string; text: TreatyText }[];
  statutes?: StatuteRegister;
  cases?: CaseRegister;
}

const folder = join(packageRoot, 'data', 'knowledge', 'citations');

/** The outlines that ship: for each instrument the paths of its articles, paragraphs and items, no wording. */
export function readOutlines(): Map<string, UnitTree> {
  const paths = new Map<string, string[][]>();
  const lines = readFileSync(join(folder, 'outlines.tsv'), 'utf8').split('\n').slice(1);
  for (const line of lines) {
    const [instrument = '', article = '', units = ''] = line.split('\t');
    if (article !== '') paths.set(instrument, [...(paths.get(instrument) ?? []), ...readOutline(article, units)]);
  }
  return new Map([...paths].map(([instrument, all]) => [instrument, treeOf(instrument, all)]));
}

/** Reads names, outlines and places in the Treaty Series. Throws when a data file does not fit: they ship with the build. */
export function loadCitationFacts(options: CitationFactsOptions = {}): CitationFacts {
  const treaties = options.treaties ?? loadTreaties();
  const file = InstrumentsFile.parse(JSON.parse(readFileSync(join(folder, 'instruments.json'), 'utf8')));
  const byId = new Map(file.instruments.map((one) => [one.id, one]));
  const held = [...treaties.instruments.values()].map((one) => ({
    id: one.id as string,
    title: one.title,
    // "1988" alone is a year in a text, not a treaty.
    aliases: [
      ...treaties.names.aliasesOf(one.id).filter((alias) => /\p{L}{3}/u.test(alias)),
      ...Object.values(byId.get(one.id)?.names ?? {}).flat(),
    ],
    ...(one.parent ? { parent: one.parent as string } : {}),
  }));
  const ids = new Set(held.map(({ id }) => id));
  const further = file.instruments
    .filter(({ id }) => !ids.has(id))
    .map(({ id, names }) => ({ id, title: names['en']?.[0] ?? id, aliases: Object.values(names).flat() }));
  const outlines = readOutlines();
  for (const { id, text } of options.texts ?? []) outlines.set(id, treatyTree(id, text));
  return {
    names: createInstrumentNames([...held, ...further], file.others),
    tree: (instrument) => outlines.get(instrument),
    inSeries: (volume, registration) =>
      file.instruments
        .filter(({ series }) => series.some(([v, r]) => v === volume && r === registration))
        .map(({ id }) => id),
    outlined: [...outlines.keys()],
    printName: (instrument) => {
      const own = treaties.names.print(instrument);
      return own === instrument ? (byId.get(instrument)?.names['en']?.[0] ?? instrument) : own;
    },
    ...(options.statutes ? { statutes: options.statutes } : {}),
    ...(options.cases ? { cases: options.cases } : {}),
  };
}
