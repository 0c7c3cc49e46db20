import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import {
  ActorTable,
  ToolTable,
  BodyTable,
  VerbTable,
  byLength,
  escaped,
  languageOf,
  type Actor,
  type Tables,
} from './rules/parse/language.ts';

const languages = ['en', 'fr', 'es', 'ru', 'ar', 'zh'] as const;
const folded = (name: string) => name.toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'");

/** Finds the names of a list, the longest at each place. Chinese has no blanks between words, Arabic none behind "and". */
function finder(named: readonly (readonly [string, Actor])[], language: string) {
  const byName = new Map(named.map(([name, actor]) => [folded(name), actor]));
  const before = language === 'zh' ? '' : language === 'ar' ? '(?<![\\p{L}](?<!(?:^|[^\\p{L}])[وبل]))' : '(?<![\\p{L}])';
  const after = language === 'zh' ? '' : '(?![\\p{L}])';
  const any = new RegExp(`${before}(?:${[...byName.keys()].sort(byLength).map(escaped).join('|') || '(?!)'})${after}`, 'giu');
  return (text: string) =>
    [...text.matchAll(any)].flatMap((found) => {
      const actor = byName.get(folded(found[0]));
      return actor ? [{ start: found.index, end: found.index + found[0].length, actor }] : [];
    });
} // prettier-ignore

function load(): Tables {
  const folder = join(packageRoot, 'data', 'mandates');
  const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
  const { actors } = ActorTable.parse(read('actors.json'));
  const { bodies } = BodyTable.parse(read('bodies.json'));
  const finders = new Map(
    languages.map((language) => [
      language as string,
      finder(
        actors.flatMap(({ id, type, names }) =>
          [...(names[language] ?? []), ...(language === 'en' ? [] : (names.codes ?? []))].map(
            (name) => [name, { id, type, name: names.en?.[0] ?? name }] as const,
          ),
        ),
        language,
      ),
    ]),
  );
  const { tools } = ToolTable.parse(read('tools.json'));
  const toolByName = new Map(tools.flatMap(({ id, names }) => names.map((name) => [folded(name), id] as const)));
  const anyTool = new RegExp(`(?<![\\p{L}])(?:${[...toolByName.keys()].sort(byLength).map(escaped).join('|')})(?![\\p{L}])`, 'giu'); // prettier-ignore
  const english = finders.get('en')!;
  const bodyByName = new Map(
    bodies.flatMap((body) => Object.values(body.names).flatMap((list) => list.map((name) => [folded(name), body]))),
  );
  const anyBody = new RegExp(
    `(?:${[...bodyByName.keys()].sort(byLength).map(escaped).join('|')})(?![a-zà-ÿа-яء-ي])`,
    'iu',
  );
  return {
    languages: languages.map((language) => languageOf(VerbTable.parse(read('verbs', `${language}.json`)))),
    findActors: (text, language = 'en') => (finders.get(language) ?? english)(text),
    shortsIn(text, language) {
      const held = new Map<string, Actor>();
      for (const { id, type, names, short } of actors)
        if (short?.[language] && names[language]?.some((name) => text.includes(name)))
          for (const word of short[language]) held.set(word.toLowerCase(), { id, type, name: names.en?.[0] ?? id });
      return held;
    },
    actorIds: actors.map(({ id }) => id),
    actorName(id, language) {
      const names = actors.find((one) => one.id === id)?.names;
      return names?.[language]?.[0] ?? names?.en?.[0] ?? id;
    },
    actorType: (id) => actors.find((one) => one.id === id)?.type ?? null,
    findTools: (text) =>
      [...text.matchAll(anyTool)].map((found) => ({
        start: found.index,
        end: found.index + found[0].length,
        id: toolByName.get(folded(found[0])) ?? '',
      })),
    findBody(text) {
      const found = anyBody.exec(text);
      const body = found && bodyByName.get(folded(found[0]));
      return found && body ? { start: found.index, end: found.index + found[0].length, body } : undefined;
    },
  };
}

let loaded: Tables | undefined;

/** Verbs, actors and bodies as shipped; read once. */
export function tables(): Tables {
  return (loaded ??= load());
}
