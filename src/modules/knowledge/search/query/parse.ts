import { PlainDate } from '../../../../platform/values/index.ts';
import { type FacetName, SearchLanguage, type Field, type QueryNote } from '../schema.ts';

/** A question as it was typed, taken apart; what the words mean in each language comes later. */
export type QueryNode =
  | { kind: 'words'; text: string; fields?: readonly Field[] }
  | { kind: 'phrase'; text: string; fields?: readonly Field[] }
  | { kind: 'prefix'; text: string; fields?: readonly Field[] }
  | { kind: 'not'; node: QueryNode }
  | { kind: 'and' | 'or'; nodes: QueryNode[] }
  /** Side by side: all or some of them, as the match mode says. */
  | { kind: 'soft'; nodes: QueryNode[] };

export interface ParsedQuery {
  node: QueryNode & { kind: 'soft' };
  filters: Partial<Record<FacetName, string[]>>;
  on?: PlainDate;
  /** `article:"UNTOC 18"`, as typed. */
  articles: string[];
  notes: QueryNote[];
}

interface Piece {
  kind: 'word' | 'quote' | 'open' | 'close' | 'and' | 'or' | 'not';
  text: string;
  /** `title`, `state`, `on` … in front of a colon. */
  field?: string;
  /** A minus directly before. */
  minus?: boolean;
}

// Controls, bidirectional overrides, invisible marks; lone surrogates are found by the u flag.
const unclean = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\u200E\u200F\uFEFF]/gu;
const quotes = /[“”„«»「」『』]/g;
const piecePattern = /(-)?(?:([a-z-]+):)?"([^"]*)"|([()])|(-)?(?:([a-z-]+):)?([^\s()"]+)|(")/giu;

const filterNames: Record<string, FacetName> = {
  kind: 'kind',
  lang: 'language',
  language: 'language',
  year: 'year',
  state: 'state',
  instrument: 'instrument',
  crime: 'crime-type',
  issue: 'issue',
  keyword: 'keyword',
  body: 'body',
  court: 'court-level',
  text: 'text-kind',
};
const fieldNames: Record<string, readonly Field[]> = { title: ['title'], heading: ['heading'], notes: ['notes'] };

function isName(name: string): boolean {
  return name in filterNames || name in fieldNames || name === 'on' || name === 'article';
}

function pieces(text: string, notes: Set<QueryNote>): Piece[] {
  const found: Piece[] = [];
  for (const match of text.matchAll(piecePattern)) {
    const [, quoteMinus, quoteField, quoted, bracket, minus, field, word, stray] = match;
    if (stray !== undefined) notes.add('unbalanced-quote');
    else if (bracket !== undefined) found.push({ kind: bracket === '(' ? 'open' : 'close', text: bracket });
    else if (quoted !== undefined)
      found.push({
        kind: 'quote',
        text: quoted,
        ...(quoteField === undefined ? {} : { field: quoteField.toLowerCase() }),
        ...(quoteMinus === undefined ? {} : { minus: true }),
      });
    else if (word !== undefined) {
      const name = field?.toLowerCase();
      if (name !== undefined && isName(name))
        found.push({ kind: 'word', text: word, field: name, ...(minus === undefined ? {} : { minus: true }) });
      else if (field === undefined && minus === undefined && (word === 'AND' || word === 'OR' || word === 'NOT'))
        found.push({ kind: word === 'AND' ? 'and' : word === 'OR' ? 'or' : 'not', text: word });
      else
        found.push({
          kind: 'word',
          text: `${field === undefined ? '' : `${field}:`}${word}`,
          ...(minus === undefined ? {} : { minus: true }),
        });
    }
  }
  return found;
}

/** Reads a question. Never throws: what cannot be an operator is read as words, and a note says so. */
export function parseQuery(given: string): ParsedQuery {
  const notes = new Set<QueryNote>();
  const text = given.replace(unclean, ' ').replace(quotes, '"');
  if (text !== given.replace(quotes, '"').replace(/[\t\n\r]/g, ' ')) notes.add('unclean');
  const filters: Partial<Record<FacetName, string[]>> = {};
  const articles: string[] = [];
  let on: PlainDate | undefined;
  const rest = pieces(text, notes).filter((piece) => {
    if (piece.field === undefined || piece.field in fieldNames) return true;
    if (piece.field === 'on') {
      const day = PlainDate.safeParse(piece.text);
      if (day.success) on = day.data;
      else notes.add('bad-date');
    } else if (piece.field === 'article') articles.push(piece.text);
    else {
      const facet = filterNames[piece.field]!;
      const value = facet === 'state' ? piece.text.toUpperCase() : piece.text.toLowerCase();
      (filters[facet] ??= []).push(
        facet === 'language' && !SearchLanguage.safeParse(value).success ? piece.text : value,
      );
    }
    return false;
  });
  const reader = new Reader(rest, notes);
  const node = reader.soft(false);
  return {
    node: node.kind === 'soft' ? node : { kind: 'soft', nodes: [node] },
    filters,
    ...(on === undefined ? {} : { on }),
    articles,
    notes: [...notes],
  };
}

/** Operators bind: NOT closest, then AND, then OR; what stands side by side is left to the match mode. */
class Reader {
  readonly #pieces: Piece[];
  readonly #notes: Set<QueryNote>;
  #at = 0;

  constructor(found: Piece[], notes: Set<QueryNote>) {
    this.#pieces = found;
    this.#notes = notes;
  }

  #next(): Piece | undefined {
    return this.#pieces[this.#at];
  }

  soft(inner: boolean): QueryNode {
    const nodes: QueryNode[] = [];
    for (;;) {
      const piece = this.#next();
      if (!piece) {
        if (inner) this.#notes.add('stray-operator');
        break;
      }
      if (piece.kind === 'close') {
        this.#at += 1;
        if (inner) break;
        this.#notes.add('stray-operator');
        continue;
      }
      const node = this.#or();
      if (!node) continue;
      const last = nodes.at(-1);
      // Words side by side stay one text: concepts are found in it.
      if (node.kind === 'words' && last?.kind === 'words' && last.fields === undefined && node.fields === undefined)
        nodes[nodes.length - 1] = { kind: 'words', text: `${last.text} ${node.text}` };
      else nodes.push(node);
    }
    return inner && nodes.length === 1 ? nodes[0]! : { kind: 'soft', nodes };
  }

  #or(): QueryNode | undefined {
    return this.#joined('or', () => this.#joined('and', () => this.#not()));
  }

  #joined(kind: 'and' | 'or', read: () => QueryNode | undefined): QueryNode | undefined {
    const first = read();
    const nodes = first ? [first] : [];
    while (this.#next()?.kind === kind) {
      this.#at += 1;
      const node = read();
      if (node) nodes.push(node);
      if (!node || nodes.length < 2) this.#notes.add('stray-operator');
    }
    return nodes.length > 1 ? { kind, nodes } : nodes[0];
  }

  #not(): QueryNode | undefined {
    const piece = this.#next();
    if (!piece || piece.kind === 'close' || piece.kind === 'and' || piece.kind === 'or') {
      if (piece && piece.kind !== 'close') this.#notes.add('stray-operator');
      return undefined;
    }
    this.#at += 1;
    if (piece.kind === 'not') {
      const node = this.#not();
      if (!node) this.#notes.add('stray-operator');
      return node && { kind: 'not', node };
    }
    if (piece.kind === 'open') return this.soft(true);
    const fields = piece.field === undefined ? {} : { fields: fieldNames[piece.field]! };
    const node = this.#atom(piece, fields);
    return node && (piece.minus ? { kind: 'not', node } : node);
  }

  #atom(piece: Piece, fields: { fields?: readonly Field[] }): QueryNode | undefined {
    if (piece.kind === 'quote')
      return piece.text.trim() === '' ? undefined : { kind: 'phrase', text: piece.text, ...fields };
    const starred = /^([\p{L}\p{M}\p{N}]+)\*$/u.exec(piece.text);
    if (starred) return { kind: 'prefix', text: starred[1]!, ...fields };
    if (piece.text.includes('*')) this.#notes.add('stray-operator');
    return { kind: 'words', text: piece.text, ...fields };
  }
}
