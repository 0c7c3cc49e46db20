/** A text made plainer, with the way back: `at[n]` is the place of character n in the input. */
export interface Mapped {
  text: string;
  at: readonly number[];
}

/** A part of the input as it stands. */
export function mapped(input: string, from: number, to: number): Mapped {
  const at = new Array<number>(to - from);
  for (let n = from; n < to; n += 1) at[n - from] = n;
  return { text: input.slice(from, to), at };
}

/** What takes the place of a match: new characters, or a stretch `[from, to)` of the text itself that stays. */
type Piece = string | readonly [number, number];

/** Replaces every match of a global pattern; what is kept keeps its places. */
export function rewrite(
  source: Mapped,
  pattern: RegExp,
  pieces: (found: RegExpMatchArray, index: number) => readonly Piece[],
): Mapped {
  let text = '';
  const at: number[] = [];
  let last = 0;
  const copy = (from: number, to: number) => {
    text += source.text.slice(from, to);
    for (let n = from; n < to; n += 1) at.push(source.at[n]!);
  };
  for (const found of source.text.matchAll(pattern)) {
    copy(last, found.index);
    for (const piece of pieces(found, found.index))
      if (typeof piece === 'string') {
        text += piece;
        for (let n = 0; n < piece.length; n += 1) at.push(source.at[found.index]!);
      } else copy(piece[0], piece[1]);
    last = found.index + found[0].length;
  }
  if (last === 0) return source;
  copy(last, source.text.length);
  return { text, at };
}

/** Keeps one group of the match and drops the rest. */
export const keepGroup =
  (group: number) =>
  (found: RegExpMatchArray, index: number): Piece[] => {
    const kept = found[group] ?? '';
    const start = index + found[0].indexOf(kept);
    return [[start, start + kept.length]];
  };

export function sliced(source: Mapped, from: number, to: number = source.text.length): Mapped {
  return { text: source.text.slice(from, to), at: source.at.slice(from, to) };
}

export function trimmed(source: Mapped): Mapped {
  const from = source.text.length - source.text.trimStart().length;
  const to = source.text.trimEnd().length;
  return from === 0 && to === source.text.length ? source : sliced(source, from, Math.max(from, to));
}

/** Several texts in a row with something between them. */
export function joined(parts: readonly Mapped[], between: (index: number) => string): Mapped {
  let text = '';
  const at: number[] = [];
  parts.forEach((part, index) => {
    if (index > 0) {
      const mark = between(index);
      text += mark;
      for (let n = 0; n < mark.length; n += 1) at.push((at.at(-1) ?? -1) + 1);
    }
    text += part.text;
    for (const one of part.at) at.push(one);
  });
  return { text, at };
}

/** Lines of a text, each with its places. */
export function linesOf(source: Mapped): Mapped[] {
  const lines: Mapped[] = [];
  let from = 0;
  for (const line of source.text.split('\n')) {
    lines.push(sliced(source, from, from + line.length));
    from += line.length + 1;
  }
  return lines;
}

/** The stretch of the input that characters `[from, to)` of the text came from. */
export function spanIn(source: Mapped, from: number, to: number): [number, number] | null {
  const start = source.at[from];
  const end = source.at[to - 1];
  return start === undefined || end === undefined || to <= from ? null : [start, Math.max(start, end) + 1];
}
