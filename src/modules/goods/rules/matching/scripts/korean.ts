// Syllables are taken apart by arithmetic; the spelling is the one of passports and lists, which follows neither standard.
const initials = ['k', 'kk', 'n', 't', 'tt', 'r', 'm', 'p', 'pp', 's', 'ss', '', 'j', 'jj', 'ch', 'k', 't', 'p', 'h'];
const middles = ['a', 'ae', 'ya', 'yae', 'o', 'e', 'yo', 'ye', 'o', 'wa', 'wae', 'oe', 'yo', 'u', 'wo', 'we', 'wi', 'yu', 'u', 'ui', 'i']; // prettier-ignore
const finals = ['', 'k', 'k', 'k', 'n', 'n', 'n', 't', 'l', 'k', 'm', 'l', 'l', 'l', 'p', 'l', 'm', 'p', 'p', 't', 't', 'ng', 't', 't', 'k', 't', 'p', 't']; // prettier-ignore
const first = 0xac00;
const syllables = 11_172;

/** How families write themselves, beside what the syllable says. */
const families: Record<string, string[]> = {
  김: ['kim'], 이: ['lee', 'yi', 'rhee', 'ri'], 박: ['park', 'pak'], 최: ['choi', 'choe'], 정: ['jung', 'jeong', 'chong'],
  강: ['kang'], 조: ['cho', 'jo'], 윤: ['yoon', 'yun'], 장: ['jang', 'chang'], 임: ['lim', 'im'], 림: ['lim', 'rim'],
  오: ['oh', 'o'], 한: ['han'], 신: ['shin', 'sin'], 서: ['seo', 'suh', 'so'], 권: ['kwon'], 황: ['hwang'],
  안: ['ahn', 'an'], 송: ['song'], 류: ['ryu', 'yoo'], 유: ['yoo', 'yu', 'ryu'], 홍: ['hong'], 노: ['roh', 'noh', 'no'],
  리: ['ri', 'lee', 'li'], 우: ['woo', 'u'], 구: ['koo', 'ku'], 백: ['baek', 'paek'], 주: ['joo', 'ju', 'chu'],
  문: ['moon', 'mun'], 배: ['bae', 'pae'], 심: ['shim', 'sim'], 현: ['hyun', 'hyon'], 허: ['heo', 'hur', 'ho'],
  남궁: ['namgung'], 황보: ['hwangbo'], 선우: ['sunwoo', 'sonu'], 제갈: ['jegal'],
}; // prettier-ignore

export function isHangul(code: number): boolean {
  return code >= first && code < first + syllables;
}

/** Latin letters for Hangul, syllable by syllable. */
export function fromHangul(word: string): string {
  let out = '';
  for (const letter of word) {
    const code = (letter.codePointAt(0) ?? 0) - first;
    if (code < 0 || code >= syllables) {
      out += letter;
      continue;
    }
    out += initials[Math.floor(code / 588)]! + middles[Math.floor((code % 588) / 28)]! + finals[code % 28]!;
  }
  return out;
}

/** A name written in one run: how the family may be spelled, and the given name. Undefined when it is no such name. */
export function splitHangul(word: string): { family: string[]; given: string } | undefined {
  if (word.length < 2 || word.length > 4) return undefined;
  const length = word.length > 2 && families[word.slice(0, 2)] ? 2 : 1;
  const family = word.slice(0, length);
  return { family: [...(families[family] ?? []), fromHangul(family)], given: fromHangul(word.slice(length)) };
}
