/** Text made plain for the grammars, with the way back to the offsets of the text as given. */
export interface CleanText {
  text: string;
  /** Offset in the given text of an offset in the clean one. */
  toGiven(offset: number): number;
}

// Decimal digits of the scripts of the six languages and their neighbours, by the code point of their zero.
const zeros = [0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10];

function digit(code: number): string | undefined {
  const zero = zeros.find((one) => code >= one && code <= one + 9);
  return zero === undefined ? undefined : String(code - zero);
}

// Marks of notes among them: the raised digits behind a word.
const dropped = /[\u00B2\u00B3\u00B9\u2070\u2074-\u2079\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/;
const space = /[\s\u00A0\u202F\u2009]/;
const plain: Record<string, string> = {
  '\uFF08': '(',
  '\uFF09': ')',
  '\u2010': '-',
  '\u2011': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u201E': '"',
  '\u00AB': '"',
  '\u00BB': '"',
};

/**
 * Digits of all scripts become 0-9, blanks of all kinds one blank, invisible marks go, brackets and quotes become plain.
 * Letters stay as they are: nothing is folded that a span would have to undo.
 */
export function clean(given: string): CleanText {
  let text = '';
  const offsets: number[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const char = given[at]!;
    if (dropped.test(char)) continue;
    const next = space.test(char) ? ' ' : (digit(char.charCodeAt(0)) ?? plain[char] ?? char);
    if (next === ' ' && text.endsWith(' ')) continue;
    text += next;
    offsets.push(at);
  }
  return {
    text,
    toGiven(offset) {
      if (offset <= 0) return offsets[0] ?? 0;
      // The end of a span lies behind the last character it covers.
      const last = offsets[offset - 1];
      return offset < offsets.length && last !== undefined && offsets[offset] === last + 1
        ? offsets[offset]!
        : (last ?? given.length - 1) + 1;
    },
  };
}
