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
import { openTable, type TableRow } from './table.ts';

type Cells = Readonly<Record<string, string>>;

const schemas: Record<string, NamedSchema> = {
  individual: 'Person', person: 'Person', entity: 'LegalEntity', legalentity: 'LegalEntity', company: 'Company',
  organization: 'Organization', organisation: 'Organization', publicbody: 'PublicBody', vessel: 'Vessel', ship: 'Vessel',
  aircraft: 'Airplane', airplane: 'Airplane', thing: 'Thing',
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
  const dates = readDates(several(cell('birthdate', 'birth_date', 'dob', 'date_of_birth')));
  return {
    schema: readSchema(cells['schema' + suffix] ?? cells.schema ?? cells.type) ?? fallback,
    names: [name, ...several(cell('aliases', 'alias'))],
    weakNames: remarks.weakNames ?? [],
    birthDates: [...dates, ...(remarks.birthDates ?? [])],
    countries: several(cell('country', 'countries', 'nationality')),
    gender: readGender(cell('gender', 'sex')) ?? remarks.gender ?? null,
    identifiers: [...readIdentifiers(cell('identifier', 'identifiers')), ...(remarks.identifiers ?? [])],
  };
}

/** Columns by the words that lists use for them. */
export const nameColumns = ['name', 'caption', 'query', 'full_name', 'name1'];
export const idColumns = ['id', 'ent_num', 'entity_id', 'uid'];

export interface ColumnChoice {
  name?: string | undefined;
  id?: string | undefined;
}

export interface NamedRow {
  row: number;
  id: string;
  subject: Subject;
  cells: Cells;
}

export type ReadRow = NamedRow | Extract<TableRow, { code: string }>;

/** Rows of names with what else is known; `notes` says when columns were guessed. */
export async function readNamedRows(
  path: string,
  { name, id }: ColumnChoice,
  fallback: NamedSchema,
): Promise<{ rows: AsyncIterable<ReadRow>; notes: string[] }> {
  const wanted = [name, id].flatMap((one) => (one === undefined ? [] : [one.toLowerCase()]));
  const table = await openTable(path, (words) =>
    wanted.length > 0 ? wanted.every((one) => words.includes(one)) : words.some((one) => nameColumns.includes(one)),
  );
  const missing = table.columns.length === 0 ? wanted[0] : undefined;
  if (missing !== undefined) throw new Invalid('goods.column-missing', { params: { column: missing } });
  const nameColumn = name?.toLowerCase() ?? nameColumns.find((one) => table.columns.includes(one));
  const idColumn = id?.toLowerCase() ?? idColumns.find((one) => table.columns.includes(one));
  const notes = nameColumn === undefined ? ['goods.note-first-column'] : [];
  async function* rows(): AsyncGenerator<ReadRow> {
    for await (const one of table.rows) {
      if ('code' in one) {
        yield one;
        continue;
      }
      const text = nameColumn === undefined ? (one.list[0] ?? '') : (one.cells[nameColumn] ?? '');
      const known = idColumn === undefined ? undefined : one.cells[idColumn];
      yield {
        row: one.row,
        id: known || String(one.row),
        subject: readSubjectCells(text, one.cells, fallback),
        cells: one.cells,
      };
    }
  }
  return { rows: rows(), notes };
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

/** Entries of a list file: FollowTheMoney JSON lines, or a table. Rows that cannot be read are told. */
export async function readListFile(
  path: string,
  columns: ColumnChoice,
): Promise<{ entries: ListEntry[]; rejected: { row: number; code: string; byteOffset?: number }[]; notes: string[] }> {
  const entries: ListEntry[] = [];
  const rejected: { row: number; code: string; byteOffset?: number }[] = [];
  if (/\.(jsonl|json|ftm)$/i.test(path)) {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new Invalid('goods.file-unreadable', { params: { file: path }, cause });
    });
    for (const [n, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const entry = fromFtm(jsonOf(line));
      if (entry && problemOf(entry) === undefined) entries.push(entry);
      else rejected.push({ row: n + 1, code: 'goods.entity-unreadable' });
    }
    return { entries, rejected, notes: [] };
  }
  const { rows, notes } = await readNamedRows(path, columns, 'LegalEntity');
  for await (const one of rows) {
    const problem = 'code' in one ? undefined : problemOf(one.subject);
    if ('code' in one) rejected.push(one);
    else if (problem) rejected.push({ row: one.row, code: problem });
    else entries.push({ id: one.id, ...one.subject });
  }
  return { entries, rejected, notes };
}

/** Why nothing could ever be found under the names of an entry; an identifier alone is enough to be found by. */
function problemOf({ names, weakNames, identifiers }: Subject): string | undefined {
  const read = [...names, ...weakNames].map(cleanName);
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
