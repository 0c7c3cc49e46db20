import { isUnknown, unknown, type Instant, type PlainDate } from '../../../platform/values/index.ts';
import type { Calendar } from '../schema/calendar.ts';
import type { Desk, EntryVersion, PingFacts, Question } from '../schema/choice.ts';
import { authorityRoles, type Designation, type Entry } from '../schema/entry.ts';
import { functions, parentFunction, parentInstrument, type FunctionCode } from '../schema/functions.ts';
import type { ProfileOn } from '../schema/profile.ts';

/** What the chooser is told beside the question. Entries are those valid on the day, in the public layer. */
export interface ChooserFacts {
  entries: readonly EntryVersion[];
  profile: ProfileOn;
  calendarOf(entry: Entry): Calendar | undefined;
  pingOf(entry: Entry): PingFacts | undefined;
  /** Moment for opening hours, and the day for trust. */
  at: Instant;
  today: PlainDate;
  /** Earliest day the directory knows for the State; undefined when a start is unknown. */
  firstKnownDay?: PlainDate;
}

export const origins = ['own', 'notification', 'custodian'] as const;

/** An entry that may answer, by one of its designations. */
export interface Candidate {
  version: EntryVersion;
  designation: Designation;
  /** Steps 2 to 4, 5, 6, 7: compared from left to right, smaller is better. */
  rank: readonly number[];
}

export function holdsOn(designation: Designation, on: PlainDate): boolean {
  const begun = isUnknown(designation.from) || designation.from <= on;
  return begun && (designation.until === null || on < designation.until);
}

function functionRank(held: FunctionCode, asked: FunctionCode): number | undefined {
  let level = 0;
  for (let code: FunctionCode | undefined = asked; code; code = parentFunction(code), level += 1)
    if (code === held) return level;
  return undefined;
}

function instrumentRank(held: string | null, asked: string | null): number | undefined {
  if (asked === null) return held === null ? 0 : 1;
  if (held === asked) return 0;
  if (held !== null && held === parentInstrument[asked]) return 1;
  return held === null ? 2 : undefined;
}

export function territoryRank(held: string | null, asked: string | null): number | undefined {
  if (held === asked) return 0;
  return held === null ? 1 : undefined;
}

function fitsConditions(designation: Designation, question: Question): boolean {
  const { stages, measures } = designation.conditions ?? {};
  if (stages && question.stage && !stages.includes(question.stage)) return false;
  return !(measures && question.measure && !measures.includes(question.measure));
}

/** The best designation of one entry for the question; undefined when none fits. */
export function candidateOf(version: EntryVersion, question: Question): Candidate | undefined {
  const { entry } = version;
  const territory = territoryRank(entry.territory, question.territory);
  if (territory === undefined) return undefined;
  let best: Candidate | undefined;
  for (const designation of entry.designations) {
    const purpose = functionRank(designation.function, question.function);
    if (purpose === undefined || !holdsOn(designation, question.on)) continue;
    const instrument = instrumentRank(designation.instrument, question.instrument);
    if (instrument === undefined || !fitsConditions(designation, question)) continue;
    const rank = [
      purpose,
      instrument,
      territory,
      authorityRoles.indexOf(entry.role),
      origins.indexOf(entry.origin),
      isUnknown(entry.nodeId) ? 1 : 0,
    ];
    const candidate: Candidate = { version, designation, rank };
    if (!best || compareRanks(rank, best.rank) < 0) best = candidate;
  }
  return best;
}

export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What others entered for a State gives way to the State's own entry for the same function and territory. */
export function withoutReplaced(candidates: readonly Candidate[]): { kept: Candidate[]; replaced: Candidate[] } {
  const own = new Set(candidates.filter(isOwn).map(placeOf));
  const isReplaced = (candidate: Candidate) => !isOwn(candidate) && own.has(placeOf(candidate));
  return { kept: candidates.filter((one) => !isReplaced(one)), replaced: candidates.filter(isReplaced) };
}

function isOwn(candidate: Candidate): boolean {
  return candidate.version.entry.origin === 'own';
}

function placeOf(candidate: Candidate): string {
  return `${candidate.designation.function} ${candidate.version.entry.territory ?? ''}`;
}

/** The name to print: Latin script when there is one, else the first. */
export function printedName(entry: Pick<Entry, 'names'>): string {
  const latin =
    entry.names.find((name) => name.lang === 'en') ??
    entry.names.find((name) => name.script === 'Latn') ??
    entry.names[0];
  return latin?.text ?? '';
}

function articleOf(designation: Designation, question: Question): string {
  if (designation.articles.length > 0) return designation.articles.join(', ');
  const instrument = designation.instrument ?? question.instrument;
  const known: Partial<Record<string, string>> = functions[designation.function].articles;
  return (instrument && known[instrument]) ?? '';
}

export function toDesk({ version, designation }: Candidate, question: Question): Desk {
  const { entry } = version;
  const conditions = designation.conditions;
  return {
    authority: entry.id,
    version: version.version,
    hash: version.hash,
    name: printedName(entry),
    names: entry.names,
    role: entry.role,
    territory: entry.territory,
    nodeId: isUnknown(entry.nodeId) ? null : entry.nodeId,
    function: designation.function,
    designatedUnder: { instrument: designation.instrument, article: articleOf(designation, question) },
    notifiedOn: designation.notifiedBy?.on ?? unknown('not-stated'),
    notifiedIn: designation.notifiedBy?.source ?? null,
    origin: entry.origin,
    conditions: conditions && { stages: conditions.stages ?? [], ...(conditions.text && { text: conditions.text }) },
  };
}

export function compareIds(a: Candidate, b: Candidate): number {
  return a.version.entry.id < b.version.entry.id ? -1 : 1;
}
