import { z } from 'zod';
import { PlainDate, Sha256, StateCode } from '../../../platform/values/index.ts';
import { AuthorityRef } from './request.ts';

/** What one State did about one instrument, as `treaties` answers it. Periods are `[from, until)`. */
export const Participation = z.strictObject({
  instrument: z.string(),
  state: StateCode,
  territory: z.string().nullish(),
  deposited: PlainDate.nullish(),
  bound: z
    .array(z.strictObject({ from: PlainDate, until: PlainDate.nullish() }))
    .optional()
    .describe('Computed when absent: deposit and waiting days'),
  /** Nothing is known after this day. */
  knownUntil: PlainDate.nullish(),
  source: z.string().optional(),
});
export type Participation = z.infer<typeof Participation>;

const item = <T extends z.ZodType>(value: T) => z.strictObject({ value, source: z.string() }).optional();
const need = z.enum(['required', 'not-required']);

/** Items of the requested State's profile that rules read. A missing item is not coded: rules then warn, never block. */
export const ProfileFacts = z.strictObject({
  state: StateCode,
  version: z.int().optional(),
  items: z.strictObject({
    P01: item(
      z.strictObject({
        request: z.array(z.string()),
        urgent: z.array(z.string()).optional(),
        annexes: z.array(z.string()).optional(),
      }),
    ),
    P02: item(z.enum(['none', 'plain', 'certified', 'sworn'])),
    P03: item(z.strictObject({ channels: z.array(z.string()), interpolWhenUrgent: z.boolean().optional() })),
    P04: item(z.strictObject({ oralWhenUrgent: z.boolean(), confirmWithinDays: z.int().optional() })),
    P05: item(
      z.strictObject({
        electronicSignature: z.boolean().optional(),
        originalsToFollow: z.boolean().optional(),
        withinDays: z.int().optional(),
      }),
    ),
    P08: item(z.strictObject({ treatyRequired: z.boolean().optional(), reciprocity: z.boolean().optional() })),
    P09: item(z.record(z.string(), z.enum(['never', 'coercive-only', 'always', 'list-of-offences']))).describe(
      'By measure, `default` for the rest',
    ),
    P15: item(
      z.strictObject({ deathPenalty: need.optional(), lifeSentence: need.optional(), treatment: need.optional() }),
    ),
    P16: item(z.record(z.string(), z.strictObject({ minPenaltyMonths: z.int().optional() }))),
    P18: item(z.strictObject({ amount: z.string(), currency: z.string() })),
    P20: item(z.record(z.string(), z.boolean())),
    P22: item(z.strictObject({ extraordinary: z.string() })),
    P23: item(z.strictObject({ urgentHours: z.int().optional(), normalDays: z.int().optional() })),
    P24: item(z.strictObject({ noticeToHolder: z.enum(['never', 'after-execution', 'before-execution']) })),
    P25: item(z.strictObject({ conditions: z.array(z.string()) })),
    P26: item(z.array(z.strictObject({ measure: z.string(), question: z.record(z.string(), z.string()) }))),
    P27: item(
      z.strictObject({ limitationThere: z.boolean().optional(), offenceAfterEntryIntoForce: z.boolean().optional() }),
    ),
  }),
});
export type ProfileFacts = z.infer<typeof ProfileFacts>;

export const stages = ['draft', 'review', 'clear', 'sign', 'transmit'] as const;
export type Stage = (typeof stages)[number];

/** Everything a check needs to know from elsewhere, as plain data. */
export const RequestFacts = z.strictObject({
  /** The step the request is about to take; later steps ask more. */
  stage: z.enum(stages).default('draft'),
  basis: z.strictObject({
    participation: z.array(Participation),
    /** Assistance treaties that bind both, other than the instruments named. Null when nobody recorded any, or none. */
    otherTreaties: z
      .array(z.strictObject({ title: z.string(), reference: z.string().optional() }))
      .nullable()
      .default([]),
    /** Acts that affect the articles relied on. `ground` marks one that takes the basis away. */
    reservations: z
      .array(
        z.strictObject({
          id: z.string(),
          state: StateCode,
          instrument: z.string(),
          article: z.string(),
          ground: z.boolean().default(false),
        }),
      )
      .default([]),
    datasetSha256: Sha256.nullish(),
  }),
  profile: ProfileFacts.nullish(),
  desk: z
    .strictObject({ ...AuthorityRef.shape, confirmedOn: PlainDate.nullish(), designated: z.boolean().default(true) })
    .nullish()
    .describe('What the chooser of `authorities` answers for State, measure and territory today'),
  /** Desks of the kinds of help asked, where they are not one. */
  desks: z.array(z.string()).default([]),
  /** Working calendars by State. */
  calendars: z
    .record(
      z.string(),
      z.strictObject({ weeklyRest: z.array(z.int()), holidays: z.array(z.string()), years: z.array(z.int()) }),
    )
    .default({}),
  /** Hash of each annex file as stored, by number. Null when nothing was asked: then hashes are not compared. */
  annexHashes: z.record(z.string(), Sha256).nullish(),
  /** Open requests that share a key with this one. `reference` is null when the reader may not see it. */
  duplicates: z
    .array(
      z.strictObject({
        id: z.string(),
        reference: z.string().nullable(),
        authority: z.string().optional(),
        key: z.string(),
      }),
    )
    .default([]),
  /** Property already restrained under another request, by IBAN or identifier. */
  restrained: z.array(z.strictObject({ identifier: z.string(), reference: z.string() })).default([]),
});
export type RequestFacts = z.infer<typeof RequestFacts>;
