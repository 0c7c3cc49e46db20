import type { PlainDate } from '../../../../platform/values/index.ts';
import type { Resolution } from '../../schema.ts';
import { isBodyText, type Paragraph } from './flow.ts';
import type { Body, Language, Tables } from './language.ts';
import { readNumber } from './marks.ts';
import { readOrdinal } from './numbers.ts';
import { unmarked } from './read.ts';

export interface Head {
  title: string | null;
  number: string | null;
  symbol: string | null;
  body: Body | null;
  /** As the table has it, or as the text says when no table knows it. */
  bodyName: string | null;
  /** The body that adopted a resolution with words of its own before it recommends the draft of another. */
  adopter: Body | null;
  session: number | null;
  date: PlainDate | null;
  dateTo: PlainDate | null;
  place: string | null;
  style: Resolution['document']['style'];
  /** Place of the body line, or of what stands before the sentence that names the body; -1 without either. */
  bodyLine: number;
  /** The body is named in the sentence that says what it does. */
  isSentence: boolean;
}

/** A day by the name of its month in any of the languages; null when there is no such day. */
export function dayOf(day: string, month: string, year: string, months: readonly string[]): PlainDate | null {
  const at = months.indexOf(month.toLowerCase());
  const number = Number.parseInt(day, 10);
  if (at < 0 || number < 1 || number > 31) return null;
  const date = `${year}-${String(at + 1).padStart(2, '0')}-${String(number).padStart(2, '0')}` as PlainDate;
  return new Date(`${date}T00:00:00Z`).getUTCDate() === number ? date : null;
}

const numberForm =
  '(?:E?S-\\d{1,2}\\/\\d{1,3}|\\d{1,4}\\/\\d{1,4}(?: ?[A-Z](?![\\p{L}]))?|\\d{1,4} ?\\(\\d{4}\\)|\\d{1,4} ?(?:[A-Z] )?\\([IVXLC]+\\)|WHA\\d+\\.\\d+|\\d{1,4})';
const numberWords = new RegExp(
  `(?:resolution|résolution|resolución|резолюция|القرار|decision|décision|decisión|решение)\\s+(${numberForm})(?![\\d/])`,
  'iu',
);
const chineseNumber = /第\s?(\d{1,4}\/\d{1,4}|\d{1,4}\s?[（(]\d{4}[）)])\s?号(?:决议|决定)/u;
const symbols =
  /(?:A\/HRC|A|S|E|CTOC\/COP|CAC\/COSP)\/RES\/(?:E?S-)?[\d/]+(?: ?\((?:\d{4}|[IVXLC]+)\))?|AG-\d{4}-RES-\d+|GA-\d{4}-\d+-RES-\d+|AGN\/\d+\/RES\/\d+/;
const bareTitle = new RegExp(
  `^(?:(?:draft |projet de |proyecto de )?(?:resolution|résolution|resolución|резолюция|القرار|recommendation|recommandation|recomendación|decision|décision|decisión)(?:\\s+(?:no\\.?|n[°º]|nº|núm\\.)\\s?[\\dIVX]+|\\s+${numberForm}(?:/Rev\\.\\d+)?|\\s+[IVX]+|\\s+\\d+)?|第.{1,14}号(?:决议|决定)|${numberForm}\\.?)$`,
  'iu',
);
const notTitle =
  /^(?:\[.*\]|Point .* de l'ordre du jour|Agenda items?.*|.*(?:session|период\p{L}* сессий|período de sesiones)|(?:Résolution|Décision) adoptée par .*|(?:Resolution|Decision) adopted by .*|(?:Adopted|Adoptée?|Aprobada|Принята) (?:by|par|por|на|Советом) .*|\[?on the report of.*|\[?sur la base du rapport.*|(?:United Nations|Nations Unies)(?: .*)?|L?['’]?Assemblée générale|General Assembly|Conseil de sécurité|Security Council|Human Rights Council|Conseil des droits de l['’]homme|Economic and Social Council|Conseil économique et social|Distr.*|Original.*|Approved|Adopted|\d{1,2}(?:er)? \p{L}+ \d{4}|.*:\s(?:revised |amended )?draft (?:resolution|decision).*|.*\s:\sprojet de (?:résolution|décision).*|Doc\..*|(?:AGN?|GA|AG|A|E|S|CTOC|CAC|UNEP|WHA)[-/][\dA-Z(][^\s]*)$/iu;
const spoken = new RegExp(`^(${numberForm.replace('|\\\\d{1,4})', ')')})\\.?\\s+(\\D.+)$`, 'u');
const meetings =
  /meeting in (.{2,80}?),? from (\d{1,2})(?:(?: (\p{L}+))?(?: \d{4})?) to (\d{1,2}) (\p{L}+) (\d{4})|réunie?(?: (?:en|à|lors de) sa \S+ session,?)? (?:à|au|en) (.{2,80}?),? du (\d{1,2})(?:er)?(?: (\p{L}+))?(?: \d{4})? au (\d{1,2})(?:er)? (\p{L}+) (\d{4})|reunida en (.{2,80}?),? del (\d{1,2})(?: de (\p{L}+))? al (\d{1,2}) de (\p{L}+) de (\d{4})/iu;
const ownSession =
  /(?:at its|for its|in its|(?:en|à|lors de) sa|en su) (\d{1,3}(?:st|nd|rd|th|e|ème|re|ère|[ªº.]{1,2})?|\p{L}+(?:-\p{L}+)*) (?:session|reunión|período)/iu;
const symbolSession = /(?:GA|AG)-\d{4}-(\d{1,3})-RES|AGN\/(\d{1,3})\/RES|^(?:A|A\/HRC)\/RES\/(\d{1,3})\//;

const adopted =
  /(?:adopted by [^\n]{0,80}?,? on|adoptée par [^\n]{0,80}?,? le|aprobada por [^\n]{0,80}?,? el|принята [^\n]{0,80}?) (\d{1,2})(?:er)?(?: de)? (\p{L}+)(?: de)? ((?:19|20)\d{2})/iu;

/** A line that says who speaks though no table knows them: `The Plenary of …,`, `We, the Ministers of …,`. */
const speaks = /^(?:The|We|La|Le|L['’]|Les|Nous|El|Los|Nosotros)(?!\p{L})\s?[^.;]{2,400}[,:]$/u;
const doesNotSpeak = /^(?:The (?:following|text)|Les? (?:texte|dispositions))/iu;
const speaker = /^(?:The|La|Le|L['’]|Les|El|Los)\s?(.+?)[,:]?$/u;

function begins(text: string | undefined, language: Language): boolean {
  if (text === undefined) return false;
  const plain = unmarked(text);
  const number = readNumber(plain);
  const rest = plain.slice(number?.length ?? 0);
  return language.readOpening(rest) !== undefined || language.readVerb(rest) !== undefined;
}

/** "… the following draft resolution:" hands over to another body's text. */
export const recommendsDraft =
  /(?:following (?:draft )?resolutions?|draft resolution (?:below|that follows)|projets? de résolution (?:suivants?|ci-après|ci-dessous|qui suit)|siguiente proyecto de resolución|proyecto de resolución siguiente|следующ\p{L}+ проект\p{L}* резолюци\p{L}+|مشروع القرار التالي|以下决议草案)[^.;]{0,120}[:：.]?$/iu;

/**
 * Place of the line in which the body speaks, or -1. A body that only recommends the draft of another stands before it: the last
 * one before anything is said speaks.
 */
export function findBodyLine(paragraphs: readonly Paragraph[], tables: Tables, language: Language): number {
  const near = paragraphs.slice(0, 60);
  const isLine = near.map(({ text }) => isBodyText(text, tables, language));
  let line = isLine.indexOf(true);
  const recommends = near.findIndex(({ text }) => recommendsDraft.test(unmarked(text)));
  const inner = recommends < 0 || line < 0 ? -1 : isLine.indexOf(true, Math.max(recommends, line) + 1);
  if (inner >= 0 && inner - recommends < 4) return inner;
  const first = near.findIndex(({ text }) => begins(text, language));
  const unknown = near.findIndex(({ text }, n) => {
    const plain = unmarked(text);
    return speaks.test(plain) && !doesNotSpeak.test(plain) && !begins(text, language) && begins(near[n + 1]?.text, language);
  });
  if (line >= 0 && first > line) line = Math.max(line, isLine.lastIndexOf(true, first - 1));
  if (unknown >= 0 && (line < 0 || (unknown > line && unknown < first))) line = unknown;
  return line;
} // prettier-ignore

/** "The Conference decides …" in one sentence: how many characters stand before the verb, and whose they are. */
export function inlineBody(plain: string, tables: Tables, language: Language): { length: number; body: Body } | undefined {
  const found = tables.findBody(plain.slice(0, 400));
  if (!found || found.start > 5 || /[:：,]$/.test(plain) || language.readOpening(plain) !== undefined) return undefined;
  const behind = /^,?\s+/.exec(plain.slice(found.end))?.[0].length ?? 0;
  const rest = plain.slice(found.end + behind);
  const aside = /^[^.;:]{3,200}?,\s+/.exec(rest)?.[0].length ?? 0;
  const length = [0, aside].find((skip) => behind > 0 && language.readVerb(rest.slice(skip)) !== undefined);
  return length === undefined ? undefined : { length: found.end + behind + length, body: found.body };
} // prettier-ignore

/** Title among the lines before the body's: one that has the number before it, one called the subject, else the last. */
function titleOf(lines: readonly string[]): { title: string | null; number: string | undefined } {
  const titles = lines.filter((one) => !bareTitle.test(one) && !notTitle.test(one));
  const subject = titles.map((one) => /^(?:subject|objet|asunto)\s*:\s*(.+)$/iu.exec(one)?.[1]).find(Boolean);
  const said = titles.map((one) => spoken.exec(one)).findLast((one) => one !== null);
  const title = subject ?? said?.[2] ?? titles.at(-1) ?? null;
  return { title: title?.replace(/\s+Doc\.\s.*$/, '') ?? null, number: said?.[1] };
}

function adopterOf(before: readonly Paragraph[], tables: Tables, language: Language): Body | null {
  const last = before.findIndex(({ text }) => recommendsDraft.test(unmarked(text)));
  const line = last < 0 ? undefined : before.slice(0, last).find(({ text }) => isBodyText(text, tables, language));
  return line ? (tables.findBody(unmarked(line.text))?.body ?? null) : null;
}

/** @param pageTops symbols and the like that stand at page tops */
export function readHead(
  paragraphs: readonly Paragraph[],
  pageTops: readonly string[],
  tables: Tables,
  language: Language,
): Head {
  const bodyLine = findBodyLine(paragraphs, tables, language);
  const sentence = bodyLine >= 0 ? -1 : paragraphs.slice(0, 60).findIndex(({ text }) => inlineBody(unmarked(text), tables, language));
  const before = paragraphs.slice(0, Math.max(0, bodyLine, sentence)).map((one) => unmarked(one.text));
  const line = bodyLine < 0 ? '' : unmarked(paragraphs[bodyLine]!.text);
  const told = tables.findBody(line);
  const named = told && told.start < 60 ? told.body : undefined;
  const isUnknown = named === undefined && bodyLine >= 0 && !isBodyText(line, tables, language);
  const inline = sentence < 0 ? undefined : inlineBody(unmarked(paragraphs[sentence]!.text), tables, language)?.body;
  const body =
    named ??
    inline ??
    (isUnknown ? null : (before.map((one) => tables.findBody(one)?.body).find((one) => one !== undefined) ?? null));
  const all = before.join('\n');
  const { title, number: said } = titleOf(before);
  const symbol = symbols.exec([all, ...pageTops].join('\n'))?.[0] ?? null;
  const number =
    numberWords.exec(all)?.[1] ??
    chineseNumber.exec(all)?.[1]?.replace(/\s?[（(](\d{4})[）)]/, ' ($1)') ??
    said ??
    (symbol === null ? null : (/^(?:A|S|E|A\/HRC)\/RES\/(.+)$/.exec(symbol)?.[1] ?? null));
  const months = language.grammar.months;
  const [place, from, fromMonth, to, toMonth, year] = meetings.exec(line)?.slice(1).filter((_one, n, list) => {
    const at = Math.floor(list.findIndex((part) => part !== undefined) / 6) * 6;
    return n >= at && n < at + 6;
  }) ?? []; // prettier-ignore
  const adoption = adopted.exec(all);
  const adoptedOn = adoption ? dayOf(adoption[1] ?? '', adoption[2] ?? '', adoption[3] ?? '', months) : null;
  const sessionWord = ownSession.exec(line)?.[1];
  const ofSymbol = symbolSession.exec(symbol ?? '');
  const ofNumber = /^(\d{1,3})\//.exec(number ?? '')?.[1];
  const session = sessionWord === undefined ? null : readOrdinal(sessionWord);
  return {
    title,
    number,
    symbol,
    body,
    adopter: adopterOf(paragraphs.slice(0, Math.max(0, bodyLine)), tables, language),
    bodyName: body?.name ?? (isUnknown ? (speaker.exec(line)?.[1] ?? null) : null),
    session: session ?? (Number(ofNumber ?? ofSymbol?.slice(1).find(Boolean) ?? NaN) || null),
    date: from && toMonth && year ? dayOf(from, fromMonth ?? toMonth, year, months) : adoptedOn,
    dateTo: to && toMonth && year ? dayOf(to, toMonth, year, months) : null,
    place: place ?? null,
    style:
      body?.style ??
      (/^(?:URGES|REQUESTS|NOTING)/m.test(paragraphs.map((one) => one.text).join('\n'))
        ? 'interpol'
        : /^(?:la|the)? ?conf[eé]rence\s?,$/i.test(line)
          ? 'conference'
          : 'un'),
    bodyLine: bodyLine >= 0 ? bodyLine : Math.max(-1, sentence - 1),
    isSentence: sentence >= 0,
  };
} // prettier-ignore
