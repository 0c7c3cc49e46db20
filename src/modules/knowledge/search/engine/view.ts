import { Unavailable } from '../../../../platform/errors.ts';
import type { AccessClass } from '../schema.ts';
import { statsOf, WeighedLists, type Postings, type Stats } from './lists.ts';
import { markDead, openSegment, type Segment, type StoredTerm } from './segment.ts';
import { mostExpansions } from './settings.ts';
import type { IndexStorage } from './storage.ts';

/** The index as it stood at one version. */
export interface View {
  version: string;
  segments: readonly Segment[];
  stats: Stats;
  /** Number of each work among all works, segment by segment; and how many there are. */
  works: ReadonlyMap<Segment, Uint32Array>;
  allWorks: number;
  weighed: WeighedLists;
}

/** What a question needs of the index. */
export interface Needs {
  terms: ReadonlySet<string>;
  /** Terms whose places are needed. */
  phrases: ReadonlySet<string>;
  prefixes: ReadonlySet<string>;
}

export interface Opened {
  view: View;
  /** The reader's part: chosen before anything is read. */
  own: readonly Segment[];
  /** What counts for rarity and usual lengths. */
  common: readonly Segment[];
  postings: Postings;
  /** Prefixes that have more endings than are searched. */
  tooBroad: readonly string[];
}

interface Kept {
  stored: StoredTerm | undefined;
  size: number;
}

const tries = 5;

/** Keeps the columns of the index and the postings asked for lately, and notices what other processes have committed. */
export class IndexView {
  readonly #storage: IndexStorage;
  readonly #mostBytes: number;
  #view: View | undefined;
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;

  constructor(storage: IndexStorage, mostBytes = 96 * 1024 * 1024) {
    this.#storage = storage;
    this.#mostBytes = mostBytes;
  }

  /** Bytes held: columns of the parts and postings. */
  get bytes(): number {
    return (
      this.#keptBytes +
      (this.#view?.weighed.bytes ?? 0) +
      (this.#view?.segments.reduce((sum, segment) => sum + segment.bytes, 0) ?? 0)
    );
  }

  /** Reads what a question needs, all of it as of one version. */
  async open(access: readonly AccessClass[], needs: Needs): Promise<Opened> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const view = this.#view ?? (await this.#refresh());
      const own = view.segments.filter((segment) => access.includes(segment.access));
      const common = view.segments.filter((segment) => segment.access === 'public');
      const used = [...new Set([...own, ...common])];
      const ids = used.map((segment) => segment.id);
      const expanded = new Map<string, readonly string[]>();
      const tooBroad: string[] = [];
      for (const prefix of needs.prefixes) {
        const found = await this.#storage.expand(ids, prefix, mostExpansions + 1);
        if (found.length > mostExpansions) tooBroad.push(prefix);
        expanded.set(prefix, found.length > mostExpansions ? [] : found);
      }
      const terms = new Set([...needs.terms, ...[...expanded.values()].flat()]);
      const stored = await this.#fetch(view, used, terms, needs.phrases);
      if (stored) {
        const postings: Postings = {
          find: (segment, term) => stored.get(`${segment.id} ${term}`),
          expand: (prefix) => expanded.get(prefix) ?? [],
          weighed: view.weighed,
        };
        return { view, own, common, postings, tooBroad };
      }
      this.#view = undefined;
    }
    throw new Unavailable('knowledge.index-changing');
  }

  /** Undefined when the index changed meanwhile. */
  async #fetch(
    view: View,
    segments: readonly Segment[],
    terms: ReadonlySet<string>,
    phrases: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, StoredTerm> | undefined> {
    const answer = new Map<string, StoredTerm>();
    const missing = new Set<string>();
    for (const term of terms)
      for (const { id } of segments) {
        const key = `${id} ${term}`;
        const kept = this.#kept.get(key);
        if (!kept || (kept.stored && !kept.stored.positions && phrases.has(term))) missing.add(term);
        else {
          // What was used last stays longest.
          this.#kept.delete(key);
          this.#kept.set(key, kept);
          if (kept.stored) answer.set(key, kept.stored);
        }
      }
    const wanted = [...missing];
    const { version, rows } = await this.#storage.terms(
      segments.map(({ id }) => id),
      wanted,
      wanted.filter((term) => phrases.has(term)),
    );
    if (version !== view.version) return undefined;
    this.#makeRoom(rows.reduce((sum, row) => sum + row.postings.length, 0));
    const found = new Map(rows.map((row) => [`${row.segment} ${row.term}`, row]));
    for (const term of wanted)
      for (const { id } of segments) {
        const key = `${id} ${term}`;
        const row = found.get(key);
        const stored: StoredTerm | undefined = row && {
          units: row.units,
          postings: row.postings,
          ...(row.positions ? { positions: row.positions } : {}),
        };
        if (stored) answer.set(key, stored);
        const size = 100 + (row ? row.postings.length + (row.positions?.length ?? 0) : 0);
        this.#keptBytes += size - (this.#kept.get(key)?.size ?? 0);
        this.#kept.delete(key);
        this.#kept.set(key, { size, stored });
      }
    return answer;
  }

  #makeRoom(bytes: number): void {
    for (const [key, { size }] of this.#kept) {
      if (this.#keptBytes + bytes <= this.#mostBytes) return;
      this.#kept.delete(key);
      this.#keptBytes -= size;
    }
  }

  async #refresh(): Promise<View> {
    const state = await this.#storage.state();
    if (!state) throw new Unavailable('knowledge.index-missing');
    const before = new Map(this.#last.map((segment) => [segment.id, segment]));
    const fresh = state.segments.filter(({ id }) => !before.has(id)).map(({ id }) => id);
    const columns = await this.#storage.columns(fresh);
    const segments: Segment[] = [];
    for (const row of state.segments) {
      const packed = columns.get(row.id);
      const segment = before.get(row.id) ?? (packed && openSegment(packed, row));
      // Gone between the two questions: the version has moved on, and the next look will tell.
      if (segment) segments.push(segment);
    }
    for (const segment of segments)
      for (const { unit, revision } of state.marks) if (revision > segment.through) markDead(segment, unit);
    this.#forget(new Set(segments.map(({ id }) => id)));
    this.#last = segments;
    const numbers = new Map<string, number>();
    const works = new Map(
      segments.map((segment) => [
        segment,
        Uint32Array.from(segment.works, (work) => {
          let number = numbers.get(work);
          if (number === undefined) numbers.set(work, (number = numbers.size));
          return number;
        }),
      ]),
    );
    const stats = statsOf(segments.filter(({ access }) => access === 'public'));
    this.#view = {
      version: state.version,
      segments,
      stats,
      works,
      allWorks: numbers.size,
      weighed: new WeighedLists(),
    };
    return this.#view;
  }

  #last: readonly Segment[] = [];

  #forget(present: ReadonlySet<string>): void {
    if (this.#last.every(({ id }) => present.has(id))) return;
    for (const [key, { size }] of this.#kept)
      if (!present.has(key.slice(0, key.indexOf(' ')))) {
        this.#kept.delete(key);
        this.#keptBytes -= size;
      }
  }
}
