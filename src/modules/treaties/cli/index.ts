import type { Command } from '../../../platform/cli/index.ts';
import type { Context } from '../../identity/index.ts';
import type { Publisher } from '../bundle.ts';
import type { LiveFacts } from '../live.ts';
import type { Treaties } from '../service.ts';
import type { SourcesOptions } from '../sources.ts';
import { bundleCommands } from './bundles.ts';
import { importCommands } from './imports.ts';
import { readCommands } from './reads.ts';

/** All commands of the module. Those that import need `live`, the node's own data; those that publish a signer. */
export function treatiesCommands(
  treaties: Treaties,
  sources?: SourcesOptions,
  live?: LiveFacts,
  publisher?: () => Publisher,
): Command<Context>[] {
  return [
    ...readCommands(treaties, sources),
    ...(live ? importCommands(treaties, live) : []),
    ...(live && publisher ? bundleCommands(live, publisher) : []),
  ];
}
