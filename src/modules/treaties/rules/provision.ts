import { fail, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import type { InstrumentId } from '../schema/index.ts';

/** A place in a treaty: `{ instrument: 'XVIII-12', article: '18(15)(a)' }`. */
export interface Provision {
  instrument: InstrumentId;
  article: string;
}

/** Article number and its steps inside: `18(15)(a)` is article 18, steps `15`, `a`. */
export interface ArticlePath {
  article: string;
  steps: string[];
}

/** Short names of instruments: what is understood on input and what is printed. */
export interface InstrumentNames {
  find(text: string): InstrumentId | undefined;
  /** The short name in print; the text itself when it names no instrument of the data. */
  print(id: string): string;
  /** Every short name of an instrument that is accepted on input. */
  aliasesOf(id: string): readonly string[];
}

const articlePattern = /^(\d+(?:\s?bis)?)((?:\([0-9A-Za-z]+\))*)$/;

/** Reads `18(15)(a)`; undefined when the text is not one article. */
export function findArticlePath(text: string): ArticlePath | undefined {
  const match = articlePattern.exec(
    text
      .trim()
      .replace(/\)\s+\(/g, ')(')
      .replace(/(\d)\s+\(/g, '$1('),
  );
  if (!match) return undefined;
  const steps = [...(match[2] ?? '').matchAll(/\(([^)]+)\)/g)].map((one) => one[1]!);
  return { article: match[1]!, steps };
}

export function printArticlePath(path: ArticlePath): string {
  return path.article + path.steps.map((step) => `(${step})`).join('');
}

/**
 * Reads `18(15)(a)` (of `within`), `UNTOC art. 18(15)(a)` or `XVIII-12 art. 18`. Problems:
 * `treaties.unknown-instrument`, `treaties.bad-provision`.
 */
export function parseProvision(
  text: string,
  names: InstrumentNames,
  within?: InstrumentId,
): Result<Provision, Problem[]> {
  const match = /^(?:(.*?)\s+)?(?:arts?\.?|articles?)\s+(.+)$/i.exec(text.trim());
  const named = match?.[1];
  const instrument = named === undefined || named === '' ? within : names.find(named);
  if (!instrument)
    return fail([problem('treaties.unknown-instrument', [], { params: { given: named ?? text, near: '' } })]);
  const path = findArticlePath(match ? match[2]! : text);
  if (!path) return fail([problem('treaties.bad-provision', [], { params: { given: text } })]);
  return ok({ instrument, article: printArticlePath(path) });
}

/** `UNTOC art. 18(15)(a)`, the form of `source` fields. */
export function printProvision(provision: Provision, names: InstrumentNames): string {
  return `${names.print(provision.instrument)} art. ${provision.article}`;
}

/**
 * Articles that a reading's provision concerns: `5, 6, 8, 23`, `16(4)-(5)`, `UNTOC 18(13)`, `whole`.
 * `other` is set when the words name another instrument than the reading's own.
 */
export function readingArticles(text: string): { other: string | null; articles: ArticlePath[] } {
  const named = /^([A-Z]{3,})\s+(?=\d)/.exec(text);
  const rest = named ? text.slice(named[0].length) : text;
  const articles: ArticlePath[] = [];
  for (const part of rest.split(',')) {
    const match = /^\s*(\d+)((?:\([0-9A-Za-z]+\))*)(?:-\(([0-9A-Za-z]+)\))?/.exec(part);
    if (!match) continue;
    const steps = [...match[2]!.matchAll(/\(([^)]+)\)/g)].map((one) => one[1]!);
    articles.push({ article: match[1]!, steps });
    const [last, until] = [Number(steps.at(-1)), Number(match[3])];
    for (let step = last + 1; step <= until; step += 1) {
      articles.push({ article: match[1]!, steps: [...steps.slice(0, -1), String(step)] });
    }
  }
  return { other: named?.[1] ?? null, articles };
}

/** Says whether one of the two places lies inside the other. */
export function overlaps(one: ArticlePath, other: ArticlePath): boolean {
  if (one.article !== other.article) return false;
  const depth = Math.min(one.steps.length, other.steps.length);
  return one.steps.slice(0, depth).every((step, index) => step === other.steps[index]);
}
