export { knowledgeBench } from './bench.ts';
export { knowledgeApi } from './api.ts';
export { knowledgeCommands } from './cli.ts';
export * from './citations/index.ts';
export { knowledgeJobs, startKnowledgeJobs } from './jobs.ts';
export { knowledgeMessages } from './messages/index.ts';
export { knowledgePages } from './pages/index.tsx';
export { searchCommands } from './search/cli.ts';
export { createSearchIndex } from './search/index.ts';
export { createKnowledge, type Knowledge, type KnowledgeNeeds } from './service.ts';
export type {
  ResolutionPart,
  ResolutionSource,
  ResolutionText,
  TextOrigin,
  TreatySource,
  Work,
} from './sources/schema.ts';
export { shippedThesaurus } from './thesaurus/index.ts';
