import { readFileSync } from 'node:fs';
import type { NamedAs } from '../rules/index.ts';

/** A pair of made-up names of one kind of writing, and whether they are one name. */
export interface WrittenPair {
  group: string;
  as: NamedAs;
  left: string;
  right: string;
  same: boolean;
}

/** Pairs written by hand from what is known of how names are written, before they were ever compared. */
export function writtenPairs(): WrittenPair[] {
  const [, ...lines] = readFileSync(new URL('./name-pairs.tsv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [group = '', as, left = '', right = '', same] = line.split('\t');
    return { group, as: as === 'body' || as === 'vessel' ? as : 'person', left, right, same: same === 'yes' };
  });
}
