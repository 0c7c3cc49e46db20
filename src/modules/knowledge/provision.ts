import { NotFound } from '../../platform/errors.ts';
import type { Context } from '../identity/index.ts';
import { findUnit } from './pinned.ts';
import type { AccessClass, SearchLanguage, SearchUnit } from './search/schema.ts';
import type { SearchIndex } from './search/search-index.ts';
import { readLines, type Line } from './sources/paragraphs.ts';
import type { Work } from './sources/schema.ts';
import { listCitations, listCitedBy, type CitationRow } from './store.ts';

/** A stretch of text; with a target when it cites. */
export interface Piece {
  text: string;
  target?: { work: string; eId: string | null };
}

export interface ShownLine extends Omit<Line, 'text' | 'start'> {
  pieces: Piece[];
}

/** One unit as it is read: its lines, items apart put back where they belong. */
export interface ShownUnit {
  unit: SearchUnit;
  lines: ShownLine[];
}

/** A unit that cites this one, with the sentence in which it does. */
export interface Citing {
  unit: SearchUnit;
  before: string;
  cited: string;
  after: string;
}

export interface ShownProvision {
  work: Work;
  unit: SearchUnit;
  /** The provision, or every provision of an article. */
  shown: ShownUnit[];
  previous?: SearchUnit;
  next?: SearchUnit;
  /** What it cites, each once, in the order of the text. */
  cites: { work: string; eId: string | null }[];
  citedBy: Citing[];
  /** More citing units than are listed. */
  hasMore: boolean;
}

const mostCiting = 50;
const sentence = 240;

function cut(line: Line, citations: readonly CitationRow[]): Piece[] {
  const pieces: Piece[] = [];
  let at = line.start;
  const end = line.start + line.text.length;
  const words = (from: number, to: number) => line.text.slice(from - line.start, to - line.start);
  for (const row of citations) {
    // The second target of one citation, or one that runs over a line, stays plain.
    if (row.span_from < at || row.span_to > end) continue;
    if (row.span_from > at) pieces.push({ text: words(at, row.span_from) });
    pieces.push({
      text: words(row.span_from, row.span_to),
      target: { work: row.target_work, eId: row.target_e_id },
    });
    at = row.span_to;
  }
  if (at < end) pieces.push({ text: words(at, end) });
  return pieces;
}

async function showUnit(ctx: Context, unit: SearchUnit, units: readonly SearchUnit[], depth = 0): Promise<ShownUnit> {
  const citations = await ctx.transaction((tx) => listCitations(tx, unit.id));
  const lines: ShownLine[] = [];
  for (const line of readLines(unit.eId ?? '', unit.text)) {
    const { text: _text, start: _start, ...rest } = line;
    const apart = line.isApart ? units.find((one) => one.eId === line.eId) : undefined;
    if (!apart) {
      lines.push({ ...rest, depth: rest.depth + depth, pieces: cut(line, citations) });
      continue;
    }
    const [first, ...below] = (await showUnit(ctx, apart, units, rest.depth + depth)).lines;
    lines.push({ ...rest, depth: rest.depth + depth, pieces: first?.pieces ?? [] }, ...below);
  }
  return { unit, lines };
}

/** The sentence round a citation: whole words, a long one cut at both ends. */
function sentenceOf(unit: SearchUnit, row: CitationRow): Citing {
  const { text } = unit;
  const plain = (part: string) => part.replaceAll(/\s+/g, ' ');
  const begin = Math.max(text.lastIndexOf('. ', row.span_from) + 1, text.lastIndexOf('\n', row.span_from) + 1, 0);
  const stop = /[.;](?:\s|$)|\n/u.exec(text.slice(row.span_to));
  const end = stop ? row.span_to + stop.index + 1 : text.length;
  const room = Math.max(60, Math.floor((sentence - (row.span_to - row.span_from)) / 2));
  const before = plain(text.slice(begin, row.span_from)).trimStart();
  const after = plain(text.slice(row.span_to, end)).trimEnd();
  return {
    unit,
    before: before.length > room ? `…${before.slice(-room).replace(/^\S*/, '')}` : before,
    cited: plain(text.slice(row.span_from, row.span_to)),
    after: after.length > room ? `${after.slice(0, room).replace(/\S*$/, '')}…` : after,
  };
}

const isBelow = (eId: string, unit: SearchUnit) => unit.eId?.startsWith(`${eId}__`) ?? false;
/** Items apart stand inside their paragraph. */
const isItem = (unit: SearchUnit) => /__point_/.test(unit.eId ?? '');

/** A unit as it is read; an article of numbered paragraphs is all of them. */
export async function showProvision(
  ctx: Context,
  unit: SearchUnit,
  units: readonly SearchUnit[],
): Promise<ShownUnit[]> {
  const { eId, text } = unit;
  const below = text === '' && eId !== undefined ? units.filter((one) => isBelow(eId, one) && !isItem(one)) : [];
  return Promise.all((below.length > 0 ? below : [unit]).map((one) => showUnit(ctx, one, units)));
}

/**
 * Reads a provision with what stands round it. An item is shown in the unit that holds it.
 * @throws NotFound `knowledge.unknown-eid`
 */
export async function readProvision(
  ctx: Context,
  asked: {
    work: Work;
    units: readonly SearchUnit[];
    eId: string;
    index: SearchIndex;
    access: readonly AccessClass[];
    languages: readonly SearchLanguage[];
  },
): Promise<ShownProvision> {
  const { work, units, index, access } = asked;
  const unit = await findUnit(index, access, [work.language], work.work, asked.eId);
  if (!unit || unit.eId === undefined)
    throw new NotFound('knowledge.unknown-eid', { params: { given: asked.eId.slice(0, 200), near: 'none' } });
  const { eId } = unit;
  const shown = await showProvision(ctx, unit, units);
  // Pages turn from article to article, or from paragraph to paragraph; the headings of articles are no pages between.
  const isArticle = !eId.includes('__');
  const pages = units.filter(
    (one) =>
      one.eId !== undefined &&
      !isItem(one) &&
      (one.id === unit.id || (isArticle ? !one.eId.includes('__') : one.text !== '')),
  );
  const at = pages.findIndex((one) => one.id === unit.id);
  const [own, rows] = await ctx.transaction(async (tx) => [
    (await Promise.all(shown.map((one) => listCitations(tx, one.unit.id)))).flat(),
    await listCitedBy(tx, work.work, eId, mostCiting + 1),
  ]);
  const citing = await index.units(
    rows.slice(0, mostCiting).map((row) => row.unit_id),
    access,
  );
  const targets = new Map(own.map((row) => [`${row.target_work}#${row.target_e_id ?? ''}`, row]));
  return {
    work,
    unit,
    shown,
    ...(pages[at - 1] ? { previous: pages[at - 1]! } : {}),
    ...(pages[at + 1] ? { next: pages[at + 1]! } : {}),
    cites: [...targets.values()].map((row) => ({ work: row.target_work, eId: row.target_e_id })),
    citedBy: citing.flatMap((one) => {
      const row = rows.find((each) => each.unit_id === one.id);
      return row ? [sentenceOf(one, row)] : [];
    }),
    hasMore: rows.length > mostCiting,
  };
}
