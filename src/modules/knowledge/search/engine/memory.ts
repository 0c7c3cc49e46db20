import type { AccessClass, SearchUnit } from '../schema.ts';
import { buildSegment, type BuiltSegment } from './build.ts';
import type { IndexState, IndexStorage, TermRow } from './storage.ts';

/** Postings of a segment as one block of bytes: an object for each word would take more room than the words. */
class PackedTerms {
  readonly #numbers: Map<string, number>;
  readonly #units: Uint32Array;
  /** Where postings and positions end, two numbers for each term. */
  readonly #ends: Uint32Array;
  readonly #bytes: Buffer;

  constructor(terms: BuiltSegment['terms']) {
    this.#numbers = new Map(terms.map(({ term }, number) => [term, number]));
    this.#units = Uint32Array.from(terms, ({ units }) => units);
    this.#ends = new Uint32Array(terms.length * 2);
    this.#bytes = Buffer.concat(terms.flatMap(({ postings, positions }) => [postings, positions]));
    let at = 0;
    terms.forEach(({ postings, positions }, number) => {
      this.#ends[2 * number] = at += postings.length;
      this.#ends[2 * number + 1] = at += positions.length;
    });
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  get terms(): Iterable<string> {
    return this.#numbers.keys();
  }

  find(term: string): Omit<TermRow, 'segment' | 'term'> | undefined {
    const number = this.#numbers.get(term);
    if (number === undefined) return undefined;
    const from = number === 0 ? 0 : this.#ends[2 * number - 1]!;
    const [middle, end] = [this.#ends[2 * number]!, this.#ends[2 * number + 1]!];
    return {
      units: this.#units[number]!,
      postings: this.#bytes.subarray(from, middle),
      positions: this.#bytes.subarray(middle, end),
    };
  }
}

/** An index in memory, for figures and trials: built once, the same segments as in the database. */
export class MemoryStorage implements IndexStorage {
  readonly #keepsUnits: boolean;
  readonly #units = new Map<string, SearchUnit>();
  readonly #segments: { id: string; access: AccessClass; units: number; columns: Buffer; terms: PackedTerms }[] = [];

  /** Without its units an index tells which works were found, and shows nothing of them. */
  constructor({ keepsUnits = true }: { keepsUnits?: boolean } = {}) {
    this.#keepsUnits = keepsUnits;
  }

  /** Adds units that are not there yet, in parts of at most `largest`. */
  add(units: readonly SearchUnit[], largest = 50_000): void {
    const byAccess = new Map<AccessClass, SearchUnit[]>();
    for (const unit of units) {
      if (this.#keepsUnits) this.#units.set(unit.id, unit);
      const own = byAccess.get(unit.access);
      if (own) own.push(unit);
      else byAccess.set(unit.access, [unit]);
    }
    for (const [access, own] of byAccess)
      for (let from = 0; from < own.length; from += largest) {
        const built = buildSegment(own.slice(from, from + largest));
        this.#segments.push({
          id: String(this.#segments.length),
          access,
          units: built.units,
          columns: built.columns,
          terms: new PackedTerms(built.terms),
        });
      }
  }

  /** Size of columns, postings and positions. */
  get bytes(): number {
    return this.#segments.reduce((sum, { columns, terms }) => sum + columns.length + terms.bytes, 0);
  }

  async state(): Promise<IndexState> {
    return {
      version: String(this.#segments.length),
      segments: this.#segments.map(({ id, access, units }) => ({ id, access, units, through: 0 })),
      marks: [],
    };
  }

  #chosen(segments: readonly string[]) {
    return this.#segments.filter(({ id }) => segments.includes(id));
  }

  async columns(segments: readonly string[]): Promise<Map<string, Buffer>> {
    return new Map(this.#chosen(segments).map(({ id, columns }) => [id, columns]));
  }

  async terms(segments: readonly string[], terms: readonly string[]): Promise<{ version: string; rows: TermRow[] }> {
    const rows = this.#chosen(segments).flatMap((segment) =>
      terms.flatMap((term) => {
        const found = segment.terms.find(term);
        return found ? [{ segment: segment.id, term, ...found }] : [];
      }),
    );
    return { version: String(this.#segments.length), rows };
  }

  async expand(segments: readonly string[], prefix: string, limit: number): Promise<string[]> {
    const found = new Set<string>();
    for (const { terms } of this.#chosen(segments))
      for (const term of terms.terms) if (term.startsWith(prefix)) found.add(term);
    return [...found].sort().slice(0, limit);
  }

  async vocabulary(
    segments: readonly string[],
    prefix: string,
    shortest: number,
    longest: number,
  ): Promise<{ term: string; units: number }[]> {
    const found = new Map<string, number>();
    for (const { terms } of this.#chosen(segments))
      for (const term of terms.terms)
        if (term.startsWith(prefix) && term.length >= shortest && term.length <= longest)
          found.set(term, (found.get(term) ?? 0) + terms.find(term)!.units);
    return [...found].map(([term, units]) => ({ term, units }));
  }

  async units(ids: readonly string[], access: readonly AccessClass[]): Promise<SearchUnit[]> {
    return ids.flatMap((id) => {
      const unit = this.#units.get(id);
      return unit && access.includes(unit.access) ? [unit] : [];
    });
  }
}
