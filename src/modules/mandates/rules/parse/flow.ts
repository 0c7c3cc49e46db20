import type { Span } from '../../schema.ts';
import type { Language, Tables } from './language.ts';
import { joined, type Mapped } from './mapped.ts';
import { readLetter, readNumber } from './marks.ts';
import { markBegin, unmarked, type Block } from './read.ts';

/** A paragraph put together again: one or more blocks, a break of page between them. */
export interface Paragraph {
  marked: Mapped;
  text: string;
  spans: Span[];
  isHeading: boolean;
  isStruck: boolean;
}

const ends = new RegExp(
  `[,;.:?!”"»،؛。；：，)\\]](?:${markBegin}[^\\uE001]*\\uE001)*(?: and| or| et| ou| y| o| и| или)?$`,
  'u',
);

export const spanOf = (block: Block): Span => [block.from, block.to];

/** Notes leave the flow of the text: marked blocks, and what belongs to the page. */
export function splitNotes(blocks: readonly Block[]): { flow: Block[]; notes: Block[]; furniture: Block[] } {
  const flow: Block[] = [];
  const notes: Block[] = [];
  const furniture: Block[] = [];
  const repeated = new Map<string, number>();
  for (const { text } of blocks)
    if (text.length < 100 && !/[,;]$/.test(text)) repeated.set(text, (repeated.get(text) ?? 0) + 1);
  for (const block of blocks) {
    const isRunningHead = (repeated.get(block.text) ?? 0) >= 3 && !readNumber(block.text) && !readLetter(block.text);
    if (block.isRule || block.text === '' || isFurniture(block.text) || isRunningHead) furniture.push(block);
    else if (block.isNote) notes.push(block);
    else flow.push(block);
  }
  return { flow, notes, furniture };
}

function isFurniture(text: string): boolean {
  return (
    /^(?:[-–—]?\s?\d{1,4}\s?[-–—]?(?:\s[IVX]+\.)?|\d{1,3}\/\d{1,3}|page \d+.*|V\.\d{2}-\d+.*|GE\.\d{2}-\d+.*|\d{2}-\d{5}.*)$/i.test(
      text,
    ) ||
    /^(?:Distr\.|Original\s?:)/i.test(text) ||
    /^(?:A|E|S|A\/HRC)\/RES\/[\w()/.]+$/.test(text)
  );
}

const bare =
  /^(?:The|La|L['’]|Le|El|إن)?\s?(?:Conference|Conférence|Conferencia|Commission|Comisión|Assembly|Assemblée|Council|Conseil|Committee|Comité)\s?[,:]$/iu;

/** "The Commission on Crime Prevention and Criminal Justice," on a line of its own. */
export function isBodyText(text: string, tables: Tables, language: Language): boolean {
  const plain = unmarked(text);
  if (plain.length > 900) return false;
  if (!/[,:،，：]$/.test(plain)) {
    // Alone on its line, with its article: "L'Assemblée générale".
    const alone = /^(?:The |La |L['’]|Le )/.test(plain) ? tables.findBody(plain) : undefined;
    return alone !== undefined && alone.start < 5 && alone.end === plain.length;
  }
  if (bare.test(plain)) return true;
  const found = tables.findBody(
    plain.replace(/^(?:recommandation|résolution|recommendation|resolution) (?:n°|no\.?)\s?\d+\s/i, ''),
  );
  if (found === undefined) return false;
  // "The Ninety-ninth World Health Assembly,": its article, and nothing behind.
  const isWhole = /^(?:The|La|L['’]|Le|El) ?/.test(plain) && found.start < 40 && found.end >= plain.length - 2;
  if (found.start >= 12 && !isWhole) return false;
  return language.readOpening(plain) === undefined && language.readVerb(plain) === undefined && !readNumber(plain);
}

const standsAlone =
  /^(?:(?:draft )?r[eé]solution|resolución|annexe?|anexo|appendix|приложение|المرفق|附件)(?:\s+[\dIVX/]+)?$/iu;

/** Joins what a page break cut: no end of a sentence before, no new opening after. */
export function join(blocks: readonly Block[], language: Language, tables: Tables): Paragraph[] {
  const paragraphs: { parts: Block[]; text: string; isHeading: boolean }[] = [];
  let isInBody = false;
  for (const block of blocks) {
    const last = paragraphs.at(-1);
    const { text } = block;
    const begins =
      readNumber(text) !== undefined || readLetter(text) !== undefined || block.isHeading || /^\p{Lu}{4,}/u.test(text);
    const isBody = isBodyText(text, tables, language);
    const opens = language.readOpening(text) !== undefined || language.readVerb(text) !== undefined;
    // Lines of a head stand alone; after the body's line a sentence may be cut.
    const mayGoOn = isInBody ? !standsAlone.test(last?.text ?? '') : /^\p{Ll}/u.test(text);
    isInBody = isInBody || isBody || opens;
    const goesOn =
      last !== undefined &&
      mayGoOn &&
      !last.isHeading &&
      !begins &&
      !isBody &&
      !ends.test(last.text) &&
      (!opens || /^\p{Ll}/u.test(text));
    if (goesOn) {
      last.text = `${last.text} ${text}`;
      last.parts.push(block);
    } else paragraphs.push({ parts: [block], text, isHeading: block.isHeading });
  }
  return paragraphs.map(({ parts, isHeading }) => {
    const marked =
      parts.length === 1
        ? parts[0]!.marked
        : joined(
            parts.map((part) => part.marked),
            () => ' ',
          );
    return {
      marked,
      text: marked.text,
      spans: parts.map(spanOf),
      isHeading,
      isStruck: parts.some((part) => part.isStruck),
    };
  });
}
