// A small node that writes without pause. Prints one line of JSON per event; killed from outside.
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/platform/clock.ts';
import { openNodeDatabase, withTransaction } from '../../src/platform/db/index.ts';
import { addJob } from '../../src/platform/jobs/index.ts';
import { systemRandom } from '../../src/platform/random.ts';

const [folder = '', round = '0', mode = 'write'] = process.argv.slice(2);
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const database = await openNodeDatabase({ folder, share: mode === 'share', onError: () => {} });
const rows = await withTransaction(database.db, 'system:test', (tx) =>
  tx.selectFrom('jobs').select(['key', 'payload']).where('kind', 'in', ['fault', 'fault-half']).execute(),
);
// Ready means ready to be told to stop as well.
process.on('SIGTERM', () => void database.close().then(() => process.exit(0)));
say({ ready: true, pid: database.server?.pid, keys: rows.map((row) => row.key) });

if (mode === 'share') await database.close();
else if (mode === 'hold') {
  await pause(3_600_000);
} else await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));

async function write(writer: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const key = `${round}-${writer}-${n}`;
    try {
      await withTransaction(database.db, 'system:test', async (tx) => {
        await addJob(tx, { clock: systemClock, random: systemRandom }, { kind: 'fault', key });
        // Two rows, one act: never the one without the other.
        await addJob(tx, { clock: systemClock, random: systemRandom }, { kind: 'fault-half', key: `${key}-half` });
      });
      say({ acknowledged: key });
    } catch (error) {
      say({ refused: key, code: error instanceof Error && 'code' in error ? error.code : String(error) });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
