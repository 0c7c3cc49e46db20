// Names from East Asia stand in Latin letters by several systems. A word is given its spelling by the system of today
// only when the name itself shows that it was written by the older one, so that names of today are not confounded.

const pinyinFinals: Record<string, string> = {
  b: 'a o ai ei ao an en ang eng i ie iao ian in ing u',
  p: 'a o ai ei ao ou an en ang eng i ie iao ian in ing u',
  m: 'a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u',
  f: 'a o ei ou an en ang eng u',
  d: 'a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un',
  t: 'a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un',
  n: 'a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v',
  l: 'a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v',
  g: 'a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang',
  k: 'a e ai ao ou an en ang eng ong u ua uo uai ui uan un uang',
  h: 'a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang',
  j: 'i ia ie iao iu ian in iang ing iong u ue uan un',
  q: 'i ia ie iao iu ian in iang ing iong u ue uan un',
  x: 'i ia ie iao iu ian in iang ing iong u ue uan un',
  zh: 'a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang',
  ch: 'a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang',
  sh: 'a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang',
  r: 'e i ao ou an en ang eng ong u uo ui uan un',
  z: 'a e i ai ei ao ou an en ang eng ong u uo ui uan un',
  c: 'a e i ai ao ou an en ang eng ong u uo ui uan un',
  s: 'a e i ai ao ou an en ang eng ong u uo ui uan un',
  y: 'a e i ao ou an in ang ing ong u ue uan un',
  w: 'a o ai ei an en ang eng u',
  '': 'a o e ai ei ao ou an en ang er',
};
const wadeInitials: Record<string, string> = { zh: 'ch', q: 'ch', j: 'ch', x: 'hs', z: 'ts', c: 'ts', b: 'p', d: 't', g: 'k', r: 'j' }; // prettier-ignore

/** How Wade and Giles write a syllable of Pinyin, without apostrophes, which most papers leave out. */
function wadeOf(initial: string, final: string): string[] {
  if (final === 'i' && ['zh', 'ch', 'sh', 'r'].includes(initial)) return [`${wadeInitials[initial] ?? initial}ih`];
  if (final === 'i' && ['z', 'c'].includes(initial)) return ['tzu', 'tsu'];
  if (final === 'i' && initial === 's') return ['ssu', 'szu'];
  const head = wadeInitials[initial] ?? initial;
  const back = ['g', 'k', 'h'].includes(initial);
  const written = (tail: string) => [head + tail];
  switch (final) {
    case 'ian':
      return written('ien');
    case 'ie':
      return written('ieh');
    case 'ue':
      return written('ueh');
    case 'ong':
      return written('ung');
    case 'iong':
      return written('iung');
    case 'er':
      return written('erh');
    case 'ui':
      return back ? written('uei') : written('ui');
    case 'uo':
      return back || initial === 'sh' ? written('uo') : written('o');
    case 'e':
      return initial === 'y' ? ['yeh'] : back ? [`${head}o`, `${head}e`] : written('e');
    case 'an':
      return initial === 'y' ? ['yen'] : written('an');
    case 'ou':
      return initial === 'y' ? ['yu'] : written('ou');
    case 'i':
      return initial === 'y' ? ['i', 'yi'] : written('i');
    case 'v':
      return written('u');
    default:
      return written(final);
  }
}

const pinyin = new Set<string>();
const wade = new Map<string, string[]>();
for (const [initial, finals] of Object.entries(pinyinFinals))
  for (const final of finals.split(' ')) {
    const syllable = initial + final;
    pinyin.add(syllable);
    for (const written of wadeOf(initial, final)) wade.set(written, [...(wade.get(written) ?? []), syllable]);
  }
const longestSyllable = 6;

/** Parts a word into syllables, the longest first. */
function syllablesOf(word: string, has: (syllable: string) => boolean): string[] | undefined {
  if (word === '') return [];
  for (let length = Math.min(longestSyllable, word.length); length > 0; length -= 1) {
    const syllable = word.slice(0, length);
    if (!has(syllable)) continue;
    const rest = syllablesOf(word.slice(length), has);
    if (rest) return [syllable, ...rest];
  }
  return undefined;
}

const longestWord = 14;
const mostSpellings = 6;

function fromWade(word: string): string[] | undefined {
  const syllables = syllablesOf(word, (one) => wade.has(one));
  if (!syllables) return undefined;
  let spelled = [''];
  for (const one of syllables)
    spelled = spelled.flatMap((start) => wade.get(one)!.map((pinyin) => start + pinyin)).slice(0, mostSpellings);
  return spelled;
}

const kana: [RegExp, string][] = [
  [/sy(?=[auo])/g, 'sh'], [/(?:ty|cy)(?=[auo])/g, 'ch'], [/(?:zy|jy|dy)(?=[auo])/g, 'j'], [/si/g, 'shi'], [/ti/g, 'chi'], [/tu/g, 'tsu'],
  [/(?<![sc])hu/g, 'fu'], [/[zd]i/g, 'ji'], [/du/g, 'zu'],
]; // prettier-ignore
const romaji = /^(?:(?:[kgsztdnhbpmr]y?|sh|ch|ts|[fjwy])?[aiueo]|n(?![aiueoy])|(k|s|t|p)(?=\1))+$/;
const onlyKunrei = /(?:sy|ty|zy)[auo]|si|ti|tu|(?<![sc])hu|zi/;
const longVowel = /oh(?=[^aiueoy]|$)|o[ou]|uu/;

/**
 * Other spellings of the words of a person's name, word by word: Pinyin for a name by Wade and Giles, Hepburn for one by
 * Kunrei, short vowels for written long ones. Undefined when the name shows no sign of them.
 */
export function otherSpellings(words: readonly string[]): string[][] | undefined {
  if (words.length < 2 || words.length > 4 || words.some((word) => word.length < 1 || word.length > longestWord))
    return undefined;
  const onlyWade = words.some((word) => !syllablesOf(word, (one) => pinyin.has(one)));
  if (onlyWade) {
    const read = words.map(fromWade);
    if (read.every((one) => one !== undefined)) return read;
  }
  if (!words.every((word) => romaji.test(word.replace(/oh(?=[^aiueoy]|$)/g, 'o')))) return undefined;
  if (!words.some((word) => onlyKunrei.test(word) || longVowel.test(word))) return undefined;
  return words.map((word) => {
    let hepburn = word.replace(/oh(?=[^aiueoy]|$)|o[ou]/g, 'o').replace(/uu/g, 'u');
    for (const [from, to] of kana) hepburn = hepburn.replace(from, to);
    return [hepburn];
  });
}
