import type { Tx } from '../../../platform/db/index.ts';
import type {
  AccessClass,
  Explanation,
  IndexStatus,
  SearchLanguage,
  SearchRequest,
  SearchResults,
  SearchUnit,
  Suggestion,
  Thesaurus,
  VerifyReport,
} from './schema.ts';

/** The index as the rest of the module sees it. Any process of the node may hold one; all see what is committed. */
export interface SearchIndex {
  /**
   * Writes units in the transaction that publishes them; they are found within two seconds of its commit. A unit that
   * is there with the same content costs nothing; one that changes its access class is hidden at once.
   * @returns how many differ from what was there
   */
  put(tx: Tx, source: string, units: readonly SearchUnit[]): Promise<number>;
  /** Takes units away in this transaction: nothing withdrawn is found after its commit. */
  remove(tx: Tx, ids: readonly string[]): Promise<void>;
  /** Writes a whole source: puts what is given and removes what the source (`source:treaties`) had before and has no more. */
  replaceSource(tx: Tx, source: string, units: readonly SearchUnit[]): Promise<{ put: number; removed: number }>;
  /** @throws Unavailable `knowledge.index-missing`; Invalid `knowledge.cursor-expired`, `knowledge.query-too-long` */
  search(request: SearchRequest): Promise<SearchResults>;
  explain(request: SearchRequest, unit: string): Promise<Explanation | undefined>;
  suggest(request: {
    text: string;
    access: readonly AccessClass[];
    language: SearchLanguage;
    limit?: number;
  }): Promise<Suggestion[]>;
  /** Units by id that the reader may see, in the order asked; what is not there is left out. Needs no index. */
  units(ids: readonly string[], access: readonly AccessClass[]): Promise<SearchUnit[]>;
  /** All units of a work in a language that the reader may see, in the order of the text. Needs no index. */
  unitsOf(work: string, language: SearchLanguage, access: readonly AccessClass[]): Promise<SearchUnit[]>;
  useThesaurus(thesaurus: Thesaurus): void;
  /** Indexes what waits. The node's worker calls it; a command may. @returns how many units were indexed */
  work(): Promise<number>;
  /** Builds everything anew from the units and puts it in place of what was there in one transaction. */
  rebuild(onProgress?: (share: number) => void): Promise<IndexStatus>;
  verify(): Promise<VerifyReport>;
  status(): Promise<IndexStatus>;
}
