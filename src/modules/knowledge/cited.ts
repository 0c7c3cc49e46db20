import type { InstrumentId } from '../treaties/index.ts';
import { createCitationReader, fromEId, toEId, type CitationFacts } from './citations/index.ts';
import type { CitationRow } from './store.ts';
import { unitId, type SearchUnit } from './search/schema.ts';

/** `18(15)(a)` as an address in a work. */
function eIdOf(article: string): string {
  return toEId(article.split(/[()]+/).filter((one) => one !== ''));
}

const addressed = (target: Pick<CitationRow, 'target_work' | 'target_e_id'>) =>
  target.target_e_id === null ? target.target_work : `${target.target_work}#${target.target_e_id}`;

/** What one work's units cite, read in their order: definitions of the document hold from where they stand. */
function citationsOf(units: readonly SearchUnit[], facts: CitationFacts): Map<string, CitationRow[]> {
  const [first] = units;
  if (!first) return new Map();
  const reader = createCitationReader({ ...facts, language: first.language });
  const found = new Map<string, CitationRow[]>();
  for (const unit of units) {
    if (unit.text === '') continue;
    const path = unit.eId === undefined ? undefined : fromEId(unit.eId);
    const standing =
      unit.kind === 'treaty' ? { instrument: unit.work as InstrumentId, ...(path ? { path } : {}) } : undefined;
    const rows = reader
      .read(unit.text, standing)
      .filter((one) => one.status === 'resolved')
      .flatMap((one) =>
        one.target.map(({ id, article }) => ({
          unit_id: unit.id,
          span_from: one.span[0],
          span_to: one.span[1],
          target_work: id,
          target_e_id: article === undefined ? null : eIdOf(article),
        })),
      )
      // A text that names itself cites nothing.
      .filter((row) => addressed(row) !== unit.work && addressed(row) !== unit.id.split('@')[0]);
    found.set(
      unit.id,
      rows.map((row, place) => ({ ...row, place })),
    );
  }
  return found;
}

/** Reads the citations of every unit, and writes into each unit what it cites. */
export function withCitations(
  units: readonly SearchUnit[],
  facts: CitationFacts,
): { units: SearchUnit[]; citations: CitationRow[] } {
  const found = new Map([...grouped(units).values()].flatMap((one) => [...citationsOf(one, facts)]));
  return {
    units: units.map((unit) => {
      const cites = [...new Set((found.get(unit.id) ?? []).map(addressed))];
      return cites.length === 0 ? unit : { ...unit, cites };
    }),
    citations: [...found.values()].flat(),
  };
}

function grouped(units: readonly SearchUnit[]): Map<string, SearchUnit[]> {
  const byWork = new Map<string, SearchUnit[]>();
  for (const unit of units) {
    const key = unitId({ work: unit.work, language: unit.language });
    const list = byWork.get(key);
    if (list) list.push(unit);
    else byWork.set(key, [unit]);
  }
  return byWork;
}
