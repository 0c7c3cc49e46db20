import type { AccessClass, SearchUnit } from '../schema.ts';

export interface SegmentRow {
  id: string;
  access: AccessClass;
  units: number;
  through: number;
}

/** Which parts the index has now, and which units of them are gone. */
export interface IndexState {
  /** Grows with every change that a search can see. */
  version: string;
  segments: readonly SegmentRow[];
  marks: readonly { unit: string; revision: number }[];
}

export interface TermRow {
  segment: string;
  term: string;
  units: number;
  postings: Buffer;
  positions: Buffer | null;
}

/** Where the index is read from: the database of the node, or memory for a scratch index. */
export interface IndexStorage {
  /** Undefined while there is no index. */
  state(): Promise<IndexState | undefined>;
  columns(segments: readonly string[]): Promise<Map<string, Buffer>>;
  /**
   * Postings of terms, with the version of the index at that very moment: when it is another than that of the state the
   * caller holds, the answer is of no use. Positions come for the terms of `phrases` only.
   */
  terms(
    segments: readonly string[],
    terms: readonly string[],
    phrases: readonly string[],
  ): Promise<{ version: string | undefined; rows: TermRow[] }>;
  /** Terms that begin so, in order, at most `limit`. */
  expand(segments: readonly string[], prefix: string, limit: number): Promise<string[]>;
  /** Terms that begin so and have between `shortest` and `longest` characters, with their units. */
  vocabulary(
    segments: readonly string[],
    prefix: string,
    shortest: number,
    longest: number,
  ): Promise<{ term: string; units: number }[]>;
  /** Units by id, of the classes given; in no order. */
  units(ids: readonly string[], access: readonly AccessClass[]): Promise<SearchUnit[]>;
}
