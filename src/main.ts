import { configFromEnvironment } from './platform/config.ts';
import { buildModules } from './app/build-modules.ts';
import { openNode } from './app/node.ts';
import { serve, stopOnSignals } from './app/serve.ts';

const node = await openNode(configFromEnvironment());
const running = await serve(node, await buildModules(node));
await stopOnSignals(running);
