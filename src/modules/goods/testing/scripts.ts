import { parseName } from '../rules/matching/parse.ts';
import { similarityOf } from '../rules/matching/score.ts';

/** Common given and family names put together: no one in particular. Script, name, customary Latin spelling. */
export const scriptSamples: readonly [script: string, name: string, latin: string][] = [
  ['Latin with marks', 'Łukasz Dąbrowski', 'Lukasz Dabrowski'],
  ['Cyrillic, Russian', 'Юрий Щербаков', 'Yury Shcherbakov'],
  ['Cyrillic, Ukrainian', 'Сергій Григоренко', 'Serhii Hryhorenko'],
  ['Cyrillic, Serbian', 'Ђорђе Јовановић', 'Djordje Jovanovic'],
  ['Greek', 'Γεώργιος Παπαδόπουλος', 'Georgios Papadopoulos'],
  ['Arabic', 'عبد الرحمن الشريف', 'Abdul Rahman al-Sharif'],
  ['Persian', 'نرگس پورمحمدی', 'Narges Pourmohammadi'],
  ['Hebrew', 'שרה גולדברג', 'Sarah Goldberg'],
  ['Armenian', 'Արամ Հովհաննիսյան', 'Aram Hovhannisyan'],
  ['Georgian', 'გიორგი ბერიძე', 'Giorgi Beridze'],
  ['Devanagari', 'राजेश शर्मा', 'Rajesh Sharma'],
  ['Bengali', 'রহিম চৌধুরী', 'Rahim Chowdhury'],
  ['Tamil', 'முருகன் செல்வம்', 'Murugan Selvam'],
  ['Gurmukhi', 'ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ', 'Gurpreet Singh'],
  ['Thai', 'ประเสริฐ วงศ์สวัสดิ์', 'Prasert Wongsawat'],
  ['Han, read in Mandarin', '张伟明', 'Zhang Weiming'],
  ['Han, read in Japanese', '鈴木一郎', 'Suzuki Ichiro'],
  ['Han, read in Korean', '李成民', 'Lee Seong-min'],
  ['Katakana', 'マリア サントス', 'Maria Santos'],
  ['Hangul', '최영호', 'Choi Young-ho'],
  ['Ethiopic, by the general table', 'ሰላም ተስፋዬ', 'Selam Tesfaye'],
];

/** What the engine makes of each sample, as the table of the README. */
export function scriptTable(): string {
  const rows = scriptSamples.map(([script, name, latin]) => {
    const parsed = parseName(name, 'person');
    const way = parsed.ok ? parsed.name.ways[0]! : [];
    const heard = way.map((part) => part.forms.slice(0, 3).map((form) => form.latin).join('/')).join(' '); // prettier-ignore
    return `| ${script} | ${name} | ${latin} | ${heard} | ${(similarityOf(name, latin, 'person') ?? 0).toFixed(2)} |`;
  });
  return ['| script | sample | expected | read as | similarity |', '|---|---|---|---|---|', ...rows].join('\n');
}
