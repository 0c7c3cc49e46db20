import type { Tx } from '../../../platform/db/index.ts';
import { isUnknown, type Instant, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { choose, firstKnownDay, profileFor, versionAt } from '../rules/index.ts';
import type { Calendar, Choice, Entry, EntryVersion, ProfileOn, Question } from '../schema/index.ts';
import {
  byRecord,
  listPings,
  listVersions,
  toCalendar,
  toEntryVersion,
  toProfile,
  type StoredVersion,
} from '../store/index.ts';

/** The newest moment there is: what is known now. */
export const nowKnown = '9999-12-31T23:59:59.999Z' as Instant;

function inForce(versions: readonly StoredVersion[], on: PlainDate, knownAt: Instant): StoredVersion[] {
  return byRecord(versions).flatMap((list) => versionAt(list, on, knownAt) ?? []);
}

/** Entries of a State in force on a day, as known at a moment, in the public layer. */
export async function entriesOn(tx: Tx, state: StateCode, on: PlainDate, knownAt = nowKnown): Promise<EntryVersion[]> {
  return inForce(await listVersions(tx, { kind: 'authority-entry', state }), on, knownAt).map(toEntryVersion);
}

/** One entry on a day, in the public layer; undefined when it was not there. */
export async function findEntry(
  tx: Tx,
  id: string,
  on: PlainDate,
  knownAt = nowKnown,
): Promise<EntryVersion | undefined> {
  const found = versionAt(await listVersions(tx, { kind: 'authority-entry', recordId: id }), on, knownAt);
  return found && toEntryVersion(found);
}

/** What a State requires on a day. Every item is there: its statement, or `not-coded`. */
export async function profileOn(
  tx: Tx,
  state: StateCode,
  on: PlainDate,
  territory: string | null = null,
  knownAt = nowKnown,
): Promise<ProfileOn> {
  const found = inForce(await listVersions(tx, { kind: 'requirement-profile', state }), on, knownAt);
  const chosen = found.find((one) => one.territory === territory) ?? found.find((one) => one.territory === null);
  return profileFor({ state, territory: chosen?.territory ?? null, on }, chosen && toProfile(chosen));
}

/** Calendars of a State, newest version of each. */
export async function calendarsOf(tx: Tx, state: StateCode): Promise<Calendar[]> {
  const versions = await listVersions(tx, { kind: 'calendar', state });
  return byRecord(versions).flatMap((list) => {
    const newest = list.at(-1);
    return newest && newest.until === null ? [toCalendar(newest)] : [];
  });
}

/** The calendar of a State or of one of its units; the whole State's when the unit has none. */
export async function calendarOf(
  tx: Tx,
  state: StateCode,
  territory: string | null = null,
): Promise<Calendar | undefined> {
  return calendarFor(await calendarsOf(tx, state), territory);
}

function calendarFor(calendars: readonly Calendar[], territory: string | null): Calendar | undefined {
  return calendars.find((one) => one.territory === territory) ?? calendars.find((one) => one.territory === null);
}

/** The calendar an entry names, else its territory's. An entry that says the question does not arise has none. */
export function calendarOfEntry(calendars: readonly Calendar[], entry: Entry): Calendar | undefined {
  if (!isUnknown(entry.calendar)) {
    const id = entry.calendar;
    return calendars.find((one) => one.id === id);
  }
  return entry.calendar.unknown === 'not-applicable' ? undefined : calendarFor(calendars, entry.territory);
}

/**
 * The one right desk of a State for a purpose on a day, with fallback, language, channel, formalities, hours, trust and
 * the reasons. Reads the public layer only.
 */
export async function chooseDesk(
  tx: Tx,
  ctx: Pick<Context, 'clock' | 'today'>,
  question: Question,
  knownAt = nowKnown,
): Promise<Choice> {
  const versions = await listVersions(tx, { kind: 'authority-entry', state: question.state });
  const calendars = await calendarsOf(tx, question.state);
  const pings = await listPings(tx);
  const begun = versions.filter((version) => version.recordedAt <= knownAt);
  return choose(question, {
    entries: inForce(versions, question.on, knownAt).map(toEntryVersion),
    profile: await profileOn(tx, question.state, question.on, question.territory, knownAt),
    calendarOf: (entry) => calendarOfEntry(calendars, entry),
    pingOf: (entry) => pings.get(entry.id),
    at: ctx.clock.now(),
    today: ctx.today(),
    firstKnownDay: firstKnownDay(begun),
  });
}
