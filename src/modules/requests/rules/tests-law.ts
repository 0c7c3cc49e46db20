import { z } from 'zod';
import {
  addDays,
  comparisonKey,
  daysBetween,
  workingDays,
  weekendsOnly,
  PlainDate,
  type StateCode,
} from '../../../platform/values/index.ts';
import { originalHash, stages, type Participation, type RequestFacts } from '../schema/index.ts';
import { defineTest, none, type Finding, type NamedTest, type Subject } from './test.ts';
import { isPresent } from './paths.ts';
import { numbersIn } from './tests-fields.ts';

export type BoundStatus =
  | { status: 'bound'; from: PlainDate }
  | { status: 'not-bound'; from?: PlainDate }
  | { status: 'ended'; until: PlainDate }
  | { status: 'unknown'; after?: PlainDate };

/** Days between deposit and effect, and the day on which each instrument itself came into force. */
export const EntryTerms = z.strictObject({
  waitDays: z.record(z.string(), z.int()),
  inForceFrom: z.record(z.string(), PlainDate).optional(),
});
export type EntryTerms = z.infer<typeof EntryTerms>;

/**
 * Whether a State is bound by an instrument on a day. Without computed periods the day of effect is that of deposit
 * plus the instrument's waiting days.
 * @source UNTOC art. 38(2), UNCAC art. 68(2), 1988 art. 29(2)
 */
export function statusOn(
  acts: readonly Participation[],
  instrument: string,
  state: StateCode,
  on: PlainDate,
  terms: EntryTerms,
): BoundStatus {
  const act = acts.find((one) => one.instrument === instrument && one.state === state);
  if (!act) return { status: 'unknown' };
  const wait = terms.waitDays[instrument];
  const inForce = terms.inForceFrom?.[instrument];
  const effect = act.deposited && wait !== undefined ? addDays(act.deposited, wait) : undefined;
  const computed = effect && [{ from: inForce && effect < inForce ? inForce : effect }];
  const periods: { from: PlainDate; until?: PlainDate | null }[] | undefined = act.bound ?? computed;
  const inside = periods?.find((period) => period.from <= on && (!period.until || on < period.until));
  if (inside)
    return act.knownUntil && act.knownUntil < inside.from
      ? { status: 'unknown', after: act.knownUntil }
      : { status: 'bound', from: inside.from };
  if (act.knownUntil && act.knownUntil < on) return { status: 'unknown', after: act.knownUntil };
  if (periods === undefined) return act.deposited === null ? { status: 'not-bound' } : { status: 'unknown' };
  const ended = periods.filter((period) => period.until && period.until <= on).at(-1);
  if (ended?.until && !periods.some((period) => period.from > on)) return { status: 'ended', until: ended.until };
  return { status: 'not-bound', from: periods.find((period) => period.from > on)?.from };
}

export function calendarOf(facts: Pick<RequestFacts, 'calendars'>, state: string | undefined) {
  const calendar = state === undefined ? undefined : facts.calendars[state];
  if (!calendar) return weekendsOnly;
  return { weeklyRest: calendar.weeklyRest, holidays: new Set(calendar.holidays), years: new Set(calendar.years) };
}

function isUrgent({ request }: Subject): boolean {
  return request.urgency?.level === 'urgent';
}

/** Languages the requested State takes for this request, or undefined when not coded. */
export function acceptedLanguages(subject: Subject): { languages: readonly string[]; source: string } | undefined {
  const item = subject.facts.profile?.items.P01;
  if (!item) return undefined;
  return {
    languages: isUrgent(subject) ? [...item.value.request, ...(item.value.urgent ?? [])] : item.value.request,
    source: item.source,
  };
}

/** Measure in the profile's words. */
const measureNames: Readonly<Record<string, string>> = { T5: 'bank-records', T9: 'freezing' };

/** Tests of law and form: who is bound, which language, which desk, which conditions. */
export const lawTests = {
  statusOn: defineTest(EntryTerms, (subject, terms) => {
    const { request, facts, on } = subject;
    const states = [request.requesting?.state, request.requested?.state].filter((state) => state !== undefined);
    if (!subject.instrument) return [];
    return states.flatMap((state): Finding[] => {
      const answer = statusOn(facts.basis.participation, subject.instrument, state, on, terms);
      const params = { state, on, instrument: subject.instrument };
      const path = ['basis', 'primary', 'instrument'];
      if (answer.status === 'bound') return [];
      if (answer.status === 'ended') return [{ outcome: 'ended', path, params: { ...params, until: answer.until } }];
      if (answer.status === 'unknown') return [{ outcome: 'unknown', path, params }];
      return [{ outcome: answer.from ? 'not-yet' : 'not-bound', path, params: { ...params, from: answer.from ?? '' } }];
    });
  }),

  territoryMatches: defineTest(none, ({ request, facts, instrument }) => {
    const territory = request.requested?.territory;
    const act = facts.basis.participation.find(
      (one) => one.instrument === instrument && one.state === request.requested?.state,
    );
    if (!territory || !act?.territory || act.territory === territory) return [];
    return [{ outcome: 'other-territory', path: ['requested', 'territory'], params: { given: territory } }];
  }),

  otherTreatyNamed: defineTest(none, ({ request, facts }): Finding[] => {
    const path = ['basis', 'agreement'];
    if (isPresent(request.basis?.agreement) || !request.requested?.state) return [];
    const { otherTreaties } = facts.basis;
    if (otherTreaties === null) return [{ outcome: 'unknown', path, params: { state: request.requested.state } }];
    return otherTreaties.map((treaty) => ({ outcome: 'governs', path, params: { treaty: treaty.title } }));
  }),

  reservationsAcknowledged: defineTest(none, ({ request, facts }) => {
    const seen = new Set(request.basis?.snapshot?.acknowledged ?? []);
    return facts.basis.reservations
      .filter((one) => !seen.has(one.id))
      .map((one) => ({
        outcome: one.ground ? 'ground' : 'not-acknowledged',
        path: ['basis', 'snapshot', 'acknowledged'],
        params: { state: one.state, article: one.article, instrument: one.instrument, id: one.id },
      }));
  }),

  /** @source UNTOC art. 2(b), 3(1)-(2), 18(1) */
  scopeHolds: defineTest(none, ({ request }) => {
    const scope = request.scope ?? {};
    const others =
      (request.basis?.alternatives ?? []).length > 0 ||
      isPresent(request.basis?.agreement) ||
      isPresent(request.basis?.reciprocity);
    const suffix = others ? '' : '-only-basis';
    const findings: Finding[] = [];
    if (!isPresent(scope.convention) && scope.seriousCrime !== true)
      findings.push({ outcome: `crime${suffix}`, path: ['scope', 'convention'] });
    if (!isPresent(scope.transnational))
      findings.push({ outcome: `transnational${suffix}`, path: ['scope', 'transnational'] });
    if (scope.group === undefined || scope.group === 'no')
      findings.push({ outcome: `group${suffix}`, path: ['scope', 'group'] });
    if (scope.group === 'suspected' && !isPresent(scope.grounds))
      findings.push({ outcome: 'grounds', path: ['scope', 'grounds'] });
    return findings;
  }),

  /** The addressee is the designated desk of today, in the version last seen, confirmed not long ago. */
  deskIsCurrent: defineTest(
    z.strictObject({ confirmedWithinDays: z.int() }),
    ({ request, facts, on }, { confirmedWithinDays }) => {
      const given = request.requested?.authority;
      const path = ['requested', 'authority'];
      if (facts.desks.length > 1)
        return [{ outcome: 'several-desks', path, params: { desks: facts.desks.join(', ') } }];
      if (!given?.authority) return [];
      if (!facts.desk) return [{ outcome: 'not-known', path, params: { given: given.authority } }];
      const { desk } = facts;
      if (desk.authority !== given.authority)
        return [{ outcome: 'other-desk', path, params: { given: given.authority, desk: desk.authority ?? '' } }];
      const findings: Finding[] = [];
      if (!desk.designated) findings.push({ outcome: 'not-designated', path, params: { given: given.authority } });
      if (desk.hash && given.hash && desk.hash !== given.hash)
        findings.push({ outcome: 'older-version', path, params: { given: given.authority } });
      const days = desk.confirmedOn ? daysBetween(desk.confirmedOn, on) : undefined;
      if (days === undefined || days > confirmedWithinDays)
        findings.push({ outcome: 'not-confirmed', path, params: { given: given.authority, days: days ?? 0 } });
      return findings;
    },
  ),

  languageAccepted: defineTest(none, (subject) => {
    const { request, facts } = subject;
    const original = request.languages?.original;
    const path = ['languages', 'original'];
    if (!original) return [];
    const findings: Finding[] = [];
    const hash = originalHash(request);
    for (const [n, translation] of (request.languages?.translations ?? []).entries()) {
      if (translation.ofVersion !== undefined && translation.ofVersion !== hash) {
        findings.push({
          outcome: 'other-version',
          path: ['languages', 'translations', n, 'ofVersion'],
          params: { language: translation.lang ?? '' },
        });
      }
    }
    const accepted = acceptedLanguages(subject);
    if (!accepted) return [...findings, { outcome: 'not-known', path, params: { language: original } }];
    if (accepted.languages.includes(original)) return findings;
    const translations = [...(request.languages?.translations ?? []).entries()].filter(([, one]) =>
      accepted.languages.includes(one.lang ?? ''),
    );
    if (translations.length === 0)
      return [
        ...findings,
        { outcome: 'not-accepted', path, params: { language: original, accepted: accepted.languages.join(', ') } },
      ];
    const rule = facts.profile?.items.P02?.value;
    if ((rule === 'certified' || rule === 'sworn') && !translations.some(([, one]) => one.certified === true)) {
      findings.push({
        outcome: 'not-certified',
        path: ['languages', 'translations', translations[0]?.[0] ?? 0, 'certified'],
        params: { language: translations[0]?.[1].lang ?? '' },
      });
    }
    return findings;
  }),

  oralConditions: defineTest(none, (subject) => {
    const oral = subject.request.urgency?.oral;
    if (!oral) return [];
    const path = ['urgency', 'oral'];
    const findings: Finding[] = [];
    if (!isUrgent(subject)) findings.push({ outcome: 'oral-without-urgency', path: ['urgency', 'level'] });
    if (!isPresent(oral.agreedBy)) findings.push({ outcome: 'oral-without-agreement', path: [...path, 'agreedBy'] });
    const rule = subject.facts.profile?.items.P04?.value;
    if (rule && !rule.oralWhenUrgent) findings.push({ outcome: 'oral-not-taken', path });
    const within = rule?.confirmWithinDays;
    if (!oral.confirmBy) findings.push({ outcome: 'oral-without-confirmation', path: [...path, 'confirmBy'] });
    else if (within !== undefined && oral.on && daysBetween(oral.on, oral.confirmBy) > within) {
      findings.push({ outcome: 'oral-confirmed-late', path: [...path, 'confirmBy'], params: { days: within } });
    }
    return findings;
  }),

  signatureForm: defineTest(none, ({ request, facts }) => {
    const accepts = facts.profile?.items.P05?.value.electronicSignature;
    const sealed = request.signature?.form === 'seal';
    if (sealed || accepts === true) return [];
    return [{ outcome: accepts === false ? 'electronic-not-taken' : 'not-known', path: ['signature', 'form'] }];
  }),

  interpolConditions: defineTest(none, (subject) => {
    if (subject.request.requested?.channel !== 'interpol') return [];
    const path = ['requested', 'channel'];
    const findings: Finding[] = [];
    if (!isUrgent(subject)) findings.push({ outcome: 'not-urgent', path });
    if (subject.facts.profile?.items.P03?.value.interpolWhenUrgent !== true)
      findings.push({ outcome: 'not-agreed', path });
    return findings;
  }),

  dualCriminality: defineTest(none, ({ request, facts }) => {
    const item = facts.profile?.items.P09;
    const asked = (request.measures ?? []).filter((measure) => {
      const mode = item ? (item.value[measureNames[measure.type ?? ''] ?? ''] ?? item.value.default) : undefined;
      return mode === 'always' || mode === 'list-of-offences' || (mode !== 'never' && measure.coercive === true);
    });
    if (asked.length === 0) return [];
    return (request.offences ?? []).flatMap((offence, n): Finding[] => {
      if (isPresent(offence.dualCriminality?.provision) && isPresent(offence.dualCriminality?.mapping)) return [];
      const path = ['offences', n, 'dualCriminality'];
      return [
        {
          outcome: item ? 'asked-by-profile' : 'not-coded',
          path,
          params: { ...numbersIn(path), measures: asked.length },
        },
      ];
    });
  }),

  deadline: defineTest(z.strictObject({ workingDays: z.int() }), (subject, { workingDays: least }) => {
    const { request, facts, on } = subject;
    const findings: Finding[] = [];
    const { deadline } = request;
    const { due: earliest } = workingDays(on, least, calendarOf(facts, request.requested?.state));
    if (deadline && isPresent(deadline.date) && !isPresent(deadline.reason))
      findings.push({ outcome: 'no-reason', path: ['deadline', 'reason'] });
    const dates = [
      { path: ['deadline', 'date'], date: deadline?.date },
      ...(request.measures ?? []).map((measure, n) => ({ path: ['measures', n, 'due'], date: measure.due })),
    ];
    for (const { path, date } of dates) {
      if (!date) continue;
      if (date < on) findings.push({ outcome: 'past', path, params: { given: date } });
      else if (date < earliest && !isUrgent(subject))
        findings.push({ outcome: 'too-near', path, params: { given: date, earliest, days: least } });
    }
    return findings;
  }),

  limitation: defineTest(none, ({ request, facts, on }) =>
    (request.offences ?? []).flatMap((offence, n): Finding[] => {
      const path = ['offences', n, 'limitation'];
      const { limitation } = offence;
      if (limitation === undefined) return [{ outcome: 'not-stated', path, params: numbersIn(path) }];
      if (typeof limitation === 'string' && limitation < on)
        return [{ outcome: 'expired', path, params: { given: limitation, ...numbersIn(path) } }];
      return facts.profile?.items.P27?.value.limitationThere === true
        ? [{ outcome: 'ask-there', path, params: numbersIn(path) }]
        : [];
    }),
  ),

  assuranceGiven: defineTest(
    z.strictObject({
      penalty: z.enum(['death', 'life']),
      assurance: z.string(),
      item: z.enum(['deathPenalty', 'lifeSentence']),
    }),
    ({ request, facts }, params) => {
      const carries = (request.offences ?? []).findIndex((offence) =>
        (offence.penalty?.other ?? []).includes(params.penalty),
      );
      const given = (request.assurances ?? []).some((one) => one.kind === params.assurance && isPresent(one.text));
      const need = facts.profile?.items.P15?.value[params.item];
      if (carries < 0 || given || need === 'not-required') return [];
      return [
        {
          outcome: need === 'required' ? 'required' : 'not-coded',
          path: ['assurances'],
          params: { offences: carries + 1 },
        },
      ];
    },
  ),

  persecutionChecked: defineTest(none, ({ request }) => {
    const check = request.internal?.risk?.persecution;
    const path = ['internal', 'risk', 'persecution'];
    if (!check?.answer || !isPresent(check.reviewer)) return [{ outcome: 'not-answered', path }];
    return check.answer === 'risk-found'
      ? [{ outcome: 'risk-found', path, params: { reviewer: check.reviewer ?? '' } }]
      : [];
  }),

  restrictedFacts: defineTest(z.strictObject({ sources: z.array(z.string()) }), ({ request }, { sources }) =>
    (request.facts ?? []).flatMap((fact, n): Finding[] => {
      if (!fact.knownFrom || !sources.includes(fact.knownFrom) || isPresent(fact.releaseConsent?.by)) return [];
      const path = ['facts', n, 'releaseConsent'];
      return [{ outcome: 'no-consent', path, params: { given: fact.knownFrom, ...numbersIn(path) } }];
    }),
  ),

  costsFlagged: defineTest(none, ({ request }) =>
    request.costs?.extraordinary === true ? [{ outcome: 'extraordinary', path: ['costs'] }] : [],
  ),

  duplicatesDecided: defineTest(none, ({ request, facts }) => {
    const decided = new Set(
      (request.internal?.duplicates ?? []).filter((one) => isPresent(one.reason)).map((one) => one.id),
    );
    return facts.duplicates
      .filter((one) => !decided.has(one.id ?? ''))
      .map((one) => ({
        outcome: one.reference === null ? 'hidden' : 'open',
        path: ['internal', 'duplicates'],
        params: { id: one.id, reference: one.reference ?? '', authority: one.authority ?? '' },
      }));
  }),

  hashEqual: defineTest(none, ({ request, facts }) => {
    const stored = facts.annexHashes;
    if (!stored) return [];
    const annexes = request.annexes ?? [];
    const findings = annexes.flatMap((annex, index): Finding[] => {
      const hash = stored[String(annex.n)];
      if (hash === undefined)
        return [{ outcome: 'no-file', path: ['annexes', index], params: { annex: annex.n ?? 0 } }];
      return hash === annex.sha256
        ? []
        : [{ outcome: 'differs', path: ['annexes', index, 'sha256'], params: { annex: annex.n ?? 0 } }];
    });
    const listed = new Set(annexes.map((annex) => String(annex.n)));
    const loose = Object.keys(stored).filter((n) => !listed.has(n));
    return [
      ...findings,
      ...loose.map((n): Finding => ({ outcome: 'not-listed', path: ['annexes'], params: { annex: n } })),
    ];
  }),

  annexesReferenced: defineTest(none, ({ request }) =>
    (request.annexes ?? []).flatMap((annex, index): Finding[] =>
      isPresent(annex.referencedIn)
        ? []
        : [
            {
              outcome: 'not-referenced',
              path: ['annexes', index, 'referencedIn'],
              params: { annex: annex.n ?? index + 1 },
            },
          ],
    ),
  ),

  annexNumbers: defineTest(none, ({ request }) => {
    const numbers = (request.annexes ?? []).map((annex) => annex.n);
    return numbers.flatMap((n, index): Finding[] =>
      n === index + 1
        ? []
        : [{ outcome: 'count', path: ['annexes', index, 'n'], params: { given: n ?? 0, expected: index + 1 } }],
    );
  }),

  /** Words that ask for everything are told apart from a bounded list. */
  boundedRecords: defineTest(
    z.strictObject({ phrases: z.array(z.string()), maxYears: z.int() }),
    ({ request }, { phrases, maxYears }) =>
      (request.measures ?? []).flatMap((measure, n): Finding[] => {
        if (measure.type !== 'T5') return [];
        const base = ['measures', n];
        const findings: Finding[] = [];
        const period = measure.fields?.period;
        const dates = typeof period === 'object' && period !== null && !Array.isArray(period) ? period : {};
        const [from, until] = [dates.from, dates.until];
        if (typeof from !== 'string' || typeof until !== 'string')
          findings.push({ outcome: 'no-period', path: [...base, 'fields', 'period'], params: numbersIn(base) });
        else if (daysBetween(from as PlainDate, until as PlainDate) > maxYears * 366)
          findings.push({
            outcome: 'long-period',
            path: [...base, 'fields', 'period'],
            params: { years: maxYears, ...numbersIn(base) },
          });
        if (!isPresent(measure.fields?.documentKinds))
          findings.push({ outcome: 'no-kinds', path: [...base, 'fields', 'documentKinds'], params: numbersIn(base) });
        for (const [language, text] of Object.entries(measure.text ?? {})) {
          const phrase = phrases.find((one) => comparisonKey(text).includes(comparisonKey(one)));
          if (phrase)
            findings.push({
              outcome: 'fishing',
              path: [...base, 'text', language],
              params: { given: phrase, ...numbersIn(base) },
            });
        }
        return findings;
      }),
  ),
} satisfies Record<string, NamedTest>;

/** Says whether the request is at a step or past it. */
export function isAtStage(facts: RequestFacts, stage: string): boolean {
  return stages.indexOf(facts.stage) >= (stages as readonly string[]).indexOf(stage);
}
