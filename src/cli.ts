import { commands } from './app/commands.ts';
import { cliHost } from './app/cli-host.ts';
import { runCommandLine } from './platform/cli/run.ts';

process.exitCode = await runCommandLine(commands, process.argv.slice(2), cliHost);
