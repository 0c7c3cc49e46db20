import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Unavailable } from '../../platform/errors.ts';
import { packageRoot } from '../../platform/paths.ts';
import { sha256 } from '../../platform/values/index.ts';
import { buildFacts, type Overlay, type TreatyRows } from './rules/build.ts';
import type { TreatyFacts } from './rules/facts.ts';
import {
  ActRow,
  AgreementRow,
  AliasRow,
  CountRow,
  CoverageRow,
  DeclarationRow,
  InstrumentRow,
  NotificationRow,
  ParticipationRow,
  ProvisionRow,
  SourceRow,
  StateRow,
  WindowRow,
} from './schema/index.ts';

/** Version of the data that ship with this build. */
export const shippedVersion = '2026.1';

/** Files that make up the data, by name. */
export const datasetFiles = [
  'acts.csv',
  'agreements.csv',
  'aliases.csv',
  'counts.csv',
  'coverage.csv',
  'declarations.csv',
  'instruments.csv',
  'notifications.csv',
  'participation.csv',
  'provisions.csv',
  'sources.csv',
  'states.csv',
  'windows.csv',
] as const;

/** Data files by name, and the version they carry. */
export interface DataSet {
  version: string;
  texts: ReadonlyMap<string, string>;
}

export interface LoadOptions {
  /** Folder with the data files; the package's own by default. */
  folder?: string;
  /** Files of a set that was accepted from a secretariat, instead of a folder's. */
  set?: DataSet;
  /** Folder of the invented States' acts, given only in demo, training and tests. */
  samples?: string;
  overlay?: Overlay;
  /** Rows used when `provisions.csv` is not there; for tests only. */
  provisions?: ProvisionRow[];
}

/** Reads one data file; throws with the file, the row and the field when a row does not fit. */
export function readCsv<T>(text: string, name: string, row: z.ZodType<T>): T[] {
  const records: unknown[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  return records.map((record, index) => {
    const read = row.safeParse(record);
    if (!read.success) throw new Error(`${name} row ${String(index + 2)}: ${z.prettifyError(read.error)}`);
    return read.data;
  });
}

const sampleStates: StateRow[] = (
  [
    ['XA', 'Alba'],
    ['XB', 'Borea'],
    ['XC', 'Cordia'],
    ['XD', 'Delmar'],
  ] as const
).map(([code, name]) =>
  StateRow.parse({
    iso3: code,
    iso2: code,
    name,
    other_names: '',
    previous_name: '',
    renamed: '',
    change_from: '',
    change: '',
    kind: 'State',
    un_regional_group: '',
  }),
);

/** The data files of a folder. */
export function readDataSet(folder: string = dataFolder): DataSet {
  const texts = new Map<string, string>();
  for (const name of datasetFiles) {
    const path = join(folder, name);
    if (existsSync(path)) texts.set(name, readFileSync(path, 'utf8'));
  }
  return { version: shippedVersion, texts };
}

/**
 * Loads the shipped data into one immutable index. Throws `Unavailable` `treaties.data-missing` when a file is not
 * there. The invented States are in it only when `samples` is given.
 */
export function loadTreaties(options: LoadOptions = {}): TreatyFacts {
  const { version, texts } = options.set ?? readDataSet(options.folder);
  for (const name of datasetFiles) {
    if (!texts.has(name) && (name !== 'provisions.csv' || options.provisions === undefined))
      throw new Unavailable('treaties.data-missing', { params: { file: name } });
  }
  const read = <T>(name: (typeof datasetFiles)[number], row: z.ZodType<T>) => readCsv(texts.get(name) ?? '', name, row);
  const rows: TreatyRows = {
    instruments: read('instruments.csv', InstrumentRow),
    aliases: read('aliases.csv', AliasRow),
    states: read('states.csv', StateRow),
    participation: read('participation.csv', ParticipationRow),
    acts: read('acts.csv', ActRow),
    windows: read('windows.csv', WindowRow),
    coverage: read('coverage.csv', CoverageRow),
    provisions: texts.has('provisions.csv') ? read('provisions.csv', ProvisionRow) : (options.provisions ?? []),
    declarations: read('declarations.csv', DeclarationRow),
    notifications: read('notifications.csv', NotificationRow),
    counts: read('counts.csv', CountRow),
    sources: read('sources.csv', SourceRow),
    agreements: read('agreements.csv', AgreementRow),
  };
  const overlay: Overlay = { ...options.overlay };
  let sampleText = '';
  if (options.samples !== undefined) {
    sampleText = readFileSync(join(options.samples, 'treaties.csv'), 'utf8');
    overlay.states = [...(overlay.states ?? []), ...sampleStates];
    overlay.participation = [
      ...(overlay.participation ?? []),
      ...readCsv(sampleText, 'samples/treaties.csv', ParticipationRow),
    ];
  }
  const digest = sha256(
    datasetFiles
      .flatMap((name) => (texts.has(name) ? [`${name} ${sha256(texts.get(name)!)}`] : []))
      .concat(sampleText ? sha256(sampleText) : [])
      .join('\n'),
  );
  return buildFacts(rows, { version, sha256: digest }, overlay);
}

/** Folder of the invented States' data in this package. */
export const sampleFolder: string = join(packageRoot, 'data', 'samples');

/** Folder of the shipped data. */
export const dataFolder: string = join(packageRoot, 'data', 'treaties');

/** Names of the data files present, for the export and the page about the data. */
export function dataFiles(folder = dataFolder): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort();
}
