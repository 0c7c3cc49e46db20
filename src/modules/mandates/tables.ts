import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import {
  ActorTable,
  BodyTable,
  VerbTable,
  byLength,
  escaped,
  languageOf,
  type Tables,
} from './rules/parse/language.ts';

function load(): Tables {
  const folder = join(packageRoot, 'data', 'mandates');
  const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
  const { actors } = ActorTable.parse(read('actors.json'));
  const { bodies } = BodyTable.parse(read('bodies.json'));
  const named = actors.flatMap(({ id, type, names }) =>
    Object.values(names).flatMap((list) => list.map((name) => ({ id, type, name }))),
  );
  const byName = new Map(named.map((one) => [one.name.toLowerCase().replaceAll('’', "'"), one]));
  const anyActor = new RegExp(
    `(?<![\\p{L}])(?:${[...byName.keys()].sort(byLength).map(escaped).join('|')})(?![\\p{L}])`,
    'giu',
  );
  const bodyByName = new Map(
    bodies.flatMap((body) =>
      Object.values(body.names).flatMap((list) => list.map((name) => [name.toLowerCase(), body] as const)),
    ),
  );
  const anyBody = new RegExp(`(?:${[...bodyByName.keys()].sort(byLength).map(escaped).join('|')})(?![\\p{L}])`, 'iu');
  return {
    languages: ['en', 'fr'].map((language) => languageOf(VerbTable.parse(read('verbs', `${language}.json`)))),
    findActors: (text) =>
      [...text.matchAll(anyActor)].flatMap((found) => {
        const actor = byName.get(found[0].toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'"));
        return actor ? [{ start: found.index, end: found.index + found[0].length, actor }] : [];
      }),
    findBody(text) {
      const found = anyBody.exec(text);
      const body = found && bodyByName.get(found[0].toLowerCase().replace(/\s+/g, ' '));
      return found && body ? { start: found.index, end: found.index + found[0].length, body } : undefined;
    },
  };
}

let loaded: Tables | undefined;

/** Verbs, actors and bodies as shipped; read once. */
export function tables(): Tables {
  return (loaded ??= load());
}
