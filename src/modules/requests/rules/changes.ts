import { canonical } from '../../../platform/values/index.ts';
import type { DraftRequest } from '../schema/index.ts';

export type Place = readonly (string | number)[];

/** Parts that no supplement changes: what belongs to the node, to the signature, or names the request. */
const fixed: ReadonlySet<string> = new Set([
  'kind',
  'version',
  'reference',
  'otherReference',
  'requestVersion',
  'supersedes',
  'ruleSet',
  'contentHash',
  'signature',
  'internal',
  'requesting',
  'requested',
  'act',
]);

/** Whether a supplement may change a place. */
export function maySupplement(path: Place): boolean {
  return path.length > 0 && typeof path[0] === 'string' && !fixed.has(path[0]);
}

function isKey(step: string | number): boolean {
  return step !== '__proto__' && step !== 'constructor' && step !== 'prototype';
}

/** What stands at a place; undefined where there is nothing. */
export function valueAt(text: unknown, path: Place): unknown {
  let value: unknown = text;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !isKey(step)) return undefined;
    value = Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }
  return value;
}

/**
 * The text with another value at a place; null takes it out. Undefined when the place cannot be reached: its holder is
 * not there, or an index lies beyond the end of its list by more than one.
 */
export function withValueAt(text: unknown, path: Place, after: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return after;
  if (typeof text !== 'object' || text === null || !isKey(step)) return undefined;
  if (Array.isArray(text)) {
    if (typeof step !== 'number' || step > text.length) return undefined;
    const next = rest.length === 0 ? after : withValueAt(text[step], rest, after);
    if (next === undefined) return undefined;
    if (rest.length === 0 && after === null) return text.filter((_one, n) => n !== step);
    const copy = [...(text as unknown[])];
    copy[step] = next;
    return copy;
  }
  const held: unknown = Object.hasOwn(text, step) ? Reflect.get(text, step) : undefined;
  if (rest.length === 0) {
    const { [step]: _old, ...others } = text as Record<string, unknown>;
    return after === null ? others : { ...others, [step]: after };
  }
  // A holder that is not there yet is made when the next step names a field.
  const inner = withValueAt(held ?? (typeof rest[0] === 'string' ? {} : []), rest, after);
  return inner === undefined ? undefined : { ...text, [step]: inner };
}

/** Whether two values say the same. */
export function saysSame(a: unknown, b: unknown): boolean {
  return canonical({ value: a ?? null }) === canonical({ value: b ?? null });
}

/** Whether the legal basis differs between two texts: then the central authority clears again. */
export function changesBasis(before: DraftRequest, after: DraftRequest): boolean {
  return !saysSame(before.basis?.primary, after.basis?.primary) || !saysSame(before.types, after.types);
}
