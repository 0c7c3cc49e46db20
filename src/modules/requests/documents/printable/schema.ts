import type { OfferedLocale } from '../../../../platform/i18n/index.ts';
import type { Hash, Instant } from '../../../../platform/values/index.ts';

export type PrintLanguage = OfferedLocale;

/** Characters set alike. Text may hold first-strong and left-to-right isolates round names, references and amounts. */
export interface PrintableRun {
  text: string;
  style?: 'mono';
}

export interface PrintableLine {
  label?: string;
  runs: PrintableRun[];
  /** Steps of indentation; absent is none. */
  level?: number;
  /** Where the free text stands in the request, `facts/0/text`; absent for fixed phrases and coded values. */
  path?: string;
  mark?: 'not-translated' | 'machine';
}

/** A clause in one language. `mark` tells what is wrong with its text, in words of that language. */
export interface PrintableSide {
  lang: PrintLanguage;
  lines: PrintableLine[];
  mark?: { kind: 'not-translated' | 'machine'; text: string };
}

/** One numbered clause; its sides face each other in the order of the document's languages. */
export interface PrintableClause {
  n: number;
  sides: PrintableSide[];
}

export interface PrintableSection {
  id: string;
  /** `A`, `B`, … */
  letter: string;
  headings: string[];
  clauses: PrintableClause[];
}

export interface PrintableTable {
  /** `I`, `II`. */
  number: string;
  titles: string[];
  notes: string[];
  columns: { heads: string[]; width: number; align?: 'end'; style?: 'mono' }[];
  /** A cell is a list of short lines, one per language or one for all. */
  rows: { text: string; lang?: PrintLanguage }[][][];
}

/** A request as paper shows it: every word chosen, nothing left to decide but where it stands on the sheet. */
export interface PrintableRequest {
  kind: 'printable-request';
  version: 1;
  languages: PrintLanguage[];
  reference: string;
  requestVersion: number;
  contentHash: Hash;
  createdAt: Instant;
  signed: boolean;
  training: boolean;
  urgent: string[] | null;
  /** Handling code in each language; the traffic light stands once, apart. */
  handling: { words: string[]; tlp: string };
  letterhead: { lines: string[][]; sealText: string; sealSha256: string };
  titles: string[];
  subtitles: string[];
  sections: PrintableSection[];
  tables: PrintableTable[];
  /** One line each on the first sheet's foot. */
  signatureLines: string[];
  verify: { words: string[]; url: string; qr: string };
  /** Phrases of the frame, by language: draft mark, training band, page count with `{page}` and `{pages}` left open. */
  frame: { draft: string[]; training: string[]; page: string[]; hash: string[] };
}
