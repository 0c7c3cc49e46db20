// Cantonese syllables as Hong Kong and Macao papers write them. They follow no one system, so a syllable may have two
// customary spellings; tones and the length of vowels are not written.
const initials: Record<string, string[]> = {
  gw: ['kw'], kw: ['kw'], ng: ['ng'], b: ['p'], d: ['t'], g: ['k'], z: ['ch', 'ts'], c: ['ch', 'ts'], j: ['y'],
  p: ['p'], m: ['m'], f: ['f'], t: ['t'], n: ['n'], l: ['l'], k: ['k'], h: ['h'], w: ['w'], s: ['s'],
}; // prettier-ignore
const finals: Record<string, string[]> = {
  aa: ['a'], aai: ['ai'], aau: ['au'], aam: ['am'], aan: ['an'], aang: ['ang'], aap: ['ap'], aat: ['at'], aak: ['ak'],
  au: ['au', 'ow'], am: ['am', 'um'], an: ['an', 'un'], at: ['at', 'ut'], ei: ['ei', 'ee'], eoi: ['ui'], eon: ['un'],
  eot: ['ut'], oe: ['eu'], oeng: ['eung'], oek: ['euk'], ou: ['o', 'ou'], u: ['u', 'oo'], un: ['un', 'oon'], yu: ['u'],
  yun: ['uen'], yut: ['uet'],
}; // prettier-ignore
const whole: Record<string, string[]> = {
  m: ['ng'], ng: ['ng'], si: ['si', 'sze', 'shi'], zi: ['chi', 'tsz', 'tse'], ci: ['chi', 'tsz'], lei: ['lee', 'lei', 'li'],
  hei: ['hei', 'hay'],
}; // prettier-ignore
const most = 3;

/** Customary spellings of a syllable in Jyutping without its tone, the commonest first. */
export function fromJyutping(syllable: string): string[] {
  const known = whole[syllable];
  if (known) return known;
  const start = Object.keys(initials).find((one) => syllable.startsWith(one) && syllable.length > one.length) ?? '';
  const rest = syllable.slice(start.length);
  const tails = finals[rest] ?? [rest];
  // A y is not written twice.
  const joined = (head: string, tail: string) => (head === 'y' && tail.startsWith('i') ? `y${tail}` : head + tail);
  return (initials[start] ?? ['']).flatMap((head) => tails.map((tail) => joined(head, tail))).slice(0, most);
}
