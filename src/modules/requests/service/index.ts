export { createRequests } from './requests.ts';
export { nodeFacts, participationFrom, toProfileFacts, type FactsNeeds } from './facts.ts';
export type * from './types.ts';
export type * from './conversation/types.ts';
export type * from './incoming/types.ts';
export type { BasisChoice, BasisOption, BasisOptions, BasisReservation, Law } from './basis.ts';
export { requestJobs, startRequestJobs } from './desk.ts';
export { createMatching, type Matching } from './matches.ts';
export { deskViews, type DeskView } from '../store/index.ts';
