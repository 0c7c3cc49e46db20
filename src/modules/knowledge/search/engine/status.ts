import type { Tx } from '../../../../platform/db/index.ts';
import type { IndexStatus } from '../schema.ts';
import * as store from '../store.ts';

/** What the index holds and what waits for it. `version` is empty while there is none. */
export async function indexStatus(tx: Tx): Promise<IndexStatus> {
  const state = await store.findIndexRow(tx);
  const segments = await store.listParts(tx);
  return {
    version: state?.version ?? '',
    units: (await store.listClasses(tx)).reduce((sum, { units }) => sum + units, 0),
    waiting: await store.countChanged(tx, state?.through ?? 0),
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
