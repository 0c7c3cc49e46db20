import type { Found } from './found.ts';
import type { UnitTree } from './schema.ts';

/** An Act or law of a State that a text may cite. */
export interface Statute {
  /** `/akn/xa/act/2011-06-03/14`. */
  work: string;
  /** Code of the State, `XA`. */
  state: string;
  number?: string;
  year: number;
  titles: readonly string[];
  /** Calendar date of enactment: no earlier text can cite it. */
  enacted?: string;
  /** Its provisions, when known. */
  tree?: UnitTree;
}

/** Statutes by what texts call them. The law collection fills it; without entries citations stay unresolved. */
export interface StatuteRegister {
  statutes: readonly Statute[];
  /** Names of States as texts write them, folded to lower case, with the State's code. */
  states: ReadonlyMap<string, string>;
}

export interface CitingPlace {
  /** Calendar date of the citing text: a work cannot cite a later one. */
  citedOn?: string;
  /** State whose law a text means that names none. */
  state?: string;
}

const numbered = [
  /(?<![\p{L}\p{N}])(?:Federal |Organic |Decree[- ])?(?:Act|Law|Decree|Ordinance)(?: No\.?| Nr\.?| n°)? ?(?<number>\d{1,5}) of (?<year>1[89]\d\d|20\d\d)(?!\d)/giu,
  /(?<![\p{L}\p{N}])(?:Federal |Organic |Decree[- ])?(?:Act|Law|Decree|Ordinance)(?: No\.?| Nr\.?| n°)? ?(?<number>\d{1,5})\/(?<year>1[89]\d\d|20\d\d)(?![\d/])/giu,
  /(?<![\p{L}\p{N}])(?:loi(?: organique)?|décret|ordonnance) n[°o]\.? ?(?<year>1[89]\d\d|20\d\d)-(?<number>\d{1,5})(?!\d)/giu,
  /(?<![\p{L}\p{N}])(?:Ley(?: Orgánica)?|Decreto|Real Decreto)(?: núm\.?| N[°º]\.?| No\.)? ?(?<number>\d{1,5})(?:\/| de )(?<year>1[89]\d\d|20\d\d)(?![\d/])/giu,
  /(?<![\p{L}\p{N}])(?:Федеральн\p{L}{2,3} )?закон\p{L}{0,2} (?:от [^№]{4,24})?№ ?(?<number>\d{1,5})(?:-ФЗ)?(?: от \d{1,2}[ .]\p{L}*\d*[ .](?<year>1[89]\d\d|20\d\d))?/giu,
  /(?:القانون|المرسوم) رقم \(?(?<number>\d{1,5})\)? لسنة (?<year>1[89]\d\d|20\d\d)/gu,
];
const titled =
  /(?<![\p{L}\p{N}])(?<title>(?:\p{Lu}[\p{L}'-]+(?: (?:of|and|on|the|for|in|to|against))*(?: \((?:\p{Lu}[\p{L}]+ ?)+\))? ){1,8}(?:Act|Code|Law|Ordinance)),? (?:of )?(?<year>1[89]\d\d|20\d\d)(?!\d)/gu;
const inState = /^,? ?(?:\((\p{Lu}[\p{L} ]{2,40})\)|(?:of|de|del|de la) (\p{Lu}[\p{L}]+(?: \p{Lu}[\p{L}]+)*))/u;
const sectionBehind =
  /^,? ?(?:sections?|sect\.|s\.?|ss\.?|§§?|articles?|arts?\.?|art[íi]culos?|ст\.|المادة) ?(\d{1,4}[A-Z]?(?:\.\d+)?(?: ?\((?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})\))*)/iu;
const sectionBefore =
  /(?:sections?|sect\.|(?<!\p{L})ss?\.?|§§?|articles?|arts?\.?|art[íi]culos?|ст\.|المادة) ?(\d{1,4}[A-Z]?(?:\.\d+)?(?: ?\((?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})\))*),? (?:of|de la|del|de l'|to|من)? ?(?:the |de |)?$/iu;

const pathOf = (section: string) => section.split(/[().\s]+/).filter((one) => one !== '');

/** `3(1)(a)` as the provisions of a statute are written. */
function printSection(path: readonly string[]): string {
  const [section = '', ...rest] = path;
  return section + rest.map((one) => `(${one})`).join('');
}

/** C6: statutes of a State by number and year or by title and year, with the section named before or behind. */
export function findStatutes(text: string, register: StatuteRegister, place: CitingPlace = {}): Found[] {
  const byNumber = numbered.flatMap((pattern) => [...text.matchAll(pattern)]);
  const byTitle = [...text.matchAll(titled)].filter(
    (one) =>
      !byNumber.some(({ index, 0: found }) => one.index <= index && index < one.index + one[0].length + found.length),
  );
  return [...byNumber, ...byTitle].map((found) => {
    const { number, year, title } = found.groups ?? {};
    let { index: start } = found;
    let end = start + found[0].length;
    const named = inState.exec(text.slice(end, end + 60));
    const state = register.states.get((named?.[1] ?? named?.[2] ?? '').toLowerCase());
    if (state !== undefined && named) end += named[0].length;
    const behind = sectionBehind.exec(text.slice(end, end + 60));
    const ahead = behind ? null : sectionBefore.exec(text.slice(Math.max(0, start - 70), start));
    if (behind) end += behind[0].length;
    if (ahead) start -= ahead[0].length;
    const section = behind?.[1] ?? ahead?.[1];
    const meant = register.statutes.filter(
      (one) =>
        (year === undefined || one.year === Number(year)) &&
        (number === undefined ? one.titles.some((name) => sameTitle(name, title ?? '')) : one.number === number) &&
        (state === undefined || one.state === state),
    );
    const atHome = state === undefined && place.state !== undefined && meant.some((one) => one.state === place.state);
    return statuteFound(
      { start, end },
      atHome ? meant.filter((one) => one.state === place.state) : meant,
      section,
      place,
    );
  });
}

const sameTitle = (a: string, b: string) =>
  a
    .toLowerCase()
    .replace(/^the /, '')
    .replace(/,? \d{4}$/, '') === b.toLowerCase().replace(/^the /, '');

function statuteFound(
  span: { start: number; end: number },
  meant: readonly Statute[],
  section: string | undefined,
  { citedOn }: CitingPlace,
): Found {
  const shared = { type: 'statute', ...span, method: 'grammar', ruleId: 'C6.statute' } as const;
  const none = (reason: NonNullable<Found['reason']>): Found => ({
    ...shared,
    target: [],
    confidence: 0.4,
    status: 'unresolved',
    reason,
  });
  const earlier = meant.filter((one) => citedOn === undefined || one.enacted === undefined || one.enacted <= citedOn);
  if (meant.length > 0 && earlier.length === 0) return none('cites-later-work');
  if (earlier.length === 0) return none('not-in-register');
  const path = section === undefined ? undefined : pathOf(section);
  const having = earlier.filter(({ tree }) => path === undefined || !tree || tree.has(path));
  if (having.length === 0) return none('no-such-unit');
  return {
    ...shared,
    target: having.map(({ work }) => (path ? { id: work, article: printSection(path) } : { id: work })),
    confidence: having.length === 1 ? 0.95 : 0.5,
    status: having.length === 1 ? 'resolved' : 'ambiguous',
  };
}
