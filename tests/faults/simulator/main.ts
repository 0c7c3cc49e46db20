import { parseArgs } from 'node:util';
import { plants, type Plant } from './plants.ts';
import { run, type RunReport } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    nodes: { type: 'string' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const plant = plants.find((one): one is Plant => one === values.plant);
if (values.plant !== undefined && !plant) throw new Error(`No such planted fault: ${values.plant}`);
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1)
  throw new Error('Seeds are whole numbers');

const total = { schedules: 0, messages: 0, posts: 0, crashes: 0, sealed: 0, virtualHours: 0, violations: 0 };
const failed: RunReport[] = [];
for (let seed = first; seed < first + count; seed += 1) {
  const report = await run({ seed, plant, ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }) });
  total.schedules += 1;
  total.messages += report.messages;
  total.posts += report.posts;
  total.crashes += report.crashes;
  total.sealed += report.sealed ? 1 : 0;
  total.virtualHours += report.lasted / 3_600_000;
  total.violations += report.violations.length;
  if (report.violations.length > 0) failed.push(report);
}
total.virtualHours = Math.round(total.virtualHours);

const about = {
  ...total,
  signatures: 'real in every schedule',
  seals: 'real in every tenth schedule; a sealed stand-in part in the others',
  failed: failed.map(({ seed, violations }) => ({ seed, replay: `npm run simulate -- --seed ${seed}`, violations })),
};
if (values.json) process.stdout.write(`${JSON.stringify(about)}\n`);
else {
  for (const { seed, replay, violations } of about.failed) {
    process.stdout.write(`seed ${seed}: ${replay}\n`);
    for (const { invariant, about: what } of violations) process.stdout.write(`  ${invariant}: ${what}\n`);
  }
  const { schedules, messages, posts, crashes, virtualHours, violations } = total;
  process.stdout.write(
    `${schedules} schedules, ${messages} messages, ${posts} posts, ${crashes} crashes, ${virtualHours} hours of virtual time: ${violations} violations\n`,
  );
}
process.exitCode = failed.length === 0 ? 0 : 1;
