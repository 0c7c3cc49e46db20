// One letter, one sound: Cyrillic as most passports write it, Greek, Armenian and Georgian.
const cyrillic: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'yo', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', і: 'i', ї: 'yi', є: 'ye', ґ: 'g', ў: 'u', ђ: 'dj', ћ: 'c', љ: 'lj',
  њ: 'nj', џ: 'dzh', ј: 'y', ѓ: 'gj', ќ: 'kj', ѕ: 'dz', ә: 'a', ө: 'o', ү: 'u', ұ: 'u', қ: 'q', ғ: 'gh', ң: 'ng',
  һ: 'h', ҳ: 'h', ӣ: 'i', ӯ: 'u', ҷ: 'j',
}; // prettier-ignore

/** Letters that tell the language, and what other letters are then. */
const cyrillicLanguages: { sign: RegExp; letters: Record<string, string> }[] = [
  { sign: /[іїєґ]/, letters: { г: 'h', и: 'y' } },
  { sign: /ў/, letters: { г: 'h', і: 'i' } },
  { sign: /[ҳҷӣӯ]/, letters: { х: 'kh' } },
];

const greek: Record<string, string> = {
  α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n', ξ: 'x',
  ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o',
}; // prettier-ignore
const greekPairs: [RegExp, string][] = [
  [/ου/g, 'u'],
  [/αυ/g, 'av'],
  [/ευ/g, 'ev'],
  [/ει|οι/g, 'i'],
  [/αι/g, 'e'],
  [/^μπ/g, 'b'],
  [/μπ/g, 'mp'],
  [/^ντ/g, 'd'],
  [/γγ/g, 'ng'],
  [/^γκ/g, 'g'],
  [/τζ/g, 'tz'],
];

const armenian: Record<string, string> = {
  ա: 'a', բ: 'b', գ: 'g', դ: 'd', ե: 'e', զ: 'z', է: 'e', ը: 'y', թ: 't', ժ: 'zh', ի: 'i', լ: 'l', խ: 'kh', ծ: 'ts',
  կ: 'k', հ: 'h', ձ: 'dz', ղ: 'gh', ճ: 'ch', մ: 'm', յ: 'y', ն: 'n', շ: 'sh', ո: 'o', չ: 'ch', պ: 'p', ջ: 'j', ռ: 'r',
  ս: 's', վ: 'v', տ: 't', ր: 'r', ց: 'ts', ւ: 'v', փ: 'p', ք: 'k', օ: 'o', ֆ: 'f', և: 'ev',
}; // prettier-ignore

const georgian: Record<string, string> = {
  ა: 'a', ბ: 'b', გ: 'g', დ: 'd', ე: 'e', ვ: 'v', ზ: 'z', თ: 't', ი: 'i', კ: 'k', ლ: 'l', მ: 'm', ნ: 'n', ო: 'o',
  პ: 'p', ჟ: 'zh', რ: 'r', ს: 's', ტ: 't', უ: 'u', ფ: 'p', ქ: 'k', ღ: 'gh', ყ: 'q', შ: 'sh', ჩ: 'ch', ც: 'ts', ძ: 'dz',
  წ: 'ts', ჭ: 'ch', ხ: 'kh', ჯ: 'j', ჰ: 'h',
}; // prettier-ignore

function spellOut(text: string, letters: Record<string, string>, other: Record<string, string> = {}): string {
  let out = '';
  for (const letter of text) out += other[letter] ?? letters[letter] ?? letter;
  return out;
}

/** How the Latin alphabet of the same language writes them once its marks are lost. */
const withoutMarks: Record<string, string> = { ђ: 'd', џ: 'dz', ћ: 'c', ч: 'c', ж: 'z', ш: 's', х: 'h', ц: 'c' };
const southSlavic = /[ђћљњџј]/;

/** Latin letters for a word in lower-case Cyrillic; two ways where the language has a Latin alphabet of its own. */
export function fromCyrillic(word: string): string[] {
  if (southSlavic.test(word)) return [spellOut(word, cyrillic, { х: 'h' }), spellOut(word, cyrillic, withoutMarks)];
  const language = cyrillicLanguages.find(({ sign }) => sign.test(word));
  return [spellOut(word, cyrillic, language?.letters)];
}

/** Latin letters for a word in lower-case Greek; accents are taken off first, a diaeresis parts two vowels. */
export function fromGreek(word: string): string {
  let bare = word
    .normalize('NFD')
    .replace(/\u0308/g, '-')
    .replace(/\p{M}/gu, '');
  for (const [pair, latin] of greekPairs) bare = bare.replace(pair, latin);
  return spellOut(bare, greek).replace(/-/g, '');
}

/** Latin letters for a word in lower-case Armenian. */
export function fromArmenian(word: string): string {
  return spellOut(word.replace(/ու/g, 'u').replace(/^ո/, 'vo').replace(/^ե/, 'ye'), armenian);
}

/** Latin letters for a word in Georgian. */
export function fromGeorgian(word: string): string {
  return spellOut(word, georgian);
}
