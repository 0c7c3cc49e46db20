import {
  isUnknown,
  problem,
  unknown,
  type Instant,
  type PlainDate,
  type Problem,
  type Unknown,
} from '../../../platform/values/index.ts';
import type { Calendar } from '../schema/calendar.ts';
import type { Choice, Desk, EntryVersion, PingFacts, Question, Why } from '../schema/choice.ts';
import { authorityRoles, type Channel, type Designation, type Entry } from '../schema/entry.ts';
import { functions, parentFunction, parentInstrument, type FunctionCode } from '../schema/functions.ts';
import type { ProfileOn } from '../schema/profile.ts';
import { itemValue } from './profile.ts';
import { isOpen, localTime, nextOpening } from './time.ts';
import { trustOf } from './trust.ts';

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

const origins = ['own', 'notification', 'custodian'] as const;

interface Candidate {
  version: EntryVersion;
  designation: Designation;
  /** Steps 2 to 4, 5, 6, 7: compared from left to right, smaller is better. */
  rank: readonly number[];
}

function holdsOn(designation: Designation, on: PlainDate): boolean {
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

function territoryRank(held: string | null, asked: string | null): number | undefined {
  if (held === asked) return 0;
  return held === null ? 1 : undefined;
}

function fitsConditions(designation: Designation, question: Question): boolean {
  const { stages, measures } = designation.conditions ?? {};
  if (stages && question.stage && !stages.includes(question.stage)) return false;
  return !(measures && question.measure && !measures.includes(question.measure));
}

/** The best designation of one entry for the question; undefined when none fits. */
function candidateOf(version: EntryVersion, question: Question): Candidate | undefined {
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

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What others entered for a State gives way to the State's own entry for the same function and territory. */
function withoutReplaced(candidates: readonly Candidate[]): { kept: Candidate[]; replaced: Candidate[] } {
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

function toDesk({ version, designation }: Candidate, question: Question): Desk {
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

/**
 * Finds the one right desk of a State for a purpose on a day.
 * Two that are equal in every step are both given, and an official chooses.
 * @source UNTOC art. 18(13); UNCAC art. 46(13); 1988 Convention art. 7(8)
 */
export function choose(question: Question, facts: ChooserFacts): Choice {
  const found = facts.entries.flatMap((version) => candidateOf(version, question) ?? []);
  const { kept, replaced } = withoutReplaced(found);
  const desks = kept.filter(
    ({ version }) => version.entry.role !== 'point-24-7' || question.function === 'e-evidence-24-7',
  );
  const sorted = (desks.length > 0 ? desks : kept).toSorted((a, b) => compareRanks(a.rank, b.rank) || compareIds(a, b));
  const best = sorted[0];
  if (!best) return noDesk(question, facts);
  const equal = sorted.filter((candidate) => compareRanks(candidate.rank, best.rank) === 0);
  const one = equal.length === 1 ? best : undefined;
  const rest = sorted.slice(equal.length).concat(replaced);
  const answer = detailsOf(question, facts, best.version.entry);
  const warnings = warningsOf(question, facts, best, equal, replaced);
  return {
    kind: 'authorities.choice',
    version: 1,
    question,
    desk: one ? toDesk(one, question) : null,
    equals: one ? [] : equal.map((candidate) => toDesk(candidate, question)),
    alert: question.urgent ? alertOf(question, facts, best) : null,
    fallback: rest.slice(0, 5).map((candidate) => toDesk(candidate, question)),
    nearest: [],
    ...answer,
    why: whyOf(question, best, equal.length, replaced.length),
    warnings,
  };
}

function compareIds(a: Candidate, b: Candidate): number {
  return a.version.entry.id < b.version.entry.id ? -1 : 1;
}

/** The duty point to ring when time is short. The central authority stays the addressee. */
function alertOf(question: Question, facts: ChooserFacts, best: Candidate): Choice['alert'] {
  const points = facts.entries.filter(({ entry }) => {
    const serves = !isUnknown(entry.dutyService) && entry.dutyService.available;
    const measures = isUnknown(entry.dutyService) ? [] : entry.dutyService.measures;
    const forThis = measures.length === 0 || (question.measure !== undefined && measures.includes(question.measure));
    return (
      (entry.role === 'point-24-7' || serves) &&
      forThis &&
      territoryRank(entry.territory, question.territory) !== undefined
    );
  });
  const point =
    points.find(({ entry }) => entry.role === 'point-24-7') ??
    points.find(({ entry }) => entry.id !== best.version.entry.id) ??
    points[0];
  return point ? { authority: point.entry.id, name: printedName(point.entry), role: point.entry.role } : null;
}

function whyOf(question: Question, best: Candidate, equals: number, replaced: number): Why[] {
  const { entry } = best.version;
  const [purpose = 0, instrument = 0, territory = 0] = best.rank;
  const say = (code: string, params: Why['params'] = {}): Why => ({ code: `authorities.why.${code}`, params });
  const asked = question.instrument ?? '';
  return [
    say('valid', { on: question.on }),
    purpose === 0
      ? say('function-exact', { function: question.function })
      : say('function-parent', { function: question.function, held: best.designation.function }),
    question.instrument === null
      ? say('instrument-none')
      : [
          say('instrument-exact', { instrument: asked }),
          say('instrument-parent', { instrument: asked, held: best.designation.instrument ?? '' }),
          say('instrument-any', { instrument: asked }),
        ][instrument]!,
    ...(best.designation.conditions?.stages && question.stage ? [say('stage', { stage: question.stage })] : []),
    territory === 0 && entry.territory !== null
      ? say('territory-exact', { territory: entry.territory })
      : say('territory-whole'),
    say('role', { role: entry.role }),
    say('origin', { origin: entry.origin }),
    ...(replaced > 0 ? [say('replaced', { count: replaced })] : []),
    ...(equals > 1 ? [say('equal', { count: equals })] : []),
    ...(isUnknown(entry.nodeId) ? [] : [say('node')]),
  ];
}

type Details = Pick<
  Choice,
  'language' | 'channel' | 'formalities' | 'openNow' | 'opensAt' | 'localTime' | 'timeZone' | 'trust'
>;

function detailsOf(question: Question, facts: ChooserFacts, entry: Entry): Details {
  const calendar = facts.calendarOf(entry);
  const open = isOpen(entry, calendar, facts.at) ?? null;
  const zone = isUnknown(entry.timeZone) ? null : entry.timeZone;
  return {
    language: languageFor(question, facts.profile, entry),
    channel: channelFor(question, facts.profile, entry),
    formalities: formalitiesFor(facts.profile, entry),
    openNow: open,
    opensAt: open === false ? nextOpening(entry, calendar, facts.at) : null,
    localTime: zone && localTime(zone, facts.at),
    timeZone: zone,
    trust: trustOf(entry, facts.pingOf(entry), facts.today),
  };
}

function languageFor(question: Question, profile: ProfileOn, entry: Entry): Choice['language'] {
  const accepted = acceptedLanguages(question, profile, entry);
  const rule = isUnknown(entry.translationRule) ? itemValue(profile, 'P02') : entry.translationRule;
  const list = isUnknown(accepted) ? [] : accepted;
  const use = question.languages.find((ours) => list.includes(ours)) ?? list[0] ?? null;
  return { use, accepted, translation: isUnknown(rule) ? rule : rule.rule };
}

function acceptedLanguages(question: Question, profile: ProfileOn, entry: Entry): string[] | Unknown {
  const use = question.urgent ? 'urgent' : 'request';
  if (!isUnknown(entry.languages)) {
    const said = entry.languages.filter((language) => language.for.includes(use)).map((language) => language.code);
    if (said.length > 0) return said;
    const requests = entry.languages
      .filter((language) => language.for.includes('request'))
      .map((language) => language.code);
    if (requests.length > 0) return requests;
  }
  const item = itemValue(profile, 'P01');
  if (isUnknown(item)) return item;
  return question.urgent && !isUnknown(item.urgent) ? item.urgent : item.request;
}

/** Node first when the desk has one; else the first channel allowed; the diplomatic channel is the last resort. */
function channelFor(question: Question, profile: ProfileOn, entry: Entry): Channel {
  const said = isUnknown(entry.channels) ? itemValue(profile, 'P03') : entry.channels.map((one) => one.channel);
  const allowed = isUnknown(said) ? undefined : Array.isArray(said) ? said : said.allowed;
  if (!isUnknown(entry.nodeId) && (allowed === undefined || allowed.includes('node'))) return 'node';
  const usable = allowed?.filter(
    (channel) => channel !== 'node' && (question.urgent || (channel !== 'oral-urgent' && channel !== 'interpol')),
  );
  return usable?.[0] ?? 'diplomatic';
}

function formalitiesFor(profile: ProfileOn, entry: Entry): Choice['formalities'] {
  const item = itemValue(profile, 'P05');
  const from = <T>(own: T | Unknown, general: (said: Exclude<typeof item, Unknown>) => T | Unknown): T | Unknown => {
    if (!isUnknown(own)) return own;
    return isUnknown(item) ? item : general(item);
  };
  const originals = from(entry.originalsToFollow, (said) => {
    if (isUnknown(said.originalsToFollow)) return said.originalsToFollow;
    return { required: said.originalsToFollow, ...(isUnknown(said.withinDays) ? {} : { withinDays: said.withinDays }) };
  });
  return {
    electronicSignature: from(entry.electronicSignatureAccepted, (said) => said.electronicSignature),
    originalsWithinDays: isUnknown(originals)
      ? originals
      : originals.required
        ? (originals.withinDays ?? unknown('not-stated'))
        : null,
    copies: from(entry.copiesRequired, (said) => said.copies),
    authentication: from(entry.authentication, (said) => said.authentication),
  };
}

function warningsOf(
  question: Question,
  facts: ChooserFacts,
  best: Candidate,
  equal: readonly Candidate[],
  replaced: readonly Candidate[],
): Problem[] {
  const { entry } = best.version;
  const trust = trustOf(entry, facts.pingOf(entry), facts.today);
  const list: Problem[] = [];
  const warn = (code: string, path: string[], params: Record<string, string | number> = {}, source?: string) =>
    list.push(problem(`authorities.${code}`, path, { severity: 'warn', params, ...(source && { source }) }));
  if (equal.length > 1)
    warn('two-desks-equal', ['desk'], { desks: equal.map(({ version }) => printedName(version.entry)).join(' · ') });
  if (trust.mark === 'silent') warn('desk-silent', ['trust'], { name: printedName(entry) });
  else if (trust.days === null) warn('desk-never-confirmed', ['trust'], { name: printedName(entry) });
  else if (trust.mark !== 'confirmed')
    warn('desk-not-confirmed', ['trust'], { name: printedName(entry), days: trust.days }, 'UNTOC art. 18(13)');
  if (isUnknown(best.designation.from)) warn('start-not-given', ['on'], { name: printedName(entry) });
  if (best.designation.notifiedBy?.nature === 'domestic-act')
    warn('from-domestic-act', ['desk'], { name: printedName(entry) });
  if (replaced.length > 0) warn('sources-differ', ['desk'], { count: replaced.length });
  const language = languageFor(question, facts.profile, entry);
  if (isUnknown(language.accepted)) warn('languages-unknown', ['language'], {}, 'UNTOC art. 18(14)');
  else if (language.use !== null && !question.languages.includes(language.use) && question.languages.length > 0) {
    warn('translation-needed', ['language'], { language: language.use }, 'UNTOC art. 18(14)');
  }
  if (question.urgent && !alertOf(question, facts, best)) warn('no-duty-point', ['alert']);
  return list;
}

/** Nobody listed: the closest others, and the diplomatic channel as the last resort. */
function noDesk(question: Question, facts: ChooserFacts): Choice {
  const near = facts.entries
    .flatMap((version) => {
      const designation = version.entry.designations.find((one) => holdsOn(one, question.on));
      const territory = territoryRank(version.entry.territory, question.territory);
      if (!designation || territory === undefined || version.entry.role === 'point-24-7') return [];
      const isMla = version.entry.designations.some((one) => one.function === 'mla' && holdsOn(one, question.on));
      const general =
        version.entry.designations.find((one) => one.function === 'mla' && holdsOn(one, question.on)) ?? designation;
      return [
        {
          version,
          designation: general,
          rank: [
            isMla ? 0 : 1,
            authorityRoles.indexOf(version.entry.role),
            origins.indexOf(version.entry.origin),
            territory,
          ],
        },
      ];
    })
    .toSorted((a, b) => compareRanks(a.rank, b.rank) || compareIds(a, b));
  const first = facts.firstKnownDay;
  const tooEarly = first !== undefined && question.on < first;
  const code = tooEarly ? 'authorities.not-known-before' : 'authorities.no-desk';
  const params = { state: question.state, function: question.function, ...(tooEarly ? { day: first } : {}) };
  return {
    kind: 'authorities.choice',
    version: 1,
    question,
    desk: null,
    equals: [],
    alert: null,
    fallback: [],
    nearest: near.slice(0, 3).map((candidate) => toDesk(candidate, question)),
    language: { use: null, accepted: unknown('not-known'), translation: unknown('not-known') },
    channel: 'diplomatic',
    formalities: {
      electronicSignature: unknown('not-known'),
      originalsWithinDays: unknown('not-known'),
      copies: unknown('not-known'),
      authentication: unknown('not-known'),
    },
    openNow: null,
    opensAt: null,
    localTime: null,
    timeZone: null,
    trust: null,
    why: [{ code: 'authorities.why.none', params: { function: question.function } }],
    warnings: [problem(code, ['desk'], { severity: 'warn', params })],
  };
}
