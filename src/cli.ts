import { allCommands } from './app/commands.ts';
import { cliHost } from './app/cli-host.ts';
import { ConfigError } from './platform/config.ts';
import { exit } from './platform/cli/index.ts';
import { runCommandLine } from './platform/cli/run.ts';

try {
  process.exitCode = await runCommandLine(allCommands(), process.argv.slice(2), cliHost);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exit.usage;
}
