import type { PlainDate } from '../../../../platform/values/index.ts';
import type { Resolution } from '../../schema.ts';
import { isBodyText, type Paragraph } from './flow.ts';
import type { Body, Language, Tables } from './language.ts';
import { readOrdinal } from './numbers.ts';
import { unmarked } from './read.ts';

export interface Head {
  title: string | null;
  number: string | null;
  symbol: string | null;
  body: Body | null;
  session: number | null;
  date: PlainDate | null;
  dateTo: PlainDate | null;
  place: string | null;
  style: Resolution['document']['style'];
  /** Place of the body line, or -1. */
  bodyLine: number;
}

/** A day by the name of its month in any of the languages; null when there is no such day. */
export function dayOf(day: string, month: string, year: string, months: readonly string[]): PlainDate | null {
  const at = months.indexOf(month.toLowerCase());
  const number = Number.parseInt(day, 10);
  if (at < 0 || number < 1 || number > 31) return null;
  const date = `${year}-${String(at + 1).padStart(2, '0')}-${String(number).padStart(2, '0')}` as PlainDate;
  return new Date(`${date}T00:00:00Z`).getUTCDate() === number ? date : null;
}

const numberWords =
  /(?:resolution|résolution|resolución|резолюция|القرار|decision|décision|decisión|решение)\s+(\d{1,4}(?:\/\d{1,4}| ?\(\d{4}\)| ?\([IVXLC]+\))?)(?![\d/])/iu;
const symbols =
  /(?:A\/HRC|A|S|E|CTOC\/COP|CAC\/COSP)\/RES\/[\d/]+(?: ?\((?:\d{4}|[IVXLC]+)\))?|AG-\d{4}-RES-\d+|GA-\d{4}-\d+-RES-\d+|AGN\/\d+\/RES\/\d+/;
const bareTitle =
  /^(?:resolution|résolution|resolución|резолюция|draft resolution|projet de résolution)(?:\s+\d{1,3}\/\d{1,3})?$/iu;
const notTitle =
  /^(?:\[.*\]|Point .* de l'ordre du jour|Agenda item.*|.*session|Résolution adoptée par .*|Resolution adopted by .*|\[?on the report of.*|\[?sur la base du rapport.*|Assemblée générale|General Assembly|Conseil de sécurité|Security Council|Distr.*|Approved|Adopted)$/iu;
const spoken = /^(\d{1,3}\/\d{1,4}|\d{3,4} ?\([IVXLC\d]+\))\.?\s+(.+)$/;
const meetings =
  /meeting in ([^,]+(?:, [A-Z]\w+)?), from (\d{1,2})(?: (\w+))? to (\d{1,2}) (\w+) (\d{4}) at its (\S+) session|réunie? à ([^,]+(?:, [A-Z]\p{L}+)?),? du (\d{1,2})(?:er)?(?: (\p{L}+))? au (\d{1,2}) (\p{L}+) (\d{4})/iu;

const adopted =
  /(?:adopted by [^\n]{0,80}? on|adoptée par [^\n]{0,80}? le|aprobada por [^\n]{0,80}? el|принята [^\n]{0,80}?) (\d{1,2})(?:er)?(?: de)? (\p{L}+)(?: de)? ((?:19|20)\d{2})/iu;

export function readHead(paragraphs: readonly Paragraph[], tables: Tables, language: Language): Head {
  const bodyLine = paragraphs.slice(0, 60).findIndex(({ text }) => isBodyText(text, tables, language));
  const before = paragraphs.slice(0, Math.max(0, bodyLine)).map((one) => unmarked(one.text));
  const line = bodyLine < 0 ? '' : unmarked(paragraphs[bodyLine]!.text);
  const body =
    tables.findBody(line)?.body ??
    before.map((one) => tables.findBody(one)?.body).find((one) => one !== undefined) ??
    null;
  const all = before.join('\n');
  const titles = before
    .filter((one) => !bareTitle.test(one) && !notTitle.test(one))
    .map((one) => one.replace(/^(?:subject|objet)\s*:\s*/i, ''));
  const last = titles.at(-1) ?? null;
  const said = last === null ? null : spoken.exec(last);
  const number = numberWords.exec(all)?.[1] ?? said?.[1] ?? null;
  const symbol = symbols.exec(all)?.[0] ?? null;
  const meeting = meetings.exec(line);
  const months = language.grammar.months;
  const [place, from, fromMonth, to, toMonth, year] = meeting
    ? meeting[1] === undefined
      ? meeting.slice(8, 14)
      : meeting.slice(1, 7)
    : [];
  const adoption = adopted.exec(all);
  const adoptedOn = adoption ? dayOf(adoption[1] ?? '', adoption[2] ?? '', adoption[3] ?? '', months) : null;
  const session = meeting?.[7] === undefined ? null : readOrdinal(meeting[7]);
  return {
    title: said?.[2] ?? last,
    number,
    symbol,
    body,
    session: session ?? (number?.includes('/') ? Number(number.split('/')[0]) : null),
    date: from && toMonth && year ? dayOf(from, fromMonth ?? toMonth, year, months) : adoptedOn,
    dateTo: to && toMonth && year ? dayOf(to, toMonth, year, months) : null,
    place: place ?? null,
    style:
      body?.style ??
      (/^(?:URGES|REQUESTS|NOTING)/m.test(paragraphs.map((one) => one.text).join('\n'))
        ? 'interpol'
        : bodyLine < 0
          ? 'un'
          : /^(?:la|the)? ?conf[eé]rence\s?,$/i.test(line)
            ? 'conference'
            : 'un'),
    bodyLine,
  };
}
