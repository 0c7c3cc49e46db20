import { comparisonKey, problem, type Problem } from '../../../platform/values/index.ts';

const shortest = 15;
const longest = 128;

// Rows of common keyboards; a walk along one, either way, adds no guess.
const rows = [
  '`1234567890-=',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'qwertzuiop',
  'yxcvbnm',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  'ضصثقفغعهخحجد',
  'شسيبلاتنمكط',
];
const columns = ['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.', '0p;/'];

// Roots of the passwords that every public list of leaked ones is full of.
const common = [
  'password',
  'passwort',
  'motdepasse',
  'contrasena',
  'contraseña',
  'пароль',
  'passphrase',
  'letmein',
  'welcome',
  'iloveyou',
  'administrator',
  'admin',
  'login',
  'secret',
  'changeme',
  'default',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'batman',
  'monkey',
  'dragon',
  'master',
  'shadow',
  'michael',
  'trustno1',
  'whatever',
  'starwars',
  'computer',
  'internet',
  'correcthorsebatterystaple',
  'thequickbrownfox',
  'abcdefghijklmnopqrstuvwxyz',
  'comity',
  'qwerty',
  'azerty',
  'asdf',
  'qazwsx',
  'zaq1',
  'pass',
  'test',
  'guest',
  'user',
  'root',
];
const leet: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
};

function joined(text: string): string {
  return comparisonKey(text).replaceAll(/[\s._-]/g, '');
}

function plain(text: string): string {
  return [...joined(text)].map((letter) => leet[letter] ?? letter).join('');
}

function isRepeated(text: string): boolean {
  const letters = [...text];
  if (new Set(letters).size <= 4) return true;
  for (let period = 1; period <= letters.length / 2; period += 1) {
    if (letters.every((letter, index) => letter === letters[index % period])) return true;
  }
  return false;
}

/** Share of neighbours that follow each other in the alphabet, in numbers or on a keyboard. */
function walkShare(text: string): number {
  const letters = [...text];
  const lines = [...rows, ...columns];
  const steps = letters.slice(1).filter((letter, index) => {
    const before = letters[index]!;
    const distance = letter.codePointAt(0)! - before.codePointAt(0)!;
    if (Math.abs(distance) <= 1) return true;
    return lines.some((line) => line.includes(before + letter) || line.includes(letter + before));
  });
  return steps.length / Math.max(1, letters.length - 1);
}

/** Letters left once every common root is struck out; undefined when none was found. */
function restWithoutCommon(text: string): string | undefined {
  const roots = common.map(joined).sort((a, b) => b.length - a.length);
  const rest = roots.reduce((left, root) => left.replaceAll(root, ''), text);
  return rest === text ? undefined : rest.replaceAll(/[^\p{L}]/gu, '');
}

function isCommon(text: string): boolean {
  return [joined(text), plain(text)].some((written) => (restWithoutCommon(written)?.length ?? 4) < 4);
}

/**
 * Says what stands against a password. No composition rule: length, and not easy to guess.
 * @param like names of the person, the office and the authority
 * @source ASVS 5.0 V6.2
 */
export function problemsOfPassword(password: string, like: readonly string[] = []): Problem[] {
  const text = password.normalize('NFC');
  const length = [...text].length;
  if (length < shortest) return [problem('identity.password-short', ['password'], { params: { shortest } })];
  if (length > longest) return [problem('identity.password-long', ['password'], { params: { longest } })];
  const key = comparisonKey(text);
  if (isRepeated(key)) return [problem('identity.password-repeated', ['password'])];
  if (walkShare(key) > 0.7) return [problem('identity.password-sequence', ['password'])];
  if (isCommon(text)) return [problem('identity.password-common', ['password'])];
  if (/^\d+$/.test(key)) return [problem('identity.password-digits', ['password'])];
  const parts = like
    .flatMap((name) => [plain(name), ...name.split(/[\s@._-]+/).map(plain)])
    .filter((part) => [...part].length >= 4);
  const asPlain = plain(text);
  if (parts.some((part) => asPlain.includes(part))) return [problem('identity.password-like-name', ['password'])];
  return [];
}
