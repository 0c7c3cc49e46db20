import { Conflict } from '../../../../platform/errors.ts';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import { canonical, type Problem } from '../../../../platform/values/index.ts';
import { typedIn, type Typed } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { sectionOf, type DraftRequest, type FieldDefinition, type Task } from '../../schema/index.ts';
import type { RequestView, SaveConflict } from '../../service/index.ts';
import type { Loaded, WriterParts } from './load.ts';
import {
  findQuestions,
  itemsOf,
  listAt,
  newItem,
  nextKey,
  setAt,
  valueAt,
  type ListPlace,
  type Path,
  type QuestionSet,
} from './questions.ts';
import { readFields, type PageReading } from './read.ts';

/** A question that two people answered differently meanwhile. */
export interface Clash {
  field: FieldDefinition;
  path: Path;
  yours: unknown;
  theirs: unknown;
}

export type Saved =
  | { state: 'saved'; request: RequestView; at: string | null }
  | { state: 'problems'; problems: Problem[]; typed: Typed }
  | { state: 'clash'; conflict: SaveConflict; clashes: Clash[]; typed: Typed };

function same(a: unknown, b: unknown): boolean {
  return canonical(JSON.parse(JSON.stringify(a ?? null))) === canonical(JSON.parse(JSON.stringify(b ?? null)));
}

/** The parts of a request that some values change, whole, as the service takes them. */
function partsWith(
  draft: DraftRequest,
  set: QuestionSet,
  values: PageReading['values'],
  seed?: Record<string, unknown>,
): Record<string, unknown> {
  let next: unknown = draft;
  if (seed) next = setAt(next, set.base, seed);
  for (const { path, value } of values) next = setAt(next, [...set.base, ...path], value);
  const touched = new Set([...(set.base.length > 0 ? [set.base[0]] : values.map(({ path }) => path[0]))].map(String));
  return Object.fromEntries([...touched].map((part) => [part, valueAt(next, [part]) ?? null]));
}

function seedOf(draft: DraftRequest, set: QuestionSet): Record<string, unknown> | undefined {
  if (!set.isNew || !set.list || set.at === null) return undefined;
  const key = set.at.split('.').at(-1) ?? '';
  return newItem(set.list, key, listAt(draft, set.base.slice(0, -1)));
}

/** What follows from an answer by itself: a new State has other desks, a new kind of help has its own line. */
function withConsequences(draft: DraftRequest, content: Record<string, unknown>): Record<string, unknown> {
  const made = { ...content };
  const state = valueAt(made.requested, ['state']);
  if ('requested' in made && state !== draft.requested?.state)
    made.requested = setAt(made.requested, ['authority'], undefined);
  if (Array.isArray(made.types)) {
    const measures = [...(draft.measures ?? [])];
    for (const type of made.types as string[]) {
      if (measures.some((one) => one.type === type)) continue;
      const taken = measures.map((one) => Number(one.id.slice(1)) || 0);
      measures.push({ id: `m${Math.max(0, ...taken) + 1}`, type });
    }
    made.measures = measures;
  }
  return made;
}

interface Wanted {
  parts: WriterParts;
  ctx: Context;
  loaded: Loaded;
  set: QuestionSet;
  form: PostedForm;
}

/** Saves what was typed on a question page, as far as it can be read, and says what could not. */
export async function savePage({ parts, ctx, loaded, set, form }: Wanted): Promise<Saved> {
  const typed = typedIn(form);
  const { reference } = loaded.request;
  const { draft } = loaded.env;
  const seen = Number(form.values._seen?.[0]) || loaded.request.revision;
  const stored = valueAt(draft, set.base);
  const reading = readFields(loaded.env, set.fields, typed, stored);
  const isEmptyNew = set.isNew && reading.values.every(({ value }) => value === undefined);
  if (isEmptyNew || (reading.values.length === 0 && reading.problems.length > 0)) {
    return reading.problems.length > 0
      ? { state: 'problems', problems: reading.problems, typed }
      : { state: 'saved', request: loaded.request, at: null };
  }
  const send = (values: PageReading['values'], revision: number, into = set) =>
    parts.requests.saveSection(ctx, reference, {
      task: set.task,
      seen: revision,
      content: withConsequences(draft, partsWith(draft, into, values, seedOf(draft, into))),
    });
  let outcome = await send(reading.values, seen);
  let savedAt = set.at;
  if (!outcome.ok && 'conflict' in outcome.error) {
    const { conflict } = outcome.error;
    const base = await parts.requests.revision(ctx, reference, Math.min(seen, conflict.revision));
    const before = findQuestions(base, set.task, set.page, set.at);
    if (form.values._new && before?.isNew && !set.isNew && set.list && set.at !== null) {
      // Somebody else added an item under the key this page was given: ours gets the next one.
      const place: ListPlace = { field: set.list, path: set.base.slice(0, -1), at: '' };
      savedAt = [...set.at.split('.').slice(0, -1), nextKey(draft, place)].join('.');
      const other = findQuestions(draft, set.task, set.page, savedAt);
      if (other)
        outcome = await send(readFields(loaded.env, set.fields, typed, undefined).values, conflict.revision, other);
    } else {
      const merged = merge(reading, set, valueAt(base, before?.base ?? set.base), stored, form);
      if (merged.clashes.length > 0) return { state: 'clash', conflict, clashes: merged.clashes, typed };
      outcome = await send(merged.values, conflict.revision);
    }
  }
  if (!outcome.ok) {
    if ('conflict' in outcome.error) throw new Conflict('requests.changed-meanwhile');
    return { state: 'problems', problems: outcome.error.problems.map((one) => relative(one, set)), typed };
  }
  if (reading.problems.length > 0) return { state: 'problems', problems: reading.problems, typed };
  return { state: 'saved', request: outcome.value, at: savedAt };
}

/** Answers changed on one side only are taken from that side; what both changed is for a person to choose. */
function merge(
  reading: PageReading,
  set: QuestionSet,
  base: unknown,
  theirs: unknown,
  form: PostedForm,
): { values: PageReading['values']; clashes: Clash[] } {
  const values: PageReading['values'] = [];
  const clashes: Clash[] = [];
  for (const { path, value } of reading.values) {
    const [was, now] = [valueAt(base, path), valueAt(theirs, path)];
    const name = path.join('.');
    if (same(was, now) || same(now, value)) values.push({ path, value });
    else if (same(was, value)) continue;
    else if (form.values[`_take.${name}`]?.[0] === 'yours') values.push({ path, value });
    else if (form.values[`_take.${name}`]?.[0] === 'theirs') continue;
    else {
      const field = set.fields.find((one) => one.path === path.join('/') || one.path.startsWith(`${path.join('/')}/`));
      if (field) clashes.push({ field, path, yours: value, theirs: now });
    }
  }
  return { values, clashes };
}

function relative(one: Problem, set: QuestionSet): Problem {
  const isInside = set.base.every((step, n) => String(one.path[n]) === String(step));
  return isInside ? { ...one, path: one.path.slice(set.base.length) } : one;
}

/** Takes an item out of its list; the revision before it still holds the item. */
export async function removeItem(
  { parts, ctx, loaded }: Omit<Wanted, 'set' | 'form'>,
  task: Task,
  item: QuestionSet,
): Promise<void> {
  const { draft } = loaded.env;
  const path = item.base.slice(0, -1);
  const index = Number(item.base.at(-1));
  await storeList(
    parts,
    ctx,
    loaded,
    task,
    path,
    listAt(draft, path).filter((_, n) => n !== index),
  );
}

/** Puts an item back that an earlier revision held. */
export async function restoreItem(
  { parts, ctx, loaded }: Omit<Wanted, 'set' | 'form'>,
  item: QuestionSet,
  revision: number,
): Promise<void> {
  const { draft } = loaded.env;
  const old = await parts.requests.revision(ctx, loaded.request.reference, revision);
  const before = findQuestions(old, item.task, item.page, item.at);
  if (!before || before.isNew || !item.list) return;
  const place: ListPlace = { field: item.list, path: item.base.slice(0, -1), at: '' };
  const key = item.at?.split('.').at(-1);
  const isBack = itemsOf(draft, place).some((one) => one.key === key && same(one.item, valueAt(old, before.base)));
  if (isBack) return;
  const list = [...listAt(draft, place.path)];
  list.splice(Number(before.base.at(-1)), 0, valueAt(old, before.base));
  await storeList(parts, ctx, loaded, item.task, place.path, list);
}

async function storeList(
  parts: WriterParts,
  ctx: Context,
  loaded: Loaded,
  task: Task,
  path: Path,
  list: unknown[],
): Promise<void> {
  const next = setAt(loaded.env.draft, path, list.length === 0 && path.length > 1 ? undefined : list);
  const part = String(path[0]);
  const outcome = await parts.requests.saveSection(ctx, loaded.request.reference, {
    task,
    seen: loaded.request.revision,
    content: { [part]: valueAt(next, [part]) ?? null },
  });
  if (!outcome.ok) throw new Conflict('requests.changed-meanwhile');
}

/** Parts of the request a task may save; for the words of a conflict. */
export function isPartOf(task: Task, part: string): boolean {
  return Object.getOwnPropertyDescriptor(sectionOf, part)?.value === task;
}
