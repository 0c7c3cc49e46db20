export { authoritiesMessages } from './messages/index.ts';
export * from './schema/index.ts';
export {
  asksDualCriminality,
  checkCalendar,
  checkEntry,
  checkProfile,
  choose,
  directoryOf,
  isOpen,
  itemValue,
  localTime,
  nextConfirmationDue,
  nextOpening,
  overlap,
  printedName,
  profileFacts,
  profileFor,
  profileSwitches,
  testProfile,
  toMoment,
  toWorkCalendar,
  trustMark,
  trustOf,
  usualQuestions,
  versionAt,
  type ChooserFacts,
  type Directory,
  type ProfileFacts,
  type Switch,
} from './rules/index.ts';
export {
  answerChoice,
  authoritiesDaily,
  calendarOf,
  calendarsOf,
  chooseDesk,
  entriesOn,
  eraseOldContacts,
  findAuthorities,
  findDirectoryHead,
  findEntry,
  freezeDirectory,
  getAuthority,
  listDirectoryRecords,
  loadCustodianEntries,
  loadSampleDirectory,
  pingEveryDays,
  pingUses,
  profileOn,
  publishSecureAddress,
  readCustodianEntries,
  readSamples,
  recordChoice,
  sendDuePings,
  takeDirectoryRecords,
  type AuthoritiesNeeds,
  type EntryView,
  type FeedSigner,
  type SecureAddress,
} from './service/index.ts';
export { authoritiesApi } from './api.ts';
export { authoritiesCommands } from './cli.ts';
export { authoritiesBench } from './bench.ts';
export { readQuestion, type Asked, type Readers } from './ask.ts';
export { toCsv, toICalendar, toJsonDocument, toVCard } from './exports.ts';
export { loadProfileLookup, toTreatyFacts } from './service/index.ts';
export { bookletPdf, type BookletJob } from './booklet/index.ts';
export { readICalendar } from './ics.ts';
export { authoritiesPages } from './pages/index.tsx';
