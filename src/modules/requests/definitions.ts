import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../platform/paths.ts';
import { PlainDate } from '../../platform/values/index.ts';
import {
  CoreDefinition,
  GroundDefinition,
  ReplyDefinition,
  RuleDefinition,
  TypeDefinition,
  type Definitions,
} from './schema/index.ts';

const folder = join(packageRoot, 'src/modules/requests/definitions');

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function readAll<T>(schema: z.ZodType<T>, name: string): T[] {
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => schema.parse(readJson(join(folder, name, file))));
}

const Core = z.strictObject({ ruleSet: z.string(), definitions: z.array(CoreDefinition) });

const dated = { version: z.int().min(1), validFrom: PlainDate };
const Grounds = z.strictObject({ ...dated, grounds: z.array(GroundDefinition) });
const Replies = z.strictObject({ ...dated, replies: z.array(ReplyDefinition) });

let loaded: Definitions | undefined;

/**
 * The definitions this build ships: core fields, types and rules. Read once; throws when a file has not the right
 * shape, so that a node with a broken definition does not start.
 */
export function loadDefinitions(): Definitions {
  if (!loaded) {
    const core = Core.parse(readJson(join(folder, 'core.json')));
    loaded = {
      ruleSet: core.ruleSet,
      core: core.definitions,
      types: readAll(TypeDefinition, 'types'),
      rules: readAll(RuleDefinition, 'rules'),
      grounds: Grounds.parse(readJson(join(folder, 'grounds.json'))).grounds,
      replies: Replies.parse(readJson(join(folder, 'replies.json'))).replies,
    };
  }
  return loaded;
}
