// The scripts of the Indian standard share one layout: a letter stands at the same place in each block.
const consonants: Record<number, string> = {
  0x15: 'k', 0x16: 'kh', 0x17: 'g', 0x18: 'gh', 0x19: 'n', 0x1a: 'ch', 0x1b: 'chh', 0x1c: 'j', 0x1d: 'jh', 0x1e: 'n',
  0x1f: 't', 0x20: 'th', 0x21: 'd', 0x22: 'dh', 0x23: 'n', 0x24: 't', 0x25: 'th', 0x26: 'd', 0x27: 'dh', 0x28: 'n',
  0x29: 'n', 0x2a: 'p', 0x2b: 'ph', 0x2c: 'b', 0x2d: 'bh', 0x2e: 'm', 0x2f: 'y', 0x30: 'r', 0x31: 'r', 0x32: 'l',
  0x33: 'l', 0x34: 'zh', 0x35: 'v', 0x36: 'sh', 0x37: 'sh', 0x38: 's', 0x39: 'h', 0x58: 'q', 0x59: 'kh', 0x5a: 'gh',
  0x5b: 'z', 0x5c: 'r', 0x5d: 'rh', 0x5e: 'f', 0x5f: 'y',
}; // prettier-ignore
const vowels: Record<number, string> = {
  0x05: 'a', 0x06: 'a', 0x07: 'i', 0x08: 'i', 0x09: 'u', 0x0a: 'u', 0x0b: 'ri', 0x0e: 'e', 0x0f: 'e', 0x10: 'ai',
  0x12: 'o', 0x13: 'o', 0x14: 'au', 0x11: 'o', 0x0d: 'e',
}; // prettier-ignore
const signs: Record<number, string> = {
  0x3e: 'a', 0x3f: 'i', 0x40: 'i', 0x41: 'u', 0x42: 'u', 0x43: 'ri', 0x45: 'e', 0x46: 'e', 0x47: 'e', 0x48: 'ai',
  0x49: 'o', 0x4a: 'o', 0x4b: 'o', 0x4c: 'au',
}; // prettier-ignore
/** Letters of Malayalam that carry no vowel. */
const bareLetters: Record<number, string> = {
  0x0d7a: 'n',
  0x0d7b: 'n',
  0x0d7c: 'r',
  0x0d7d: 'l',
  0x0d7e: 'l',
  0x0d7f: 'k',
};
const virama = 0x4d;
const nukta = 0x3c;
const bengali = 0x0980;
/** In these the a that a consonant carries is silent at the end of a word. */
const droppingLast = new Set([0x0900, bengali, 0x0a00, 0x0a80]);

/** Latin letters for a word in Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada or Malayalam. */
export function fromIndic(word: string): string {
  const codes = [...word.normalize('NFC')].map((letter) => letter.codePointAt(0) ?? 0);
  let out = '';
  for (let n = 0; n < codes.length; n += 1) {
    const code = codes[n]!;
    if (code < 0x0900 || code > 0x0d7f) {
      out += String.fromCodePoint(code);
      continue;
    }
    if (bareLetters[code] !== undefined) {
      out += bareLetters[code];
      continue;
    }
    const block = code & ~0x7f;
    const place = code & 0x7f;
    const next = (codes[n + 1] ?? 0) & 0x7f;
    let letter = consonants[place];
    if (block === bengali && place === 0x2f) letter = 'j';
    if (place === 0x1c && next === nukta) letter = 'z';
    if (place === 0x2b && next === nukta) letter = 'f';
    if (letter !== undefined) {
      const after = next === nukta ? (codes[n + 2] ?? 0) & 0x7f : next;
      const last = n + (next === nukta ? 2 : 1) >= codes.length;
      const carries = signs[after] === undefined && after !== virama && !(last && droppingLast.has(block));
      out += carries || (last && !droppingLast.has(block)) ? `${letter}a` : letter;
    } else if (place === 0x02 || place === 0x01 || place === 0x70) out += 'n';
    else out += vowels[place] ?? signs[place] ?? '';
  }
  return out;
}
