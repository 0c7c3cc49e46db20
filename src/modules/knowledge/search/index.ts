import { withTransaction, type Db } from '../../../platform/db/index.ts';
import { databaseStorage } from './engine/database.ts';
import { explainUnit } from './engine/explain.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';
import { verifyIndex } from './engine/verify.ts';
import { IndexView } from './engine/view.ts';
import { indexChanged, putUnits, rebuildAll, removeUnits } from './engine/writer.ts';
import { createLabelFinder } from './query/thesaurus.ts';
import type { IndexStatus, Thesaurus } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import { suggestFor } from './suggest.ts';
import * as store from './store.ts';

const actor = 'system:search';

/** The index over the database of the node. Several processes may each hold one: all see what is committed. */
export function createSearchIndex({ db }: { db: Db }): SearchIndex {
  const storage = databaseStorage(db);
  const parts: SearchParts = { storage, index: new IndexView(storage), labels: undefined };
  let thesaurus: Thesaurus | undefined;
  const read = <T>(work: Parameters<typeof withTransaction<T>>[2]): Promise<T> => withTransaction(db, actor, work);

  async function status(): Promise<IndexStatus> {
    return read(async (tx) => {
      const state = await store.findIndexRow(tx);
      const segments = await store.listParts(tx);
      return {
        version: state?.version ?? '',
        units: (await store.listClasses(tx)).reduce((sum, { units }) => sum + units, 0),
        waiting: await store.countChanged(tx, state?.through ?? 0),
        segments: segments.length,
        bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    });
  }

  return {
    put: (tx, source, units) => putUnits(tx, source, units),
    remove: async (tx, ids) => void (await removeUnits(tx, ids)),
    async replaceSource(tx, source, units) {
      await store.lockUnits(tx);
      const wanted = new Set(units.map(({ id }) => id));
      const gone = (await store.listSourceIds(tx, source)).filter((id) => !wanted.has(id));
      const removed = await removeUnits(tx, gone);
      return { put: await putUnits(tx, source, units), removed };
    },
    search: (request) => searchIndex(parts, request),
    explain: (request, unit) => explainUnit(parts, request, unit),
    suggest: (request) => suggestFor(parts, thesaurus, request),
    async units(ids, access) {
      const found = new Map((await storage.units(ids, access)).map((unit) => [unit.id, unit]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
    unitsOf: (work, language, access) => read((tx) => store.listOfWork(tx, work, language, access)),
    useThesaurus(given) {
      thesaurus = given;
      parts.labels = createLabelFinder(given);
    },
    async work() {
      let all = 0;
      for (;;) {
        const done = await read(async (tx) => ((await store.tryLockParts(tx)) ? indexChanged(tx) : 0));
        all += done;
        if (done === 0) return all;
      }
    },
    async rebuild(onProgress) {
      await read(async (tx) => {
        await store.lockParts(tx);
        await rebuildAll(tx, onProgress);
      });
      return status();
    },
    verify: () =>
      read(async (tx) => {
        // Nothing is written meanwhile: what is compared stands still.
        await store.lockParts(tx);
        await store.lockUnits(tx);
        return verifyIndex(tx);
      }),
    status,
  };
}

export type { SearchIndex } from './search-index.ts';
export * from './schema.ts';
