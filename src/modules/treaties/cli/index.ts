import type { Command } from '../../../platform/cli/index.ts';
import type { Context } from '../../identity/index.ts';
import type { LiveFacts } from '../live.ts';
import type { Treaties } from '../service.ts';
import type { SourcesOptions } from '../sources.ts';
import { readCommands } from './reads.ts';
import { importCommands } from './imports.ts';

/** All commands of the module. Those that import need `live`, the node's own data. */
export function treatiesCommands(treaties: Treaties, sources?: SourcesOptions, live?: LiveFacts): Command<Context>[] {
  return [...readCommands(treaties, sources), ...(live ? importCommands(treaties, live) : [])];
}
