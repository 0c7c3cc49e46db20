import { cpus } from 'node:os';
import { evidenceBench } from './bench/evidence.ts';
import { exchangeBench, filesBench } from './bench/exchange/index.ts';
import { benchTable } from './bench/table.ts';
import { webBench } from './bench/web.ts';
import { authoritiesBench } from './modules/authorities/index.ts';
import { goodsBench } from './modules/goods/index.ts';
import { mandatesBench } from './modules/mandates/index.ts';
import { knowledgeBench } from './modules/knowledge/index.ts';
import { documentsBench, requestsBench } from './modules/requests/index.ts';
import { treatiesBench, type BenchRow } from './modules/treaties/index.ts';

// Figures of every area beside goal and peer. Fails nothing: a figure is read, and a goal that is missed is said to be.
// `--full` takes the sizes that were promised where the usual ones are smaller; it takes most of an hour.
const benches: [string, (sizes: { full: boolean }) => Promise<BenchRow[]>][] = [
  ['treaties', treatiesBench],
  ['authorities', authoritiesBench],
  ['goods', goodsBench],
  ['search', knowledgeBench],
  ['requests', requestsBench],
  ['documents', documentsBench],
  ['mandates', mandatesBench],
  ['web', webBench],
  ['exchange', exchangeBench],
  ['files', filesBench],
  ['evidence', evidenceBench],
];
const full = process.argv.includes('--full');
const wanted = process.argv.slice(2).filter((word) => word !== '--full');
const rows: BenchRow[] = [];
for (const [name, bench] of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`bench: ${name} …\n`);
  rows.push(...(await bench({ full })));
}
const processors = cpus();
process.stdout.write(`${benchTable(rows)}\n\n`);
process.stdout.write(
  `${rows.filter((row) => row.met).length} of ${rows.length} met; Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'processor'}, other work may have run beside.\n`,
);
// Typesetting keeps a worker open.
process.exit(0);
