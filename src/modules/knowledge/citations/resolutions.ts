import { bodyOfShort, findBodies, shortWord, type Body } from './bodies.ts';
import type { Found } from './found.ts';
import { takeLocator } from './locator.ts';
import type { Memory } from './memory.ts';

const symbol =
  /(?<![\p{L}\p{N}/])(?:A\/HRC\/RES|A\/RES|S\/RES|E\/RES|AGN\/\d+\/RES|(?:CTOC\/COP|CAC\/COSP)\/RES)(?:\/ ?\d+)+(?: ?\(\d{4}\)| ?\([IVXLC]+\))?(?!\/?\d)|(?<![\p{L}\p{N}/])(?:GA-\d{4}-\d+-RES|AG-\d{4}-RES)-\d+/gu;
const number =
  '(?:E?S-\\d{1,2}\\/\\d{1,3}|\\d{1,4}\\/\\d{1,4}|\\d{1,4} ?(?:[A-Z] )?\\([IVXLC]+\\)|\\d{1,4} ?\\(\\d{4}\\))';
/** Days stand between the numbers of a list: resolutions 8/10 of 20 December 2019 and 9/2 of 17 December 2021. */
const day =
  '(?:,? (?:of|du|de|от|المؤرخ(?:ة|ين)?|en date du) \\d{1,2}(?:er)?(?: de)? \\p{L}{3,11}(?:/\\p{L}{3,11})?(?: de)? (?:19|20)\\d{2}(?: года| г\\.)?)?';
const list = `${number}(?:(?: [A-Z])?${day}(?:,| and| et| y| и| و|،|和|、)+ ?${number})*`;
// The year in brackets belongs to the number; a fraction without the word is none.
const byWord = new RegExp(
  `(?<!\\p{L})(?:resolutions?|résolutions?|resoluci(?:ón|ones)|резолюци\\p{L}{1,3}|[وبل]?(?:ال)?قرار(?:ها|ه|ي|ات|اته|اتها|يها|يه)?(?: [^.,،؛\\d]{0,40})?)(?: No\\.| nos?\\.| n°| núm\\.)? (?<list>${list})`,
  'giu',
);
const chinese = new RegExp(`第(?<list>${list})号决议`, 'gu');
const oneNumber = new RegExp(number, 'g');
const its = /(?<!\p{L})(?:its|sa|ses|su|sus|сво\p{L}{1,3})(?: [\p{L}]+)? $/iu;
const said =
  /(?<!\p{L})(?:the said|that|the same|the above-mentioned|the aforementioned|ladite|cette|la même|dicha|esa|указанн\p{L}{2} выше) (?:resolution|résolution|resolución)(?!\p{L}| ?\d)/giu;
const dated = /^ (?:of|du|de|от) (?:\d{1,2}(?:er)? (?:de )?\p{L}{3,11} (?:de )?(?:19|20)\d{2}(?: года| г\.)?)/iu;

const printSymbol = (body: Body, given: string) =>
  `${body}/RES/${given.replace(/\s+/g, ' ').replace(/ ?\(/, ' (').trim()}`;

/** The body right behind: resolution 58/4 OF THE GENERAL ASSEMBLY, with a date between. */
function bodyAfter(text: string, at: number): Body | undefined {
  const rest = text.slice(at, at + 160);
  const lead = /^ ?(?:of the|of|de l'|de la|del|de|,)? ?(?:the )?/iu.exec(rest)?.[0].length ?? 0;
  return findBodies(rest).find(({ start }) => start === lead)?.body;
}

function bodyBefore(text: string, at: number, ownBody: Body | undefined): { body: Body | undefined; isNamed: boolean } {
  const begun = Math.max(text.lastIndexOf('. ', at) + 1, text.lastIndexOf('; ', at) + 1, at - 240, 0);
  const before = text.slice(begun, at);
  const named = findBodies(before);
  const last = named.at(-1);
  if (its.test(before)) {
    // "The General Assembly, in its resolution": the body's; "Recalling its resolution": the document's own.
    const lead = before.replace(its, '');
    const close = last && /^,? ?(?:in|by|of|under|dans|par|en|por|в)? ?$/iu.test(lead.slice(last.end));
    if (close) return { body: last.body, isNamed: true };
    if (ownBody) return { body: ownBody, isNamed: true };
  }
  const word = new RegExp(`(${shortWord}) $`, 'u').exec(before)?.[1];
  const adjacent = last && last.end >= before.length - 1;
  if (word !== undefined && !adjacent) {
    const bodies = findBodies(text.slice(0, at)).map((one) => one.body);
    const body = bodyOfShort(word, bodies, ownBody);
    if (body) return { body, isNamed: true };
  }
  return last ? { body: last.body, isNamed: true } : { body: ownBody, isNamed: false };
}

/** C1: resolutions by symbol or by body and number; a list gives one citation for each, the place named goes to the last. */
export function findResolutions(text: string, ownBody: Body | undefined, memory: Memory): Found[] {
  const bySymbol = [...text.matchAll(symbol)].map((found): Found => {
    const end = found.index + found[0].length;
    const place = takeLocator(text, end);
    return {
      type: 'resolution',
      start: found.index,
      end: place?.end ?? end,
      target: [
        {
          id: found[0].replace(/\/ /g, '/').replace(/\s+/g, ' ').replace(/ ?\(/, ' ('),
          ...(place ? { article: place.said } : {}),
        },
      ],
      method: 'grammar',
      ruleId: 'C1.symbol',
      confidence: 1,
      status: 'resolved',
    };
  });
  const numbered = [...text.matchAll(byWord), ...text.matchAll(chinese)].flatMap((found) =>
    numberedList(text, found, ownBody),
  );
  const all = [...bySymbol, ...numbered].sort((a, b) => a.start - b.start);
  const relative = [...text.matchAll(said)].map((found): Found => {
    const last =
      all.findLast((one) => one.end <= found.index && one.status === 'resolved')?.target ?? memory.lastResolution;
    const shared = {
      type: 'resolution',
      start: found.index,
      end: found.index + found[0].length,
      method: 'relative',
      ruleId: 'C1.said',
    } as const;
    return last
      ? { ...shared, target: last.map(({ id }) => ({ id })), confidence: 0.85, status: 'resolved' }
      : { ...shared, target: [], confidence: 0.3, status: 'unresolved', reason: 'no-context' };
  });
  const last = all.findLast((one) => one.status === 'resolved');
  if (last) memory.lastResolution = last.target;
  return [...all, ...relative];
}

function numberedList(text: string, found: RegExpExecArray, ownBody: Body | undefined): Found[] {
  const given = found.groups?.['list'] ?? '';
  const base = found.index + found[0].indexOf(given);
  const behind = base + given.length;
  const date = dated.exec(text.slice(behind, behind + 60))?.[0].length ?? 0;
  const stated = bodyAfter(text, behind) ?? (date > 0 ? bodyAfter(text, behind + date) : undefined);
  // Arabic names the body between the word and the number.
  const inside = findBodies(found[0]).at(-1)?.body;
  const ahead = bodyBefore(text, found.index, ownBody);
  const numbers = [...given.matchAll(oneNumber)];
  return numbers.map((number, n): Found => {
    const council = /^\d{1,4} ?\(\d{4}\)$/.test(number[0]) ? ('S' as const) : undefined;
    const body = council ?? stated ?? inside ?? ahead.body;
    const start = base + number.index;
    const place = n === numbers.length - 1 ? takeLocator(text, behind) : undefined;
    const shared = {
      type: 'resolution',
      start,
      end: place?.end ?? start + number[0].length,
      method: 'grammar',
      ruleId: 'C1.number',
    } as const;
    return body === undefined
      ? { ...shared, target: [], confidence: 0.4, status: 'unresolved', reason: 'unknown-body' }
      : {
          ...shared,
          target: [{ id: printSymbol(body, number[0]), ...(place ? { article: place.said } : {}) }],
          confidence: council || stated || inside || ahead.isNamed ? 0.97 : 0.8,
          status: 'resolved',
        };
  });
}
