export { treatiesApi } from './api.ts';
export { treatiesBench, type BenchRow } from './bench.ts';
export { treatiesCommands } from './cli/index.ts';
export { dataFolder, loadTreaties, sampleFolder, shippedVersion } from './dataset.ts';
export { digestKey, digestMessages } from './digests/index.ts';
export { speak, spokenState, type Speech } from './explain.ts';
export { acceptImport, enterAgreement, listTreatyImports, proposeImport, type ProposedTable } from './importer.ts';
export { treatiesFeed, type TreatiesFeed } from './feed.ts';
export { acceptBundle, bringBundle, checkBundle, publishBundle, type Publisher } from './bundle.ts';
export { createLiveFacts, type LiveFacts } from './live.ts';
export { confirmReading } from './readings.ts';
export { treatiesMessages } from './messages/index.ts';
export { lawMessages } from './messages/pages.ts';
export { treatiesPages, type DeclarationText, type InstalledText } from './pages/index.tsx';
export {
  findArticlePath,
  nameOn,
  nearStates,
  parseInstrument,
  parseProvision,
  parseState,
  printProvision,
  statusOn,
  toAlpha2,
  type BasisFinding,
  type BasisResult,
  type InstrumentNames,
  type ProfileFacts,
  type ProfileLookup,
  type Provision,
  type StateEntry,
  type StateNames,
  type StatusOn,
  type TreatyFacts,
} from './rules/index.ts';
export * from './schema/index.ts';
export { createTreaties, lazyFacts, type AskedQuestion, type Treaties, type TreatiesOptions } from './service.ts';
export { developmentTexts, walkSources, type SourcesAnswer, type SourcesOptions } from './sources.ts';
export { findProvision, readTexts, TreatyText, type FoundProvision } from './texts.ts';
