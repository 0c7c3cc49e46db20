import {
  fail,
  ok,
  problem,
  type PartialDate,
  type PlainDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../../platform/values/index.ts';

/** A participant as the data know it. */
export interface StateEntry {
  code: StateCode;
  alpha2: string;
  name: string;
  otherNames: readonly string[];
  previousName: string | null;
  /** Year, month or day from which `name` is used. */
  renamed: PartialDate | null;
  changeFrom: string | null;
  change: string | null;
  kind: 'State' | 'organization';
  group: string | null;
}

export interface StateNames {
  byCode: ReadonlyMap<StateCode, StateEntry>;
  /** Alpha-2, alpha-3 and folded names, all lower case. */
  byWord: ReadonlyMap<string, StateCode>;
}

/** Form in which names are compared: no accents, case or punctuation. */
export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\([a-z]{2}\)$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function stateNames(entries: readonly StateEntry[]): StateNames {
  const byCode = new Map<StateCode, StateEntry>();
  const byWord = new Map<string, StateCode>();
  const claim = (word: string, code: StateCode) => {
    if (word !== '' && !byWord.has(word)) byWord.set(word, code);
  };
  for (const entry of entries) {
    byCode.set(entry.code, entry);
    claim(entry.code.toLowerCase(), entry.code);
    claim(entry.alpha2.toLowerCase(), entry.code);
  }
  for (const entry of entries) {
    for (const name of [entry.name, entry.previousName ?? '', ...entry.otherNames]) claim(foldName(name), entry.code);
  }
  return { byCode, byWord };
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    row = next;
  }
  return row[other.length]!;
}

/** Up to three of the words that are nearest to what was typed. */
export function nearWords(words: readonly string[], text: string): string[] {
  const typed = foldName(text);
  return words
    .map((word) => ({ word, far: distance(typed, foldName(word)) }))
    .filter(({ far }) => far <= Math.max(1, Math.floor(typed.length / 3)))
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Up to three participants whose code or name is nearest to what was typed; none when nothing is near. */
export function nearStates(names: StateNames, text: string): StateEntry[] {
  const typed = foldName(text);
  const best = new Map<StateCode, number>();
  for (const [word, code] of names.byWord) {
    if (word.length === 2 && typed.length > 3) continue;
    const far = word.startsWith(typed) && typed.length > 2 ? 0.5 : distance(typed, word);
    if (far <= Math.max(1, Math.floor(typed.length / 3)) && far < (best.get(code) ?? Infinity)) best.set(code, far);
  }
  return [...best]
    .sort((one, other) => one[1] - other[1] || (one[0] < other[0] ? -1 : 1))
    .slice(0, 3)
    .flatMap(([code]) => names.byCode.get(code) ?? []);
}

/** Reads alpha-2, alpha-3 (any case) or a name. Problem `treaties.unknown-state` with up to three near names. */
export function parseState(names: StateNames, text: string, path: string[] = []): Result<StateCode, Problem[]> {
  const code = names.byWord.get(foldName(text));
  if (code) return ok(code);
  const near = nearStates(names, text);
  return fail([
    problem('treaties.unknown-state', path, {
      params: {
        given: text,
        near: near.map((entry) => `${entry.name} (${entry.code})`).join(', '),
        count: near.length,
      },
    }),
  ]);
}

/** `KEN` → `KE`, `XA` → `XA`, `EUE` → `EU`; the code itself when the data do not know it. */
export function toAlpha2(names: StateNames, code: StateCode): string {
  return names.byCode.get(code)?.alpha2 ?? code;
}

/** Name of a participant on a day: Swaziland before 2018, Eswatini from the first day of 2018. */
export function nameOn(names: StateNames, code: StateCode, on: PlainDate): string {
  const entry = names.byCode.get(code);
  if (!entry) return code;
  if (entry.previousName !== null && entry.renamed !== null && on.slice(0, entry.renamed.length) < entry.renamed) {
    return entry.previousName;
  }
  return entry.name;
}
