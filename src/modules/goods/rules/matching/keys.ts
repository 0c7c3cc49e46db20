import type { Form, ParsedName, Part } from './parse.ts';
import { skeletonOf, vowelless } from './sound.ts';
import { groupsOf } from './tables/names.ts';

/** What a key is made of; its weight says how much one shared key of the kind is worth beside its rarity. */
export const keyWeights = {
  sound: 1,
  skeleton: 0.7,
  pair: 0.8,
  initialPair: 0.4,
  beginning: 0.35,
  ending: 0.3,
  group: 0.6,
  acronym: 0.9,
  numeral: 0.3,
  identifier: 3,
  birthDate: 0.5,
  /** Of a query alone: the pair that one slip away would give. */
  slipPair: 0.6,
} as const;
export type KeyKind = keyof typeof keyWeights;

/** One key of a name: a number that stands for kind and text. Two texts share one by chance once in four thousand million. */
export interface NameKey {
  key: number;
  kind: KeyKind;
}

const kinds = Object.keys(keyWeights) as KeyKind[];

/** FNV-1a over the kind and the text. */
export function keyOf(kind: KeyKind, text: string): number {
  let hash = Math.imul(0x811c9dc5 ^ kinds.indexOf(kind), 0x01000193);
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}

const shortestEnding = 5;
const mostForms = 24;
const mostJoined = 12;
const mostPaired = 4;
const longestShort = 7;

const ofForm = new WeakMap<Form, NameKey[]>();

function formKeys(form: Form): NameKey[] {
  const known = ofForm.get(form);
  if (known) return known;
  const keys: NameKey[] = [];
  const { sound, skeleton, frame } = form;
  if (!frame) keys.push({ kind: 'sound', key: keyOf('sound', sound) });
  if (skeleton.length > 1) keys.push({ kind: 'skeleton', key: keyOf('skeleton', skeleton) });
  else keys.push({ kind: 'skeleton', key: keyOf('skeleton', `${skeleton}.`) });
  if (!frame && sound.length >= 4)
    keys.push({ kind: 'beginning', key: keyOf('beginning', vowelless(sound).slice(0, 4)) });
  if (!frame && sound.length >= shortestEnding) keys.push({ kind: 'ending', key: keyOf('ending', sound.slice(-4)) });
  ofForm.set(form, keys);
  return keys;
}

function isWeak(part: Part): boolean {
  return part.tag === 'particle' || part.tag === 'honorific' || part.tag === 'initial';
}

/** Keys under which a name is found, each once. */
export function keysOf(name: ParsedName): NameKey[] {
  const found = new Map<number, NameKey>();
  const put = (one: NameKey) => {
    if (!found.has(one.key)) found.set(one.key, one);
  };
  const isPerson = name.as === 'person';
  for (const way of name.ways) {
    const strong = way.filter((part) => !isWeak(part));
    const parts = strong.length > 0 ? strong : way;
    // The end of a word is needed where few others can bear the name.
    const few = parts.length <= 2;
    for (const part of parts) {
      if (part.tag === 'beginning' && parts.length > 1) continue;
      for (const form of part.forms.slice(0, mostForms)) {
        for (const one of formKeys(form)) if (one.kind !== 'ending' || few) put(one);
        for (const group of groupsOf(form.latin, isPerson) ?? [])
          put({ kind: 'group', key: keyOf('group', `${isPerson ? 'p' : 'b'}${group}`) });
      }
    }
    joinedKeys(way, put);
    pairKeys(way, put);
    if (!isPerson) acronymKeys(parts, put);
  }
  if (name.numerals.length > 0)
    for (const numeral of name.numerals) put({ kind: 'numeral', key: keyOf('numeral', numeral) });
  return [...found.values()];
}

/** Neighbours that others write as one word: short ones, and what begins a compound. */
function joinedKeys(way: readonly Part[], put: (one: NameKey) => void): void {
  for (let n = 0; n + 1 < way.length && n < mostJoined; n += 1) {
    const [one, two] = [way[n]!, way[n + 1]!];
    if (one.tag === 'honorific' || two.tag === 'honorific' || one.script === 'Hani' || two.script === 'Hani') continue;
    const [left, right] = [one.forms[0]!, two.forms[0]!];
    const compound = one.tag === 'beginning' || one.tag === 'particle';
    if (!compound && (left.latin.length > longestShort || right.latin.length > longestShort)) continue;
    const skeleton = skeletonOf(left.sound + right.sound);
    if (skeleton.length > 2) put({ kind: 'skeleton', key: keyOf('skeleton', skeleton) });
  }
}

/**
 * Two parts together are rare where each alone is common; their order says nothing. One of them by its first sound alone
 * stands for an initial, and for a part that was written wrongly anywhere but at its beginning.
 */
function pairKeys(way: readonly Part[], put: (one: NameKey) => void): void {
  const parts = way.filter((part) => part.tag !== 'particle' && part.tag !== 'honorific').slice(0, mostPaired);
  const skeletons = parts.map((part) => part.forms[0]!.skeleton || part.forms[0]!.sound);
  const firsts = parts.map((part) => skeletonOf(part.forms[0]!.sound[0] ?? '') || 'a');
  for (let one = 0; one < parts.length; one += 1)
    for (let two = 0; two < parts.length; two += 1)
      if (one !== two && parts[one]!.tag !== 'initial')
        put({ kind: 'initialPair', key: keyOf('initialPair', `${skeletons[one]} ${firsts[two]}`) });
  for (let one = 0; one < parts.length; one += 1)
    for (let two = one + 1; two < parts.length; two += 1) {
      if (parts[one]!.tag === 'initial' || parts[two]!.tag === 'initial') continue;
      const [left, right] = [skeletons[one]!, skeletons[two]!];
      put({ kind: 'pair', key: keyOf('pair', left < right ? `${left} ${right}` : `${right} ${left}`) });
    }
}

/** Consonants that a skeleton may hold. */
const consonants = [...'ptksSflmnr'];
const longestSlipped = 8;

/** What a skeleton is with one consonant left out, added, exchanged with its neighbour or written for another. */
function slipsOf(skeleton: string): Set<string> {
  const slips = new Set<string>();
  for (let at = 0; at <= skeleton.length; at += 1) {
    const [before, here, after] = [skeleton.slice(0, at), skeleton[at], skeleton.slice(at + 1)];
    for (const one of consonants) slips.add(before + one + skeleton.slice(at));
    if (here === undefined) continue;
    slips.add(before + after);
    for (const one of consonants) slips.add(before + one + after);
    if (after !== '') slips.add(before + after[0]! + here + after.slice(1));
  }
  slips.delete(skeleton);
  slips.delete('');
  return slips;
}

/**
 * Keys of a query alone: pairs as they would be had one part been written with one slip among its consonants. They find
 * the name beside a part that very many bear, and cost the list nothing.
 */
export function slipKeys(name: ParsedName): NameKey[] {
  const found = new Map<number, NameKey>();
  for (const way of name.ways.slice(0, 2)) {
    const parts = way.filter((part) => !isWeak(part)).slice(0, mostPaired);
    const skeletons = parts.map((part) => part.forms[0]!.skeleton || part.forms[0]!.sound);
    for (const [slipped, part] of parts.entries()) {
      const { skeleton } = part.forms[0]!;
      if (skeleton.length < 2 || skeleton.length > longestSlipped) continue;
      for (const slip of slipsOf(skeleton))
        for (const [n, other] of skeletons.entries()) {
          if (n === slipped) continue;
          const key = keyOf('pair', slip < other ? `${slip} ${other}` : `${other} ${slip}`);
          found.set(key, { kind: 'slipPair', key });
        }
    }
  }
  return [...found.values()];
}

function acronymKeys(parts: readonly Part[], put: (one: NameKey) => void): void {
  const first = parts.map((part) => part.forms[0]?.latin[0] ?? '').join('');
  if (parts.length >= 3) put({ kind: 'acronym', key: keyOf('acronym', first.slice(0, 8)) });
  if (parts.length <= 2)
    for (const part of parts) {
      const latin = part.forms[0]?.latin ?? '';
      if (latin.length >= 3 && latin.length <= 8) put({ kind: 'acronym', key: keyOf('acronym', latin) });
    }
}
