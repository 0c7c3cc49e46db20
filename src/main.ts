import { configFromEnvironment } from './platform/config.ts';
import { buildModules } from './app/modules.ts';
import { openNode } from './app/node.ts';
import { serve, stopOnSignals } from './app/serve.ts';
import { translators } from './app/words.ts';

const config = configFromEnvironment();
const running = await serve(await openNode(config), buildModules(config, translators));
await stopOnSignals(running);
