import { z } from 'zod';
import { PartialDate, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { Act, Instrument, InstrumentId, Status } from './act.ts';
import { Answer, Conflict, DatasetStamp, ShownAct, ShownReading } from './basis-answer.ts';
import { Measure } from './question.ts';

export const CountBy = z.enum(['deposit', 'force']);
export type CountBy = z.infer<typeof CountBy>;

export const PartyCount = z.strictObject({
  deposited: z.number().int(),
  inForce: z.number().int(),
  effectUnknown: z.number().int(),
  dateUnknown: z.number().int(),
  unknownStatus: z.number().int(),
  states: z.number().int(),
  organizations: z.number().int(),
});
export type PartyCount = z.infer<typeof PartyCount>;

const PartyRow = z.strictObject({ state: StateCode, name: z.string(), status: Status, act: ShownAct });

/** Who had deposited, or was bound, on a day. `undated` are parties of which no day of deposit is known. */
export const PartiesAnswer = z.strictObject({
  kind: z.literal('treaties.parties'),
  version: z.literal(1),
  instrument: InstrumentId,
  on: PlainDate,
  by: CountBy,
  count: PartyCount,
  asOf: PartialDate,
  parties: z.array(PartyRow),
  undated: z.array(PartyRow),
  conflicts: z.array(Conflict),
});
export type PartiesAnswer = z.infer<typeof PartiesAnswer>;

export const ShownDeclaration = z.strictObject({
  instrument: InstrumentId,
  state: StateCode,
  asOf: PartialDate,
  textSha256: z.string().nullable(),
  textMissing: z.boolean(),
});
export type ShownDeclaration = z.infer<typeof ShownDeclaration>;

export const ShownNotification = z.strictObject({
  provision: z.string(),
  kind: z.string(),
  date: PartialDate.nullable(),
  source: z.string(),
});
export type ShownNotification = z.infer<typeof ShownNotification>;

export const StateInstrument = z.strictObject({
  instrument: InstrumentId,
  status: Status,
  since: PlainDate.nullable(),
  presumedContinuing: z.boolean(),
  /** The parent's own date of effect, for a Protocol that needs the parent. */
  parentSince: PlainDate.nullable(),
  acts: z.array(ShownAct),
  declarations: z.array(ShownDeclaration),
  readings: z.array(ShownReading),
  notifications: z.strictObject({ coverage: z.literal('none'), items: z.array(ShownNotification) }),
  conflicts: z.array(Conflict),
  completeUntil: PlainDate.nullable(),
  asOf: PartialDate,
});
export type StateInstrument = z.infer<typeof StateInstrument>;

export const StateAnswer = z.strictObject({
  kind: z.literal('treaties.state'),
  version: z.literal(1),
  state: StateCode,
  name: z.string(),
  on: PlainDate,
  instruments: z.array(StateInstrument),
});
export type StateAnswer = z.infer<typeof StateAnswer>;

export const InstrumentsAnswer = z.strictObject({
  kind: z.literal('treaties.instruments'),
  version: z.literal(1),
  on: PlainDate,
  instruments: z.array(
    Instrument.extend({
      count: PartyCount,
      signatories: z.number().int(),
      coverage: z.array(
        z.strictObject({
          participant: z.string(),
          kinds: z.array(z.string()),
          completeUntil: PlainDate.nullable(),
          source: z.string(),
          why: z.string(),
        }),
      ),
      published: z.array(z.strictObject({ day: PartialDate, parties: z.number().int(), source: z.string() })),
    }),
  ),
  dataset: DatasetStamp,
});
export type InstrumentsAnswer = z.infer<typeof InstrumentsAnswer>;

export const ActAnswer = z.strictObject({
  kind: z.literal('treaties.act'),
  version: z.literal(1),
  act: Act,
  counted: z.boolean(),
  conflicts: z.array(Conflict),
  history: z.array(Act),
});
export type ActAnswer = z.infer<typeof ActAnswer>;

export const HistoryAnswer = z.strictObject({
  kind: z.literal('treaties.history'),
  version: z.literal(1),
  instrument: InstrumentId,
  state: StateCode,
  acts: z.array(Act),
  changes: z.array(z.strictObject({ date: PlainDate, status: Status })),
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

export const MatrixAnswer = z.strictObject({
  kind: z.literal('treaties.matrix'),
  version: z.literal(1),
  measure: Measure,
  on: PlainDate,
  rows: z.array(
    z.strictObject({ from: StateCode, to: StateCode, answer: Answer, instrument: InstrumentId.nullable() }),
  ),
  dataset: DatasetStamp,
});
export type MatrixAnswer = z.infer<typeof MatrixAnswer>;

/** Published totals recounted. `equalsExpectation` is false when the data moved and nobody edited the explanation. */
export const VerifyAnswer = z.strictObject({
  kind: z.literal('treaties.verify'),
  version: z.literal(1),
  rows: z.array(
    z.strictObject({
      day: PartialDate.nullable(),
      instrument: InstrumentId,
      what: z.enum(['parties', 'signatories']),
      published: z.number().int(),
      source: z.string(),
      deposits: z.number().int(),
      inForce: z.number().int().nullable(),
      undated: z.number().int(),
      equalsPublished: z.boolean(),
      equalsExpectation: z.boolean(),
      explanation: z.string(),
    }),
  ),
  asExpected: z.boolean(),
  dataset: DatasetStamp,
});
export type VerifyAnswer = z.infer<typeof VerifyAnswer>;
