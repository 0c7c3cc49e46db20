import type { ListEntry } from '../schema/index.ts';

// Names of nobody, made of syllables, as often as real ones are: few names are borne by many, most by few.
const onsets = ['b', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z', 'sh', 'ch', 'kh', 'br', 'dr', 'kr', 'st', '']; // prettier-ignore
const cores = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou', 'ia'];
const codas = ['', '', '', 'n', 'r', 'l', 's', 'm', 't', 'd', 'k', 'sh', 'nd', 'rt'];
const legal = ['Ltd', 'LLC', 'GmbH', 'S.A.', 'Inc', 'OOO'];
const trades = ['Trading', 'Shipping', 'Energy', 'Holding', 'Steel', 'Logistics', 'Bank', 'Industries'];

/** The same sequence in every run. */
export function sequence(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function word(next: (below: number) => number, syllables: number): string {
  let text = '';
  for (let n = 0; n < syllables; n += 1)
    text += onsets[next(onsets.length)]! + cores[next(cores.length)]! + codas[next(codas.length)]!;
  return text[0]!.toUpperCase() + text.slice(1);
}

/** Draws from a list so that the n-th is drawn about 1/n as often as the first. */
function often<T>(next: (below: number) => number, list: readonly T[]): T {
  const at = Math.floor(list.length ** (next(1_000_000) / 1_000_000)) - 1;
  return list[Math.min(list.length - 1, Math.max(0, at))]!;
}

/** Makes names one after another: persons with two to four parts, and one body in five. */
export function nameMaker(seed: number): () => { name: string; schema: ListEntry['schema'] } {
  const next = sequence(seed);
  const given = Array.from({ length: 6_000 }, () => word(next, 2));
  const family = Array.from({ length: 80_000 }, (_, n) => word(next, n < 4_000 ? 2 : 3));
  return () => {
    if (next(5) === 0) {
      const name = `${often(next, family)} ${word(next, 2)} ${trades[next(trades.length)]} ${legal[next(legal.length)]}`;
      return { name, schema: 'Company' };
    }
    const parts = [often(next, given)];
    if (next(2) === 0) parts.push(often(next, given));
    parts.push(often(next, family));
    if (next(6) === 0) parts.push(often(next, family));
    return { name: parts.join(' '), schema: 'Person' };
  };
}

/** A slip as writing brings it: a letter left out, doubled, exchanged with its neighbour, or a vowel for another. */
export function altered(name: string, next: (below: number) => number): string {
  const at = 1 + next(Math.max(1, name.length - 2));
  const [before, here, after] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)];
  if (here === ' ' || after === '') return altered(name, next);
  switch (next(4)) {
    case 0:
      return before + after;
    case 1:
      return before + here + here + after;
    case 2:
      return after[0] === ' ' ? altered(name, next) : before + after[0]! + here + after.slice(1);
    default:
      return 'aeiou'.includes(here) ? before + 'aeiou'[next(5)]! + after : before + here + after.toLowerCase();
  }
}
