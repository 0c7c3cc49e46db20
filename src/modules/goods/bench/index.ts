import { developmentFile } from '../testing/development.ts';
import { linkageRows } from './linkage.ts';
import { crossRows, pairRows, readPairs } from './pairs.ts';
import { textPeers } from './peers.ts';
import { aliasRows, originalRows } from './recall.ts';
import type { BenchRow } from './row.ts';
import { bulkRows, falseAlertRow, largeRows, speedRows } from './speed.ts';

/** Quality on the development data beside its peers, then speed and size. Without the data the rows of it are left out. */
export async function goodsBench({ full = false }: { full?: boolean } = {}): Promise<BenchRow[]> {
  const peers = await textPeers();
  const pairs = developmentFile('name-pairs.csv');
  const cross = developmentFile('cross-script-pairs.csv');
  const entities = developmentFile('ofac-sdn/entities.csv');
  const aliases = developmentFile('ofac-sdn/alias-queries.csv');
  const records = developmentFile('record-linkage/febrl-dataset1.csv');
  return [
    ...largeRows(1_000_000),
    ...speedRows(peers),
    ...(await bulkRows(full)),
    falseAlertRow(),
    ...(pairs ? pairRows(readPairs(pairs), peers) : []),
    ...(cross ? crossRows(cross, peers) : []),
    ...(records ? linkageRows(records) : []),
    ...(entities && aliases ? await aliasRows(entities, aliases) : []),
    ...(await originalRows()),
  ];
}
