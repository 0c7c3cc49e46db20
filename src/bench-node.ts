// A node for the bench of the exchange, or the receiver of its peer: started by it as a process of its own, with settings and
// orders from it alone.
import { runBenchNode } from './bench/exchange/node.ts';
import { runPlainReceiver } from './bench/exchange/plain.ts';

const { plainReceiver, ...settings } = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
if (plainReceiver === undefined) await runBenchNode(settings);
else await runPlainReceiver(plainReceiver);
