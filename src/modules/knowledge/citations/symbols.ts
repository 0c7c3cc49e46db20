import type { Citation } from './schema.ts';

/** A citation found by a grammar of its own, in the clean text. */
export interface Found extends Omit<Citation, 'span' | 'found'> {
  start: number;
  end: number;
}

/** Whose resolutions a document means when it says only "resolution 64/179": its own body's, as a symbol begins. */
export type Body = 'A' | 'S' | 'E' | 'A/HRC' | 'AGN' | 'CTOC/COP' | 'CAC/COSP';

const bodyNames: readonly [RegExp, Body][] = [
  [/General Assembly|Assemblée générale|Asamblea General|Генеральн\p{L}+ Ассамбле\p{L}+|الجمعية العامة|大会/iu, 'A'],
  [/Security Council|Conseil de sécurité|Consejo de Seguridad|Совет\p{L}* Безопасности|مجلس الأمن|安全理事会/iu, 'S'],
  [/Economic and Social Council|Conseil économique et social|Consejo Económico y Social|Экономическ\p{L}+ и Социальн\p{L}+ Совет\p{L}*|المجلس الاقتصادي والاجتماعي|经济及社会理事会/iu, 'E'],
  [/Human Rights Council|Conseil des droits de l'homme|Consejo de Derechos Humanos/iu, 'A/HRC'],
  [/ICPO-INTERPOL General Assembly|INTERPOL General Assembly/iu, 'AGN'],
]; // prettier-ignore

const symbol =
  /(?<![\p{L}\p{N}/])(?:A\/HRC\/RES|A\/RES|S\/RES|E\/RES|AGN\/\d+\/RES|GA-\d{4}-\d+-RES)(?:\/\d+)+(?: ?\(\d{4}\)| ?\([IVXLC]+\))?|(?<![\p{L}\p{N}/])GA-\d{4}-\d+-RES-\d+/gu;
const documentSymbol =
  /(?<![\p{L}\p{N}/])(?:A|E|S|ST|CTOC|CAC|CND|UNODC|TD|CCPR)(?:\/[A-Z][A-Z0-9.-]*|\/\d{1,4}){1,6}(?:\/(?:Add|Corr|Rev|L)\.\d+)*(?:, (?:chap(?:ter)?\.? [IVXLC]+|sect(?:ion)?\.? [A-Z]|para(?:graph)?s?\.? \d+|annex(?: [IVX]+)?))*/gu;
const resolutionWord =
  /(?<![\p{L}])(?:resolutions?|résolutions?|resoluci(?:ón|ones)|резолюци\p{L}{1,3}|قرار(?:ها|ي|ات|اتها|يها)?|第?)\s*((?:\d{1,3}\/\d{1,4}|\d{1,4} ?(?:[A-Z] )?\([IVXLC]+\)|\d{3,4} ?\(\d{4}\))(?:\s*(?:,|and|et|y|и|و|،|和)\s*(?:\d{1,3}\/\d{1,4}|\d{1,4} ?(?:[A-Z] )?\([IVXLC]+\)|\d{3,4} ?\(\d{4}\)))*)(?:号决议)?/giu;
const oneNumber = /\d{1,3}\/\d{1,4}|\d{1,4} ?(?:[A-Z] )?\([IVXLC]+\)|\d{3,4} ?\(\d{4}\)/g;

function printSymbol(body: Body, number: string): string {
  const compact = number.replace(/\s+/g, ' ').trim();
  return body === 'CTOC/COP' || body === 'CAC/COSP' ? `${body}/RES/${compact}` : `${body}/RES/${compact}`;
}

/** The body named right before a resolution, within the same sentence; the last one wins. */
function bodyBefore(text: string, at: number): Body | undefined {
  const begun = Math.max(text.lastIndexOf('. ', at), text.lastIndexOf('; ', at), at - 160, 0);
  const before = text.slice(begun, at);
  let best: { index: number; body: Body } | undefined;
  for (const [name, body] of bodyNames)
    for (const found of before.matchAll(new RegExp(name.source, `${name.flags}g`)))
      if (!best || found.index > best.index) best = { index: found.index, body };
  return best?.body;
}

/** The body named right behind: resolution 58/4 OF THE GENERAL ASSEMBLY. */
function bodyAfter(after: string): Body | undefined {
  const rest = /^ ?(?:of the|of|de l'|de la|del|de|,)? ?/iu.exec(after)?.[0].length ?? 0;
  return bodyNames.find(([name]) => after.slice(rest).search(name) === 0)?.[1];
}

/** C1: resolutions by symbol or by body and number; a list gives one citation for each. */
export function findResolutions(text: string, ownBody?: Body): Found[] {
  const bySymbol = [...text.matchAll(symbol)].map((found): Found => ({
    type: 'resolution',
    start: found.index,
    end: found.index + found[0].length,
    target: [{ id: found[0].replace(/\s+/g, ' ') }],
    method: 'grammar',
    ruleId: 'C1.symbol',
    confidence: 1,
    status: 'resolved',
  }));
  const byWord = [...text.matchAll(resolutionWord)].flatMap((found) => {
    const list = found[1] ?? '';
    const base = found.index + found[0].indexOf(list);
    const after = text.slice(found.index + found[0].length, found.index + found[0].length + 60);
    return [...list.matchAll(oneNumber)].map((number): Found => {
      const given = number[0];
      // Four digits with a year in brackets are the Security Council's own way of counting.
      const council = /^\d{3,4} ?\(\d{4}\)$/.test(given) ? ('S' as const) : undefined;
      const stated = bodyAfter(after);
      const body = council ?? stated ?? bodyBefore(text, found.index) ?? ownBody;
      const start = base + number.index;
      const shared = { type: 'resolution', start, end: start + given.length, ruleId: 'C1.number' } as const;
      return body === undefined
        ? { ...shared, target: [], method: 'grammar', confidence: 0.4, status: 'unresolved', reason: 'unknown-body' }
        : {
            ...shared,
            target: [{ id: printSymbol(body, given) }],
            method: 'grammar',
            confidence: council || bodyBefore(text, found.index) ? 0.97 : 0.8,
            status: 'resolved',
          };
    });
  });
  return [...bySymbol, ...byWord];
}

/** C2: documents by symbol with what is named in them. Symbols of resolutions are C1's. */
export function findDocuments(text: string): Found[] {
  return [...text.matchAll(documentSymbol)]
    .filter(([found]) => !/\/RES\//.test(found) && /\d/.test(found))
    .map((found): Found => {
      const [id = '', ...place] = found[0].split(', ');
      return {
        type: 'document',
        start: found.index,
        end: found.index + found[0].length,
        target: [{ id, ...(place.length === 0 ? {} : { article: place.join(', ') }) }],
        method: 'grammar',
        ruleId: 'C2.symbol',
        confidence: 0.95,
        status: 'resolved',
      };
    });
}

const series =
  /(?:United Nations, Treaty Series|Nations Unies, Recueil des Traités|Naciones Unidas, Treaty Series|Recueil des Traités des Nations Unies|(Ibid)\.?),? vols?\. ((?:\d{1,4}(?:, | and | et | y )?)+),? (?:No|n°|núm)\.? ?(\d{1,6})/giu;

/** C3: places in the Treaty Series; `Ibid.` takes over the series and nothing else. */
export function findTreatySeries(text: string): Found[] {
  let seriesNamed = false;
  return [...text.matchAll(series)].map((found): Found => {
    const isIbid = found[1] !== undefined;
    const volumes = [...(found[2] ?? '').matchAll(/\d+/g)].map(([one]) => one);
    const known = !isIbid || seriesNamed;
    if (!isIbid) seriesNamed = true;
    const shared = { type: 'treaty-series', start: found.index, end: found.index + found[0].length } as const;
    return known
      ? {
          ...shared,
          target: volumes.map((volume) => ({ id: `unts:${volume}:${found[3] ?? ''}` })),
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
  /(?<![\p{L}])(?:targets?|cibles?|metas?|задач[аиеу]|الغاية|goals?|objectifs?|objetivos?|цел[ьи]|الهدف)\s+(\d{1,2}(?:\.(?:\d{1,2}|[a-d]))?(?:(?:, | and | et | y )\d{1,2}\.(?:\d{1,2}|[a-d]))*)(?![\p{N}%])/giu;
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
