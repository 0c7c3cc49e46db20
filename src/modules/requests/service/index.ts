export { createRequests } from './requests.ts';
export { nodeFacts, participationFrom, toProfileFacts, type FactsNeeds } from './facts.ts';
export type * from './types.ts';
