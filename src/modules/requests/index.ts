export { requestsApi } from './api/index.ts';
export { requestsBench } from './bench.ts';
export { requestsCommands, type CommandNeeds } from './cli.ts';
export { loadDefinitions } from './definitions.ts';
export * from './documents/index.ts';
export { requestsMessages } from './messages/index.ts';
export {
  actionPermission,
  checkRequest,
  completenessOf,
  fold,
  foldIncoming,
  foldShared,
  incomingPermission,
  nextActions,
  nextActionsIncoming,
  nextIncoming,
  optionKey,
  sharedStage,
  taskPages,
  warningsWithoutReason,
  type Clock,
  type Completeness,
  type IncomingState,
  type ReachedStage,
  type SharedState,
  type TaskPage,
  type TaskState,
  type TaskStatus,
} from './rules/index.ts';
export * from './schema/index.ts';
export {
  createIncoming,
  createMatching,
  createRequests,
  createUnsent,
  nodeFacts,
  participationFrom,
  requestJobs,
  requestMessageUses,
  startRequestJobs,
  toProfileFacts,
  type FactsNeeds,
  type Matching,
} from './service/index.ts';
export type {
  ActOutcome,
  CarriedMessage,
  Carrying,
  CarriedState,
  ConversationView,
  Conversations,
  IncomingFilter,
  IncomingParts,
  IncomingListItem,
  IncomingRequests,
  IncomingSupplement,
  IncomingView,
  InternalNote,
  NewAnswer,
  NewChange,
  NewQuestion,
  NextIncoming,
  ShareDraft,
  SharedDraft,
  SignatureFinding,
  Supplement,
  ThreadQuestion,
  BasisChoice,
  BasisOption,
  BasisOptions,
  BasisReservation,
  CheckAnswer,
  DeskNotice,
  DeskState,
  FactsSource,
  ListFilter,
  NewRequest,
  NextAction,
  OwnAuthority,
  RequestListItem,
  Requests,
  RequestsParts,
  RequestView,
  RiskCheck,
  SaveConflict,
  SaveOutcome,
  SectionSave,
} from './service/index.ts';
export { workMessages } from './messages/work.ts';
export { incomingMessages } from './messages/incoming.ts';
export { threadMessages } from './messages/thread.ts';
export { replyMessages } from './messages/reply.ts';
export { workPages, type WorkParts } from './pages/work/index.tsx';
export type { CaseParts, Place, Waiting } from './pages/case/parts.ts';
export { writerMessages } from './messages/writer.ts';
export { kindWords, writerPages, type WriterParts } from './pages/writer/index.ts';
export { deskViews, type DeskView } from './service/index.ts';
