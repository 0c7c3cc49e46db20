import type { AccessClass, SearchUnit } from '../schema.ts';
import { buildSegment, type TermPostings } from './build.ts';
import type { IndexState, IndexStorage, TermRow } from './storage.ts';

/** An index in memory, for figures and trials: built once, the same segments as in the database. */
export class MemoryStorage implements IndexStorage {
  readonly #units = new Map<string, SearchUnit>();
  readonly #segments: {
    id: string;
    access: AccessClass;
    units: number;
    columns: Buffer;
    terms: Map<string, TermPostings>;
  }[] = [];

  /** Adds units that are not there yet, in parts of at most `largest`. */
  add(units: readonly SearchUnit[], largest = 50_000): void {
    const byAccess = new Map<AccessClass, SearchUnit[]>();
    for (const unit of units) {
      this.#units.set(unit.id, unit);
      byAccess.set(unit.access, [...(byAccess.get(unit.access) ?? []), unit]);
    }
    for (const [access, own] of byAccess)
      for (let from = 0; from < own.length; from += largest) {
        const built = buildSegment(own.slice(from, from + largest));
        this.#segments.push({
          id: String(this.#segments.length),
          access,
          units: built.units,
          columns: built.columns,
          terms: new Map(built.terms.map((one) => [one.term, one])),
        });
      }
  }

  /** Size of columns, postings and positions. */
  get bytes(): number {
    return this.#segments.reduce(
      (sum, { columns, terms }) =>
        [...terms.values()].reduce(
          (all, one) => all + one.postings.length + one.positions.length,
          sum + columns.length,
        ),
      0,
    );
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
        const found = segment.terms.get(term);
        return found ? [{ segment: segment.id, ...found }] : [];
      }),
    );
    return { version: String(this.#segments.length), rows };
  }

  async expand(segments: readonly string[], prefix: string, limit: number): Promise<string[]> {
    const found = new Set<string>();
    for (const { terms } of this.#chosen(segments))
      for (const term of terms.keys()) if (term.startsWith(prefix)) found.add(term);
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
      for (const { term, units } of terms.values())
        if (term.startsWith(prefix) && term.length >= shortest && term.length <= longest)
          found.set(term, (found.get(term) ?? 0) + units);
    return [...found].map(([term, units]) => ({ term, units }));
  }

  async units(ids: readonly string[], access: readonly AccessClass[]): Promise<SearchUnit[]> {
    return ids.flatMap((id) => {
      const unit = this.#units.get(id);
      return unit && access.includes(unit.access) ? [unit] : [];
    });
  }
}
