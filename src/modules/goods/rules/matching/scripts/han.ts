import { toRomaji } from 'wanakana';
import table from '../tables/han.json' with { type: 'json' };
import { fromJyutping } from './cantonese.ts';
import { familyReadingsOf, givenReadingsOf } from './japanese.ts';
import { fromHangul } from './korean.ts';

// One character, several readings: which one is right is told by the other name, so all are kept within a bound.
const readings: Record<string, string | undefined> = table;
const most = 16;
const mostCantonese = 12;

interface Readings {
  mandarin: string;
  korean: string[];
  japanese: string[];
  cantonese: string[];
}

/** Families of two characters in Chinese. */
const compound = new Set('欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 独孤 南宫 南宮'.split(' ')); // prettier-ignore
/** Read another way when it is a family. */
const familyReadings: Record<string, string> = { 单: 'shan', 單: 'shan', 仇: 'qiu', 解: 'xie', 曾: 'zeng', 查: 'zha', 盖: 'ge', 区: 'ou', 朴: 'piao', 任: 'ren', 乐: 'yue' }; // prettier-ignore
/** Korean families whose customary spelling differs from the reading. */
const koreanFamilies: Record<string, string[]> = { 金: ['kim'], 李: ['lee', 'ri', 'yi'], 朴: ['park', 'pak'], 崔: ['choi', 'choe'], 鄭: ['jung', 'chong'], 林: ['lim', 'rim'], 柳: ['ryu', 'yoo'], 劉: ['yoo', 'yu'], 盧: ['roh'], 吳: ['oh'], 安: ['ahn'], 禹: ['woo'] }; // prettier-ignore
/** How families of Hokkien, Teochew and Hakka speech spell themselves in South-East Asia, by traditional and short form. */
const southern = new Map(
  Object.entries({
    '陳陈': 'tan', '林': 'lim', '黃黄': 'ooi wee ng', '王': 'ong heng', '李': 'lee', '吳吴': 'goh', '蔡': 'chua choa', '張张': 'teo teoh tio', '劉刘': 'low lau',
    '楊杨': 'yeo yeoh', '許许': 'koh khoo', '鄭郑': 'tay teh', '謝谢': 'chia cheah', '郭': 'quek kuok', '洪': 'ang', '葉叶': 'yap yeap', '徐': 'chee', '蘇苏': 'soh',
    '呂吕': 'loo lu', '鍾钟': 'chong', '羅罗': 'loh lo', '周': 'chew chiu', '何': 'ho', '梁': 'leong neo', '盧卢': 'loo lor', '沈': 'sim', '潘': 'phua', '方': 'png',
    '莊庄': 'chng', '顏颜': 'gan', '邱': 'khoo khu', '白': 'peh', '高': 'koh', '曾': 'chan', '賴赖': 'lai', '范': 'huan', '馮冯': 'pang', '侯': 'how',
  }).flatMap(([characters, spelled]) => [...characters].map((one) => [one, spelled.split(' ')] as const)),
); // prettier-ignore
const voiced: Record<string, string> = { k: 'g', s: 'z', t: 'd', h: 'b', f: 'b', c: 'j' };

function readingsOf(character: string): Readings {
  const [mandarin = '', korean = '', japanese = '', cantonese = ''] = (readings[character] ?? '').split('|');
  return {
    mandarin,
    korean: [...korean].map(fromHangul),
    japanese: japanese === '' ? [] : japanese.split(' ').map((one) => one.replace(/ou/g, 'o').replace(/uu/g, 'u')),
    cantonese: cantonese === '' ? [] : fromJyutping(cantonese),
  };
}

/** Every way through the readings, breadth bounded; in Japanese the first sound of a later part may be voiced. */
function through(parts: readonly (readonly string[])[], voicing: boolean): string[] {
  let ways = [''];
  for (const [n, part] of parts.entries()) {
    if (part.length === 0) return [];
    const heard = voicing && n > 0 ? part.flatMap((one) => [one, ...soften(one)]) : part;
    ways = ways.flatMap((way) => heard.map((one) => way + one)).slice(0, most * 4);
  }
  return ways.slice(0, most * 4);
}

function soften(reading: string): string[] {
  const soft = voiced[reading[0] ?? ''];
  return soft === undefined ? [] : [soft + reading.slice(reading.startsWith('ch') || reading.startsWith('sh') ? 2 : 1)];
}

function partForms(characters: readonly string[], isFamily: boolean): string[] {
  const each = characters.map(readingsOf);
  const [only = ''] = characters;
  const mandarin =
    (isFamily && characters.length === 1 && familyReadings[only]) || each.map((one) => one.mandarin).join('');
  const korean = through(
    each.map((one) => one.korean.slice(0, 2)),
    false,
  );
  const customary = isFamily && characters.length === 1 ? (koreanFamilies[only] ?? []) : [];
  const custom = isFamily ? familyReadingsOf(characters.join('')) : [];
  const japanese = through(
    each.map((one, n) =>
      isFamily
        ? one.japanese
        : [...new Set([...givenReadingsOf(characters[n]!), ...one.japanese])].slice(0, characters.length > 1 ? 5 : 8),
    ),
    true,
  );
  const cantonese = through(
    each.map((one) => one.cantonese),
    false,
  );
  const emigrant = isFamily && characters.length === 1 ? (southern.get(only) ?? []) : [];
  // The v of Pinyin is an u with dots, written u or yu.
  const spelled = mandarin.includes('v') ? [mandarin.replace(/v/g, 'u'), mandarin.replace(/v/g, 'yu')] : [mandarin];
  return [
    ...new Set([
      ...spelled,
      ...custom,
      ...customary,
      ...korean.slice(0, 4),
      ...japanese,
      ...emigrant,
      ...cantonese.slice(0, mostCantonese),
    ]),
  ].filter((form) => form !== '');
}

/**
 * Ways to part a name in Han characters into family and given name, each part with all its readings.
 * @param place a part that stands apart from the others is not parted again
 */
export function fromHan(word: string, place: 'alone' | 'family' | 'given'): string[][][] {
  const characters = [...word].filter((one) => one !== '·').map((one, n, all) => (one === '々' ? (all[n - 1] ?? one) : one)); // prettier-ignore
  if (place !== 'alone') return [[partForms(characters.slice(0, longestPart), place === 'family')]];
  if (characters.length === 1) return [[partForms(characters, false)]];
  if (characters.length > 6) return [[[characters.map((one) => readingsOf(one).mandarin).join('')]]];
  const lengths = compound.has(characters.slice(0, 2).join('')) ? [2, 1] : (familyLengths[characters.length] ?? [1]);
  return lengths.map((length) => [
    partForms(characters.slice(0, length), true),
    partForms(characters.slice(length), false),
  ]);
}

const longestPart = 4;
/** How long the family may be in a name of so many characters. */
const familyLengths: Record<number, number[]> = { 2: [1], 3: [1, 2], 4: [2, 1, 3], 5: [2, 3], 6: [3, 2] };

/** Latin letters for Hiragana or Katakana. */
export function fromKana(word: string): string {
  return toRomaji(word)
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/ou/g, 'o')
    .replace(/(.)\1/g, (pair) => ('aeiou'.includes(pair[0]!) ? pair[0]! : pair));
}
