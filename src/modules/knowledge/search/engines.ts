import type { Tx } from '../../../platform/db/index.ts';
import { analysisVersion } from './analysis/index.ts';
import { databaseStorage } from './engine/database.ts';
import { MemoryStorage } from './engine/memory.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';
import { autoMatch, ranking } from './engine/settings.ts';
import { IndexView } from './engine/view.ts';
import { indexChanged, largestPart, putUnits } from './engine/writer.ts';
import { toRequest, toUnit, type JudgedEngine } from './evaluate.ts';
import { createLabelFinder } from './query/thesaurus.ts';
import type { MatchMode, SearchLanguage, SearchUnit, Thesaurus } from './schema.ts';
import { makeScratch } from './store.ts';

export interface ProductSettings {
  language: SearchLanguage;
  match: MatchMode;
  /** Quotes, minus, AND and the like in a question are operators. */
  operators: boolean;
  thesaurus: Thesaurus | undefined;
}

const settingsOf = ({ language, match, operators, thesaurus }: ProductSettings, storage: string) => ({
  ...ranking,
  autoMatch,
  analysis: analysisVersion,
  language,
  match,
  operators,
  thesaurus: thesaurus?.version ?? 'none',
  storage,
});

function engineOver(parts: SearchParts, settings: ProductSettings): Pick<JudgedEngine, 'name' | 'version' | 'search'> {
  return {
    name: 'comity-bm25f',
    version: '1',
    async search(text) {
      // A question without a word finds nothing here; the page answers it with all there is.
      if (!/[\p{L}\p{N}]/u.test(text)) return [];
      const { groups } = await searchIndex(parts, toRequest(text, settings));
      return groups.map(({ work }) => work);
    },
  };
}

const labelsOf = ({ thesaurus }: ProductSettings) => thesaurus && createLabelFinder(thesaurus);

/** The product's engine over a scratch index in memory: nothing is left of it, however the run ends. */
export function memoryEngine(settings: ProductSettings): JudgedEngine {
  const storage = new MemoryStorage({ keepsUnits: false });
  let waiting: SearchUnit[] = [];
  const flush = (): void => {
    storage.add(waiting);
    waiting = [];
  };
  const parts: SearchParts = { storage, index: new IndexView(storage), labels: labelsOf(settings) };
  return {
    ...engineOver(parts, settings),
    settings: settingsOf(settings, 'memory'),
    async index(docs) {
      for (const doc of docs) waiting.push(toUnit(doc, settings.language));
      if (waiting.length >= largestPart) flush();
    },
    finish: async () => flush(),
    close: () => Promise.resolve(),
  };
}

/** The product's engine over scratch tables of one transaction: the database drops them when it ends, kill or not. */
export function scratchEngine(tx: Tx, settings: ProductSettings): JudgedEngine {
  const storage = databaseStorage(tx);
  const parts: SearchParts = { storage, index: new IndexView(storage), labels: labelsOf(settings) };
  let isMade = false;
  return {
    ...engineOver(parts, settings),
    settings: settingsOf(settings, 'postgresql'),
    async index(docs) {
      if (!isMade) await makeScratch(tx);
      isMade = true;
      await putUnits(
        tx,
        'evaluation',
        docs.map((doc) => toUnit(doc, settings.language)),
      );
    },
    async finish() {
      let done: number;
      do done = await indexChanged(tx);
      while (done > 0);
    },
    close: () => Promise.resolve(),
  };
}
