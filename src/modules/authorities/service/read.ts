import { NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import {
  addDays,
  dayIn,
  isUnknown,
  type Instant,
  type PlainDate,
  type StateCode,
} from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import {
  confirmationTerm,
  isOpen,
  localTime,
  nextOpening,
  overlapWarnings,
  printedName,
  trustOf,
} from '../rules/index.ts';
import {
  parentFunction,
  toLayer,
  type Calendar,
  type Choice,
  type Entry,
  type EntryVersion,
  type FunctionCode,
  type Question,
  type Trust,
} from '../schema/index.ts';
import {
  byRecord,
  countEntries,
  findContacts,
  findNotes,
  insertChoice,
  listFeedback,
  listFrozenFeeds,
  listOpenDrafts,
  listPings,
  listStates,
  listVersions,
  toEntryVersion,
  type Draft,
  type Feedback,
} from '../store/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { Invalid } from '../../../platform/errors.ts';
import { calendarOfEntry, calendarsOf, chooseDesk, entriesOn, findEntry, nowKnown } from './directory.ts';

/** When an office can be reached. */
export interface HoursNow {
  openNow: boolean | null;
  opensAt: Instant | null;
  localTime: string | null;
  timeZone: string | null;
}

export interface ListedEntry {
  version: EntryVersion;
  name: string;
  trust: Trust;
}

/** One entry as a reader may see it, on a day. */
export interface EntryView extends ListedEntry {
  layer: 'P' | 'R' | 'N';
  hours: HoursNow;
  calendar: Calendar | undefined;
  frozen: boolean;
  /** Entries of other origin for the same function: shown side by side. */
  others: ListedEntry[];
}

export function hoursAt(entry: Entry, calendar: Calendar | undefined, at: Instant): HoursNow {
  const open = isOpen(entry, calendar, at) ?? null;
  const zone = isUnknown(entry.timeZone) ? null : entry.timeZone;
  return {
    openNow: open,
    opensAt: open === false ? nextOpening(entry, calendar, at) : null,
    localTime: zone && localTime(zone, at),
    timeZone: zone,
  };
}

export interface FindFilter {
  state?: StateCode;
  function?: FunctionCode;
  instrument?: string;
  on: PlainDate;
}

/** Entries in the public layer, whoever asks: numbers are never listed in bulk. */
export async function findAuthorities(ctx: Context, filter: FindFilter): Promise<ListedEntry[]> {
  ctx.allow('authorities.read-public');
  return ctx.transaction(async (tx) => {
    const pings = await listPings(tx);
    const states = filter.state ? [filter.state] : await listStates(tx);
    const found: ListedEntry[] = [];
    for (const state of states) {
      for (const version of await entriesOn(tx, state, filter.on)) {
        if (!holds(version.entry, filter)) continue;
        found.push({
          version,
          name: printedName(version.entry),
          trust: trustOf(version.entry, pings.get(version.entry.id), ctx.today()),
        });
      }
    }
    return found;
  });
}

function holds(entry: Entry, filter: FindFilter): boolean {
  if (filter.function === undefined && filter.instrument === undefined) return true;
  const wanted = new Set<FunctionCode>();
  for (let code = filter.function; code; code = parentFunction(code)) wanted.add(code);
  return entry.designations.some(
    (one) =>
      (wanted.size === 0 || wanted.has(one.function)) &&
      (filter.instrument === undefined || one.instrument === null || one.instrument === filter.instrument) &&
      (one.until === null || filter.on < one.until),
  );
}

/** Whether the reader may see contact data: an official of a State whose own entry is listed. */
export async function mayReadContacts(tx: Tx, ctx: Context): Promise<boolean> {
  if (ctx.actor.kind === 'public' || !ctx.may('authorities.read-restricted')) return false;
  const own = await entriesOn(tx, ctx.state, ctx.today());
  return own.some((version) => version.entry.origin === 'own');
}

/**
 * One entry on a day in the reader's layer. A view of contact data is audited.
 * Throws `NotFound` `authorities.unknown-entry`, or `authorities.not-known-before` with the first day known.
 */
export async function getAuthority(
  ctx: Context,
  id: string,
  when: { on?: PlainDate; knownAt?: Instant } = {},
): Promise<EntryView> {
  ctx.allow('authorities.read-public');
  return ctx.transaction(async (tx) => {
    const on = when.on ?? ctx.today();
    const version = await findEntry(tx, id, on, when.knownAt ?? nowKnown);
    if (!version) throw await notThere(tx, id, on);
    const pings = await listPings(tx);
    const calendar = calendarOfEntry(await calendarsOf(tx, version.entry.state), version.entry);
    const listed = (one: EntryVersion): ListedEntry => ({
      version: one,
      name: printedName(one.entry),
      trust: trustOf(one.entry, pings.get(one.entry.id), ctx.today()),
    });
    const { entry, layer } = await inReadersLayer(tx, ctx, version);
    const same = (await entriesOn(tx, entry.state, on)).filter(
      (other) =>
        other.entry.origin !== entry.origin &&
        other.entry.designations.some((theirs) => entry.designations.some((mine) => mine.function === theirs.function)),
    );
    return {
      ...listed({ ...version, entry }),
      layer,
      hours: hoursAt(entry, calendar, ctx.clock.now()),
      calendar,
      frozen: (await listFrozenFeeds(tx)).some((feed) => feed.owner === entry.state),
      others: same.map(listed),
    };
  });
}

async function notThere(tx: Tx, id: string, on: PlainDate): Promise<NotFound> {
  const versions = await listVersions(tx, { kind: 'authority-entry', recordId: id });
  const first = versions.map((one) => (isUnknown(one.validFrom) ? '' : one.validFrom)).sort()[0];
  if (first && on < first) return new NotFound('authorities.not-known-before', { params: { day: first } });
  return new NotFound('authorities.unknown-entry', { params: { id: id.slice(0, 80) } });
}

async function inReadersLayer(
  tx: Tx,
  ctx: Context,
  version: EntryVersion,
): Promise<{ entry: Entry; layer: 'P' | 'R' | 'N' }> {
  const published = toLayer(version.entry, 'P');
  if (!(await mayReadContacts(tx, ctx))) return { entry: published, layer: 'P' };
  const contacts = await findContacts(tx, version.entry.id, version.version);
  if (!contacts) return { entry: published, layer: 'P' };
  await recordAudit(
    tx,
    ctx,
    'authorities.read-restricted',
    { kind: 'authority-entry', id: version.entry.id },
    { version: version.version },
  );
  const isEditor = version.entry.state === ctx.state && ctx.may('authorities.edit');
  const notes = isEditor ? await findNotes(tx, version.entry.id, version.version) : '';
  return { entry: { ...version.entry, ...contacts, notes }, layer: isEditor ? 'N' : 'R' };
}

export interface HistoryLine {
  version: number;
  op: 'put' | 'withdraw';
  validFrom: PlainDate | null;
  until: PlainDate | null;
  recordedAt: Instant;
  hash: string;
  name: string;
  urgent: boolean;
  confirmedOn: PlainDate | null;
}

/** Every version of an entry, newest first, in the public layer. */
export async function getHistory(ctx: Context, id: string): Promise<HistoryLine[]> {
  ctx.allow('authorities.read-public');
  const versions = await ctx.transaction((tx) => listVersions(tx, { kind: 'authority-entry', recordId: id }));
  if (versions.length === 0) throw new NotFound('authorities.unknown-entry', { params: { id: id.slice(0, 80) } });
  return versions.toReversed().map((row) => {
    const { entry } = toEntryVersion(row);
    return {
      version: row.version,
      op: row.op,
      validFrom: isUnknown(row.validFrom) ? null : row.validFrom,
      until: row.until,
      recordedAt: row.recordedAt,
      hash: row.hash,
      name: printedName(entry),
      urgent: row.urgent,
      confirmedOn: isUnknown(entry.confirmedOn) ? null : entry.confirmedOn,
    };
  });
}

/** The chooser as a use case of its own. */
export async function answerChoice(ctx: Context, question: Question): Promise<Choice> {
  ctx.allow('authorities.read-public');
  return ctx.transaction((tx) => chooseDesk(tx, ctx, question));
}

/** Records which of two equal desks an official chose. Throws `Invalid` `authorities.not-offered`. */
export async function recordChoice(ctx: Context, question: Question, chosen: string): Promise<void> {
  ctx.allow('authorities.read-restricted');
  await ctx.transaction(async (tx) => {
    const offered = (await chooseDesk(tx, ctx, question)).equals.map((desk) => desk.authority as string);
    if (!offered.includes(chosen))
      throw new Invalid('authorities.not-offered', { params: { id: chosen.slice(0, 80) } });
    const at = ctx.clock.now();
    await insertChoice(tx, {
      id: uuidv7(ctx.random, Date.parse(at)),
      question,
      offered,
      chosen,
      personId: actorId(ctx),
      at,
    });
    await recordAudit(tx, ctx, 'authorities.choose', { kind: 'authority-entry', id: chosen }, {});
  });
}

export function actorId(ctx: Context): string {
  return ctx.actor.kind === 'public' ? 'public' : ctx.actor.id;
}

export interface StateCount {
  state: StateCode;
  entries: number;
  confirmed: number;
}

/** States in the directory, with entries and how many the State confirmed within its term. */
export async function listDirectoryStates(ctx: Context): Promise<StateCount[]> {
  ctx.allow('authorities.read-public');
  const today = ctx.today();
  return ctx.transaction((tx) => countEntries(tx, today, addDays(today, -confirmationTerm)));
}

/** Whether the feed of a State stands still because of two different records with one number. */
export async function isFrozen(ctx: Context, state: StateCode): Promise<boolean> {
  ctx.allow('authorities.read-public');
  return ctx.transaction(async (tx) => (await listFrozenFeeds(tx)).some((feed) => feed.owner === state));
}

export interface Health {
  states: {
    state: StateCode;
    entries: number;
    confirmed: number;
    due: number;
    stale: number;
    silent: number;
    frozen: boolean;
  }[];
  urgentToCheck: { id: string; version: number; recordedAt: Instant; late: boolean }[];
  overlaps: { id: string; other: string }[];
  drafts: Draft[];
  feedback: (Feedback & { late: boolean })[];
}

/** State of the directory: shares confirmed, overlaps, corrections to check, reports to answer. */
export async function getHealth(ctx: Context): Promise<Health> {
  ctx.allow('authorities.read-public');
  const today = ctx.today();
  return ctx.transaction(async (tx) => {
    const pings = await listPings(tx);
    const frozen = new Set((await listFrozenFeeds(tx)).map((feed) => feed.owner));
    const health: Health = { states: [], urgentToCheck: [], overlaps: [], drafts: [], feedback: [] };
    for (const state of await listStates(tx)) {
      const entries = await entriesOn(tx, state, today);
      const line = {
        state,
        entries: entries.length,
        confirmed: 0,
        due: 0,
        stale: 0,
        silent: 0,
        frozen: frozen.has(state),
      };
      for (const version of entries) {
        line[trustOf(version.entry, pings.get(version.entry.id), today).mark] += 1;
        for (const warning of overlapWarnings(version.entry, entries)) {
          const other = String(warning.params?.['other'] ?? '');
          if (version.entry.id < other) health.overlaps.push({ id: version.entry.id, other });
        }
      }
      health.states.push(line);
    }
    if (ctx.may('authorities.edit')) {
      const own = await listVersions(tx, { kind: 'authority-entry', state: ctx.state });
      const newest = byRecord(own).flatMap((list) => list.at(-1) ?? []);
      health.urgentToCheck = newest
        .filter((one) => one.urgent)
        .map((one) => ({
          id: one.recordId,
          version: one.version,
          recordedAt: one.recordedAt,
          late: addDays(dayIn(ctx.zone, one.recordedAt), 1) < today,
        }));
      health.drafts = await listOpenDrafts(tx);
      health.feedback = (await listFeedback(tx))
        .filter((one) => one.answeredAt === null)
        .map((one) => ({ ...one, late: one.dueOn < today }));
    }
    return health;
  });
}
