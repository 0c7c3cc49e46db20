export { bodyOfQuery, type Body } from './bodies.ts';
export type { CaseRegister, CitedCase } from './cases.ts';
export { findDefinedNames, type DefinedName } from './defined.ts';
export { createCitationReader, detectCitations, type CitationReader, type DetectContext } from './detect.ts';
export { loadCitationFacts, type CitationFacts, type CitationFactsOptions } from './facts.ts';
export { createInstrumentNames, type InstrumentNames, type NamedInstrument } from './instruments.ts';
export { fromEId, toEId, treeOf } from './outline.ts';
export { printPath } from './resolve.ts';
export {
  Citation,
  CitationTarget,
  CitationType,
  citationTypes,
  type Standing,
  type Unit,
  type UnitTree,
} from './schema.ts';
export type { CitingPlace, Statute, StatuteRegister } from './statutes.ts';
export { listUnits, treatyTree, type TextUnit } from './treaty-units.ts';
export { readCitationQuery, type CitationQuery, type QueryOptions, type QueryTarget } from './query/index.ts';
