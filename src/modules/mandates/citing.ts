import {
  createCitationReader,
  detectCitations,
  loadCitationFacts,
  type Citation,
  type CitationFacts,
} from '../knowledge/index.ts';
import type { PlainDate } from '../../platform/values/index.ts';
import { dayOf } from './rules/parse/head.ts';
import { grammarOf } from './rules/parse/grammar.ts';
import type { Cited, CitedAt, Citer } from './rules/parse/index.ts';

/** Bodies whose resolutions `knowledge` knows how to write. */
const bodySymbols = {
  A: 'A',
  S: 'S',
  E: 'E',
  'A/HRC': 'A/HRC',
  AGN: 'AGN',
  'CTOC/COP': 'CTOC/COP',
  'CAC/COSP': 'CAC/COSP',
  CND: 'CND',
  CCPCJ: 'CCPCJ',
} as const;
const byId: Record<string, keyof typeof bodySymbols> = { cnd: 'CND', ccpcj: 'CCPCJ' };

const behind =
  /^[,\s]*(?:\([IVXLC]+\)\s*)?(?:of|du|de|от|المؤرخ|المؤرخة)?\s*(\d{1,2})(?:er)?(?: de)? (\p{L}+)(?: de)? ((?:19|20)\d{2})/u;
const entitled =
  /^[^.;“«"]{0,60}?(?:entitled|intitulée?|titulada|озаглавленн\p{L}+|المعنون|المعنونة|题为)\s*[“«"]\s*([^”»"]{3,400}?)\s*[”»"]/u;

function dateBehind(rest: string, language: string): PlainDate | null {
  const found = behind.exec(rest);
  return found ? dayOf(found[1] ?? '', found[2] ?? '', found[3] ?? '', grammarOf(language).months) : null;
}

function toParsed(one: Citation, text: string, language: string): CitedAt[] {
  const [start, end] = one.span;
  const rest = text.slice(end, end + 500);
  const isWork = one.type === 'resolution';
  const shared = {
    type: one.type,
    date: isWork ? dateBehind(rest, language) : null,
    title: isWork ? (entitled.exec(rest.slice(0, 500).split(/\d+\/\d+/)[0] ?? '')?.[1] ?? null) : null,
    text: one.found,
  };
  const targets = one.status === 'resolved' ? one.target : [];
  if (targets.length === 0) return [{ citation: { ...shared, target: null, article: null }, start, end }];
  return targets.map(({ id, article }) => ({
    citation: { ...shared, target: id, article: article ?? null },
    start,
    end,
  }));
}

let known: CitationFacts | undefined;

/** The reader of citations for one document: what its head names is defined from the beginning. */
export function createCiter({ body, title, language }: Cited): Citer {
  const facts = (known ??= loadCitationFacts());
  const symbol = body && (byId[body.id] ?? body.symbol);
  const ownBody = symbol && symbol in bodySymbols ? bodySymbols[symbol as keyof typeof bodySymbols] : undefined;
  const context = { ...facts, ...(ownBody ? { ownBody } : {}), language };
  const reader = createCitationReader(context);
  const named = [...(body ? reader.read(body.name) : []), ...(title === null ? [] : reader.read(title))]
    .filter((one) => one.type === 'instrument' && one.status === 'resolved' && one.target.length === 1)
    .map((one) => one.target[0]!.id);
  const conventions = [...new Set(named)].filter((id) => facts.names.parentOf(id) === undefined);
  // "Its article 2", when the head speaks of one convention only.
  const standing =
    conventions.length === 1 && conventions[0] !== undefined ? { instrument: conventions[0] } : undefined;
  const placed = (text: string, found: readonly Citation[]): readonly Citation[] => {
    const open = found.some((one) => one.type === 'article' && one.status === 'unresolved');
    if (!open || !standing) return found;
    const here = detectCitations(text, { ...context, standing });
    return found.map(
      (one) =>
        (one.type === 'article' && one.status === 'unresolved'
          ? here.find((other) => other.span[0] === one.span[0] && other.status === 'resolved')
          : undefined) ?? one,
    );
  };
  return {
    read: (text) => placed(text, reader.read(text)).flatMap((one) => toParsed(one, text, language)),
    readNote: (text) => reader.readNote(text).flatMap((one) => toParsed(one, text, language)),
  };
}
