// How a Latin spelling is heard, whatever language it was written for. Capitals stand for sounds that take two letters:
// S sh, C ch, Z zh, J dzh, X kh.
const vowels = 'aeiou';
const isVowel = (letter: string | undefined) => letter !== undefined && vowels.includes(letter);

const starts: [letters: string, sound: string][] = [
  ['shch', 'S'], ['tsch', 'C'], ['dsch', 'J'], ['tch', 'C'], ['sch', 'S'], ['dzh', 'J'], ['chh', 'C'], ['sh', 'S'],
  ['ch', 'C'], ['zh', 'Z'], ['dj', 'J'], ['kh', 'X'], ['gh', 'g'], ['ph', 'f'], ['th', 't'], ['dh', 'd'], ['bh', 'b'],
  ['jh', 'J'], ['rh', 'r'], ['ck', 'k'], ['cz', 'C'], ['sz', 'S'], ['qu', 'k'], ['gu', 'gu'], ['ou', 'u'], ['oo', 'u'],
  ['ee', 'i'], ['ii', 'i'], ['tz', 'ts'],
]; // prettier-ignore
const byLetter = new Map<string, [string, string][]>();
for (const start of starts) byLetter.set(start[0][0]!, [...(byLetter.get(start[0][0]!) ?? []), start]);
const single: Record<string, string> = { q: 'k', x: 'ks', j: 'J', w: 'w', v: 'v' };

/** The sound of lower-case Latin letters and digits. Doubled letters count once, an h that is not heard is left out. */
export function soundOf(latin: string): string {
  let out = '';
  for (let n = 0; n < latin.length;) {
    const letter = latin[n]!;
    if (letter === latin[n + 1] && letter >= 'b' && !isVowel(letter)) {
      n += 1;
      continue;
    }
    const found = byLetter.get(letter)?.find(([start]) => latin.startsWith(start, n));
    let sound: string;
    let length = 1;
    if (found && !(found[0] === 'gu')) {
      sound = found[1];
      length = found[0].length;
    } else if (letter === 'c') sound = 'eiy'.includes(latin[n + 1] ?? '-') ? 's' : 'k';
    else if (letter === 'h') sound = isVowel(out.at(-1)) && !isVowel(latin[n + 1]) ? '' : 'h';
    else if (letter === 'y') sound = isVowel(latin[n + 1]) ? 'y' : 'i';
    else sound = single[letter] ?? letter;
    if (sound !== '' && !(out.at(-1) === sound[0] && !/\d/.test(sound))) out += sound;
    n += length;
  }
  return out;
}

/** The sound of a frame: its letters are sounds already, a doubled one counts once. */
export function soundOfFrame(frame: string): string {
  let out = '';
  for (const letter of frame.replace(/j/g, 'J').replace(/q/g, 'k').replace(/c/g, 'k'))
    if (out.at(-1) !== letter) out += letter;
  return out;
}

const merged: Record<string, string> = { X: 'k', q: 'k', g: 'k', b: 'p', d: 't', z: 's', C: 'S', Z: 'S', J: 'S', v: 'f' }; // prettier-ignore

/** What is left of a sound without vowels and half-vowels, with voiced and unvoiced as one: the same in most spellings. */
export function skeletonOf(sound: string): string {
  let out = '';
  for (const letter of sound) {
    if ('aeiouyhw'.includes(letter)) continue;
    const kept = merged[letter] ?? letter;
    if (out.at(-1) !== kept) out += kept;
  }
  return out;
}

/** A sound with all vowels alike: for keys that a changed vowel must not move. */
export function vowelless(sound: string): string {
  return sound.replace(/[aeiouyw]+/g, 'a');
}
