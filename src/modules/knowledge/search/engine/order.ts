import type { SortOrder } from '../schema.ts';
import { noDay } from './build.ts';
import type { Matched } from './facets.ts';
import { idBytes } from './segment.ts';
import { toMillionths } from './settings.ts';

/** A segment with scores, not rounded; and tiers, where something was pinned: higher comes first. */
export interface Ranked extends Matched {
  scores: Float64Array;
  tiers?: Uint8Array;
}

/** A unit by its segment's place in the list and its number in it. */
export interface Place {
  segment: number;
  unit: number;
}

export type Compare = (one: Place, other: Place) => number;

function firstValue({ segment }: Ranked, unit: number): string {
  const column = segment.facets.state;
  if (!column) return '￿';
  const from = unit === 0 ? 0 : column.ends[unit - 1]!;
  return from === column.ends[unit] ? '￿' : column.texts[column.values[from]!]!;
}

const text = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** The order of results: total, and the same in every process. */
export function compareBy(ranked: readonly Ranked[], sort: SortOrder): Compare {
  const scoreOf = ({ segment, unit }: Place) => toMillionths(ranked[segment]!.scores[unit]!);
  const byScore: Compare = (one, other) => scoreOf(other) - scoreOf(one);
  const dateOf = (place: Place) => ranked[place.segment]!.segment.date[place.unit]!;
  const byDate: Compare = (one, other) => {
    const [mine, theirs] = [dateOf(one), dateOf(other)];
    return mine === theirs ? 0 : mine === noDay ? 1 : theirs === noDay ? -1 : theirs - mine;
  };
  // Units of a segment stand in the order of their ids.
  const byId: Compare = (one, other) =>
    one.segment === other.segment
      ? one.unit - other.unit
      : Buffer.compare(
          idBytes(ranked[one.segment]!.segment, one.unit),
          idBytes(ranked[other.segment]!.segment, other.unit),
        );
  const byState: Compare = (one, other) =>
    text(firstValue(ranked[one.segment]!, one.unit), firstValue(ranked[other.segment]!, other.unit));
  const byArticle: Compare = (one, other) => {
    const [mine, theirs] = [ranked[one.segment]!.segment, ranked[other.segment]!.segment];
    return (
      text(mine.works[mine.work[one.unit]!]!, theirs.works[theirs.work[other.unit]!]!) ||
      mine.place[one.unit]! - theirs.place[other.unit]!
    );
  };
  const byTier: Compare = (one, other) =>
    (ranked[other.segment]!.tiers?.[other.unit] ?? 0) - (ranked[one.segment]!.tiers?.[one.unit] ?? 0);
  const orders: Record<SortOrder, Compare[]> = {
    relevance: [byTier, byScore, byDate, byId],
    date: [byDate, byScore, byId],
    state: [byState, byScore, byDate, byId],
    article: [byArticle, byScore, byDate, byId],
  };
  const chosen = orders[sort];
  return (one, other) => {
    for (const compare of chosen) {
      const order = compare(one, other);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Keeps the first `count` of what is offered, without putting all the others in order. */
export class FirstOf<T> {
  // A heap with the last of the kept on top.
  readonly #heap: T[] = [];
  readonly #count: number;
  readonly #compare: (one: T, other: T) => number;

  constructor(count: number, compare: (one: T, other: T) => number) {
    this.#count = count;
    this.#compare = compare;
  }

  /** What the next one has to stand before; undefined while there is room. */
  get last(): T | undefined {
    return this.#heap.length < this.#count ? undefined : this.#heap[0];
  }

  offer(item: T): void {
    const heap = this.#heap;
    if (heap.length < this.#count) {
      heap.push(item);
      if (heap.length === this.#count) for (let at = heap.length >> 1; at >= 0; at -= 1) this.#sink(at);
    } else if (this.#count > 0 && this.#compare(item, heap[0]!) < 0) {
      heap[0] = item;
      this.#sink(0);
    }
  }

  #sink(start: number): void {
    const heap = this.#heap;
    let at = start;
    for (;;) {
      let last = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && this.#compare(heap[child]!, heap[last]!) > 0) last = child;
      if (last === at) return;
      [heap[at], heap[last]] = [heap[last]!, heap[at]!];
      at = last;
    }
  }

  /** In order. */
  done(): T[] {
    return this.#heap.sort(this.#compare);
  }
}

/** The first `count` in order. */
export function firstOf<T>(items: Iterable<T>, count: number, compare: (one: T, other: T) => number): T[] {
  const first = new FirstOf(count, compare);
  for (const item of items) first.offer(item);
  return first.done();
}
