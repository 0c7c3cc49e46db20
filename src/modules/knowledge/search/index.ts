import { withTransaction, type Db } from '../../../platform/db/index.ts';
import { databaseStorage } from './engine/database.ts';
import { explainUnit } from './engine/explain.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';
import { verifyIndex } from './engine/verify.ts';
import { IndexView } from './engine/view.ts';
import { indexChanged, putUnits, rebuildAll, removeUnits } from './engine/writer.ts';
import { indexStatus } from './engine/status.ts';
import { createLabelFinder } from './query/thesaurus.ts';
import type { Thesaurus } from './schema.ts';
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

  const status = () => read(indexStatus);

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
    rebuild(onProgress) {
      return read(async (tx) => {
        await store.lockParts(tx);
        await rebuildAll(tx, onProgress);
        return indexStatus(tx);
      });
    },
    verify: () => read(verifyIndex),
    status,
  };
}

export type { SearchIndex } from './search-index.ts';
export * from './schema.ts';
