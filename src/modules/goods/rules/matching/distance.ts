// Weighted edit distance over sounds or letters. Costs are classes of how writing differs, not pairs of names.
const size = 128;
type Costs = {
  substitute: Float32Array;
  drop: Float32Array;
  /** A vowel at the end is written where others are not. */
  lastVowel?: number;
  /** So is the second half of a diphthong. */
  diphthong?: number;
};

const groups = {
  vowels: 'aeiou',
  /** Often written one for the other: voiced and unvoiced, stop and its breathed form. */
  near: ['bp', 'dt', 'gk', 'fv', 'sz', 'SC', 'CX', 'Ck', 'SZ', 'ZJ', 'CJ', 'kX', 'hX', 'gX', 'vw', 'bv', 'yi', 'yJ', 'wu', 'kq', 'gq', 'kc', 'sc', 'Ss', 'mn', 'iy', 'ie', 'ou', 'ZS', 'hg', 'Jg', 'dz', 'Cs', 'wo', 'ei', 'fp', 'tT'] as const, // prettier-ignore
};
/** Spellings of one sound. */
const same = ['vw', 'yi', 'ie', 'ou', 'kX', 'kq', 'kc', 'wu', 'SC', 'ZJ', 'yJ'] as const;

function costsOf(change: { vowel: number; near: number; same: number; addVowel: number; addHalf: number }): Costs {
  const substitute = new Float32Array(size * size).fill(1);
  const drop = new Float32Array(size).fill(1);
  const set = (one: string, other: string, cost: number) => {
    const [a, b] = [one.charCodeAt(0), other.charCodeAt(0)];
    substitute[a * size + b] = substitute[b * size + a] = Math.min(cost, substitute[a * size + b]!);
  };
  for (const one of groups.vowels) for (const other of groups.vowels) if (one !== other) set(one, other, change.vowel);
  for (const [one, other] of groups.near) set(one!, other!, change.near);
  for (const [one, other] of same) set(one!, other!, change.same);
  for (let code = 0; code < size; code += 1) substitute[code * size + code] = 0;
  for (const vowel of groups.vowels) drop[vowel.charCodeAt(0)] = change.addVowel;
  for (const half of 'hyw') drop[half.charCodeAt(0)] = change.addHalf;
  return { substitute, drop };
}

/** Letters of one script against each other: a writing mistake. */
export const spelling = costsOf({ vowel: 0.5, near: 0.6, same: 0.45, addVowel: 0.6, addHalf: 0.5 });
/** One side read from another script, or two ways to write a sound. */
export const hearing = costsOf({ vowel: 0.4, near: 0.35, same: 0.15, addVowel: 0.45, addHalf: 0.3 });
/** One side leaves vowels out: those of the other are free, nearly. */
export const framing: Costs = {
  ...costsOf({ vowel: 0.2, near: 0.22, same: 0.1, addVowel: 0.06, addHalf: 0.25 }),
  lastVowel: 0.3,
  diphthong: 0.3,
};
for (const vowel of groups.vowels)
  for (const half of 'wy') {
    framing.substitute[vowel.charCodeAt(0) * size + half.charCodeAt(0)] = 0.1;
    framing.substitute[half.charCodeAt(0) * size + vowel.charCodeAt(0)] = 0.1;
  }

const longest = 64;
const rows = [0, 1, 2].map(() => new Float32Array(longest + 1)) as [Float32Array, Float32Array, Float32Array];

/**
 * Cost of turning one word into the other; neighbours that changed places cost as one slip. Words beyond 64 letters are
 * cut. Stops early, with infinity, once the cost is above `most`.
 */
export function distance(left: string, right: string, costs: Costs, most = Infinity): number {
  const a = left.length > longest ? left.slice(0, longest) : left;
  const b = right.length > longest ? right.slice(0, longest) : right;
  const { substitute, drop, lastVowel, diphthong } = costs;
  const dropIn = (text: string, at: number) => {
    const cost = dropOf(drop, text.charCodeAt(at));
    if (lastVowel === undefined || diphthong === undefined || !isVowel(text.charCodeAt(at))) return cost;
    if (at > 0 && text[at] === 'i' && isVowel(text.charCodeAt(at - 1))) return diphthong;
    return at > 1 && at === text.length - 1 ? lastVowel : cost;
  };
  let [before, last, now] = rows;
  last[0] = 0;
  for (let j = 1; j <= b.length; j += 1) last[j] = last[j - 1]! + dropIn(b, j - 1);
  for (let i = 1; i <= a.length; i += 1) {
    const x = a.charCodeAt(i - 1);
    const dropX = dropIn(a, i - 1);
    now[0] = last[0]! + dropX;
    let least = now[0]!;
    for (let j = 1; j <= b.length; j += 1) {
      const y = b.charCodeAt(j - 1);
      const change = x === y ? 0 : x < size && y < size ? substitute[x * size + y]! : 1;
      let cost = last[j - 1]! + change;
      const away = last[j]! + dropX;
      if (away < cost) cost = away;
      const added = now[j - 1]! + dropIn(b, j - 1);
      if (added < cost) cost = added;
      if (i > 1 && j > 1 && x === b.charCodeAt(j - 2) && y === a.charCodeAt(i - 2)) {
        const swapped = before[j - 2]! + 0.8;
        if (swapped < cost) cost = swapped;
      }
      now[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return Infinity;
    [before, last, now] = [last, now, before];
  }
  return last[b.length]!;
}

const isVowel = (code: number) => code === 97 || code === 101 || code === 105 || code === 111 || code === 117;

function dropOf(drop: Float32Array, code: number): number {
  return code < size ? drop[code]! : 1;
}
