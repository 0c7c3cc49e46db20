import type { Identifier, IdentifierKind } from '../../schema/index.ts';

/** Letters and digits alone, upper case: spaces, dots and dashes are how people write, not what it is. */
export function plainIdentifier(value: string): string {
  return value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^IMO(?=\s*\d)/, '')
    .replace(/[^A-Z0-9]/g, '');
}

const digits = (text: string) => [...text].map(Number);
const weighted = (text: string, weights: readonly number[]) =>
  weights.reduce((sum, weight, n) => sum + weight * Number(text[n]), 0);

/** Remainder by 97 of letters as two digits. @source ISO 7064 MOD 97-10 */
function mod97(text: string): number {
  let rest = 0;
  for (const one of text) for (const digit of String(parseInt(one, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

const vinLetters: Record<string, number> = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 }; // prettier-ignore
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** @source ISO 6346 annex A: letters count from 10 and leave out the multiples of eleven */
function containerDigit(text: string): number {
  const sum = [...text.slice(0, 10)].reduce((total, one, n) => {
    const place = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(one);
    const value = place < 0 ? Number(one) : place + 10 + Math.floor((place + 9) / 10);
    return total + value * 2 ** n;
  }, 0);
  return (sum % 11) % 10;
}

function brazilian(text: string, lengths: readonly [number, number], most: number): boolean {
  return lengths.every((length) => {
    let [sum, weight] = [0, 2];
    for (let n = length - 1; n >= 0; n -= 1) {
      sum += Number(text[n]) * weight;
      weight = weight === most ? 2 : weight + 1;
    }
    const check = ((sum * 10) % 11) % 10;
    return check === Number(text[length]);
  });
}

const checks: Partial<Record<IdentifierKind, (text: string) => boolean>> = {
  imo: (text) => /^\d{7}$/.test(text) && weighted(text, [7, 6, 5, 4, 3, 2]) % 10 === Number(text[6]),
  lei: (text) => /^[A-Z0-9]{18}\d{2}$/.test(text) && mod97(text) === 1,
  iban: (text) => /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1,
  vin(text) {
    if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text)) return false;
    const rest =
      vinWeights.reduce((sum, weight, n) => sum + weight * (vinLetters[text[n]!] ?? Number(text[n])), 0) % 11;
    return text[8] === (rest === 10 ? 'X' : String(rest));
  },
  container: (text) => /^[A-Z]{3}[UJZ]\d{7}$/.test(text) && containerDigit(text) === Number(text[10]),
  inn(text) {
    if (/^\d{10}$/.test(text)) return (weighted(text, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === Number(text[9]);
    if (!/^\d{12}$/.test(text)) return false;
    const eleventh = (weighted(text, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
    return eleventh === Number(text[10]) && (weighted(text, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === Number(text[11]); // prettier-ignore
  },
  ogrn: (text) => /^\d{13}$/.test(text) && (Number(text.slice(0, 12)) % 11) % 10 === Number(text[12]),
  cnpj: (text) => /^\d{14}$/.test(text) && new Set(digits(text)).size > 1 && brazilian(text, [12, 13], 9),
  cpf: (text) => /^\d{11}$/.test(text) && new Set(digits(text)).size > 1 && brazilian(text, [9, 10], 11),
};

/** `checked`: its check digit is right; `wrong`: it is not; `unchecked`: the kind has none. */
export function checkIdentifier({ kind, value }: Identifier): 'checked' | 'wrong' | 'unchecked' {
  const check = checks[kind];
  if (!check) return 'unchecked';
  return check(plainIdentifier(value)) ? 'checked' : 'wrong';
}

/** Kinds of which a subject has one for life: two that differ speak against it. */
export const lifelong: ReadonlySet<IdentifierKind> = new Set(['imo', 'lei', 'vin', 'inn', 'ogrn', 'cpf']);
