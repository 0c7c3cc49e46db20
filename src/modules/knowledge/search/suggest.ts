import { analyse, hasHan } from './analysis/index.ts';
import type { AccessClass, SearchLanguage, Suggestion, Thesaurus } from './schema.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';

const usual = 8;
const shortest = { han: 2, other: 3 };

/** Titles, headings and labels that go on from what was typed so far; three letters at least, two in Chinese. */
export async function suggestFor(
  parts: SearchParts,
  thesaurus: Thesaurus | undefined,
  request: { text: string; access: readonly AccessClass[]; language: SearchLanguage; limit?: number },
): Promise<Suggestion[]> {
  const text = request.text.trim();
  const limit = Math.min(request.limit ?? usual, 20);
  if ([...text].length < (hasHan(text) ? shortest.han : shortest.other) || text.length > 200) return [];
  const labels = labelsFor(thesaurus, text, request.language);
  const titles = await titlesFor(parts, { ...request, text, limit });
  return [...labels.slice(0, Math.ceil(limit / 2)), ...titles].slice(0, limit);
}

function labelsFor(thesaurus: Thesaurus | undefined, text: string, language: SearchLanguage): Suggestion[] {
  const begin = text.toLowerCase();
  const found = (thesaurus?.concepts ?? []).flatMap(({ labels }) =>
    labels.filter((one) => one.language === language && one.label.toLowerCase().startsWith(begin)).slice(0, 1),
  );
  return found
    .sort((one, other) => one.label.length - other.label.length || (one.label < other.label ? -1 : 1))
    .map(({ label }) => ({ kind: 'label', text: label, language }));
}

async function titlesFor(
  parts: SearchParts,
  request: { text: string; access: readonly AccessClass[]; language: SearchLanguage; limit: number },
): Promise<Suggestion[]> {
  const words = analyse(request.text, request.language).map((token) => request.text.slice(token.from, token.to));
  const last = words.pop();
  if (last === undefined) return [];
  const isChinese = hasHan(last);
  const ask = async (field: 'title' | 'heading') => {
    const asked = isChinese
      ? `${field}:"${request.text.replace(/["()]/g, ' ')}"`
      : [...words.map((word) => `${field}:${word}`), `${field}:${last}${last.length < 3 ? '' : '*'}`].join(' ');
    const { groups } = await searchIndex(parts, {
      text: asked,
      access: request.access,
      language: request.language,
      languages: [request.language],
      match: 'all',
      expand: false,
      snippets: false,
      limit: request.limit,
    });
    return groups.flatMap(({ hits }) => hits.slice(0, field === 'title' ? 1 : 3));
  };
  const suggestions: Suggestion[] = [];
  const add = (one: Suggestion): void => {
    if (one.text !== '' && suggestions.every((other) => other.text !== one.text)) suggestions.push(one);
  };
  for (const { unit } of await ask('title'))
    add({ kind: 'title', text: unit.title, language: unit.language, work: unit.work });
  for (const { unit } of await ask('heading'))
    add({
      kind: 'heading',
      text: unit.heading ?? '',
      language: unit.language,
      work: unit.eId === undefined ? unit.work : `${unit.work}#${unit.eId}`,
    });
  return suggestions;
}
