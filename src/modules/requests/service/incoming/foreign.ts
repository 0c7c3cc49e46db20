import type { z } from 'zod';
import {
  canonical,
  fail,
  ok,
  problem,
  sha256,
  type Hash,
  type Problem,
  type Result,
} from '../../../../platform/values/index.ts';
import { readShape, RequestBody, type Definitions } from '../../schema/index.ts';

/** JSON of another node, kept as it came. */
export type Verbatim = Record<string, unknown>;

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/**
 * Canonical text that the signature of a foreign request covers: all of it but signature, hash and act, with the fields
 * that this node does not know.
 */
export function canonicalForeign(raw: Verbatim): string {
  const { signature: _signature, contentHash: _hash, act: _act, internal: _internal, ...content } = raw;
  return canonical(withoutNulls(content));
}

export function hashForeign(raw: Verbatim): Hash {
  return `sha256:${sha256(canonicalForeign(raw))}` as Hash;
}

function without(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
  }
  if (Array.isArray(value)) return value.map((item, n) => (n === step ? without(item, rest, keys) : (item as unknown)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? without(item, rest, keys) : (item as unknown)]),
  );
}

type Issue = z.core.$ZodIssue;

/** Places where a schema met fields it does not know, also inside alternatives. */
function strangers(
  issues: readonly Issue[],
  base: readonly PropertyKey[] = [],
): { path: PropertyKey[]; keys: string[] }[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') return [{ path, keys: issue.keys }];
    if (issue.code === 'invalid_union') return issue.errors.flatMap((one) => strangers(one, path));
    return [];
  });
}

/**
 * Reads a request of another node. Fields it does not know are set aside by their paths, so that the rest is understood;
 * the text as it came keeps them.
 */
export function readForeign(raw: Verbatim): { read: Result<RequestBody, Problem[]>; unknownFields: string[] } {
  const unknownFields: string[] = [];
  let text: unknown = raw;
  for (let round = 0; round < 20; round += 1) {
    const read = RequestBody.safeParse(text);
    if (read.success) return { read: ok(read.data), unknownFields };
    const found = strangers(read.error.issues).filter((one) => one.keys.length > 0);
    if (found.length === 0) break;
    for (const { path, keys } of found) {
      text = without(text, path, keys);
      unknownFields.push(...keys.map((key) => [...path, key].join('/')));
    }
  }
  const shape = readShape(RequestBody, text);
  return { read: shape.ok ? shape : fail([problem('requests.bad-body'), ...shape.error]), unknownFields };
}

/** Kinds of help and definitions that this node does not know. */
export function notKnownHere(raw: Verbatim, definitions: Definitions): { types: string[]; ruleSet: string | null } {
  const types = Array.isArray(raw['types']) ? raw['types'].filter((one): one is string => typeof one === 'string') : [];
  const ruleSet = typeof raw['ruleSet'] === 'string' ? raw['ruleSet'] : null;
  return {
    types: types.filter((type) => !definitions.types.some((one) => one.id === type)),
    ruleSet: ruleSet === definitions.ruleSet ? null : ruleSet,
  };
}
