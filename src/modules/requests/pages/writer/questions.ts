import { isUnknown } from '../../../../platform/values/index.ts';
import type { TaskPage } from '../../rules/index.ts';
import type { DraftRequest, FieldDefinition, Task } from '../../schema/index.ts';

export type Path = (string | number)[];

/** The questions of one page: where in the request they stand, and what they are. */
export interface QuestionSet {
  task: Task;
  page: TaskPage;
  /** Dotted address of the object in the request, ids for those who have one: `persons.p2`. Null at the root. */
  at: string | null;
  base: Path;
  fields: readonly FieldDefinition[];
  /** The list that this object is an item of. */
  list: FieldDefinition | null;
  /** Set when the object does not exist yet. */
  isNew: boolean;
}

/** What one list holds, for a page of its own. */
export interface ListPlace {
  field: FieldDefinition;
  /** Path of the list in the request. */
  path: Path;
  /** Dotted address of the list, with ids. */
  at: string;
}

const prefixes: Readonly<Record<string, string>> = { facts: 'f', offences: 'o', measures: 'm' };

export function idPrefix(field: FieldDefinition): string | null {
  if (field.path === 'persons' && field.only) return field.only === 'legal' ? 'l' : 'p';
  return prefixes[field.path] ?? null;
}

/** Says whether the items of a list are asked on pages of their own. */
export function hasOwnPages(field: FieldDefinition): boolean {
  if (!field.item) return false;
  return (
    field.item.length > 4 ||
    field.item.some((one) => one.kind === 'free-text' || one.kind === 'list' || one.path.includes('/'))
  );
}

/** The list that a whole page is about, if it is about one. */
export function listOfPage(page: TaskPage): FieldDefinition | null {
  const [only, ...others] = page.fields;
  return only && others.length === 0 && hasOwnPages(only) ? only : null;
}

/** Items may be added and taken away; the procedure page only says more about the measures there are. */
export function isFixedList(page: TaskPage): boolean {
  return page.id === 'procedure';
}

export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, String(step))?.value;
  }
  return value;
}

export function listAt(root: unknown, path: readonly (string | number)[]): unknown[] {
  const value = valueAt(root, path);
  return Array.isArray(value) && !isUnknown(value) ? (value as unknown[]) : [];
}

function textAt(value: unknown, key: string): string | undefined {
  const found = valueAt(value, [key]);
  return typeof found === 'string' ? found : undefined;
}

/** Key by which an item is addressed: its id, or its place. */
export function keyOfItem(item: unknown, index: number): string {
  return textAt(item, 'id') ?? String(index);
}

/** Items of a list that a page speaks of, with their places in the whole list. */
export function itemsOf(draft: DraftRequest, place: ListPlace): { item: unknown; index: number; key: string }[] {
  return listAt(draft, place.path)
    .map((item, index) => ({ item, index, key: keyOfItem(item, index) }))
    .filter(({ item }) => !place.field.only || textAt(item, 'kind') === place.field.only);
}

/** Key of the item that would come next. */
export function nextKey(draft: DraftRequest, place: ListPlace): string {
  const all = listAt(draft, place.path);
  const prefix = idPrefix(place.field);
  if (!prefix) return String(all.length);
  const numbers = all.map((item) => {
    const id = textAt(item, 'id') ?? '';
    return id.startsWith(prefix) && /^\d+$/.test(id.slice(prefix.length)) ? Number(id.slice(prefix.length)) : 0;
  });
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}

/** What a new item begins with. */
export function newItem(list: FieldDefinition, key: string, all: readonly unknown[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  if (idPrefix(list)) made.id = key;
  if (list.only) made.kind = list.only;
  if (list.item?.some((one) => one.path === 'n')) {
    made.n = Math.max(0, ...all.map((item) => Number(valueAt(item, ['n']) ?? 0) || 0)) + 1;
  }
  return made;
}

/** Measures that a type's page speaks of: `[index, id]`. */
export function measuresOfType(draft: DraftRequest, type: string): { index: number; key: string }[] {
  return (draft.measures ?? []).flatMap((measure, index) =>
    measure.type === type ? [{ index, key: keyOfItem(measure, index) }] : [],
  );
}

interface Found {
  base: Path;
  fields: readonly FieldDefinition[];
  list: FieldDefinition | null;
  isNew: boolean;
}

/** Walks `offences.o1.counts.0` from the fields of a page; undefined when it leads nowhere. */
function walk(draft: DraftRequest, page: TaskPage, segments: readonly string[]): Found | undefined {
  let found: Found = { base: [], fields: page.fields, list: null, isNew: false };
  let rest = [...segments];
  if (page.type) {
    const measure = measuresOfType(draft, page.type).find((one) => one.key === rest[1]);
    if (rest[0] !== 'measures' || rest[2] !== 'fields' || !measure) return undefined;
    found = { ...found, base: ['measures', measure.index, 'fields'] };
    rest = rest.slice(3);
  }
  while (rest.length > 0) {
    const field = found.fields.find((one) => {
      const steps = one.path.split('/');
      return one.item && steps.every((step, n) => rest[n] === step);
    });
    const steps = field?.path.split('/') ?? [];
    const key = rest[steps.length];
    if (!field?.item || key === undefined) return undefined;
    const path = [...found.base, ...steps];
    const place: ListPlace = { field, path, at: '' };
    const item = itemsOf(draft, place).find((one) => one.key === key);
    if (!item && key !== nextKey(draft, place) && !isFreeKey(draft, place, key)) return undefined;
    const index = item?.index ?? listAt(draft, path).length;
    found = { base: [...path, index], fields: field.item, list: field, isNew: found.isNew || !item };
    rest = rest.slice(steps.length + 1);
  }
  return found;
}

// A key offered before somebody else took items away is still good for a new item.
function isFreeKey(draft: DraftRequest, place: ListPlace, key: string): boolean {
  const prefix = idPrefix(place.field);
  if (!prefix || !key.startsWith(prefix) || !/^\d{1,6}$/.test(key.slice(prefix.length))) return false;
  return !listAt(draft, place.path).some((item, index) => keyOfItem(item, index) === key);
}

/** Resolves the address of a question page; undefined when there is nothing there. */
export function findQuestions(
  draft: DraftRequest,
  task: Task,
  page: TaskPage,
  at: string | null,
): QuestionSet | undefined {
  if (at === null && page.type) {
    const [only] = measuresOfType(draft, page.type);
    if (!only) return undefined;
    return {
      task,
      page,
      at: `measures.${only.key}.fields`,
      base: ['measures', only.index, 'fields'],
      fields: page.fields,
      list: null,
      isNew: false,
    };
  }
  const found = walk(draft, page, at === null ? [] : at.split('.'));
  return found && { task, page, at, ...found };
}

/** Address of a list inside a question set. */
export function placeOf(set: QuestionSet, field: FieldDefinition): ListPlace {
  const steps = field.path.split('/');
  return { field, path: [...set.base, ...steps], at: [...(set.at === null ? [] : [set.at]), ...steps].join('.') };
}

/** Turns a path of the request into the address of the deepest object that has a page, and what is left of the path. */
export function addressOf(
  draft: DraftRequest,
  page: TaskPage,
  path: readonly (string | number)[],
): { at: string | null; rest: Path } | undefined {
  let fields: readonly FieldDefinition[] = page.fields;
  let at: string[] = [];
  let rest: Path = [...path];
  let value: unknown = draft;
  if (page.type) {
    const index = rest[1];
    if (rest[0] !== 'measures' || typeof index !== 'number' || rest[2] !== 'fields') return undefined;
    const measure = draft.measures?.[index];
    if (measure?.type !== page.type) return undefined;
    at = ['measures', keyOfItem(measure, index), 'fields'];
    value = measure.fields;
    rest = rest.slice(3);
  }
  for (;;) {
    const field = fields.find((one) => {
      const steps = one.path.split('/');
      const shorter = Math.min(steps.length, rest.length);
      return shorter > 0 && steps.slice(0, shorter).every((step, n) => String(rest[n]) === step);
    });
    if (!field) return rest.length === 0 ? { at: at.join('.') || null, rest } : undefined;
    const steps = field.path.split('/');
    const index = rest[steps.length];
    if (!hasOwnPages(field) || typeof index !== 'number') return { at: at.join('.') || null, rest };
    const item = listAt(value, steps)[index];
    if (field.only && textAt(item, 'kind') !== field.only) return undefined;
    at = [...at, ...steps, keyOfItem(item, index)];
    value = item;
    fields = field.item ?? [];
    rest = rest.slice(steps.length + 1);
    if (rest.length === 0) return { at: at.join('.'), rest };
  }
}

/** Sets or clears one place, and takes away objects that nothing is left in. Lists and their items stay. */
export function setAt(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const copy: unknown[] = Array.isArray(root) ? [...(root as unknown[])] : [];
    copy[step] = setAt(copy[step], rest, value) ?? {};
    return copy;
  }
  const copy: Record<string, unknown> =
    typeof root === 'object' && root !== null && !Array.isArray(root) && !(isUnknown(root) && rest.length > 0)
      ? { ...root }
      : {};
  const next = setAt(copy[step], rest, value);
  if (next === undefined || isEmptyObject(next)) delete copy[step];
  else copy[step] = next;
  return copy;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
