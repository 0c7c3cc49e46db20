import { z } from 'zod';
import {
  Currency,
  DateOrWindow,
  LanguageTag,
  Money,
  Name,
  PartialDate,
  PlainDate,
  problem,
  StateCode,
  ValueOn,
  type Problem,
} from '../../../platform/values/index.ts';
import {
  Blank,
  Duration,
  draftOf,
  FreeText,
  Iban,
  ItemId,
  Line,
  Period,
  Place,
  readShape,
  type Definitions,
  type DraftRequest,
  type FieldDefinition,
  type FieldKind,
} from '../schema/index.ts';

const shapes: Readonly<Record<FieldKind, z.ZodType>> = {
  text: Line,
  'long-text': Line,
  'free-text': FreeText,
  'short-free-text': FreeText,
  date: PlainDate,
  'partial-date': PartialDate,
  when: DateOrWindow,
  months: z.int(),
  number: z.int(),
  'yes-no': z.boolean(),
  choice: z.string(),
  choices: z.array(z.string()),
  state: StateCode,
  authority: Line,
  language: LanguageTag,
  languages: z.array(LanguageTag),
  instrument: Line,
  person: ItemId,
  annex: z.int().min(1),
  currency: Currency,
  money: Money,
  'value-on': draftOf(ValueOn),
  period: draftOf(Period),
  duration: Duration,
  iban: Iban,
  names: z.array(Name),
  place: draftOf(Place),
  list: z.array(z.json()),
  file: Line,
};

function schemaFor(field: FieldDefinition): z.ZodType {
  const one = field.item
    ? z.array(objectOf(field.item))
    : field.kind === 'choice' && field.options
      ? z.enum(field.options)
      : field.kind === 'choices' && field.options
        ? z.array(z.enum(field.options))
        : shapes[field.kind];
  return (field.requirement === 'W' ? z.union([Blank, one]) : one).nullish();
}

/** Schema of the values of some fields. Paths with a slash lead into an object of their own. */
function objectOf(fields: readonly FieldDefinition[]): z.ZodType {
  const shape: Record<string, z.ZodType> = {};
  const inner = new Map<string, FieldDefinition[]>();
  for (const field of fields) {
    const [head = '', ...rest] = field.path.split('/');
    if (rest.length === 0) shape[head] = schemaFor(field);
    else inner.set(head, [...(inner.get(head) ?? []), { ...field, path: rest.join('/') }]);
  }
  for (const [head, ones] of inner) shape[head] = objectOf(ones).nullish();
  return z.strictObject(shape);
}

const schemas = new WeakMap<Definitions, Map<string, z.ZodType>>();

/** Shapes of the fields that each type asks; from the definitions alone, so that a new type needs no code. */
export function fieldShapes(definitions: Definitions, request: DraftRequest): Problem[] {
  let known = schemas.get(definitions);
  if (!known)
    schemas.set(definitions, (known = new Map(definitions.types.map((type) => [type.id, objectOf(type.fields)]))));
  const byType = known;
  return (request.measures ?? []).flatMap((measure, n): Problem[] => {
    if (measure.type === undefined) return [];
    const schema = byType.get(measure.type);
    if (!schema)
      return [
        problem('requests.type-not-known', ['measures', n, 'type'], {
          severity: 'warn',
          rule: 'F02',
          source: 'practice',
          params: { given: measure.type },
        }),
      ];
    const read = readShape(schema, measure.fields ?? {});
    return read.ok ? [] : read.error.map((one) => ({ ...one, path: ['measures', n, 'fields', ...one.path] }));
  });
}
