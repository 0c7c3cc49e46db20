export { readBirthDate, compareDates, type DateRule } from './dates.ts';
export { alertFrom, compareSubjects, matchModel, namedAs, schemaOf } from './decide.ts';
export { auc, bestF1, bootstrap, calibrationError, f1At, wilson, type Judged } from './evaluate.ts';
export { checkIdentifier, plainIdentifier } from './identifiers.ts';
export { keysOf, keyOf, keyWeights, type KeyKind, type NameKey } from './keys.ts';
export { cleanName, type NameNote } from './normalise.ts';
export { parseName, type NamedAs, type ParsedName, type Part } from './parse.ts';
export { pickCandidates, rarity, spendBudget, type Posting } from './retrieve.ts';
export { scoreNames, similarityOf, type NameReason, type NameScore } from './score.ts';
export {
  compareCandidates,
  defaultConsidered,
  entryNames,
  listBuilder,
  openQuery,
  prepareList,
  screen,
  type Found,
  type Screened,
  type ScreeningList,
} from './screen.ts';
