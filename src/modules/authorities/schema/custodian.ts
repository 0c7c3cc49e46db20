import { z } from 'zod';
import { LanguageTag, orUnknown, PlainDate, StateCode, unknown } from '../../../platform/values/index.ts';
import { blankEntry } from './blank.ts';
import {
  authorityKinds,
  authorityRoles,
  NotifiedBy,
  OfficeHours,
  PlainText,
  Stage,
  TimeZone,
  type Entry,
} from './entry.ts';
import { FunctionCode } from './functions.ts';

/**
 * One fact of `data/authorities/custodian.json`: who a State named, for what, by which public act. Wording of the
 * acts is not kept; `name` is the office's own name as designated.
 */
export const CustodianFact = z.strictObject({
  state: StateCode,
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: PlainText,
  lang: LanguageTag,
  department: PlainText.optional(),
  kind: z.enum(authorityKinds),
  role: z.enum(authorityRoles),
  function: FunctionCode,
  instrument: z.string(),
  article: z.string(),
  /** Instrument by whose deposit the State said so, when it is another one. */
  declaredUnder: z.string().optional(),
  stages: z.array(Stage).optional(),
  postal: PlainText.optional(),
  street: PlainText.optional(),
  city: PlainText.optional(),
  postcode: PlainText.optional(),
  languages: z.array(LanguageTag).optional(),
  timeZone: TimeZone.optional(),
  officeHours: z.array(OfficeHours).optional(),
  nature: NotifiedBy.shape.nature,
  source: z.string(),
  on: orUnknown(PlainDate),
  asOf: orUnknown(PlainDate),
});
export type CustodianFact = z.infer<typeof CustodianFact>;

export const CustodianFile = z.strictObject({
  kind: z.literal('authorities.custodian'),
  version: z.literal(1),
  compiledOn: PlainDate,
  facts: z.array(CustodianFact),
});

const notStated = unknown('not-stated');

/** The entry that the secretariat signs for a State without a node. What the public act does not say is `not-stated`. */
export function toCustodianEntry(fact: CustodianFact): Entry {
  const { languages, timeZone, officeHours } = fact;
  return {
    ...blankEntry,
    id: `${fact.state}:${fact.slug}` as Entry['id'],
    state: fact.state,
    names: [{ text: fact.name, script: 'Latn', original: fact.lang !== 'en', lang: fact.lang }],
    department: fact.department ?? notStated,
    kind: fact.kind,
    role: fact.role,
    designations: [
      {
        function: fact.function,
        instrument: fact.instrument,
        articles: [fact.article],
        from: fact.on,
        until: null,
        notifiedBy: {
          on: fact.on,
          source: fact.source,
          asOf: fact.asOf,
          nature: fact.nature,
          ...(fact.declaredUnder && { act: `declared under ${fact.declaredUnder}` }),
        },
        conditions: fact.stages ? { stages: fact.stages } : null,
      },
    ],
    postal: fact.postal ?? notStated,
    street: fact.street ?? notStated,
    city: fact.city ?? notStated,
    postcode: fact.postcode ?? notStated,
    nodeId: unknown('not-applicable'),
    timeZone: timeZone ?? notStated,
    officeHours: officeHours ?? notStated,
    languages: languages ? languages.map((code) => ({ code, for: ['request'] })) : notStated,
    validFrom: fact.on,
    confirmedOn: unknown('not-applicable'),
    confirmedBy: unknown('not-applicable'),
    nextConfirmationDue: unknown('not-applicable'),
    custodian: true,
    origin: fact.nature === 'declaration' || fact.nature === 'notification' ? 'notification' : 'custodian',
  };
}
