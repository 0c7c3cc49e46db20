import type { Found } from './found.ts';
import type { Memory } from './memory.ts';
import { locator, takeLocator } from './locator.ts';

const documentSymbol =
  /(?<![\p{L}\p{N}/])(?:A|E|S|ST|CTOC|CAC|CND|UNODC|TD|CCPR|CAT|CEDAW|CRC|HRI|ICC|ISBA|LOS|FCCC)(?:\/ ?(?:[A-Z][A-Z0-9.-]*|\d{1,4})){1,6}(?:\/(?:Add|Corr|Rev|L)\.\d+)*/gu;

/** C2: documents by symbol with what is named in them. Symbols of resolutions are C1's. A symbol may break at the end of a line. */
export function findDocuments(text: string): Found[] {
  return [...text.matchAll(documentSymbol)]
    .filter(([found]) => !/\/RES\//.test(found) && /\d/.test(found) && !/\/ (?!\d)/.test(found))
    .map((found): Found => {
      const symbol = found[0].replace(/[.-]+$/, '');
      const end = found.index + symbol.length;
      const place = takeLocator(text, end);
      return {
        type: 'document',
        start: found.index,
        end: place?.end ?? end,
        target: [{ id: symbol.replace(/\s/g, ''), ...(place ? { article: place.said } : {}) }],
        method: 'grammar',
        ruleId: 'C2.symbol',
        confidence: 0.95,
        status: 'resolved',
      };
    });
}

const ibid = new RegExp(`(?<!\\p{L})Ibid\\.?(?=, ${locator})`, 'giu');

/** Ibid. with a place: the document, resolution or instrument that the notes cited last, at another place. */
export function findIbid(text: string, memory: Pick<Memory, 'lastCited'>): Found[] {
  return [...text.matchAll(ibid)].map((found): Found => {
    const place = takeLocator(text, found.index + found[0].length);
    const last = memory.lastCited;
    const shared = {
      type: 'document',
      start: found.index,
      end: place?.end ?? found.index,
      method: 'ibid',
      ruleId: 'C2.ibid',
    } as const;
    return last?.length === 1
      ? {
          ...shared,
          target: last.map(({ id }) => ({ id, ...(place ? { article: place.said } : {}) })),
          confidence: 0.9,
          status: 'resolved',
        }
      : { ...shared, target: [], confidence: 0.3, status: 'unresolved', reason: 'footnote-missing' };
  });
}

const series =
  /(?:United Nations, Treaty Series|Nations Unies, Recueil des Traités|Naciones Unidas, Treaty Series|Recueil des Traités des Nations Unies|(Ibid)\.?),? vols?\. ((?:\d{1,4}(?:, | and | et | y )?)+),? (?:No|n°|núm)\.? ?(\d{1,6})/giu;

/**
 * C3: places in the Treaty Series; `Ibid.` takes over the series and nothing else.
 * @param at instruments that stand at a volume under a registration number; none when it is not known
 */
export function findTreatySeries(
  text: string,
  at: (volume: string, registration: string) => readonly string[],
  memory: Pick<Memory, 'seriesNamed'>,
): Found[] {
  return [...text.matchAll(series)].map((found): Found => {
    const isIbid = found[1] !== undefined;
    const volumes = [...(found[2] ?? '').matchAll(/\d+/g)].map(([one]) => one);
    const known = !isIbid || memory.seriesNamed;
    if (!isIbid) memory.seriesNamed = true;
    const shared = { type: 'treaty-series', start: found.index, end: found.index + found[0].length } as const;
    return known
      ? {
          ...shared,
          target: volumes.flatMap((volume) => {
            const ids = at(volume, found[3] ?? '');
            return (ids.length > 0 ? ids : [`unts:${volume}:${found[3] ?? ''}`]).map((id) => ({ id }));
          }),
          method: isIbid ? 'ibid' : 'grammar',
          ruleId: isIbid ? 'C3.ibid' : 'C3.series',
          confidence: isIbid ? 0.9 : 0.98,
          status: 'resolved',
        }
      : {
          ...shared,
          target: [],
          method: 'ibid',
          ruleId: 'C3.ibid',
          confidence: 0.3,
          status: 'unresolved',
          reason: 'footnote-missing',
        };
  });
}

const goal =
  /(?<![\p{L}])(?:targets?|cibles?|metas?|задач[аиеу]|الغاية|goals?|objectifs?|objetivos?|цел[ьи]|الهدف)\s+(\d{1,2}(?:\.(?:\d{1,2}|[a-d]))?(?:(?:, | and | et | y )\d{1,2}\.(?:\d{1,2}|[a-d]))*)(?![\p{N}%]|\.\d)/giu;
const nearGoal =
  /Sustainable Development|2030 Agenda|développement durable|Programme 2030|Desarrollo Sostenible|Agenda 2030|устойчивого развития|التنمية المستدامة|可持续发展/iu;

/** C8: goals and targets, only near the words that make them goals of sustainable development. */
export function findGoals(text: string): Found[] {
  return [...text.matchAll(goal)].flatMap((found) => {
    const around = text.slice(Math.max(0, found.index - 300), found.index + found[0].length + 300);
    if (!nearGoal.test(around)) return [];
    const list = found[1] ?? '';
    const base = found.index + found[0].indexOf(list);
    return [...list.matchAll(/\d{1,2}(?:\.(?:\d{1,2}|[a-d]))?/gi)]
      .filter(([one]) => Number.parseInt(one, 10) >= 1 && Number.parseInt(one, 10) <= 17)
      .map((one): Found => ({
        type: 'goal',
        start: base + one.index,
        end: base + one.index + one[0].length,
        target: [{ id: `sdg-${one[0].toLowerCase()}` }],
        method: 'grammar',
        ruleId: 'C8.goal',
        confidence: 0.95,
        status: 'resolved',
      }));
  });
}
