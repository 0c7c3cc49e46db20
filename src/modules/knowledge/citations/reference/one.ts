import { levels, type Level } from '../words.ts';
import type { Patterns } from './patterns.ts';
import { listOf, place } from './place.ts';
import { Reader } from './reader.ts';
import type { Named, Outer, Place, Reference } from './shape.ts';

interface Part {
  level: Level;
  named: Named[];
  relative?: Outer;
  /** `articles 31, paragraph 1, and 54`: more articles follow after the inner part. */
  isPlural: boolean;
}

const inner = (a: Level, b: Level) => levels.indexOf(a) > levels.indexOf(b);

/** `paragraphs 1 and 2`, `this article`, `the preceding paragraph`. */
function part(reader: Reader, p: Patterns, one?: boolean): Part | undefined {
  return reader.attempt((): Part | undefined => {
    const how = (['this', 'that', 'preceding', 'following'] as const).find((one) => {
      const found = reader.take(p[one]) !== undefined;
      if (found) reader.blank();
      return found;
    });
    let said = '';
    const level = levels.find((one) => {
      said = reader.take(p.level[one]) ?? '';
      return said !== '';
    });
    if (level === undefined) return undefined;
    const isPlural = /s\.?$/i.test(said);
    const named = listOf(reader, level, p, one ?? false);
    // `paragraph (d) of paragraph 1` speaks of an item.
    const isItem = level === 'paragraph' && named?.every(({ from }) => from.paragraph === undefined) === true;
    if (named) return { level: isItem ? 'item' : level, named, isPlural };
    if (how !== undefined) return { level, named: [], relative: how, isPlural };
    const after = reader.attempt(() => {
      reader.blank();
      return (['preceding', 'following'] as const).find((one) => reader.take(p[one]) !== undefined);
    });
    return after === undefined ? undefined : { level, named: [], relative: after, isPlural };
  });
}

function combine(outer: Place, within: Place): Place {
  return {
    ...(outer.article === undefined ? {} : { article: outer.article }),
    ...((within.paragraph ?? outer.paragraph) === undefined ? {} : { paragraph: within.paragraph ?? outer.paragraph }),
    items: within.paragraph === undefined ? [...outer.items, ...within.items] : within.items,
  };
}

function within(outer: readonly Named[], parts: readonly Named[]): Named[] {
  if (outer.length === 0) return [...parts];
  // The inner places belong to the last outer one: `articles 5 and 6, paragraph 1`.
  const last = outer.at(-1)!;
  const head = last.to ?? last.from;
  const joined = parts.map((one): Named => ({
    from: combine(head, one.from),
    ...(one.to ? { to: combine(head, one.to) } : {}),
  }));
  return last.to ? [...outer, ...joined] : [...outer.slice(0, -1), ...joined];
}

/** Reads one reference whose first word of level or `this` begins at `start`. */
export function readOne(text: string, start: number, p: Patterns): Reference | undefined {
  const reader = new Reader(text, start);
  const first = part(reader, p);
  if (!first) return undefined;
  let { level } = first;
  let places = first.named;
  let relative: Reference['relative'] =
    first.relative === undefined ? undefined : { level, how: first.relative, isPlural: first.isPlural };
  let outermost = level;
  let openList = first.isPlural && first.level === 'article' && first.named.length === 1;
  /** The outer list goes on: `and 54, paragraph 1 (a)`. */
  const goOn = (comma: boolean): true | undefined => {
    if (!openList || level === 'article') return undefined;
    reader.blank();
    if (reader.take(p.and) === undefined && !comma) return undefined;
    const next = place(reader, 'article');
    if (next?.article === undefined) return undefined;
    places = [...places, { from: next }];
    level = 'article';
    openList = false;
    return true;
  };
  for (;;) {
    const grown = reader.attempt(() => {
      const comma = reader.comma();
      reader.blank();
      const of = reader.attempt(() => (p.words.of === '' ? undefined : reader.take(p.of)));
      reader.blank();
      const next = part(reader, p, openList && of === undefined);
      if (!next) return goOn(comma);
      const goesOut = inner(outermost, next.level);
      if (inner(next.level, level) && of === undefined && next.relative === undefined) {
        places = within(places, next.named);
        ({ level } = next);
        return true;
      }
      if (!goesOut || relative !== undefined) return undefined;
      if (of === undefined && p.words.of !== '' && !(comma && next.named.length === 1)) return undefined;
      if (next.relative !== undefined) relative = { level: next.level, how: next.relative, isPlural: next.isPlural };
      else places = next.named.length === 0 ? places : places.flatMap((one) => within(next.named, [one]));
      outermost = next.level;
      return true;
    });
    if (!grown) break;
  }
  return { start, end: reader.at, places, outermost, ...(relative ? { relative } : {}), language: p.words.language };
}
