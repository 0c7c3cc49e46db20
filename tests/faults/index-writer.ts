// Puts provisions and indexes them without pause, until it is killed: `node index-writer.mjs URL FIRST`.
import { createSearchIndex } from '../../src/modules/knowledge/search/index.ts';
import { provisions } from '../../src/modules/knowledge/search/samples.ts';
import { connect } from '../../src/platform/db/connect.ts';
import { withTransaction } from '../../src/platform/db/index.ts';

const [url = '', first = '0'] = process.argv.slice(2);
const { db } = connect({ url, role: 'comity_app', size: 2 });
const index = createSearchIndex({ db });
const some = 120;

for (let from = Number(first); ; from += some) {
  const units = provisions(from, some);
  await withTransaction(db, 'system:test', async (tx) => {
    await index.put(tx, 'laws', units);
    // One in forty goes again at the next round; what was put before is changed.
    if (from > Number(first)) await index.remove(tx, [provisions(from - some, 1)[0]!.id]);
  });
  process.stdout.write(`put ${from}\n`);
  await index.work();
  process.stdout.write(`indexed ${from}\n`);
}
