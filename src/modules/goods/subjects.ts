import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Invalid } from '../../platform/errors.ts';
import { cleanName, readBirthDate } from './rules/index.ts';
import {
  identifierKinds,
  NamedSchema,
  type Gender,
  type Identifier,
  type ListEntry,
  type Subject,
} from './schema/index.ts';
import { openTable, plainColumn, type Cells, type TableRow } from './table.ts';

const schemas: Record<string, NamedSchema> = {
  individual: 'Person', person: 'Person', entity: 'LegalEntity', legalentity: 'LegalEntity', company: 'Company',
  organization: 'Organization', organisation: 'Organization', publicbody: 'PublicBody', vessel: 'Vessel', ship: 'Vessel',
  aircraft: 'Airplane', airplane: 'Airplane', thing: 'Thing', individuals: 'Person', persons: 'Person', people: 'Person',
  entities: 'LegalEntity', companies: 'Company', organizations: 'Organization', vessels: 'Vessel', ships: 'Vessel',
}; // prettier-ignore

/** The schema a word of a list means; undefined for an empty or unknown one. */
export function readSchema(text: string | undefined): NamedSchema | undefined {
  return schemas[(text ?? '').trim().toLowerCase()];
}

function readGender(text: string | undefined): Gender | null {
  const letter = (text ?? '').trim().toLowerCase();
  if (['m', 'male'].includes(letter)) return 'male';
  if (['f', 'female'].includes(letter)) return 'female';
  return letter === '' ? null : letter === 'other' ? 'other' : null;
}

const several = (text: string | undefined) =>
  (text ?? '')
    .split(/[;|]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** `imo:9074729; passport:A123`; a word without a kind is of kind other. */
function readIdentifiers(text: string | undefined): Identifier[] {
  return several(text).map((one) => {
    const [kind = '', value] = one.split(/:\s*/, 2);
    const known = identifierKinds.find((name) => name === kind.trim().toLowerCase());
    return known && value ? { kind: known, value } : { kind: 'other', value: one };
  });
}

const readDates = (texts: readonly string[]) => texts.flatMap((text) => readBirthDate(text) ?? []);

/** What a list of the OFAC style says in its remarks: births, nationality, gender, papers, other names in quotes. */
function readRemarks(text: string): Partial<Subject> {
  const parts = text.split(';').map((part) =>
    part
      .trim()
      .replace(/\.$/, '')
      .replace(/^alt\.\s*/, ''),
  );
  const after = (start: RegExp) => parts.flatMap((part) => (start.test(part) ? [part.replace(start, '').trim()] : []));
  const papers = after(/^Passport\s+/i).map((value): Identifier => ({
    kind: 'passport',
    value: value.replace(/\s*\(.*$/, ''),
  }));
  const ships = after(/^Vessel Registration Identification IMO\s+/i).map((value): Identifier => ({
    kind: 'imo',
    value,
  }));
  return {
    birthDates: readDates(after(/^DOB\s+/i)),
    gender: readGender(after(/^Gender\s+/i)[0]),
    identifiers: [...papers, ...ships].filter(({ value }) => value !== ''),
    weakNames: after(/^[af]\.k\.a\.\s+/i).map((name) => name.replace(/^['"]|['"]$/g, '')),
  };
}

/** A subject from the cells of a row, as far as its columns are known. `suffix` is 1 or 2 in a file of pairs. */
export function readSubjectCells(name: string, cells: Cells, fallback: NamedSchema, suffix = ''): Subject {
  const cell = (...names: string[]) => names.map((one) => cells[one + suffix] ?? '').find((text) => text !== '');
  const remarks = cells.remarks === undefined ? {} : readRemarks(cells.remarks);
  const dates = readDates(several(cell('birthdate', 'dob', 'dateofbirth', 'birth', 'born', 'yearofbirth')));
  const numbers = identifierKinds.flatMap((kind) =>
    several(kind === 'other' ? '' : cell(plainColumn(kind), `${plainColumn(kind)}number`)).map((value) => ({
      kind,
      value,
    })),
  );
  return {
    schema: schemaCell(cells, suffix) ?? fallback,
    names: [name, ...several(cell('aliases', 'alias', 'aka', 'alternativenames', 'othernames'))],
    weakNames: remarks.weakNames ?? [],
    birthDates: [...dates, ...(remarks.birthDates ?? [])],
    countries: several(cell('country', 'countries', 'nationality', 'nationalities', 'citizenship', 'flag')),
    gender: readGender(cell('gender', 'sex')) ?? remarks.gender ?? null,
    identifiers: [...readIdentifiers(cell('identifier', 'identifiers')), ...numbers, ...(remarks.identifiers ?? [])],
  };
}

const schemaColumns = ['schema', 'type', 'sdntype', 'entitytype', 'partytype'];

/** What a row says it is. A list that tells of some rows what they are means bodies by the others. */
function schemaCell(cells: Cells, suffix: string): NamedSchema | undefined {
  const columns = schemaColumns.flatMap((one) => [one + suffix, one]).filter((one) => cells[one] !== undefined);
  if (columns.length === 0) return undefined;
  return columns.map((one) => readSchema(cells[one])).find((one) => one !== undefined);
}

/** Columns by the words that lists use for them, plainly written; the first word that a file has is taken. */
const nameColumns = [
  'name', 'caption', 'query', 'fullname', 'name1', 'primaryname', 'entityname', 'sdnname', 'wholename', 'namefull', 'companyname',
  'vesselname', 'organizationname', 'organisationname', 'names',
]; // prettier-ignore
const furtherNameColumns = ['alias', 'aka', 'altname', 'company', 'vessel', 'organization', 'organisation', 'person', 'subject', 'title']; // prettier-ignore
const idColumns = ['id', 'entnum', 'entityid', 'uid', 'entryid', 'dataid', 'reference', 'referencenumber', 'ref'];
/** Columns that hold a name in pieces, in the order in which it is written. */
const pieces = [
  ['given', 'givenname', 'givennames', 'firstname', 'forename', 'forenames', 'first'],
  ['middle', 'middlename', 'middlenames', 'secondname', 'patronymic'],
  ['thirdname'],
  ['fourthname'],
  ['family', 'familyname', 'surname', 'lastname', 'last'],
]; // prettier-ignore

export interface ColumnChoice {
  name?: string | undefined;
  id?: string | undefined;
  /** A further column that must be there. */
  expect?: string | undefined;
  /** Encoding of the file when it is not UTF-8 and bears no mark. */
  encoding?: string | undefined;
}

export interface NamedRow {
  row: number;
  id: string;
  /** Its id is its place in the file. */
  isNumbered: boolean;
  subject: Subject;
  cells: Cells;
}

export type ReadRow = NamedRow | Extract<TableRow, { code: string }>;

export interface NamedRows {
  rows: AsyncIterable<ReadRow>;
  notes: string[];
}

/**
 * Rows of names with what else is known; `notes` says when columns were guessed.
 * @param fallback what a row is that does not say so, by whether the file has a column for it
 * @throws Invalid `goods.column-missing` for a column that was asked for
 */
export async function readNamedRows(
  path: string,
  choice: ColumnChoice,
  fallback: (typed: boolean) => NamedSchema,
): Promise<NamedRows> {
  const plain = (name: string | undefined) => name?.trim().toLowerCase();
  const wanted = [choice.name, choice.id, choice.expect].flatMap((one) => plain(one) ?? []);
  const table = await openTable(path, { encoding: choice.encoding, isHeader: (words) => isHeader(words, wanted) });
  const { columns, isEmpty } = table;
  const missing = isEmpty ? undefined : wanted.find((one) => !columns.includes(one));
  if (missing !== undefined) throw new Invalid('goods.column-missing', { params: { column: missing } });
  const idColumn = plain(choice.id) ?? firstOf(columns, idColumns);
  const nameColumns = nameColumnsOf(columns, plain(choice.name));
  // Without a known column of names the first one that says nothing else is taken.
  const at = columns.findIndex((one) => one !== idColumn && !schemaColumns.includes(plainColumn(one)));
  const schema = fallback(columns.some((one) => schemaColumns.includes(plainColumn(one))));
  async function* rows(): AsyncGenerator<ReadRow> {
    for await (const one of table.rows) {
      if ('code' in one) {
        yield one;
        continue;
      }
      const { cells, list, row } = one;
      const text = nameColumns?.map((column) => cells[column]).join(' ') ?? list[Math.max(0, at)] ?? '';
      const known = idColumn === undefined ? undefined : cells[idColumn];
      yield {
        row,
        id: known || String(row),
        isNumbered: !known,
        subject: readSubjectCells(text, cells, schema),
        cells,
      };
    }
  }
  return { rows: rows(), notes: [...table.notes, ...(nameColumns || isEmpty ? [] : ['goods.note-first-column'])] };
}

/** A header has a column that was asked for, or one that lists use for names, ids or kinds. */
function isHeader(words: readonly string[], wanted: readonly string[]): boolean {
  const known = [...nameColumns, ...furtherNameColumns, ...idColumns, ...schemaColumns];
  return (
    wanted.some((one) => words.includes(one)) ||
    words.some((one) => known.includes(plainColumn(one))) ||
    piecesOf(words).length > 1
  );
}

/** The column of whole names, or the columns of their pieces. */
function nameColumnsOf(columns: readonly string[], chosen: string | undefined): string[] | undefined {
  const whole = chosen ?? firstOf(columns, nameColumns);
  if (whole !== undefined) return [whole];
  const parted = piecesOf(columns);
  if (parted.length > 1) return parted;
  const further = firstOf(columns, furtherNameColumns);
  return further === undefined ? undefined : [further];
}

function piecesOf(columns: readonly string[]): string[] {
  return pieces.flatMap((words) => columns.find((one) => words.includes(plainColumn(one))) ?? []);
}

/** The column that bears the first of the words. */
function firstOf(columns: readonly string[], words: readonly string[]): string | undefined {
  for (const word of words) {
    const found = columns.find((one) => plainColumn(one) === word);
    if (found !== undefined) return found;
  }
  return undefined;
}

const FtmEntity = z.object({
  id: z.string().min(1),
  schema: z.string(),
  properties: z.record(z.string(), z.array(z.string())),
});

const ftmIdentifiers: Record<string, Identifier['kind']> = {
  imoNumber: 'imo', mmsi: 'mmsi', leiCode: 'lei', passportNumber: 'passport', idNumber: 'national-id', innCode: 'inn',
  ogrnCode: 'ogrn', registrationNumber: 'registration', taxNumber: 'tax-id', callSign: 'call-sign', vin: 'vin',
}; // prettier-ignore

/** An entity in FollowTheMoney JSON as an entry of a list; undefined when it has no name. */
export function fromFtm(value: unknown): ListEntry | undefined {
  const parsed = FtmEntity.safeParse(value);
  if (!parsed.success) return undefined;
  const { id, schema, properties } = parsed.data;
  const all = (...names: string[]) => names.flatMap((name) => properties[name] ?? []);
  const names = all('name', 'alias', 'previousName');
  if (names.length === 0) return undefined;
  return {
    id,
    schema: NamedSchema.safeParse(schema).data ?? readSchema(schema) ?? 'Thing',
    names,
    weakNames: all('weakAlias'),
    birthDates: readDates(all('birthDate')),
    countries: all('country', 'nationality', 'flag', 'jurisdiction', 'citizenship'),
    gender: readGender(all('gender')[0]),
    identifiers: Object.entries(ftmIdentifiers).flatMap(([property, kind]) =>
      all(property).map((value) => ({ kind, value })),
    ),
  };
}

export interface ReadList {
  entries: ListEntry[];
  rejected: { row: number; code: string; byteOffset?: number }[];
  notes: string[];
}

/**
 * Entries of a list file: FollowTheMoney JSON, one entity a line or all in one array, or a table. Rows that cannot be
 * read are told; rows of one id are one entry with several names.
 */
export async function readListFile(path: string, columns: ColumnChoice): Promise<ReadList> {
  if (/\.(jsonl|ndjson|json|ftm)$/i.test(path)) return readFtmFile(path);
  const read: ReadList = { entries: [], rejected: [], notes: [] };
  // A list that says of some rows what they are means bodies by the others; one that says nothing may hold anything.
  const { rows, notes } = await readNamedRows(path, columns, (typed) => (typed ? 'LegalEntity' : 'Thing'));
  const places = new Map<string, ListEntry>();
  for await (const one of rows) {
    const problem = 'code' in one ? undefined : problemOf(one.subject);
    if ('code' in one) read.rejected.push(one);
    else if (problem) read.rejected.push({ row: one.row, code: problem });
    else {
      const entry = { id: one.id, ...one.subject };
      const known = one.isNumbered ? undefined : places.get(one.id);
      if (known) addTo(known, entry);
      else {
        read.entries.push(entry);
        places.set(one.id, entry);
      }
    }
  }
  if (read.rejected.some(({ code }) => code === 'goods.encoding')) notes.push('goods.note-encoding');
  return { ...read, notes };
}

/** What a further row says of an entry. */
function addTo(entry: ListEntry, more: ListEntry): void {
  const both = <T>(one: readonly T[], other: readonly T[]) => [...new Set([...one, ...other])];
  entry.names = both(entry.names, more.names);
  entry.weakNames = both(entry.weakNames, more.weakNames);
  entry.birthDates = both(entry.birthDates, more.birthDates);
  entry.countries = both(entry.countries, more.countries);
  entry.gender ??= more.gender;
  entry.identifiers = [...entry.identifiers, ...more.identifiers];
}

async function readFtmFile(path: string): Promise<ReadList> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Invalid('goods.file-unreadable', { params: { file: path }, cause });
  });
  const plain = text.replace(/^\ufeff/, '');
  const whole = /^\s*\[/.test(plain) ? jsonOf(plain) : undefined;
  const values: [row: number, value: unknown][] = Array.isArray(whole)
    ? whole.map((value: unknown, n) => [n + 1, value])
    : plain.split('\n').flatMap((line, n) => (line.trim() === '' ? [] : [[n + 1, jsonOf(line)]]));
  const read: ReadList = { entries: [], rejected: [], notes: [] };
  for (const [row, value] of values) {
    const entry = fromFtm(value);
    const problem = entry ? problemOf(entry) : 'goods.entity-unreadable';
    if (entry && !problem) read.entries.push(entry);
    else read.rejected.push({ row, code: 'goods.entity-unreadable' });
  }
  return read;
}

const mostLetters = 20_000;

/** Why nothing could ever be found under the names of an entry; an identifier alone is enough to be found by. */
function problemOf({ names, weakNames, identifiers }: Subject): string | undefined {
  const all = [...names, ...weakNames];
  if (all.some((name) => name.length > mostLetters)) return 'goods.name-too-long';
  const read = all.map(cleanName);
  if (identifiers.length > 0 || read.some(({ ok }) => ok)) return undefined;
  return read.some((one) => !one.ok && one.problem === 'encoding') ? 'goods.encoding' : 'goods.name-empty';
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
