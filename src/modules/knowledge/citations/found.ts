import type { Citation } from './schema.ts';

/** A citation found by a grammar of its own, in the clean text. */
export interface Found extends Omit<Citation, 'span' | 'found'> {
  start: number;
  end: number;
}
