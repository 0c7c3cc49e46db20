/** What was done to a name before it was compared; the reader is told. */
export type NameNote = 'cut' | 'controls-stripped' | 'mixed-scripts';

export type Cleaned =
  { ok: true; text: string; notes: NameNote[] } | { ok: false; problem: 'empty' | 'encoding'; byteOffset?: number };

const longest = 500;
const controls =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const loneSurrogate = /\p{Surrogate}/u;

/** A digit of any script as one of ours: the digits of a script stand side by side, from nought on. */
function inOurDigits(digit: string): string {
  let code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return String(value);
}

/**
 * A name as it is compared: compatibility forms made plain, control and direction marks taken out, cut after 500
 * characters. Case and marks stay for the steps that need them.
 */
export function cleanName(raw: string): Cleaned {
  const broken = loneSurrogate.exec(raw);
  if (broken)
    return { ok: false, problem: 'encoding', byteOffset: new TextEncoder().encode(raw.slice(0, broken.index)).length };
  const notes: NameNote[] = [];
  let text = raw;
  if (controls.test(text)) {
    controls.lastIndex = 0;
    text = text.replace(controls, '');
    notes.push('controls-stripped');
  }
  text = text
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .replace(/[^\P{Nd}0-9]/gu, inOurDigits)
    .trim();
  if (!/[\p{L}\p{N}]/u.test(text)) return { ok: false, problem: 'empty' };
  if (text.length > longest) {
    text = [...text.slice(0, longest + 1)].slice(0, longest).join('');
    notes.push('cut');
  }
  return { ok: true, text, notes };
}
