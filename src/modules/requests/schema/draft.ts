import { z } from 'zod';
import { fail, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import { limits } from './text.ts';
import { Request } from './request.ts';

/** The same shape with everything optional, deep down: what a form holds half-way. Ids, kinds and language texts stay. */
export type Draft<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer U)[]
    ? Draft<U>[]
    : T extends { unknown: unknown }
      ? T
      : string extends keyof T
        ? T
        : { [K in keyof T as K extends 'id' | 'kind' ? K : never]: T[K] } & {
            [K in keyof T as K extends 'id' | 'kind' ? never : K]?: Draft<T[K]>;
          };

const kept = new Set(['id', 'kind']);

function loosen(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    // An unknown says why: it is whole or it is not there.
    if ('unknown' in schema.shape) return schema;
    const shape: Record<string, z.core.$ZodType> = {};
    for (const [key, field] of Object.entries(schema.shape as Record<string, z.core.$ZodType>)) {
      const loose = loosen(field);
      shape[key] = kept.has(key) || loose instanceof z.ZodOptional ? loose : z.optional(loose);
    }
    return z.strictObject(shape);
  }
  if (schema instanceof z.ZodArray) return new z.ZodArray({ ...schema.def, element: loosen(schema.element) });
  if (schema instanceof z.ZodOptional) return z.optional(loosen(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return z.nullable(loosen(schema.unwrap()));
  // A draft says nothing that nobody typed: defaults are for finished requests.
  if (schema instanceof z.ZodDefault) return z.optional(loosen(schema.unwrap()));
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion) {
    return new z.ZodUnion({
      ...schema.def,
      type: 'union',
      discriminator: undefined,
      options: schema.options.map(loosen),
    } as z.core.$ZodUnionDef);
  }
  return schema;
}

/** Gives the schema of a half-filled object of the same shape. */
export function draftOf<T extends z.ZodType>(schema: T): z.ZodType<Draft<z.infer<T>>> {
  return loosen(schema) as z.ZodType<Draft<z.infer<T>>>;
}

export const DraftRequest = draftOf(Request);
export type DraftRequest = z.infer<typeof DraftRequest>;

type Issue = z.core.$ZodIssue;
const moneyKeys = new Set(['amount', 'currency']);

/** Issues of the alternative that came nearest: the one whose first complaint lies deepest. */
function nearest(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((one) => one.path.length));
  const strange = (issues: readonly Issue[]) => issues.filter((one) => one.code === 'unrecognized_keys').length;
  return (
    [...issue.errors].sort((a, b) => strange(a) - strange(b) || depth(b) - depth(a) || a.length - b.length)[0] ?? []
  );
}

function limitOf(code: string): Record<string, number> {
  if (code === 'values.text-too-long') return { limit: limits.text };
  if (code === 'requests.too-many-persons') return { limit: limits.persons };
  if (code === 'requests.too-many-annexes') return { limit: limits.annexes };
  if (code === 'requests.too-many-items') return { limit: limits.items };
  return code === 'requests.line-too-long' ? { limit: limits.line } : {};
}

function given(input: unknown, path: (string | number)[]): string | undefined {
  let value = input;
  for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 60) : undefined;
}

function toProblems(issue: Issue, base: (string | number)[], input: unknown): Problem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearest(issue).flatMap((inner) => toProblems(inner, path, input));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      problem('requests.unknown-field', [...path, key], { rule: 'F02', source: 'practice', params: { field: key } }),
    );
  const last = path.at(-1);
  const isMoney =
    moneyKeys.has(String(last)) || issue.message === 'values.bad-decimal' || issue.message === 'values.bad-currency';
  const code = isMoney
    ? 'requests.money-shape'
    : /^(values|requests)\./.test(issue.message)
      ? issue.message
      : 'requests.wrong-shape';
  const params = { ...limitOf(code), given: given(input, path) ?? '', field: String(last ?? '') };
  return [problem(code, path, { rule: 'F02', source: 'practice', params })];
}

/** Reads what came from a file, a form or the API; answers with every field that has not the right shape. */
export function readShape<T>(schema: z.ZodType<T>, input: unknown): Result<T, Problem[]> {
  const read = schema.safeParse(input);
  return read.success ? ok(read.data) : fail(read.error.issues.flatMap((issue) => toProblems(issue, [], input)));
}

/** Reads a draft. Nothing is rounded, guessed or dropped. */
export function readDraft(input: unknown): Result<DraftRequest, Problem[]> {
  return readShape(DraftRequest, input);
}
