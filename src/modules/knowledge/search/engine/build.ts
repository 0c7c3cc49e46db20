import { analyse, exactTerm, stemTerm } from '../analysis/index.ts';
import { facetNames, fields, searchLanguages, type FacetName, type SearchUnit } from '../schema.ts';
import { ByteWriter, packColumns } from './bytes.ts';

/** Where a term stands in the units of a segment. `postings` tells units and frequencies, `positions` the places. */
export interface TermPostings {
  term: string;
  /** Units that hold it. */
  units: number;
  postings: Buffer;
  positions: Buffer;
}

/** A part of the index that is written once: units of one access class, in the order of their ids. */
export interface BuiltSegment {
  units: number;
  columns: Buffer;
  terms: TermPostings[];
}

/** Terms that name what a unit cites: never the outcome of an analysis. */
export const citesTerm = (key: string): string => `#cites ${key}`;

/** No day: before all others. */
export const noDay = -2_147_483_648;
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);

export function facetValues(unit: SearchUnit, facet: FacetName): readonly string[] {
  switch (facet) {
    case 'kind':
      return [unit.kind];
    case 'language':
      return [unit.language];
    case 'year':
      return unit.date === undefined ? [] : [unit.date.slice(0, 4)];
    default:
      return unit.facets?.[facet] ?? [];
  }
}

function fieldTexts(unit: SearchUnit): (readonly string[])[] {
  const some = (text: string | undefined): readonly string[] => (text ? [text] : []);
  return [
    some(unit.title),
    some(unit.heading),
    some(unit.text),
    some(unit.context),
    unit.keywords ?? [],
    some(unit.notes),
  ];
}

// Between two labels or titles no phrase holds.
const gap = 10;
const longest = 65_535;
const allOnce = 64;

class Posting {
  readonly postings = new ByteWriter();
  readonly positions = new ByteWriter();
  units = 0;
  #last = -1;
  // Of the unit at hand: position lists, field by field.
  unit = -1;
  places: number[][] = [];

  readonly term: string;
  constructor(term: string) {
    this.term = term;
  }

  close(): void {
    let mask = 0;
    let once = true;
    for (let field = 0; field < fields.length; field += 1) {
      const places = this.places[field];
      if (!places) continue;
      mask |= 1 << field;
      if (places.length > 1) once = false;
    }
    this.postings.number(this.unit - this.#last - 1);
    this.postings.byte(once ? mask | allOnce : mask);
    for (const places of this.places) {
      // Holes of the list are fields without the term.
      if (!places) continue;
      if (!once) this.postings.number(places.length);
      let before = 0;
      for (const place of places) {
        this.positions.number(place - before);
        before = place;
      }
    }
    this.units += 1;
    this.#last = this.unit;
    this.places = [];
  }
}

class Dictionary {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/**
 * Makes a segment of units that share an access class. The same units give the same bytes, in whatever order they come.
 */
export function buildSegment(given: readonly SearchUnit[]): BuiltSegment {
  const units = [...given].sort((one, other) => Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)));
  const count = units.length;
  const terms = new Map<string, Posting>();
  const lengths = fields.map(() => new Uint16Array(count));
  const language = new Uint8Array(count);
  const work = new Uint32Array(count);
  const works = new Dictionary();
  const place = new Uint32Array(count);
  const date = new Int32Array(count).fill(noDay);
  const from = new Int32Array(count).fill(noDay);
  const until = new Int32Array(count).fill(-noDay - 1);
  const prior = new Float32Array(count);
  const idEnds = new Uint32Array(count);
  const ids: Buffer[] = [];
  let idLength = 0;

  units.forEach((unit, ordinal) => {
    const touched: Posting[] = [];
    const add = (term: string, field: number, position: number): void => {
      let posting = terms.get(term);
      if (!posting) terms.set(term, (posting = new Posting(term)));
      if (posting.unit !== ordinal) {
        posting.unit = ordinal;
        touched.push(posting);
      }
      (posting.places[field] ??= []).push(position);
    };
    fieldTexts(unit).forEach((texts, field) => {
      let base = 0;
      let length = 0;
      for (const text of texts) {
        let last = 0;
        for (const token of analyse(text, unit.language)) {
          const position = base + token.position;
          add(exactTerm(unit.language, token.exact), field, position);
          if (token.stem !== undefined) {
            add(stemTerm(unit.language, token.stem), field, position);
            length += 1;
          }
          last = token.position;
        }
        base += last + gap;
      }
      lengths[field]![ordinal] = Math.min(length, longest);
    });
    for (const cited of new Set(unit.cites ?? [])) add(citesTerm(cited), 0, 0);
    for (const posting of touched) posting.close();

    language[ordinal] = searchLanguages.indexOf(unit.language);
    work[ordinal] = works.number(unit.work);
    place[ordinal] = unit.place ?? 0;
    if (unit.date !== undefined) date[ordinal] = dayNumber(unit.date);
    if (unit.validFrom !== undefined) from[ordinal] = dayNumber(unit.validFrom);
    if (unit.validTo !== undefined) until[ordinal] = dayNumber(unit.validTo);
    prior[ordinal] = unit.prior ?? 0;
    const id = Buffer.from(unit.id);
    ids.push(id);
    idLength += id.length;
    idEnds[ordinal] = idLength;
  });

  const facets = facetColumns(units);
  const columns = packColumns(
    {
      ...Object.fromEntries(lengths.map((column, field) => [`length.${fields[field]!}`, column])),
      language,
      work,
      place,
      date,
      from,
      until,
      prior,
      idEnds,
      ids: new Uint8Array(Buffer.concat(ids)),
      ...facets.columns,
    },
    { works: works.texts, facets: facets.values },
  );
  return {
    units: count,
    columns,
    terms: [...terms.values()]
      .map((one) => ({
        term: one.term,
        units: one.units,
        postings: one.postings.done(),
        positions: one.term.startsWith('#') ? Buffer.alloc(0) : one.positions.done(),
      }))
      .sort((one, other) => (one.term < other.term ? -1 : 1)),
  };
}

/** Each facet as numbers of its values; those of unit n end at `facet.ends[n]`. Facets nobody has are left out. */
function facetColumns(units: readonly SearchUnit[]): {
  columns: Record<string, Uint32Array>;
  values: Partial<Record<FacetName, string[]>>;
} {
  const columns: Record<string, Uint32Array> = {};
  const values: Partial<Record<FacetName, string[]>> = {};
  for (const facet of facetNames) {
    const dictionary = new Dictionary();
    const ends = new Uint32Array(units.length);
    const all: number[] = [];
    units.forEach((unit, ordinal) => {
      for (const value of new Set(facetValues(unit, facet))) all.push(dictionary.number(value));
      ends[ordinal] = all.length;
    });
    if (all.length === 0) continue;
    columns[`ends.${facet}`] = ends;
    columns[`values.${facet}`] = Uint32Array.from(all);
    values[facet] = dictionary.texts;
  }
  return { columns, values };
}
