import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findArticlePath } from './rules/provision.ts';

interface Item {
  letter: string;
  text: string;
  items: Item[];
}

/** Items carry the mark of their level: a letter, a roman number, or a number. */
const Item: z.ZodType<Item> = z.lazy(() =>
  z
    .object({
      letter: z.string().optional(),
      roman: z.string().optional(),
      number: z.union([z.string(), z.number()]).optional(),
      text: z.string().nullable(),
      items: z.array(Item).default([]),
    })
    .transform((item) => ({
      letter: item.letter ?? item.roman ?? String(item.number ?? ''),
      text: item.text ?? '',
      items: item.items,
    })),
);

const Paragraph = z.object({
  number: z
    .union([z.string(), z.number()])
    .nullable()
    .transform((number) => (number === null ? null : String(number))),
  text: z.string().nullable(),
  items: z.array(Item).default([]),
});

/** A treaty as reference packs hold it: articles, numbered paragraphs, lettered items. */
export const TreatyText = z.object({
  id: z.string(),
  title: z.string(),
  language: z.string(),
  preamble: z.string().nullish(),
  articles: z.array(
    z.object({
      number: z.union([z.string(), z.number()]).transform(String),
      title: z.string().nullable(),
      chapter: z.object({ title: z.string() }).nullish().catch(null),
      paragraphs: z.array(Paragraph),
    }),
  ),
});
export type TreatyText = z.infer<typeof TreatyText>;

export interface FoundProvision {
  /** Title of the article. */
  title: string | null;
  /** Words of the place asked for, its items joined. */
  words: string;
}

function itemWords(item: Item): string {
  return [item.text, ...item.items.map((one) => `(${one.letter}) ${itemWords(one)}`)]
    .filter((text) => text !== '')
    .join(' ');
}

function findItem(items: readonly Item[], steps: readonly string[]): Item | undefined {
  const [step, ...rest] = steps;
  const found = items.find((item) => item.letter.replace(/[()]/g, '') === step);
  return found && rest.length > 0 ? findItem(found.items, rest) : found;
}

/**
 * Finds the place of `18(15)(a)` in a text; undefined when the text has no such article, paragraph or item. An
 * unnumbered single paragraph is passed over: `2(b)` is item b of article 2.
 */
export function findProvision(text: TreatyText, provision: string): FoundProvision | undefined {
  const path = findArticlePath(provision);
  const article = path && text.articles.find((one) => one.number === path.article);
  if (!path || !article) return undefined;
  const words = (paragraph: z.infer<typeof Paragraph>) =>
    [paragraph.text ?? '', ...paragraph.items.map((item) => `(${item.letter}) ${itemWords(item)}`)]
      .filter((one) => one !== '')
      .join(' ');
  if (path.steps.length === 0) return { title: article.title, words: article.paragraphs.map(words).join(' ') };
  const paragraph = article.paragraphs.find((one) => one.number === path.steps[0]);
  const [start, steps] = paragraph
    ? [[paragraph], path.steps.slice(1)]
    : [article.paragraphs.filter((one) => one.number === null), path.steps];
  if (paragraph && steps.length === 0) return { title: article.title, words: words(paragraph) };
  for (const one of start) {
    const item = findItem(one.items, steps);
    if (item) return { title: article.title, words: itemWords(item) };
  }
  return undefined;
}

/**
 * Reads every treaty text in the folders, by the id of the text (`untoc`). Folders that do not exist are passed
 * over; of two texts with one id and language the first folder's is kept. English only where several are there.
 */
export function readTexts(folders: readonly string[], language = 'en'): Map<string, TreatyText> {
  const texts = new Map<string, TreatyText>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.json') || entry.name === 'pack.json') continue;
      const read = TreatyText.safeParse(JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')));
      if (read.success && read.data.language === language && !texts.has(read.data.id))
        texts.set(read.data.id, read.data);
    }
  }
  return texts;
}
