import { exit } from './platform/cli/index.ts';
import { ConfigError, configFromEnvironment } from './platform/config.ts';
import { ComityError } from './platform/errors.ts';
import { buildModules } from './app/modules.ts';
import { runNode } from './app/serve.ts';
import { translators } from './app/words.ts';

let code: number = exit.done;
try {
  const config = configFromEnvironment();
  await runNode(config, buildModules(config, translators), () => {});
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    code = exit.usage;
  } else if (error instanceof ComityError) {
    process.stderr.write(`${translators.en.code(error.code, error.params)}\n`);
    code = exit.cannotNow;
  } else throw error;
}
// A connection that hangs at the far end may not keep a stopped node alive.
process.exit(code);
