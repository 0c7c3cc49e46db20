import type { Level } from '../words.ts';

/** One place named by a reference; parts that the text leaves out are absent. */
export interface Place {
  article?: string;
  paragraph?: string;
  items: string[];
}

/** A place, or every unit from one to another at the same level. */
export type Named = { from: Place; to?: Place };

export type Outer = 'this' | 'that' | 'preceding' | 'following';

/** A reference as the text writes it, before it is known what exists. Spans are in the clean text. */
export interface Reference {
  start: number;
  end: number;
  places: Named[];
  /** Outermost level that the text names by number. */
  outermost: Level;
  /** The outermost level is named relative to where the text stands: this article, the preceding paragraph. */
  relative?: { level: Level; how: Outer; isPlural: boolean };
  language: string;
}
