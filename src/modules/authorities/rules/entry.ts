import type { z } from 'zod';
import {
  canonical,
  fail,
  isUnknown,
  ok,
  problem,
  type PlainDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../../platform/values/index.ts';
import { Calendar } from '../schema/calendar.ts';
import type { EntryVersion } from '../schema/choice.ts';
import { Entry } from '../schema/entry.ts';
import { Profile } from '../schema/profile.ts';
import { printedName } from './candidates.ts';

export const limits = { entryBytes: 256 * 1024, profileBytes: 1024 * 1024, entriesPerState: 5000 } as const;

/** What the check of an entry is told beside its words. */
export interface EntryFacts {
  /** Other entries of the State in force, for overlaps. */
  others: readonly EntryVersion[];
  /** Status of the State under an instrument on a day, from `treaties`; `unknown` when nobody says. */
  statusOn(state: StateCode, instrument: string, on: PlainDate): string;
}

type Issue = z.core.$ZodIssue;

/** A union with an unknown is answered for the side that was meant: the unknown only when it looks like one. */
function flatten(issue: Issue, input: unknown, prefix: PropertyKey[]): { issue: Issue; path: PropertyKey[] }[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const value = valueAt(input, path);
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const chosen = isUnknown(value) ? branches.at(-1) : branches[0];
  return (chosen ?? []).flatMap((inner) => flatten(inner, input, path));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function toProblem(issue: Issue, path: readonly PropertyKey[], input: unknown): Problem {
  const at = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  // Our own checks carry the code as their message; the library's own messages do not look like one.
  if (/^(authorities|values)\.[a-z-]+$/.test(issue.message))
    return problem(issue.message, at, { params: shownValue(valueAt(input, path)) });
  if (issue.code === 'unrecognized_keys')
    return problem('authorities.unknown-field', at, { params: { field: issue.keys.join(', ') } });
  if (valueAt(input, path) === undefined)
    return problem('authorities.field-missing', at, { params: { field: String(at.at(-1) ?? '') } });
  return problem('authorities.field-shape', at, { params: { field: String(at.at(-1) ?? '') } });
}

function shownValue(value: unknown): Record<string, string> {
  return typeof value === 'string'
    ? { given: value.replaceAll(/[^\p{L}\p{N}\p{P}\p{Zs}\p{S}]/gu, '?').slice(0, 60) }
    : {};
}

function readShape<T extends z.ZodType>(schema: T, input: unknown): { value?: z.infer<T>; problems: Problem[] } {
  const read = schema.safeParse(input);
  if (read.success) return { value: read.data, problems: [] };
  return {
    problems: read.error.issues
      .flatMap((issue) => flatten(issue, input, []))
      .map(({ issue, path }) => toProblem(issue, path, input)),
  };
}

function sizeProblem(input: unknown, limit: number, code: string): Problem[] {
  const size = Buffer.byteLength(JSON.stringify(input) ?? '');
  return size > limit ? [problem(code, [], { params: { size, limit } })] : [];
}

function text(input: unknown, ...path: PropertyKey[]): string | undefined {
  const value = valueAt(input, path);
  return typeof value === 'string' ? value : undefined;
}

function list(input: unknown, ...path: PropertyKey[]): unknown[] {
  const value = valueAt(input, path);
  return Array.isArray(value) ? value : [];
}

/** Checks that hold whether or not the rest of the entry reads. */
function orderProblems(input: unknown): Problem[] {
  const found: Problem[] = [];
  const [from, until] = [text(input, 'validFrom'), text(input, 'until')];
  if (from && until && until < from)
    found.push(problem('authorities.until-before-from', ['until'], { params: { from, until } }));
  for (const [index, designation] of list(input, 'designations').entries()) {
    const [start, end] = [text(designation, 'from'), text(designation, 'until')];
    if (start && end && end < start)
      found.push(
        problem('authorities.until-before-from', ['designations', index, 'until'], {
          params: { from: start, until: end },
        }),
      );
  }
  for (const [index, block] of list(input, 'officeHours').entries()) {
    const [opens, closes] = [text(block, 'from'), text(block, 'to')];
    if (opens && closes && closes <= opens)
      found.push(
        problem('authorities.closes-before-opens', ['officeHours', index, 'to'], {
          params: { from: opens, to: closes },
        }),
      );
  }
  const [id, state] = [text(input, 'id'), text(input, 'state')];
  if (id && state && id.split(':')[0] !== state)
    found.push(problem('authorities.id-of-another-state', ['id'], { params: { id, state } }));
  return found;
}

/**
 * Checks an entry as it came in, and answers with everything found at once. Warnings do not stop it from being
 * published: what a State notified is never refused.
 */
export function checkEntry(
  input: unknown,
  facts: EntryFacts,
): Result<{ entry: Entry; warnings: Problem[] }, Problem[]> {
  const shape = readShape(Entry, input);
  const problems = [
    ...sizeProblem(input, limits.entryBytes, 'authorities.entry-too-large'),
    ...shape.problems,
    ...orderProblems(input),
  ];
  if (problems.length > 0 || !shape.value) return fail(problems);
  const entry = shape.value;
  if (facts.others.filter((other) => other.entry.id !== entry.id).length >= limits.entriesPerState) {
    return fail([problem('authorities.too-many-entries', [], { params: { limit: limits.entriesPerState } })]);
  }
  return ok({ entry, warnings: [...statusWarnings(entry, facts), ...overlapWarnings(entry, facts.others)] });
}

function statusWarnings(entry: Entry, facts: EntryFacts): Problem[] {
  return entry.designations.flatMap((designation, index) => {
    const { instrument, from } = designation;
    if (instrument === null || isUnknown(from)) return [];
    const status = facts.statusOn(entry.state, instrument, from);
    if (status === 'party' || status === 'unknown') return [];
    return [
      problem('authorities.not-bound-then', ['designations', index, 'instrument'], {
        severity: 'warn',
        params: { instrument, on: from, status },
      }),
    ];
  });
}

function daysShared(a: { from: unknown; until: string | null }, b: { from: unknown; until: string | null }): boolean {
  const start = (one: { from: unknown }) => (typeof one.from === 'string' ? one.from : '0000-01-01');
  const end = (one: { until: string | null }) => one.until ?? '9999-12-31';
  return start(a) < end(b) && start(b) < end(a);
}

/**
 * Central authorities of one State for one function, instrument and territory that nothing tells apart.
 * Two are fine where a stage, a measure or written conditions tell them apart, and under the 1988 Convention.
 * @source UNTOC art. 18(13); 1988 Convention art. 7(8)
 */
export function overlapWarnings(entry: Entry, others: readonly EntryVersion[]): Problem[] {
  if (entry.role !== 'central') return [];
  const found: Problem[] = [];
  for (const [index, mine] of entry.designations.entries()) {
    if (mine.instrument === 'VI-19' && mine.function === 'mla') continue;
    const twin = others.find(({ entry: other }) => {
      if (
        other.id === entry.id ||
        other.role !== 'central' ||
        other.territory !== entry.territory ||
        other.origin !== entry.origin
      )
        return false;
      return other.designations.some(
        (theirs) =>
          theirs.function === mine.function &&
          theirs.instrument === mine.instrument &&
          daysShared(mine, theirs) &&
          !toldApart(mine, theirs),
      );
    });
    if (twin) {
      found.push(
        problem('authorities.two-central-authorities', ['designations', index], {
          severity: 'warn',
          params: { other: twin.entry.id, name: printedName(twin.entry) },
        }),
      );
    }
  }
  return found;
}

type Conditions = Entry['designations'][number]['conditions'];

function toldApart(a: { conditions: Conditions }, b: { conditions: Conditions }): boolean {
  if (!a.conditions || !b.conditions) return false;
  const apart = (x: readonly string[] | undefined, y: readonly string[] | undefined) =>
    x !== undefined && y !== undefined && !x.some((item) => y.includes(item));
  if (apart(a.conditions.stages, b.conditions.stages) || apart(a.conditions.measures, b.conditions.measures))
    return true;
  const [first, second] = [a.conditions.text, b.conditions.text];
  return first !== undefined && second !== undefined && canonical(first) !== canonical(second);
}

/** Checks a profile as it came in: shape, dates of each item, size. */
export function checkProfile(input: unknown): Result<Profile, Problem[]> {
  const shape = readShape(Profile, input);
  const order = periodProblems(input, []);
  const items = valueAt(input, ['items']);
  const itemOrder =
    typeof items === 'object' && items !== null
      ? Object.entries(items).flatMap(([code, item]) => periodProblems(item, ['items', code]))
      : [];
  const problems = [
    ...sizeProblem(input, limits.profileBytes, 'authorities.profile-too-large'),
    ...shape.problems,
    ...order,
    ...itemOrder,
  ];
  return problems.length > 0 || !shape.value ? fail(problems) : ok(shape.value);
}

function periodProblems(input: unknown, path: (string | number)[]): Problem[] {
  const [from, until] = [text(input, 'validFrom'), text(input, 'until')];
  return from && until && until < from
    ? [problem('authorities.until-before-from', [...path, 'until'], { params: { from, until } })]
    : [];
}

/** Checks a calendar as it came in: shape, one name per day, holidays inside the years it claims complete. */
export function checkCalendar(input: unknown): Result<Calendar, Problem[]> {
  const shape = readShape(Calendar, input);
  const problems = [...sizeProblem(input, limits.profileBytes, 'authorities.calendar-too-large'), ...shape.problems];
  const seen = new Set<string>();
  for (const [index, holiday] of list(input, 'holidays').entries()) {
    const on = text(holiday, 'on');
    if (on && seen.has(on))
      problems.push(problem('authorities.holiday-twice', ['holidays', index, 'on'], { params: { on } }));
    if (on) seen.add(on);
  }
  return problems.length > 0 || !shape.value ? fail(problems) : ok(shape.value);
}
