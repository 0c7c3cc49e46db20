export { detectCitations, type DetectContext } from './detect.ts';
export {
  createInstrumentNames,
  findDefinedNames,
  type DefinedName,
  type InstrumentNames,
  type NamedInstrument,
} from './instruments.ts';
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
export type { Body } from './symbols.ts';
export { listUnits, treatyTree, type TextUnit } from './treaty-units.ts';
