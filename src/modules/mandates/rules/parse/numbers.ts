const ordinals = [
  'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth', 'thirteenth', 'fourteenth',
  'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth', 'twentieth',
]; // prettier-ignore
const tens: Record<string, number> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const frenchUnits = [
  'unième', 'deuxième', 'troisième', 'quatrième', 'cinquième', 'sixième', 'septième', 'huitième', 'neuvième', 'dixième', 'onzième', 'douzième',
  'treizième', 'quatorzième', 'quinzième', 'seizième', 'dix-septième', 'dix-huitième', 'dix-neuvième',
]; // prettier-ignore
const frenchTens: Record<string, number> = {
  vingt: 20,
  trente: 30,
  quarante: 40,
  cinquante: 50,
  soixante: 60,
  'quatre-vingt': 80,
};
const stems: Record<string, readonly (readonly [string, number])[]> = {
  es: [
    ['vigésim', 20], ['trigésim', 30], ['cuadragésim', 40], ['quincuagésim', 50], ['sexagésim', 60], ['septuagésim', 70], ['octogésim', 80], ['nonagésim', 90],
    ['undécim', 11], ['duodécim', 12], ['decimo', 10], ['décim', 10],
    ['primer', 1], ['segund', 2], ['tercer', 3], ['cuart', 4], ['quint', 5], ['sext', 6], ['séptim', 7], ['octav', 8], ['noven', 9],
  ],
  ru: [
    ['двадцат', 20], ['тридцат', 30], ['сорок', 40], ['пятьдесят', 50], ['шестьдесят', 60], ['семьдесят', 70], ['восемьдесят', 80], ['девяност', 90],
    ['одиннадцат', 11], ['двенадцат', 12], ['тринадцат', 13], ['четырнадцат', 14], ['пятнадцат', 15], ['шестнадцат', 16], ['семнадцат', 17], ['восемнадцат', 18], ['девятнадцат', 19],
    ['перв', 1], ['втор', 2], ['трет', 3], ['четверт', 4], ['пят', 5], ['шест', 6], ['седьм', 7], ['восьм', 8], ['девят', 9], ['десят', 10],
  ],
  ar: [
    ['عشرين', 20], ['عشرون', 20], ['ثلاثين', 30], ['ثلاثون', 30], ['أربعين', 40], ['أربعون', 40], ['خمسين', 50], ['خمسون', 50], ['ستين', 60], ['ستون', 60], ['سبعين', 70], ['سبعون', 70], ['ثمانين', 80], ['ثمانون', 80], ['تسعين', 90], ['تسعون', 90],
    ['حادية', 1], ['أولى', 1], ['ثانية', 2], ['ثالثة', 3], ['رابعة', 4], ['خامسة', 5], ['سادسة', 6], ['سابعة', 7], ['ثامنة', 8], ['تاسعة', 9], ['عاشرة', 10], ['عشرة', 10],
  ],
}; // prettier-ignore
const hanDigits = '一二三四五六七八九';

/** 十二 is 12, 二十三 is 23. */
export function readHan(text: string): number | null {
  if (!/^[一二三四五六七八九十百]+$/.test(text)) return null;
  let sum = 0;
  let digit = 0;
  for (const char of text) {
    const value = hanDigits.indexOf(char) + 1;
    if (value > 0) digit = value;
    else {
      sum += (digit || 1) * (char === '十' ? 10 : 100);
      digit = 0;
    }
  }
  return sum + digit;
}

function byStems(text: string): number | null {
  for (const list of Object.values(stems)) {
    let rest = text;
    let sum = 0;
    // Tens first, then units; a word counts once.
    for (const [stem, value] of list)
      if (rest.includes(stem)) {
        sum += value;
        rest = rest.replace(stem, ' ');
      }
    if (sum > 0 && sum < 100) return sum;
  }
  return null;
}

function readFrench(text: string): number | null {
  if (text === 'première' || text === 'premier') return 1;
  for (const [ten, value] of Object.entries(frenchTens)) {
    const bare = text.replace(/[-\s]/g, '-');
    const stem = ten.replace(/e$/, '');
    if (bare === `${stem}ième` || (ten === 'cinquante' && bare === 'cinquantième')) return value;
    const rest = bare.startsWith(`${ten}-`) ? bare.slice(ten.length + 1).replace(/^et-/, '') : undefined;
    const unit = rest === undefined ? -1 : frenchUnits.indexOf(rest);
    if (unit >= 0) return value + unit + 1;
  }
  const plain = frenchUnits.indexOf(text);
  return plain > 0 ? plain + 1 : null;
}

/** `twenty-third` is 23, `81st` is 81, in the words of six languages; null for what is no ordinal. */
export function readOrdinal(word: string): number | null {
  const text = word.toLowerCase().trim();
  const digits = /^(\d{1,3})(?:st|nd|rd|th|e|ème|ère|re|er|avo|to|mo|\.?[ºª°o])?$/.exec(text);
  if (digits) return Number(digits[1]);
  const french = readFrench(text);
  if (french !== null) return french;
  const [ten = '', unit] = text.split('-');
  if (unit !== undefined && tens[ten] !== undefined) {
    const one = ordinals.indexOf(unit);
    return one < 0 ? null : tens[ten] + one + 1;
  }
  const plain = ordinals.indexOf(text);
  if (plain >= 0) return plain + 1;
  const round = Object.entries(tens).find(([name]) => text === name.replace(/y$/, 'ieth'));
  if (round) return round[1];
  return readHan(text) ?? (/[a-z]/.test(text) && !/[áéíóú]|er|[oa]$/.test(text) ? null : byStems(text));
}

/** Digits of any script as 0-9. */
export function plainDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹０-９]/g, (one) => String((one.codePointAt(0) ?? 0) & 0xf));
}
