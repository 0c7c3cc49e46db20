import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { packageRoot } from '../../../platform/paths.ts';
import { searchLanguages, type Concept, type SearchLanguage, type Thesaurus } from '../search/schema.ts';

export const conceptSchemes = ['crime-type', 'issue'] as const;

/** A concept as it stands in the shipped table. */
export interface ShippedConcept extends Concept {
  scheme: (typeof conceptSchemes)[number];
  /** Where the term can be looked up: `XVIII-14 23`. */
  provisions: readonly string[];
}

type Row = Record<SearchLanguage | 'id' | 'scheme' | 'provisions', string>;

const parts = (cell: string) =>
  cell
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function readConcept(row: Row): ShippedConcept {
  const scheme = conceptSchemes.find((one) => one === row.scheme);
  if (!scheme) throw new Error(`concepts.tsv: unknown scheme of ${row.id}`);
  return {
    id: row.id,
    scheme,
    labels: searchLanguages.flatMap((language) =>
      parts(row[language]).map((label, n) => ({
        language,
        label,
        kind: n === 0 ? ('preferred' as const) : ('alternative' as const),
      })),
    ),
    provisions: parts(row.provisions),
  };
}

export interface ShippedThesaurus extends Thesaurus {
  concepts: readonly ShippedConcept[];
  /** Preferred label in a language; the English one where it has none. */
  labelOf(concept: string, language: SearchLanguage): string | undefined;
}

let held: ShippedThesaurus | undefined;

/** The thesaurus that ships with the program, read once. */
export function shippedThesaurus(): ShippedThesaurus {
  if (held) return held;
  const text = readFileSync(join(packageRoot, 'data', 'knowledge', 'thesaurus', 'concepts.tsv'), 'utf8');
  const rows = parse<Row>(text, { columns: true, delimiter: '\t', quote: false });
  const concepts = rows.map(readConcept);
  const byId = new Map(concepts.map((one) => [one.id, one]));
  held = {
    version: createHash('sha256').update(text).digest('hex').slice(0, 12),
    concepts,
    labelOf(id, language) {
      const labels = byId.get(id)?.labels.filter((one) => one.kind === 'preferred');
      return (labels?.find((one) => one.language === language) ?? labels?.find((one) => one.language === 'en'))?.label;
    },
  };
  return held;
}
