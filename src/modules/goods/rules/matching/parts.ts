import { distance, framing, hearing, spelling } from './distance.ts';
import type { Form, Part } from './parse.ts';
import { areOpposed } from './tables/names.ts';

/** Why two parts were held to be alike. */
export type PartRule =
  'equal' | 'spelling' | 'sound' | 'transliteration' | 'consonants' | 'other-form' | 'initial' | 'joined' | 'different';

export interface PartMatch {
  similarity: number;
  rule: PartRule;
}

// Ceilings and slopes of the kinds of likeness. A change here is merged with the benchmark table before and after.
const ceiling = { sound: 0.93, otherForm: 0.9, initial: 0.6, transliteration: 0.98, consonants: 0.96 };
const slope = { spelling: 1.3, sound: 1.5, transliteration: 1.35, consonants: 1.25 };
/** Steeper where every syllable is a word of its own: half a name is another name. */
const syllabic = 1.7;
const overBudget = 0.7;
const shortForm = 3;
/** Two names that are known to be different names are no slips of each other. */
const knownDifferent = 0.4;

/** How much may be written wrongly in a word of that length and it still be the same word. */
function budgetOf(length: number): number {
  return length <= 2 ? 0.49 : length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

function alike(cost: number, length: number, steep: number): number {
  const plain = Math.max(0, 1 - (steep * cost) / Math.max(1, length));
  return cost > budgetOf(length) ? plain * overBudget : plain;
}

function bySpelling(one: Form, other: Form): PartMatch {
  const length = Math.max(one.latin.length, other.latin.length);
  const far = Math.abs(one.latin.length - other.latin.length) > length * 0.6;
  const spelled = far ? 0 : alike(distance(one.latin, other.latin, spelling, length * 0.8), length, slope.spelling);
  if (one.sound === other.sound) return { similarity: Math.max(spelled, ceiling.sound), rule: 'sound' };
  const soundLength = Math.max(one.sound.length, other.sound.length);
  const heard = far
    ? 0
    : ceiling.sound * alike(distance(one.sound, other.sound, hearing, soundLength * 0.7), soundLength, slope.sound);
  return spelled >= heard ? { similarity: spelled, rule: 'spelling' } : { similarity: heard, rule: 'sound' };
}

const isVowel = /[aeiou]/g;

function acrossScripts(one: Form, other: Form, steep: number): PartMatch {
  if (one.frame || other.frame) {
    const length = Math.max(one.sound.replace(isVowel, '').length, other.sound.replace(isVowel, '').length);
    const cost = distance(one.sound, other.sound, framing, length + 1);
    return { similarity: ceiling.consonants * alike(cost, length, slope.consonants), rule: 'consonants' };
  }
  if (one.latin === other.latin) return { similarity: ceiling.transliteration, rule: 'transliteration' };
  const length = Math.max(one.sound.length, other.sound.length);
  const cost = distance(one.sound, other.sound, hearing, length * 0.7);
  return { similarity: ceiling.transliteration * alike(cost, length, steep), rule: 'transliteration' };
}

function shareGroup(left: ReadonlySet<number>, right: ReadonlySet<number>): boolean {
  for (const group of left) if (right.has(group)) return true;
  return false;
}

function exclude(one: Part, other: Part, isPerson: boolean): boolean {
  // Short forms are too short to tell a slip from another name.
  if (isPerson) return one.groups !== undefined && other.groups !== undefined && Math.max(one.word.length, other.word.length) > shortForm; // prettier-ignore
  return one.script === 'Latn' && other.script === 'Latn' && areOpposed(one.word, other.word);
}

const different: PartMatch = { similarity: 0, rule: 'different' };

/** How alike two parts of names are, 0..1, by the best of their forms. */
export function compareParts(one: Part, other: Part, isPerson: boolean): PartMatch {
  if (one.script === other.script && one.word === other.word) return { similarity: 1, rule: 'equal' };
  if (one.tag === 'initial' || other.tag === 'initial') {
    const [short, long] = one.tag === 'initial' ? [one, other] : [other, one];
    const heard = short.forms[0]?.sound[0];
    const begins = long.forms.some((form) => form.latin[0] === short.word || form.sound[0] === heard);
    if (one.tag === other.tag || !begins) return different;
    return { similarity: ceiling.initial, rule: 'initial' };
  }
  const sameScript = one.script === other.script;
  const steep = one.script === 'Hang' || other.script === 'Hang' ? syllabic : slope.transliteration;
  const isKnown = one.groups !== undefined && other.groups !== undefined && shareGroup(one.groups, other.groups);
  let best: PartMatch = isKnown ? { similarity: ceiling.otherForm, rule: 'other-form' } : different;
  for (const left of one.forms) {
    for (const right of other.forms) {
      if (sameScript && left.latin === right.latin) return { similarity: 0.99, rule: 'spelling' };
      const found = sameScript ? bySpelling(left, right) : acrossScripts(left, right, steep);
      if (found.similarity > best.similarity) best = found;
    }
  }
  if (!isKnown && exclude(one, other, isPerson))
    return { similarity: Math.min(best.similarity, knownDifferent), rule: 'different' };
  return best;
}

/** Two neighbours written as one word; a frame is joined with its article and without. */
export function joinParts(one: Part, other: Part, join: (latin: string, frame: boolean) => Form): Part {
  const left = one.forms[0]!;
  const rights = other.forms[0]!.frame ? other.forms.slice(0, 2) : other.forms.slice(0, 1);
  return {
    word: one.word + other.word,
    script: one.script,
    forms: rights.map((right) => join(left.latin + right.latin, left.frame || right.frame)),
    tag: one.tag === 'particle' || one.tag === 'beginning' ? other.tag : one.tag,
    weight: Math.max(one.weight, other.weight),
  };
}
