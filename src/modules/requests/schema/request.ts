import { z } from 'zod';
import {
  Handling,
  Hash,
  Instant,
  LanguageTag,
  Money,
  PlainDate,
  Reference,
  Sha256,
  StateCode,
} from '../../../platform/values/index.ts';
import { Annex, Fact, Measure, Offence, Related } from './parts.ts';
import { Person } from './people.ts';
import { channels } from './workflow.ts';
import { FreeText, limits, Line, listOf, orBlank } from './text.ts';

export const AuthorityRef = z.strictObject({
  authority: Line.describe('`{State}:{slug}`'),
  version: z.int().min(1).optional(),
  hash: Hash.optional(),
  name: FreeText.optional(),
});
export type AuthorityRef = z.infer<typeof AuthorityRef>;

const Contact = z.strictObject({
  name: Line.optional(),
  post: FreeText,
  languages: z.array(LanguageTag).optional(),
  line: Line.optional().describe('Direct line, E.164'),
  email: Line.optional(),
  roundTheClock: z.boolean().optional(),
});

const Basis = z.strictObject({ instrument: Line.describe('Depositary number, `XVIII-12`'), article: Line });

export const purposes = ['only-this-case', 'this-case-and-related', 'any-criminal-proceeding'] as const;

/** What is wrong with a warning left standing: the drafter's reason, shown to the approver. */
export const WarningReason = z.strictObject({
  code: Line,
  at: Line.describe('Path of the field, `persons/0/born`'),
  reason: Line,
  by: Line.optional(),
});

/** Stays on the own node. */
export const Internal = z.strictObject({
  risk: z
    .strictObject({
      persecution: z.strictObject({
        answer: z.enum(['none-found', 'risk-found']),
        reviewer: Line,
        on: PlainDate,
        note: Line.optional(),
      }),
      treatment: Line.optional(),
    })
    .optional(),
  warningReasons: listOf(WarningReason).optional(),
  duplicates: listOf(
    z.strictObject({ id: Line, decision: z.enum(['link', 'supplement', 'different']), reason: Line }),
  ).optional(),
  accessList: listOf(Line, 500).optional(),
  notes: listOf(Line, 500).optional(),
});

/**
 * A request for assistance, complete. What leaves the node is all of it but `internal`.
 * @source UNTOC art. 18(14)-(15)
 */
export const Request = z.strictObject({
  kind: z.literal('request'),
  version: z.literal(1),
  reference: Reference.optional(),
  otherReference: Line.nullish(),
  requestVersion: z.int().min(1).default(1),
  supersedes: Hash.nullish(),
  ruleSet: Line,
  types: listOf(z.string().regex(/^T\d{1,2}$/, 'requests.unknown-type'), 38),
  handling: Handling,
  requesting: z.strictObject({
    state: StateCode,
    centralAuthority: AuthorityRef,
    conducting: z.strictObject({ name: FreeText, functions: FreeText }),
    contact: Contact,
    deputy: Contact.nullish(),
  }),
  requested: z.strictObject({
    state: StateCode,
    territory: Line.nullish(),
    authority: AuthorityRef,
    channel: channels,
  }),
  basis: z.strictObject({
    primary: Basis,
    alternatives: listOf(Basis, 20).optional(),
    agreement: Line.nullish(),
    domesticLaw: FreeText.nullish(),
    reciprocity: FreeText.nullish(),
    snapshot: z
      .strictObject({
        onRequest: PlainDate,
        onOffence: PlainDate.nullish(),
        answer: z.enum(['yes', 'no', 'unknown', 'needs-consent']),
        boundOnOffence: z.enum(['yes', 'no', 'unknown', 'needs-consent']).optional(),
        datasetSha256: Sha256.nullish(),
        acknowledged: listOf(Line).optional(),
      })
      .nullish(),
  }),
  proceeding: z.strictObject({
    subject: FreeText,
    nature: FreeText,
    stage: z.enum(['inquiry', 'pre-trial', 'trial', 'appeal', 'enforcement']),
    caseNumber: Line,
    court: FreeText.nullish(),
    nextHearing: PlainDate.nullish(),
    sameActsThere: orBlank(z.enum(['none-known', 'pending', 'decided'])).optional(),
  }),
  facts: listOf(Fact),
  nexus: orBlank(FreeText).optional(),
  scope: z
    .strictObject({
      convention: z
        .array(
          z.enum([
            'organized-group',
            'laundering',
            'corruption',
            'obstruction',
            'trafficking-persons',
            'smuggling-migrants',
            'firearms',
          ]),
        )
        .optional(),
      seriousCrime: z.boolean().optional(),
      transnational: z
        .array(
          z.enum([
            'more-than-one-state',
            'prepared-elsewhere',
            'group-active-elsewhere',
            'effects-elsewhere',
            'evidence-there',
          ]),
        )
        .optional(),
      group: z.enum(['proved', 'suspected', 'no']).optional(),
      grounds: FreeText.optional(),
    })
    .optional(),
  offences: listOf(Offence, 500),
  persons: listOf(Person, limits.persons, 'requests.too-many-persons'),
  measures: listOf(Measure, 500),
  purpose: z.strictObject({
    text: FreeText,
    useLimitation: z.enum(purposes),
    onwardUse: z.enum(['ask', 'no', 'allowed']).optional(),
  }),
  confidentiality: z
    .strictObject({
      secret: z.array(z.enum(['fact', 'substance'])).optional(),
      mayKnow: listOf(FreeText, 100).optional(),
      ifImpossible: z.enum(['ask-before-executing', 'execute-anyway', 'do-not-execute']).optional(),
    })
    .nullish(),
  deadline: z.strictObject({ date: PlainDate, reason: FreeText }).nullish(),
  urgency: z
    .strictObject({
      level: z.enum(['normal', 'urgent']),
      reason: FreeText.optional(),
      oral: z.strictObject({ on: PlainDate, agreedBy: Line, confirmBy: PlainDate }).nullish(),
    })
    .optional(),
  assurances: listOf(
    z.strictObject({
      kind: z.enum([
        'reciprocity',
        'death-penalty',
        'life-sentence',
        'treatment',
        'return-of-items',
        'safe-conduct',
        'data-protection',
        'costs',
      ]),
      text: FreeText,
    }),
    50,
  ).optional(),
  officials: listOf(
    z.strictObject({ name: Line, post: FreeText, from: PlainDate.optional(), until: PlainDate.optional() }),
    50,
  ).optional(),
  victims: z.strictObject({ needs: FreeText.optional(), compensation: FreeText.optional() }).nullish(),
  related: listOf(Related, 200).optional(),
  annexes: listOf(Annex, limits.annexes, 'requests.too-many-annexes').optional(),
  languages: z.strictObject({
    original: LanguageTag,
    translations: listOf(
      z.strictObject({
        lang: LanguageTag,
        certified: z.boolean(),
        by: FreeText.optional(),
        ofVersion: Hash,
        machine: z.boolean().optional(),
        checkedBy: Line.optional(),
      }),
      20,
    ).optional(),
  }),
  costs: z
    .strictObject({ extraordinary: z.boolean(), estimate: Money.optional(), note: FreeText.optional() })
    .nullish(),
  dataProtection: z.strictObject({ redress: Line }).nullish(),
  signature: z
    .strictObject({
      signatory: Line,
      post: FreeText,
      power: Line,
      on: PlainDate,
      at: Instant.optional(),
      form: z.enum(['electronic', 'seal']).optional(),
      jws: z.string().max(20_000).optional(),
    })
    .nullish(),
  contentHash: Hash.nullish(),
  internal: Internal.optional(),
});
export type Request = z.infer<typeof Request>;
