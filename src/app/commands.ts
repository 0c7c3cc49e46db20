import type { CliAnswer, Command } from '../platform/cli/index.ts';
import { configFromEnvironment, type Config } from '../platform/config.ts';
import type { Context } from '../modules/identity/index.ts';
import { runDemo } from './demo.ts';
import { buildModules, type Modules } from './modules.ts';
import { operationsCommands } from './operations-commands.ts';
import { setupCommand } from './operations-setup.ts';
import { verifyCommand } from './operations-verify.ts';
import { runNode } from './serve.ts';
import { translators } from './words.ts';

let built: { config: Config; modules: Modules } | undefined;

/** Settings and modules of this process, read once and only when a command needs them. */
export function assembled(): { config: Config; modules: Modules } {
  if (!built) {
    const config = configFromEnvironment();
    built = { config, modules: buildModules(config, translators) };
  }
  return built;
}

const wordsOf = (ctx: Context) => translators[ctx.locale];
const stopped = (kind: string, ctx: Context): CliAnswer => ({
  json: { kind, version: 1, stopped: true },
  text: wordsOf(ctx)('app.stopped'),
});
const operations = { config: () => assembled().config, words: wordsOf };

/** Commands of the node itself, without a module in front. */
const nodeCommands: Command<Context>[] = [
  {
    module: '',
    verb: 'start',
    summary: 'Runs one configured node until it is told to stop',
    needs: 'files',
    run: async (call) => {
      const { config, modules } = assembled();
      await runNode(config, modules, ({ origin }) =>
        call.say(wordsOf(call.ctx)('app.listening', { state: config.COMITY_STATE, origin })),
      );
      return stopped('start', call.ctx);
    },
  },
  {
    module: '',
    verb: 'demo',
    summary: 'Starts the invented States with sample data and prints a sign-in link per sample person',
    options: {
      port: { value: 'PORT', summary: 'Port to listen on; 8080 unless told' },
      fresh: { summary: 'Begin again: forget the sample data of earlier runs' },
    },
    needs: 'files',
    run: async (call) => {
      await runDemo(call, { port: call.options.port, fresh: call.switches.has('fresh') });
      return stopped('demo', call.ctx);
    },
  },
  ...operationsCommands(operations),
  verifyCommand(operations),
  setupCommand(operations),
];

/** Every command of this program. */
export function allCommands(): Command<Context>[] {
  return [...nodeCommands, ...assembled().modules.commands];
}
