import type { Found } from './found.ts';

/** A decided case as texts cite it. */
export interface CitedCase {
  /** ECLI where it exists, else an id of the collection. */
  id: string;
  /** Neutral citations, `[2019] XASC 12`, and other parallel ones. */
  citations: readonly string[];
  /** Names of the court, as texts write them. */
  courts: readonly string[];
  /** Docket or case numbers. */
  dockets: readonly string[];
  /** Calendar date of the decision. */
  decided?: string;
}

export interface CaseRegister {
  cases: readonly CitedCase[];
}

const ecli = /(?<![\p{L}\p{N}])ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}(?<!\.)/giu;
const neutral = /\[(?:19|20)\d{2}\] (?:\d{1,2} )?[A-Z]{2,8}(?: \([A-Z][a-z]+\))? \d{1,5}(?!\d)/gu;
const docket =
  /(?:,? ?(?:in )?)(?:case|application|appeal|docket|affaire|requête|pourvoi|asunto|recurso|causa|дело|القضية)(?: no\.?| nos?\.?| number| n[°º]\.?| núm\.?| №| رقم)? ?(?<docket>[\p{L}]{0,4}[- ]?\d{1,6}[/-]\d{2,4}(?:[/-]\d+)?|\d{1,6}\/\d{2,4})/giu;
const months: Record<string, string> = Object.fromEntries(
  [
    ['january janvier enero января', '01'],
    ['february février febrero февраля', '02'],
    ['march mars marzo марта', '03'],
    ['april avril abril апреля', '04'],
    ['may mai mayo мая', '05'],
    ['june juin junio июня', '06'],
    ['july juillet julio июля', '07'],
    ['august août agosto августа', '08'],
    ['september septembre septiembre сентября', '09'],
    ['october octobre octubre октября', '10'],
    ['november novembre noviembre ноября', '11'],
    ['december décembre diciembre декабря', '12'],
  ].flatMap(([words = '', number = '']) => words.split(' ').map((one) => [one, number])),
);
const dateBehind = /^[^.;]{0,40}?(?<!\d)(\d{1,2})(?:er)? (?:de )?(\p{L}{3,11}) (?:de )?((?:19|20)\d{2})/u;

function readDate(text: string): { date: string; end: number } | undefined {
  const found = dateBehind.exec(text);
  const month = months[(found?.[2] ?? '').toLowerCase()];
  return found && month
    ? { date: `${found[3] ?? ''}-${month}-${(found[1] ?? '').padStart(2, '0')}`, end: found[0].length }
    : undefined;
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();

function found(start: number, end: number, meant: readonly CitedCase[], ruleId: string, own?: string): Found {
  const shared = { type: 'case', start, end, method: 'grammar', ruleId } as const;
  const ids = meant.length > 0 ? meant.map(({ id }) => id) : own === undefined ? [] : [own];
  if (ids.length === 0)
    return { ...shared, target: [], confidence: 0.4, status: 'unresolved', reason: 'not-in-register' };
  return {
    ...shared,
    target: ids.map((id) => ({ id })),
    confidence: ids.length === 1 ? 0.97 : 0.5,
    status: ids.length === 1 ? 'resolved' : 'ambiguous',
  };
}

/** C7: cases by ECLI, by neutral citation, or by court, docket and date; parallel citations of one case are one. */
export function findCases(text: string, { cases }: CaseRegister): Found[] {
  const byEcli = [...text.matchAll(ecli)].map((one) => {
    const id = one[0].toUpperCase();
    // An ECLI is its own target: it names one case, whether this node holds it or not.
    return found(
      one.index,
      one.index + one[0].length,
      cases.filter((known) => known.id === id),
      'C7.ecli',
      id,
    );
  });
  const byNeutral = [...text.matchAll(neutral)].map((one) =>
    found(
      one.index,
      one.index + one[0].length,
      cases.filter(({ citations }) => citations.some((known) => plain(known) === plain(one[0]))),
      'C7.neutral',
    ),
  );
  const byDocket = [...text.matchAll(docket)].flatMap((one) => {
    const number = one.groups?.['docket'] ?? '';
    let end = one.index + one[0].length;
    const date = readDate(text.slice(end, end + 80));
    const court = courtBefore(text, one.index, cases);
    const meant = cases.filter(
      (known) =>
        known.dockets.some((held) => plain(held) === plain(number)) &&
        (court === undefined || known.courts.some((name) => plain(name) === plain(court.name))) &&
        (date === undefined || known.decided === undefined || known.decided === date.date),
    );
    // A number alone may be anything: without a court or a date beside it, only a known case is a citation.
    if (meant.length === 0 && court === undefined) return [];
    if (date && meant.length > 0) end += date.end;
    return [found(court?.start ?? one.index + (one[0].length - one[0].trimStart().length), end, meant, 'C7.docket')];
  });
  return withoutParallel(
    text,
    [...byEcli, ...byNeutral, ...byDocket].sort((a, b) => a.start - b.start),
  );
}

/** The court named right before a docket, by the names of the register. */
function courtBefore(
  text: string,
  at: number,
  cases: readonly CitedCase[],
): { name: string; start: number } | undefined {
  const ahead = text.slice(Math.max(0, at - 100), at);
  const names = [...new Set(cases.flatMap(({ courts }) => courts))].sort((a, b) => b.length - a.length);
  for (const name of names) {
    const from = ahead.toLowerCase().lastIndexOf(name.toLowerCase());
    if (from >= 0 && /^[^.;]{0,40}$/.test(ahead.slice(from + name.length)))
      return { name, start: at - ahead.length + from };
  }
  return undefined;
}

/** Citations side by side that mean one case are one citation; one of them may be unknown to the register. */
function withoutParallel(text: string, all: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of all) {
    const before = kept.at(-1);
    const isBeside = before && one.start >= before.end && /^[\s,;=()–-]{0,6}$/.test(text.slice(before.end, one.start));
    const same =
      before && (before.target.length === 0 || one.target.length === 0 || before.target[0]?.id === one.target[0]?.id);
    if (before && before.end > one.start) continue;
    if (isBeside && same) {
      const known = before.target.length > 0 ? before : one;
      kept[kept.length - 1] = { ...known, start: before.start, end: one.end };
    } else kept.push(one);
  }
  return kept;
}
