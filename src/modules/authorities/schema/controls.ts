import { z } from 'zod';
import { LanguageTag, Money, StateCode, TextIn, Unknown } from '../../../platform/values/index.ts';
import { itemValues, type ItemCode } from './profile.ts';

/** How one part of an answer is asked. */
export type Control =
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'yes-no' }
  | { kind: 'number' }
  | { kind: 'text' }
  | { kind: 'state' }
  /** Language codes with commas between. */
  | { kind: 'codes' }
  /** One on each line. */
  | { kind: 'lines' }
  | { kind: 'many'; options: readonly string[] }
  | { kind: 'in-languages' }
  | { kind: 'money' }
  | { kind: 'group'; parts: readonly Part[] }
  /** Rows of a list; with `keys` each row is kept by one of them. */
  | { kind: 'rows'; keys?: readonly string[]; row: readonly Part[] };

export interface Part {
  name: string;
  control: Control;
  /** The State may have said nothing: the answer is then an unknown with its reason. */
  mayBeUnknown: boolean;
  optional: boolean;
}

function partOf(name: string, schema: z.ZodType): Part {
  let inner = schema;
  let optional = false;
  let mayBeUnknown = false;
  if (inner instanceof z.ZodOptional) {
    optional = true;
    inner = inner.unwrap() as z.ZodType;
  }
  if (inner instanceof z.ZodUnion && inner.options.at(-1) === Unknown) {
    mayBeUnknown = true;
    inner = inner.options[0] as z.ZodType;
  }
  return { name, control: controlOf(inner), mayBeUnknown, optional };
}

function partsOf(schema: z.ZodObject): Part[] {
  return Object.entries(schema.shape).map(([name, inner]) => partOf(name, inner as z.ZodType));
}

function controlOf(schema: z.ZodType): Control {
  if (schema === TextIn) return { kind: 'in-languages' };
  if (schema === Money) return { kind: 'money' };
  if (schema === StateCode) return { kind: 'state' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodBoolean) return { kind: 'yes-no' };
  if (schema instanceof z.ZodNumber) return { kind: 'number' };
  if (schema instanceof z.ZodString) return { kind: 'text' };
  if (schema instanceof z.ZodArray) {
    const element = schema.element as z.ZodType;
    if (element === LanguageTag) return { kind: 'codes' };
    if (element instanceof z.ZodEnum) return { kind: 'many', options: element.options.map(String) };
    if (element instanceof z.ZodObject) return { kind: 'rows', row: partsOf(element) };
    return { kind: 'lines' };
  }
  if (schema instanceof z.ZodObject) return { kind: 'group', parts: partsOf(schema) };
  if (schema instanceof z.ZodRecord) {
    const keys = schema.keyType as z.ZodType;
    const value = schema.valueType as z.ZodType;
    const row = value instanceof z.ZodObject ? partsOf(value) : [partOf('rule', value)];
    return { kind: 'rows', row, keys: keys instanceof z.ZodEnum ? keys.options.map(String) : [] };
  }
  throw new Error('No control is known for this shape');
}

/** What a question of the profile asks, part by part, read from the item's schema. */
export function controlsOf(code: ItemCode): Part[] {
  return partsOf(itemValues[code]);
}

/** A rule kept by a key alone has one value and no parts of its own. */
export function isPlainRule(control: Control): boolean {
  return (
    control.kind === 'rows' && control.keys !== undefined && control.row[0]?.name === 'rule' && control.row.length === 1
  );
}
