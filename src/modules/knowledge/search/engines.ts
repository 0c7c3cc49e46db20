import type { Tx } from '../../../platform/db/index.ts';
import { analysisVersion } from './analysis/index.ts';
import { databaseStorage } from './engine/database.ts';
import { MemoryStorage } from './engine/memory.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';
import { autoMatch, ranking } from './engine/settings.ts';
import { IndexView } from './engine/view.ts';
import { indexChanged, putUnits } from './engine/writer.ts';
import { toRequest, toUnit, type Doc, type JudgedEngine } from './evaluate.ts';
import { createLabelFinder } from './query/thesaurus.ts';
import type { MatchMode, SearchLanguage, Thesaurus } from './schema.ts';
import { makeScratch } from './store.ts';

export interface ProductSettings {
  language: SearchLanguage;
  match: MatchMode;
  thesaurus: Thesaurus | undefined;
}

const settingsOf = ({ language, match, thesaurus }: ProductSettings, storage: string) => ({
  ...ranking,
  autoMatch,
  analysis: analysisVersion,
  language,
  match,
  thesaurus: thesaurus?.version ?? 'none',
  storage,
});

function engineOver(parts: SearchParts, settings: ProductSettings): Pick<JudgedEngine, 'name' | 'version' | 'search'> {
  return {
    name: 'comity-bm25f',
    version: '1',
    async search(text) {
      const { groups } = await searchIndex(parts, toRequest(text, settings.language, settings.match));
      return groups.map(({ work }) => work);
    },
  };
}

const labelsOf = ({ thesaurus }: ProductSettings) => thesaurus && createLabelFinder(thesaurus);

/** The product's engine over a scratch index in memory: nothing is left of it, however the run ends. */
export function memoryEngine(settings: ProductSettings): JudgedEngine {
  const storage = new MemoryStorage();
  const parts: SearchParts = { storage, index: new IndexView(storage), labels: labelsOf(settings) };
  return {
    ...engineOver(parts, settings),
    settings: settingsOf(settings, 'memory'),
    index: async (docs) => storage.add(docs.map((doc) => toUnit(doc, settings.language))),
    close: () => Promise.resolve(),
  };
}

/** The product's engine over scratch tables of one transaction: the database drops them when it ends, kill or not. */
export function scratchEngine(tx: Tx, settings: ProductSettings): JudgedEngine {
  const storage = databaseStorage(tx);
  const parts: SearchParts = { storage, index: new IndexView(storage), labels: labelsOf(settings) };
  return {
    ...engineOver(parts, settings),
    settings: settingsOf(settings, 'postgresql'),
    async index(docs: readonly Doc[]) {
      await makeScratch(tx);
      await putUnits(
        tx,
        'evaluation',
        docs.map((doc) => toUnit(doc, settings.language)),
      );
      let done: number;
      do done = await indexChanged(tx);
      while (done > 0);
    },
    close: () => Promise.resolve(),
  };
}
